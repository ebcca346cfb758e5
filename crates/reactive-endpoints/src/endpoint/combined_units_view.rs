//! Units of one or several relations, together.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::endpoint::received::ReceivedData;
use crate::endpoint::related_unit::RelatedUnit;
use crate::failure::Result;
use crate::key_list::KeyList;

/// Units of one or several relations: a [`KeyList`] in the order of the
/// relations' numbers and then of the units', with a merged view of their data.
///
/// A unit that is there several times is found by its name in the relation
/// with the lowest number. In the merged data, the first unit that has a key
/// wins. Python compares names and ids as texts, so that with it `db/10` comes
/// before `db/2`.
///
/// ```
/// # use reactive_endpoints::{Endpoint, EndpointKey, testing};
/// # const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
/// # testing::related(|cx| {
/// // db:0 has sql/1 (key0=value0_0_1, key2=value2_0_1),
/// // db:1 has sql/0 (key0=value0_1_0, key1=value1_1_0)
/// //      and sql/1 (key0=value0_1_1, key1=value1_1_1).
/// let endpoint = cx.endpoint(DB);
/// let (all, relations) = (endpoint.all_joined_units()?, endpoint.relations()?);
/// assert_eq!(all["sql/1"], relations["db:0"].joined_units()?["sql/1"]);
/// assert_eq!(all["sql/1"], relations[0].joined_units()?[0]);
///
/// let merged = all.received()?;
/// assert_eq!(merged.get_raw("key0"), Some("value0_0_1"));
/// assert_eq!(merged.get_raw("key1"), Some("value1_1_0"));
/// assert_eq!(merged.get_raw("key2"), Some("value2_0_1"));
///
/// let second = relations[1].joined_units()?;
/// assert_eq!(second.received()?.get_raw("key0"), Some("value0_1_0"));
/// assert_eq!(second.received()?.get_raw("key2"), None);
/// assert_eq!(second["sql/1"].received()?.get_raw("key0"), Some("value0_1_1"));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CombinedUnitsView(KeyList<RelatedUnit>);

impl CombinedUnitsView {
    /// Puts units in order.
    pub fn new(mut units: Vec<RelatedUnit>) -> Self {
        units.sort_by(|one, other| {
            let place = |unit: &RelatedUnit| unit.relation().relation_id().number();
            place(one).cmp(&place(other)).then_with(|| one.unit_name().cmp(other.unit_name()))
        });
        Self(KeyList::from(units))
    }

    /// Returns the data of all units together: of each key, the value of the
    /// first unit that has it.
    ///
    /// Consider what the merged data mean when there are several relations, and
    /// several units in each: it is often better to go through the units.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn received(&self) -> Result<ReceivedData> {
        let mut merged = BTreeMap::new();
        for unit in self.0.iter().rev() {
            merged.extend(unit.received()?.raw().clone());
        }
        let names: Vec<&str> = self.0.keys().collect();
        Ok(ReceivedData::new(format!("one of the units `{}`", names.join("`, `")), merged))
    }
}

impl Deref for CombinedUnitsView {
    type Target = KeyList<RelatedUnit>;

    fn deref(&self) -> &KeyList<RelatedUnit> {
        &self.0
    }
}

impl<'a> IntoIterator for &'a CombinedUnitsView {
    type Item = &'a RelatedUnit;
    type IntoIter = std::slice::Iter<'a, RelatedUnit>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
