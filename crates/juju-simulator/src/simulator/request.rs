//! What a user asks of a model that is there.

use juju_types::ApplicationName;

use super::Simulator;
use crate::model::{Application, ConfigRefusal};
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

    /// Lets an application go, with all of its units: `juju remove-application`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    pub fn remove_application(&mut self, application: &str) -> Result<(), SimulatorError> {
        let name = self.application(application)?.name.clone();
        self.model.remove_application(&name);
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

    fn application(&mut self, application: &str) -> Result<&mut Application, SimulatorError> {
        let name: Option<ApplicationName> = application.parse().ok();
        let found = name.and_then(|name| self.model.applications.get_mut(&name));
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
