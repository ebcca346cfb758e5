use std::collections::BTreeMap;

use juju_types::{
    ApplicationName, EndpointName, InterfaceName, RelationContext, RelationId, RelationRole,
    RelationScope, UnitName,
};

use super::life::Life;
use super::status_record::StatusRecord;
use super::units_named;

/// A relation between two applications, or among the units of one.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) id: u32,
    pub(crate) life: Life,
    /// `joining`, `joined` when a leader has entered it, at last `broken`.
    pub(crate) status: StatusRecord,
    pub(crate) scope: RelationScope,
    /// Two of them, or one for a peer relation.
    pub(crate) ends: Vec<RelationEnd>,
    /// The units that have entered the relation, of all ends, each with the
    /// principal on whose machine it is.
    pub(crate) members: BTreeMap<UnitName, UnitName>,
    /// What the units have published, also those that have left.
    pub(crate) units: BTreeMap<UnitName, DataBag>,
    /// What the leaders have published.
    pub(crate) applications: BTreeMap<ApplicationName, DataBag>,
}

/// One end of a relation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RelationEnd {
    pub(crate) application: ApplicationName,
    pub(crate) endpoint: EndpointName,
    pub(crate) interface: InterfaceName,
    pub(crate) role: RelationRole,
}

/// Settings that one side of a relation publishes.
#[derive(Clone, Debug, Default)]
pub(crate) struct DataBag {
    pub(crate) settings: BTreeMap<String, String>,
    /// How often they have changed.
    pub(crate) version: u64,
}

impl DataBag {
    pub(crate) fn new(settings: BTreeMap<String, String>) -> Self {
        Self { settings, version: 0 }
    }

    /// Writes settings; an empty value deletes. What changes nothing is no change.
    pub(crate) fn write(&mut self, settings: &BTreeMap<String, String>) {
        let before = self.settings.clone();
        overlay(&mut self.settings, settings);
        self.version += u64::from(self.settings != before);
    }
}

/// Writes settings over others; an empty value deletes.
pub(crate) fn overlay(onto: &mut BTreeMap<String, String>, settings: &BTreeMap<String, String>) {
    for (key, value) in settings {
        if value.is_empty() {
            onto.remove(key);
        } else {
            onto.insert(key.clone(), value.clone());
        }
    }
}

impl Relation {
    pub(crate) fn new(
        id: u32,
        scope: RelationScope,
        ends: Vec<RelationEnd>,
        status: StatusRecord,
    ) -> Self {
        let applications =
            ends.iter().map(|end| (end.application.clone(), DataBag::default())).collect();
        let (members, units) = (BTreeMap::new(), BTreeMap::new());
        Self { id, life: Life::Alive, status, scope, ends, members, units, applications }
    }

    pub(crate) fn is_peer(&self) -> bool {
        self.ends.len() == 1
    }

    /// Returns the end by which an application is part of the relation.
    pub(crate) fn end_of(&self, application: &ApplicationName) -> Option<&RelationEnd> {
        self.ends.iter().find(|end| end.application == *application)
    }

    /// Returns the endpoint by which an application is part of the relation.
    pub(crate) fn endpoint_of(&self, application: &ApplicationName) -> Option<&EndpointName> {
        self.end_of(application).map(|end| &end.endpoint)
    }

    /// Returns the application at the other end; for a peer relation, the same.
    pub(crate) fn remote_application<'a>(
        &'a self,
        application: &'a ApplicationName,
    ) -> &'a ApplicationName {
        let other = self.ends.iter().find(|end| end.application != *application);
        other.map_or(application, |end| &end.application)
    }

    /// Returns the units that `unit` sees in the relation.
    pub(crate) fn remote_members<'a>(
        &'a self,
        unit: &'a UnitName,
    ) -> impl Iterator<Item = &'a UnitName> {
        let remote = self.remote_application(unit.application());
        let principal = self.members.get(unit);
        units_named(&self.members, remote).filter_map(move |(member, beside)| {
            let is_near = self.scope == RelationScope::Global || Some(beside) == principal;
            (is_near && member != unit).then_some(member)
        })
    }

    /// Returns the relation as a unit of one of its applications sees it.
    pub(crate) fn context(&self, application: &ApplicationName) -> Option<RelationContext> {
        let endpoint = self.endpoint_of(application)?.clone();
        let id = RelationId::new(endpoint.clone(), self.id);
        Some(RelationContext::new(endpoint, id, Some(self.remote_application(application).clone())))
    }

    /// Returns the text by which Juju names the relation, such as
    /// `wordpress:db mysql:server`: the requirer comes first.
    pub(crate) fn key(&self) -> String {
        key_of(&self.ends)
    }
}

/// Names a relation by its ends.
pub(crate) fn key_of(ends: &[RelationEnd]) -> String {
    let mut ends: Vec<&RelationEnd> = ends.iter().collect();
    ends.sort_by_key(|end| end.role != RelationRole::Requirer);
    let names = ends.iter().map(|end| format!("{}:{}", end.application, end.endpoint));
    names.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_nothing_is_no_change() {
        let settings = |value: &str| BTreeMap::from([("k".to_owned(), value.to_owned())]);
        let mut bag = DataBag::default();
        bag.write(&settings(""));
        assert_eq!(bag.version, 0);
        bag.write(&settings("v"));
        bag.write(&settings("v"));
        assert_eq!((bag.version, bag.settings.len()), (1, 1));
        bag.write(&settings(""));
        assert_eq!((bag.version, bag.settings.len()), (2, 0));
    }
}
