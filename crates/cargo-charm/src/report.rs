//! What is wrong with a charm's files.

use std::fmt;

use juju_types::{Charm, CharmFault};

use crate::{CharmCrate, ChooseProgramError};

/// What is wrong with a charm's files: the faults, for which it is not packed,
/// and what its author should know but may have meant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// What Juju would refuse, or what cannot be packed.
    pub faults: Vec<Finding>,
    /// What Juju accepts, and is most likely not meant.
    pub warnings: Vec<Finding>,
    charm: Option<Charm>,
}

impl CharmCrate {
    /// Checks everything that can be checked without building the charm, with
    /// the rules by which `juju deploy` accepts it.
    pub fn check(&self) -> Report {
        let mut report = Report { faults: Vec::new(), warnings: Vec::new(), charm: None };
        match self.yaml_files() {
            Ok(files) => match Charm::from_files(&files) {
                Ok(charm) => {
                    report.warnings.extend(charm.warnings().iter().cloned().map(Finding::Yaml));
                    if charm.bases().is_empty() {
                        report.faults.push(Finding::NoBase);
                    }
                    report.charm = Some(charm);
                }
                Err(faults) => {
                    report.warnings.extend(faults.warnings().iter().cloned().map(Finding::Yaml));
                    report.faults.extend(faults.iter().cloned().map(Finding::Yaml));
                }
            },
            Err(unreadable) => report.faults.extend(unreadable),
        }
        if let Err(error) = self.program() {
            report.faults.push(Finding::Program(error));
        }
        if self.licences().is_empty() {
            report.warnings.push(Finding::NoLicence);
        }
        if !self.folder().join("icon.svg").is_file() {
            report.warnings.push(Finding::NoIcon);
        }
        report
    }
}

impl Report {
    /// Returns the charm as its YAML files describe it, unless they have
    /// faults.
    pub fn charm(&self) -> Option<&Charm> {
        self.charm.as_ref()
    }
}

/// One thing that is wrong, or may be, with a charm's files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Finding {
    /// The charm says nowhere what it runs on.
    NoBase,
    /// The charm has no icon.
    NoIcon,
    /// Neither the charm nor the workspace has a licence text.
    NoLicence,
    /// It is not clear which program is the charm.
    Program(ChooseProgramError),
    /// A file is there and cannot be read.
    Unreadable {
        /// The name of the file.
        file: String,
        /// What the operating system says, or that it is no text.
        reason: String,
    },
    /// A YAML file breaks a rule, at a place that the finding names.
    Yaml(CharmFault),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBase => {
                f.write_str("no base is declared, so there is no `manifest.yaml` to pack")
            }
            Self::NoIcon => f.write_str("there is no `icon.svg`: Charmhub will show a blank one"),
            Self::NoLicence => {
                f.write_str("there is no `LICENSE`, neither beside the charm nor in the workspace")
            }
            Self::Program(error) => error.fmt(f),
            Self::Unreadable { file, reason } => write!(f, "cannot read `{file}`: {reason}"),
            Self::Yaml(fault) => fault.fmt(f),
        }
    }
}
