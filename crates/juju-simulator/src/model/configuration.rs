use juju_types::{ConfigValue, UnitName};

use super::Model;
use super::bindings::Bindings;
use super::config::ConfigValues;
use super::machine::Nic;

/// What config-changed is about: when any of it changes, the hook runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Configuration {
    values: ConfigValues,
    is_trusted: bool,
    bindings: Bindings,
    /// The addresses of the machine.
    nics: Vec<Nic>,
}

impl Configuration {
    /// Returns the value that an option has in it.
    pub(super) fn option(&self, name: &str) -> Option<&Option<ConfigValue>> {
        self.values.get(name)
    }
}

impl Model {
    /// Returns how a unit is configured now.
    pub(crate) fn configuration(&self, unit: &UnitName) -> Configuration {
        let application = self.application_of(unit);
        let machine = self.unit(unit).machine.as_ref().and_then(|id| self.machines.get(id));
        Configuration {
            values: application.config.values(),
            is_trusted: application.is_trusted,
            bindings: application.bindings.clone(),
            nics: machine.map(|machine| machine.nics.clone()).unwrap_or_default(),
        }
    }

    /// Tells whether a unit is bound otherwise, or its machine has other
    /// addresses, than when config-changed was last run.
    pub(super) fn has_moved(&self, unit: &UnitName, now: &Configuration) -> bool {
        let seen = self.unit(unit).progress.config_seen.as_ref();
        seen.is_none_or(|seen| seen.bindings != now.bindings || seen.nics != now.nics)
    }
}
