//! What a user asks of a model that is there.

use juju_types::{ApplicationName, RelationId, ResourceName};

use super::Simulator;
use crate::fault::Fault;
use crate::model::{Application, ConfigRefusal, Life, RelationRefusal, Resource, Side};
use crate::retry::Retry;
use crate::simulator_error::SimulatorError;

impl Simulator {
    /// Sets config options of an application, all or none: `juju config`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::UnknownOption`] if the charm has no such option.
    /// - [`SimulatorError::WrongType`] if a value does not fit its option.
    pub fn configure<K: Into<String>, V: Into<String>>(
        &mut self,
        application: &str,
        settings: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), SimulatorError> {
        let settings = settings.into_iter().map(|(key, value)| (key.into(), value.into()));
        let settings: Vec<(String, String)> = settings.collect();
        self.application(application)?.config.set(&settings).map_err(refused)
    }

    /// Gives config options of an application their defaults back, all or
    /// none: `juju config --reset`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::UnknownOption`] if the charm has no such option.
    pub fn reset_config<K: Into<String>>(
        &mut self,
        application: &str,
        options: impl IntoIterator<Item = K>,
    ) -> Result<(), SimulatorError> {
        let options: Vec<String> = options.into_iter().map(Into::into).collect();
        self.application(application)?.config.reset(&options).map_err(refused)
    }

    /// Lets an application have the credential of the cloud, which
    /// `credential-get` shows: `juju trust`. Its units run config-changed.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    pub fn trust(&mut self, application: &str) -> Result<(), SimulatorError> {
        self.application(application)?.is_trusted = true;
        Ok(())
    }

    /// Takes the credential of the cloud from an application again:
    /// `juju trust --remove`. Its units run config-changed.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    pub fn remove_trust(&mut self, application: &str) -> Result<(), SimulatorError> {
        self.application(application)?.is_trusted = false;
        Ok(())
    }

    /// Lets an application go, with all of its units: `juju remove-application`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    pub fn remove_application(&mut self, application: &str) -> Result<(), SimulatorError> {
        let name = self.application(application)?.name.clone();
        self.model.remove_application(&name);
        if !self.model.applications.contains_key(&name) {
            self.charms.remove(&name);
        }
        Ok(())
    }

    /// Lets a unit go: `juju remove-unit`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    pub fn remove_unit(&mut self, unit: &str) -> Result<(), SimulatorError> {
        let unit = self.find_unit(unit)?;
        self.model.remove_unit(&unit);
        Ok(())
    }

    /// Relates two applications, each given as `application` or
    /// `application:endpoint`, and returns the relation as the first of them
    /// names it: `juju integrate`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::NoEndpoint`] if an endpoint's name is none.
    /// - [`SimulatorError::NoRelation`] if no two endpoints fit together.
    /// - [`SimulatorError::AmbiguousRelation`] if several do.
    /// - [`SimulatorError::RelationExists`] if they are related already.
    /// - [`SimulatorError::RelationLimit`] if an endpoint has enough relations.
    pub fn integrate(&mut self, one: &str, other: &str) -> Result<RelationId, SimulatorError> {
        let sides = (self.side(one)?, self.side(other)?);
        let relation = self.model.integrate(&sides.0, &sides.1);
        relation.map_err(|refusal| not_related(refusal, one, other))
    }

    /// Lets the relation of two applications go, each given as `application`
    /// or `application:endpoint`: `juju remove-relation`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::NoEndpoint`] if an endpoint's name is none.
    /// - [`SimulatorError::NoRelation`] if they are not related.
    /// - [`SimulatorError::AmbiguousRelation`] if they are related in several ways.
    pub fn remove_relation(&mut self, one: &str, other: &str) -> Result<(), SimulatorError> {
        let sides = (self.side(one)?, self.side(other)?);
        let removed = self.model.remove_relation(&sides.0, &sides.1);
        removed.map_err(|refusal| not_related(refusal, one, other))
    }

    /// Gives an application the content of a resource that its charm defines:
    /// `juju attach-resource`. Units that are installed run upgrade-charm.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::NoResource`] if its charm has no such resource.
    pub fn attach_resource(
        &mut self,
        application: &str,
        resource: &str,
        content: impl Into<Vec<u8>>,
    ) -> Result<(), SimulatorError> {
        let application = self.application(application)?;
        let known = resource.parse::<ResourceName>().ok();
        let known = known.and_then(|name| application.charm.metadata().resources.get(&name));
        let Some(definition) = known else {
            return Err(SimulatorError::NoResource { resource: resource.to_owned() });
        };
        let content = Resource::new(&definition.kind, content.into());
        let name = application.name.clone();
        self.model.attach_resource(&name, resource.to_owned(), content);
        Ok(())
    }

    /// Lets something go wrong in the next hook or action of a unit; several
    /// faults can be given. [`SimulatorBuilder::inject`] does it for one by its
    /// number.
    ///
    /// [`SimulatorBuilder::inject`]: crate::SimulatorBuilder::inject
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    pub fn inject(&mut self, unit: &str, fault: Fault) -> Result<(), SimulatorError> {
        let unit = self.find_unit(unit)?;
        self.faults.entry(unit).or_default().push(fault);
        Ok(())
    }

    /// Makes a unit the leader of its application.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    pub fn set_leader(&mut self, unit: &str) -> Result<(), SimulatorError> {
        let unit = self.find_unit(unit)?;
        self.model.set_leader(&unit);
        Ok(())
    }

    /// Says what becomes of the hook of a unit that has failed:
    /// `juju resolved`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    /// - [`SimulatorError::NotInError`] if no hook of the unit has failed.
    pub fn resolve(&mut self, unit: &str, retry: Retry) -> Result<(), SimulatorError> {
        let name = self.find_unit(unit)?;
        if self.model.resolve(&name, retry) {
            Ok(())
        } else {
            Err(SimulatorError::NotInError { unit: unit.to_owned() })
        }
    }

    fn side(&self, text: &str) -> Result<Side, SimulatorError> {
        let (application, endpoint) = match text.split_once(':') {
            Some((application, endpoint)) => (application, Some(endpoint)),
            None => (text, None),
        };
        let name: Option<ApplicationName> = application.parse().ok();
        let known = name.filter(|name| {
            let found = self.model.applications.get(name);
            found.is_some_and(|application| application.life == Life::Alive)
        });
        let application = known
            .ok_or_else(|| SimulatorError::NoApplication { application: application.to_owned() })?;
        let endpoint = endpoint.map(str::parse).transpose();
        let endpoint =
            endpoint.map_err(|_| SimulatorError::NoEndpoint { endpoint: text.to_owned() })?;
        Ok(Side { application, endpoint })
    }

    pub(super) fn application(
        &mut self,
        application: &str,
    ) -> Result<&mut Application, SimulatorError> {
        let name: Option<ApplicationName> = application.parse().ok();
        let found = name.and_then(|name| self.model.application_mut(&name));
        found.ok_or_else(|| SimulatorError::NoApplication { application: application.to_owned() })
    }
}

fn refused(refusal: ConfigRefusal) -> SimulatorError {
    match refusal {
        ConfigRefusal::UnknownOption { option } => SimulatorError::UnknownOption { option },
        ConfigRefusal::WrongType { option, expected, text } => {
            SimulatorError::WrongType { option, expected, value: text }
        }
    }
}

fn not_related(refusal: RelationRefusal, one: &str, other: &str) -> SimulatorError {
    let (one, other) = (one.to_owned(), other.to_owned());
    match refusal {
        RelationRefusal::Ambiguous { candidates } => {
            SimulatorError::AmbiguousRelation { one, other, candidates }
        }
        RelationRefusal::Exists { key } => SimulatorError::RelationExists { relation: key },
        RelationRefusal::Limit { endpoint, limit } => {
            SimulatorError::RelationLimit { endpoint, limit }
        }
        RelationRefusal::NotFound => SimulatorError::NoRelation { one, other },
    }
}
