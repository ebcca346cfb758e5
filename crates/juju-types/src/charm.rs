//! A charm as its YAML files describe it, checked whole.
//!
//! Each noun of these files is a type in a file of its own and reads itself
//! from a [`Spot`](spot::Spot), a value that knows its place and where to
//! report what is wrong. Reading goes on after a fault, so that all of them
//! are reported at once. A fault is what some Juju or charmcraft refuses; what
//! all of them accept and nobody can have meant is a warning, and so is what
//! Juju 4 refuses of charms that were written before it.

mod action_definition;
mod assumption;
mod build_bases;
mod charm_actions;
mod charm_config;
mod charm_fault;
mod charm_files;
mod charm_links;
mod charm_metadata;
mod charm_user;
mod charmcraft;
mod charmcraft_yaml;
mod config_option;
mod config_type;
mod container_definition;
mod device_definition;
mod endpoint_definition;
mod endpoints;
mod fields;
mod findings;
mod json;
mod known_bases;
mod lxd_profile;
mod manifest;
mod metadata_yaml;
mod param;
mod platform;
mod reading;
mod reserved;
mod resource_definition;
mod sources;
mod spot;
mod storage_definition;
mod supported_base;
mod term_id;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use action_definition::ActionDefinition;
pub use assumption::{AssumedFeature, AssumedVersion, Assumption};
pub use build_bases::BuildBases;
pub use charm_actions::CharmActions;
pub use charm_config::CharmConfig;
pub use charm_fault::{CharmFault, CharmFaults};
pub use charm_files::CharmFiles;
pub use charm_links::CharmLinks;
pub use charm_metadata::CharmMetadata;
pub use charm_user::{CharmUser, ParseCharmUserError};
pub use charmcraft::Charmcraft;
pub use config_option::{ConfigOption, ConfigValue};
pub use config_type::{ConfigType, ParseConfigTypeError};
pub use container_definition::{ContainerDefinition, ContainerMount};
pub use device_definition::DeviceDefinition;
pub use endpoint_definition::EndpointDefinition;
pub use manifest::UnsupportedArchitectureError;
pub use platform::{BuildTarget, Platform};
pub use resource_definition::{ResourceDefinition, ResourceKind};
pub use storage_definition::{StorageCount, StorageDefinition};
pub use supported_base::SupportedBase;
pub use term_id::{ParseTermIdError, TermId};

use crate::charm::findings::Findings;
use crate::charm::manifest::{restrict, write_manifest};
use crate::charm::reading::read;
use crate::{Architecture, CharmName};

/// A charm as its YAML files describe it.
///
/// ```
/// use juju_types::{Charm, CharmFiles, RelationRole};
///
/// let mut files = CharmFiles::default();
/// files.charmcraft = Some(
///     "
/// type: charm
/// name: exporter
/// summary: Exports.
/// description: Exports what there is.
/// base: ubuntu@24.04
/// platforms:
///   amd64:
/// parts:
///   charm:
///     plugin: dump
///     source: .
/// provides:
///   metrics: prometheus_scrape
/// "
///     .to_owned(),
/// );
///
/// let charm = Charm::from_files(&files)?;
/// assert_eq!(charm.name().as_str(), "exporter");
/// let metrics = charm.metadata().endpoint(&"metrics".parse()?).expect("it is defined above");
/// assert_eq!(metrics.role, RelationRole::Provider);
///
/// let packed = charm.packed_files(&[])?;
/// assert!(packed.metadata.expect("every charm has one").starts_with("name: exporter\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// All that is wrong comes back at once, each fault with its place:
///
/// ```
/// use juju_types::{Charm, CharmFiles};
///
/// let mut files = CharmFiles::default();
/// files.metadata = Some("name: Exporter\nsummary: yes\n".to_owned());
///
/// let faults = Charm::from_files(&files).unwrap_err();
/// assert_eq!(
///     faults.to_string(),
///     "\
/// metadata.yaml:1:1: `description` is missing
/// metadata.yaml:1:1: name: invalid charm name `Exporter`: it must start with a lower-case letter
/// metadata.yaml:2:1: summary: expected text, found the boolean `yes`; put it in quotes"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Charm {
    actions: CharmActions,
    bases: Vec<SupportedBase>,
    charmcraft: Option<Charmcraft>,
    config: CharmConfig,
    metadata: CharmMetadata,
    /// The files as they are packed; the manifest only if it was given.
    packed: CharmFiles,
    warnings: Vec<CharmFault>,
}

impl Charm {
    /// Reads a charm from the texts of its files: with a `metadata.yaml` and
    /// others beside it, with one `charmcraft.yaml` for everything, or with
    /// some of both.
    ///
    /// # Errors
    ///
    /// Returns all faults at once if any Juju that is in use, or charmcraft if
    /// there is a `charmcraft.yaml`, would refuse one of the files. What Juju 4
    /// refuses of older charms is among the [`warnings`](Self::warnings).
    pub fn from_files(files: &CharmFiles) -> Result<Self, CharmFaults> {
        let findings = Findings::default();
        let charm = read(files, &findings);
        let (faults, warnings) = findings.into_parts();
        match charm {
            Some(charm) if faults.is_empty() => Ok(Self { warnings, ..charm }),
            _ => Err(CharmFaults::new(faults, warnings)),
        }
    }

    /// Returns the name of the charm.
    pub fn name(&self) -> &CharmName {
        &self.metadata.name
    }

    /// Returns what the charm says of itself.
    pub fn metadata(&self) -> &CharmMetadata {
        &self.metadata
    }

    /// Returns the options that users can set.
    pub fn config(&self) -> &CharmConfig {
        &self.config
    }

    /// Returns the actions that users can run.
    pub fn actions(&self) -> &CharmActions {
        &self.actions
    }

    /// Returns the bases that the charm runs on, as `manifest.yaml` lists them
    /// or else `charmcraft.yaml`; none if neither exists.
    pub fn bases(&self) -> &[SupportedBase] {
        &self.bases
    }

    /// Returns what `charmcraft.yaml` says of building, if it exists.
    pub fn charmcraft(&self) -> Option<&Charmcraft> {
        self.charmcraft.as_ref()
    }

    /// Returns what every Juju accepts and nobody can have meant, such as keys
    /// that nobody reads, what one Juju takes for something else than another,
    /// and what Juju 4 refuses of older charms; ordered by file and place.
    pub fn warnings(&self) -> &[CharmFault] {
        &self.warnings
    }

    /// Returns the files as they lie in a package that is built for
    /// `architectures`, or for all that the charm declares if there are none.
    ///
    /// A file that was given stays as it is. What `charmcraft.yaml` says
    /// instead is written to a file of its own, the same text every time. The
    /// manifest is written anew where the one that was given says something
    /// else than `architectures`; it is missing only if no base was declared.
    ///
    /// # Errors
    ///
    /// Returns an error if the charm declares other architectures only.
    pub fn packed_files(
        &self,
        architectures: &[Architecture],
    ) -> Result<CharmFiles, UnsupportedArchitectureError> {
        let bases = self.bases_on(architectures)?;
        let manifest = match &self.packed.manifest {
            Some(given) if bases == self.bases => Some(given.clone()),
            _ if bases.is_empty() => None,
            _ => Some(write_manifest(&bases)),
        };
        Ok(CharmFiles { manifest, ..self.packed.clone() })
    }

    fn bases_on(
        &self,
        architectures: &[Architecture],
    ) -> Result<Vec<SupportedBase>, UnsupportedArchitectureError> {
        if architectures.is_empty() || self.bases.is_empty() {
            return Ok(self.bases.clone());
        }
        for architecture in architectures {
            if restrict(&self.bases, &BTreeSet::from([*architecture])).is_empty() {
                let declared = self.bases.iter().flat_map(|base| &base.architectures).flatten();
                return Err(UnsupportedArchitectureError {
                    architecture: *architecture,
                    charm: self.name().clone(),
                    declared: declared.copied().collect(),
                });
            }
        }
        Ok(restrict(&self.bases, &architectures.iter().copied().collect()))
    }
}
