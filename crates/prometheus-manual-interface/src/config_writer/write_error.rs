//! Why jobs could not be put on disk.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::prometheus_version::PrometheusVersion;
use crate::shortened::shortened;

/// Why jobs could not be put on disk. Unless it is said of the variant,
/// Prometheus's files are as they were.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The base configuration cannot be one.
    #[error("invalid base configuration: {rule}")]
    Base {
        /// The rule that it breaks.
        rule: &'static str,
        /// What serialising it says.
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// The new configuration is in effect, and only what is to be done after
    /// that failed. Have Prometheus read it.
    #[error("the new configuration is in effect, but cannot {action} `{}`", path.display())]
    InEffect {
        /// What was tried, such as `remove`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The operating system refuses.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A job has the name of one in the base configuration.
    /// [`JobSet::reserve`](crate::JobSet::reserve) keeps it from that.
    #[error(
        "the base configuration has a job `{}` already; reserve its name in the set of jobs",
        shortened(job_name)
    )]
    JobName {
        /// The name.
        job_name: String,
    },
    /// The folder for a file or for certificates does not exist.
    #[error("the folder `{}` does not exist; make it first", folder.display())]
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// Something else is where the folder of the certificates should be, such as
    /// a link, which may lead anywhere.
    #[error("`{}` is a link or no folder; remove it", path.display())]
    Occupied {
        /// The path of the folder.
        path: PathBuf,
    },
    /// The path of the configuration or of the folder breaks a rule.
    #[error("invalid path `{}`: {rule}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// The rule.
        rule: &'static str,
    },
    /// The configuration cannot be written as YAML.
    #[error("cannot write `{}` as YAML", path.display())]
    Render {
        /// The path of the configuration.
        path: PathBuf,
        /// What is in the way.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The machine has no such user or group. They may come with Prometheus's
    /// package.
    #[error("the machine has no {kind} `{}`; add it first", shortened(name))]
    UnknownOwner {
        /// `user` or `group`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// This version of Prometheus reads no file that has nothing but jobs.
    #[error(
        "Prometheus {version} does not know `scrape_config_files`, which are to name `{}`; have the jobs in its configuration itself",
        path.display()
    )]
    Version {
        /// The path of the file.
        path: PathBuf,
        /// The version.
        version: PrometheusVersion,
    },
}

impl WriteError {
    /// Says that it happened after the new configuration took effect.
    pub(crate) fn in_effect(self) -> Self {
        match self {
            Self::Io { action, path, source } => Self::InEffect { action, path, source },
            other => other,
        }
    }
}
