//! A relation of an endpoint.

use std::fmt;
use std::rc::Rc;

use juju_hook_env::{Juju, ToolError};
use juju_types::{ApplicationName, EndpointName, RelationId};

use crate::endpoint::combined_units_view::CombinedUnitsView;
use crate::endpoint::publish::Publish;
use crate::endpoint::published::Scope;
use crate::endpoint::received::ReceivedData;
use crate::endpoint::related_unit::RelatedUnit;
use crate::endpoint::{Endpoint, WeakEndpoint};
use crate::failure::Result;
use crate::key_list::Keyed;
use crate::run::Run;

/// A relation of an endpoint: the remote application and its units, what they
/// have published, and what this unit and its application publish.
///
/// Clones are the same relation.
#[derive(Clone)]
pub struct Relation(Rc<Inner>);

struct Inner {
    id: RelationId,
    /// The id as text, which is the key in a list.
    key: String,
    endpoint_name: EndpointName,
    endpoint: WeakEndpoint,
    run: Rc<Run>,
}

impl Relation {
    pub(crate) fn new(endpoint: &Endpoint, id: &RelationId) -> Self {
        let id = RelationId::new(endpoint.endpoint_name().clone(), id.number());
        Self(Rc::new(Inner {
            key: id.to_string(),
            id,
            endpoint_name: endpoint.endpoint_name().clone(),
            endpoint: endpoint.downgrade(),
            run: Rc::clone(endpoint.run()),
        }))
    }

    /// Returns the id.
    pub fn relation_id(&self) -> &RelationId {
        &self.0.id
    }

    /// Returns the name of the endpoint.
    pub fn endpoint_name(&self) -> &EndpointName {
        &self.0.endpoint_name
    }

    /// Returns the endpoint, or `None` when its run is over.
    pub fn endpoint(&self) -> Option<Endpoint> {
        self.0.endpoint.upgrade()
    }

    /// Returns the name of the remote application; in a peer relation that of
    /// the charm's own, also when there is no other unit.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju does not say.
    pub fn application_name(&self) -> Result<ApplicationName> {
        if let Some(unit) = self.joined_units()?.first() {
            return Ok(unit.application_name().clone());
        }
        match self.juju().relation_list_app(self.relation_id()) {
            Ok(application) => Ok(application),
            // Python's answer where Juju has none, such as for a relation that
            // is broken.
            Err(ToolError::NotFound { .. }) => {
                let event = self.juju().env().event();
                let relation = event.and_then(|event| event.relation());
                let remote = relation
                    .filter(|relation| relation.id == self.0.id)
                    .and_then(|relation| relation.application.clone());
                let own = self.juju().env().unit().application();
                Ok(remote.unwrap_or_else(|| own.clone()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the remote units, by number; in a peer relation the other units
    /// of the application.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju does not say.
    pub fn joined_units(&self) -> Result<CombinedUnitsView> {
        // They are not kept here: each knows its relation, which would keep
        // itself, and with it the connection to the agent, alive. Juju is asked
        // only once all the same.
        let units = match self.juju().relation_list(self.relation_id()) {
            Ok(units) => units,
            // It is broken, and nobody is in it.
            Err(ToolError::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let units = units.iter().map(|unit| RelatedUnit::new(self, unit));
        Ok(CombinedUnitsView::new(units.collect()))
    }

    /// Returns what this unit publishes to the remote side, to be changed. It
    /// is sent at the end of the run, if it is another than before.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if what is published already cannot be read.
    pub fn to_publish(&self) -> Result<Publish> {
        Publish::load(&self.0.run, self, Scope::Unit)
    }

    /// Returns what the application publishes to the remote side, to be
    /// changed by its leader. It is sent at the end of the run, if it is
    /// another than before.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if this unit is not the leader, and
    /// another [`ToolError`] if what is published already cannot be read.
    pub fn to_publish_app(&self) -> Result<Publish> {
        Publish::load(&self.0.run, self, Scope::Application)
    }

    /// Returns what the remote application has published through its leader,
    /// or `None` if there is no remote application any more.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju does not say.
    pub fn received_app(&self) -> Result<Option<ReceivedData>> {
        let application = self.application_name()?;
        match self.juju().relation_get_app(self.relation_id(), &application) {
            Ok(data) => {
                let source = format!("application `{application}` in relation `{}`", self.0.id);
                Ok(Some(ReceivedData::new(source, data)))
            }
            Err(ToolError::NotFound { .. } | ToolError::PermissionDenied { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn juju(&self) -> &Juju {
        &self.0.run.juju
    }
}

impl Keyed for Relation {
    fn key(&self) -> &str {
        &self.0.key
    }
}

impl PartialEq for Relation {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Relation {}

impl fmt::Debug for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relation({})", self.0.id)
    }
}
