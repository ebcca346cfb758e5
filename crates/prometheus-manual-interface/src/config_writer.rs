//! What puts jobs on disk.

#[cfg(test)]
mod bench;
mod certificate_folder;
mod configuration;
mod file_owner;
mod folder;
#[cfg(test)]
mod kill_point;
pub(crate) mod staged;
pub(crate) mod trial;
pub(crate) mod write_error;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use python_json::Value;
use rustix::fs::RawMode;
use serde::Serialize;

use crate::config_writer::certificate_folder::CertificateFolder;
use crate::config_writer::configuration::{Configuration, SCRAPE_CONFIGS};
use crate::config_writer::file_owner::FileOwner;
use crate::config_writer::folder::Access;
use crate::config_writer::staged::{Staged, StagedConfig};
use crate::config_writer::write_error::WriteError;
use crate::config_writer::yaml::to_yaml;
use crate::job_set::JobSet;

/// What puts a [`JobSet`] on disk: a configuration of Prometheus, and the files
/// with certificates that it names.
///
/// Writing is done in two steps. [`stage`](Self::stage) writes all that is new
/// beside what is there, which a running Prometheus does not notice; then
/// [`promtool check config`] can look at it. [`Staged::commit`] replaces the
/// configuration, which is the one moment at which the new jobs take effect;
/// [`Staged::begin_trial`] does the same, and can take it back.
/// Whenever the program is killed, there is the old configuration with all its
/// files or the new one with all of its own.
///
/// ```
/// use prometheus_manual_interface::{ConfigWriter, JobSet, PrometheusVersion};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Base {
///     global: Global,
/// }
///
/// #[derive(Serialize)]
/// struct Global {
///     scrape_interval: &'static str,
/// }
///
/// # let root = tempfile::tempdir()?;
/// # std::fs::create_dir_all(root.path().join("etc/prometheus"))?;
/// let base = Base { global: Global { scrape_interval: "1m" } };
/// let writer = ConfigWriter::new("/etc/prometheus/prometheus.yml").base(&base)?;
/// # let writer = writer.below(root.path());
/// let jobs = JobSet::new(PrometheusVersion::new(2, 42, 0));
///
/// let staged = writer.stage(&jobs)?;
/// if staged.is_changed() {
///     // Have promtool check `staged.config()`.
/// }
/// if staged.commit()? {
///     // Have Prometheus reload.
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What only promtool finds
///
/// [`JobSet::add`] refuses what Prometheus would not load. Two kinds of jobs that
/// it takes can still be refused by `promtool`, with the whole configuration, for
/// what is not looked at there:
///
/// - those in which relabelling spoils the address of a static target by a
///   regular expression, or its interval or scheme: Prometheus leaves such a
///   target out;
/// - those that name files of the machine which are not there, or discoveries by
///   files which are not what they should be, if [`LocalFiles::Leave`] is chosen.
///
/// Neither finds a client's certificate with a key that is not its own, which
/// Prometheus refuses when it reads its configuration; a [`Trial`](crate::Trial)
/// is for that.
///
/// So whoever has promtool decide should find the culprit among the jobs, by
/// halving, and refuse it. The charm `example-prometheus` does.
///
/// [`LocalFiles::Leave`]: crate::LocalFiles::Leave
///
/// # Who can read what
///
/// Keys of clients have mode 0600, certificates 0644, and the configuration,
/// which may hold tokens, 0640. The folder of the certificates has 0750, and is
/// made if need be; so leave it to this alone. The folder of the configuration,
/// and all above them, must belong to somebody who is trusted.
///
/// [`promtool check config`]: https://prometheus.io/docs/prometheus/latest/command-line/promtool/#promtool-check
#[derive(Clone, Debug)]
pub struct ConfigWriter {
    path: PathBuf,
    layout: Layout,
    owner: Option<FileOwner>,
    root: PathBuf,
}

#[derive(Clone, Debug)]
enum Layout {
    Whole { base: BTreeMap<String, Value> },
    ScrapeConfigFile,
}

const CONFIG_MODE: RawMode = 0o640;

/// Says to whoever opens the file where it comes from.
const HEADER: &str = "\
# Written by the charm of this unit, with the jobs of its prometheus-manual
# relations. It is written again when they change: edits are lost.
";

impl ConfigWriter {
    /// Writes jobs into this configuration, of which all is written.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with(path, Layout::Whole { base: BTreeMap::new() })
    }

    /// Writes jobs into a file of their own, which has to be named by
    /// [`scrape_config_files`] in a configuration that somebody else writes.
    ///
    /// Beside it is, for a while, a file whose name is longer by `.staged` or
    /// `.before`: name jobs there in a way that leaves it out, such as `*.yml`.
    ///
    /// [`scrape_config_files`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file
    pub fn scrape_config_file(path: impl Into<PathBuf>) -> Self {
        Self::with(path, Layout::ScrapeConfigFile)
    }

    /// Writes these settings too, with the jobs behind its own `scrape_configs`.
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::Base`] if they serialise to no mapping, if their
    /// `scrape_configs` are no list, and if the jobs have a file of their own.
    pub fn base(self, base: &impl Serialize) -> Result<Self, WriteError> {
        let reject = |rule| Err(WriteError::Base { rule, source: None });
        if matches!(self.layout, Layout::ScrapeConfigFile) {
            return reject("a file of `scrape_configs` has no other settings");
        }
        let unreadable = |source| WriteError::Base { rule: "it is no data", source: Some(source) };
        let text = python_json::to_string(base).map_err(|e| unreadable(e.into()))?;
        let Value::Object(base) = text.parse().map_err(|e| unreadable(Box::new(e)))? else {
            return reject("it must be a mapping");
        };
        if base.get(SCRAPE_CONFIGS).is_some_and(|jobs| !matches!(jobs, Value::Array(_))) {
            return reject("its `scrape_configs` must be a list");
        }
        Ok(Self { layout: Layout::Whole { base }, ..self })
    }

    /// Gives all files to this user and group, which is who Prometheus runs as.
    /// Without it, they belong to whoever writes.
    ///
    /// They are looked up in `/etc/passwd` and `/etc/group`: those that only a
    /// directory service knows do not exist here.
    #[must_use]
    pub fn owner(self, user: impl Into<String>, group: impl Into<String>) -> Self {
        Self { owner: Some(FileOwner { user: user.into(), group: group.into() }), ..self }
    }

    /// Takes this folder for the root of the machine, for tests. What is written
    /// in files is the same.
    #[must_use]
    pub fn below(self, root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), ..self }
    }

    /// Writes what is new, beside what is in effect.
    ///
    /// What is as it should be is not touched: if all is, nothing is written.
    /// Modes and owners that are wrong are mended.
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::Version`] if this version of Prometheus cannot read
    /// a file of jobs, [`WriteError::JobName`] if a job has the name of one in the
    /// base, [`WriteError::UnknownOwner`] if the machine does not know
    /// the user or group, [`WriteError::NoFolder`] if the folder of the
    /// configuration or that above the certificates does not exist,
    /// [`WriteError::Occupied`] if the folder of the certificates is a link,
    /// [`WriteError::Path`] if a path is not absolute, and [`WriteError::Io`] if
    /// the system refuses. What was staged before the error is removed.
    pub fn stage(&self, jobs: &JobSet) -> Result<Staged, WriteError> {
        let none = BTreeMap::new();
        let base = match &self.layout {
            Layout::Whole { base } => base,
            Layout::ScrapeConfigFile if jobs.version().has_scrape_config_files() => &none,
            Layout::ScrapeConfigFile => {
                let (path, version) = (self.path.clone(), jobs.version());
                return Err(WriteError::Version { path, version });
            }
        };
        let configuration = Configuration { base, jobs };
        if let Some(job_name) = configuration.repeated_name() {
            return Err(WriteError::JobName { job_name: job_name.to_owned() });
        }
        let yaml = to_yaml(&configuration)
            .map_err(|e| WriteError::Render { path: self.path.clone(), source: e.into() })?;
        let ids = self.owner.as_ref().map(|owner| owner.ids(&self.root)).transpose()?;
        let config = self.place(&self.path)?;
        let certificates = self.place(jobs.certificate_folder())?;
        // The certificates first: promtool looks for them.
        let certificates = CertificateFolder::write(&certificates, jobs.files(), ids)?;
        let access = Access { mode: CONFIG_MODE, ids };
        let config = StagedConfig::write(&config, &format!("{HEADER}{yaml}"), access)?;
        Ok(Staged::new(certificates, config))
    }

    fn with(path: impl Into<PathBuf>, layout: Layout) -> Self {
        Self { path: path.into(), layout, owner: None, root: PathBuf::from("/") }
    }

    /// Checks a path and returns where it is.
    fn place(&self, path: &Path) -> Result<PathBuf, WriteError> {
        let reject = |rule| Err(WriteError::Path { path: path.to_owned(), rule });
        let Ok(below) = path.strip_prefix("/") else { return reject("it must be absolute") };
        if below.file_name().is_none() || below.components().any(|c| c == Component::ParentDir) {
            return reject("it must name a file or folder without `..`");
        }
        Ok(self.root.join(below))
    }
}

#[cfg(test)]
mod tests;
