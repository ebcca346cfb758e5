//! The units that have departed.

use std::collections::BTreeMap;

use juju_types::{RelationId, UnitName};
use serde::ser::{Error as _, SerializeStruct};
use serde::{Deserialize, Serialize, Serializer};

use crate::endpoint::Endpoint;
use crate::endpoint::related_unit::RelatedUnit;
use crate::failure::Result;
use crate::key_list::KeyList;
use crate::key_list::cached_key_list::CachedKeyList;

/// The units that have departed from an endpoint's relations, with the last
/// data of each: a list that is kept until the charm removes them.
///
/// ```
/// use reactive_endpoints::{Context, Endpoint, EndpointKey, Result};
///
/// const CLUSTER: EndpointKey<Endpoint> = EndpointKey::new("cluster");
///
/// /// Runs when `CLUSTER.departed()` is set.
/// fn forget_members(cx: &Context) -> Result {
///     let departed = cx.endpoint(CLUSTER).all_departed_units()?;
///     for unit in departed.to_list().values() {
///         // Remove `unit` from the cluster …
///         tracing::info!("{} is gone", unit.unit_name());
///     }
///     departed.clear()?;
///     cx.clear(CLUSTER.departed());
///     Ok(())
/// }
/// ```
pub type DepartedUnits = CachedKeyList<RelatedUnit>;

impl DepartedUnits {
    /// Reads the list of an endpoint.
    pub(crate) fn load(endpoint: &Endpoint) -> Result<Self> {
        let key = format!("reactive.endpoints.departed.{}", endpoint.endpoint_name());
        let kv = crate::state::kv::Kv::new(endpoint.run().clone());
        let rows: Option<Vec<Row>> = kv.get::<Option<Vec<Row>>>(&key)?.flatten();
        let units = rows.unwrap_or_default().into_iter().map(|row| {
            RelatedUnit::with_data(&endpoint.relation(&row.relation), &row.unit_name, row.data)
        });
        Ok(Self::with_items(kv, &key, units.collect::<KeyList<_>>()))
    }

    /// Adds a unit that is not in the list for the same relation yet.
    pub(crate) fn append_once(&self, unit: RelatedUnit) -> Result {
        unit.received()?;
        if self.to_list().contains(&unit) { Ok(()) } else { self.append(unit) }
    }
}

/// A departed unit as Python stores it.
#[derive(Deserialize)]
struct Row {
    relation: RelationId,
    unit_name: UnitName,
    data: BTreeMap<String, String>,
}

impl Serialize for RelatedUnit {
    /// Writes the unit with its data, as Python stores one that has departed.
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let received = self.received().map_err(S::Error::custom)?;
        let mut row = serializer.serialize_struct("RelatedUnit", 3)?;
        row.serialize_field("relation", self.relation().relation_id())?;
        row.serialize_field("unit_name", self.unit_name())?;
        row.serialize_field("data", received.raw())?;
        row.end()
    }
}
