//! The charm's own YAML files, in its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use juju_types::{Charm as CharmDefinition, CharmFaults, CharmFiles, ConfigValue};
use juju_types::{EndpointName, RelationRole};
use python_json::Value;
use thiserror::Error;

use crate::flag::flag_groups::config_changes::Options;

/// The endpoints in a charm's YAML files, and the defaults of its options.
#[derive(Debug, Default)]
pub(crate) struct CharmYaml {
    endpoints: Vec<(EndpointName, RelationRole, String)>,
    defaults: Options,
}

impl CharmYaml {
    /// Reads the files in the charm's folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, CharmYamlError> {
        Self::definition(folder).map(|charm| Self::of(&charm))
    }

    /// Takes what is needed of a charm's definition.
    pub(crate) fn of(charm: &CharmDefinition) -> Self {
        let endpoints = charm.metadata().endpoints().map(|(name, definition)| {
            (name.clone(), definition.role, definition.interface.to_string())
        });
        let defaults = charm.config().options().filter_map(|(name, option)| {
            let default = option.default.as_ref()?;
            Some((name.to_owned(), value_of(default)))
        });
        Self { endpoints: endpoints.collect(), defaults: defaults.collect() }
    }

    /// Reads all that the files in a charm's folder say.
    pub(crate) fn definition(folder: &Path) -> Result<CharmDefinition, CharmYamlError> {
        let unreadable = |path: PathBuf, source| CharmYamlError::Unreadable { path, source };
        let files = CharmFiles::read(|name| {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unreadable(path, error)),
            }
        })?;
        CharmDefinition::from_files(&files).map_err(CharmYamlError::Refused)
    }

    /// Returns the endpoints of a role and interface, in order.
    pub(crate) fn endpoints(&self, role: RelationRole, interface: &str) -> Vec<EndpointName> {
        let fits =
            |entry: &&(EndpointName, RelationRole, String)| entry.1 == role && entry.2 == interface;
        self.endpoints.iter().filter(fits).map(|(name, ..)| name.clone()).collect()
    }

    /// Returns the defaults of those options that have one.
    pub(crate) fn defaults(&self) -> &Options {
        &self.defaults
    }
}

fn value_of(value: &ConfigValue) -> Value {
    match value {
        ConfigValue::Boolean(value) => Value::Bool(*value),
        // Juju has no other than finite ones.
        ConfigValue::Float(value) => (*value).try_into().map_or(Value::Null, Value::Float),
        ConfigValue::Int(value) => Value::Integer((*value).into()),
        ConfigValue::Secret(value) | ConfigValue::String(value) => Value::String(value.clone()),
    }
}

/// Why it is not known which endpoints and options the charm has.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CharmYamlError {
    /// The files break a rule.
    #[error("the charm's own YAML files are refused")]
    Refused(#[source] CharmFaults),
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}
