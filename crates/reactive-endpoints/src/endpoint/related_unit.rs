//! A unit at the other side of a relation.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use juju_hook_env::ToolError;
use juju_types::{ApplicationName, UnitName};

use crate::endpoint::received::ReceivedData;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::key_list::Keyed;

/// A unit at the other side of a relation, or one that was there.
///
/// Clones are the same unit.
#[derive(Clone)]
pub struct RelatedUnit(Rc<Inner>);

struct Inner {
    relation: Relation,
    name: UnitName,
    /// The name as text, which is the key in a list.
    key: String,
    data: OnceCell<ReceivedData>,
}

impl RelatedUnit {
    pub(crate) fn new(relation: &Relation, name: &UnitName) -> Self {
        Self(Rc::new(Inner {
            relation: relation.clone(),
            name: name.clone(),
            key: name.to_string(),
            data: OnceCell::new(),
        }))
    }

    /// Makes one whose data are known, such as one that has departed.
    pub(crate) fn with_data(
        relation: &Relation,
        name: &UnitName,
        data: std::collections::BTreeMap<String, String>,
    ) -> Self {
        let unit = Self::new(relation, name);
        let _ = unit.0.data.set(ReceivedData::new(unit.source(), data));
        unit
    }

    /// Returns the relation that the unit is in.
    pub fn relation(&self) -> &Relation {
        &self.0.relation
    }

    /// Returns the name of the unit.
    pub fn unit_name(&self) -> &UnitName {
        &self.0.name
    }

    /// Returns the name of the application.
    pub fn application_name(&self) -> &ApplicationName {
        self.0.name.application()
    }

    /// Returns what the unit has published in the relation; of a unit that has
    /// departed, what it had published at last.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju does not say.
    pub fn received(&self) -> Result<ReceivedData> {
        if let Some(known) = self.0.data.get() {
            return Ok(known.clone());
        }
        let relation = &self.0.relation;
        let data = match relation.juju().relation_get(relation.relation_id(), &self.0.name) {
            Ok(data) => data,
            // It went while the hook runs.
            Err(ToolError::NotFound { .. } | ToolError::PermissionDenied { .. }) => {
                std::collections::BTreeMap::new()
            }
            Err(error) => return Err(error.into()),
        };
        Ok(self.0.data.get_or_init(|| ReceivedData::new(self.source(), data)).clone())
    }

    fn source(&self) -> String {
        format!("unit `{}` in relation `{}`", self.0.name, self.0.relation.relation_id())
    }
}

impl Keyed for RelatedUnit {
    fn key(&self) -> &str {
        &self.0.key
    }
}

impl PartialEq for RelatedUnit {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name && self.0.relation == other.0.relation
    }
}

impl Eq for RelatedUnit {}

impl fmt::Debug for RelatedUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelatedUnit({} in {})", self.0.name, self.0.relation.relation_id())
    }
}
