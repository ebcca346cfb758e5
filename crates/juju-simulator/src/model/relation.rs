use std::collections::BTreeSet;

use juju_types::{ApplicationName, EndpointName, UnitName};

/// A relation between two applications, or among the units of one.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) id: u32,
    /// Two of them, or one for a peer relation.
    pub(crate) ends: Vec<RelationEnd>,
    /// The units that have entered the relation, of all ends.
    pub(crate) members: BTreeSet<UnitName>,
}

/// One end of a relation.
#[derive(Clone, Debug)]
pub(crate) struct RelationEnd {
    pub(crate) application: ApplicationName,
    pub(crate) endpoint: EndpointName,
}

impl Relation {
    /// Returns the endpoint by which an application is part of the relation.
    pub(crate) fn endpoint_of(&self, application: &ApplicationName) -> Option<&EndpointName> {
        self.ends.iter().find(|end| end.application == *application).map(|end| &end.endpoint)
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
        self.members.iter().filter(move |member| *member != unit && member.application() == remote)
    }
}
