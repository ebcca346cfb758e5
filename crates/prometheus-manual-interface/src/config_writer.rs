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
/// configuration, which is the one moment at which the new jobs take effect.
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
    /// Beside it is, for a while, a file whose name is longer by `.staged`: name
    /// jobs there in a way that leaves it out, such as `*.yml`.
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
mod tests {
    use std::error::Error;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::ConfigWriter;
    use crate::config_writer::bench::{Bench, CERTIFICATES, CONFIG, jobs};
    use crate::config_writer::write_error::WriteError;
    use crate::job_set::JobSet;
    use crate::prometheus_version::PrometheusVersion;

    fn base() -> python_json::Value {
        r#"{
            "global": {"scrape_interval": "1m"},
            "scrape_configs": [{"job_name": "prometheus"}],
            "rule_files": []
        }"#
        .parse()
        .unwrap()
    }

    fn refusal(writer: &ConfigWriter, jobs: &JobSet) -> WriteError {
        writer.stage(jobs).unwrap_err()
    }

    #[test]
    fn jobs_come_behind_those_of_the_base() {
        let bench = Bench::new();
        let writer = bench.writer().base(&base()).unwrap();
        let jobs = jobs([("a/0", "one"), ("b/0", "two")]);
        assert!(writer.stage(&jobs).unwrap().commit().unwrap());
        insta::assert_snapshot!(bench.tree(), @"
        job-certificates/ 0750
            ca-2f61….crt 0644
                | the authority
            cert-0652….crt 0644
                | certificate two
            cert-f5ff….crt 0644
                | certificate one
            key-2979….key 0600
                | secret two
            key-e2a0….key 0600
                | secret one
        prometheus.yml 0640
            | # Written by the charm of this unit, with the jobs of its prometheus-manual
            | # relations. It is written again when they change: edits are lost.
            | global:
            |   scrape_interval: '1m'
            | rule_files: []
            | scrape_configs:
            | - job_name: 'prometheus'
            | - job_name: 'a-0-node'
            |   scheme: 'https'
            |   static_configs:
            |   - targets:
            |     - '10.0.0.5:9100'
            |   tls_config:
            |     ca_file: '/etc/prometheus/job-certificates/ca-2f61….crt'
            |     cert_file: '/etc/prometheus/job-certificates/cert-f5ff….crt'
            |     key_file: '/etc/prometheus/job-certificates/key-e2a0….key'
            | - job_name: 'b-0-node'
            |   scheme: 'https'
            |   static_configs:
            |   - targets:
            |     - '10.0.0.5:9100'
            |   tls_config:
            |     ca_file: '/etc/prometheus/job-certificates/ca-2f61….crt'
            |     cert_file: '/etc/prometheus/job-certificates/cert-0652….crt'
            |     key_file: '/etc/prometheus/job-certificates/key-2979….key'
        ");
    }

    #[test]
    fn jobs_can_have_a_file_of_their_own() {
        let bench = Bench::new();
        let writer = bench.own(ConfigWriter::scrape_config_file("/etc/prometheus/jobs.yml"));
        let jobs = JobSet::new(PrometheusVersion::new(2, 43, 0));
        assert!(writer.stage(&jobs).unwrap().commit().unwrap());
        insta::assert_snapshot!(bench.tree(), @r"
        jobs.yml 0640
            | # Written by the charm of this unit, with the jobs of its prometheus-manual
            | # relations. It is written again when they change: edits are lost.
            | scrape_configs: []
        ");
        let old = JobSet::new(PrometheusVersion::new(2, 42, 9));
        insta::assert_snapshot!(refusal(&writer, &old), @"Prometheus 2.42.9 does not know `scrape_config_files`, which are to name `/etc/prometheus/jobs.yml`; have the jobs in its configuration itself");
    }

    #[test]
    fn says_what_is_wrong_with_a_base() {
        let refusal = |base: &str| {
            let base: python_json::Value = base.parse().unwrap();
            Bench::new().writer().base(&base).unwrap_err()
        };
        insta::assert_snapshot!(refusal("[]"), @"invalid base configuration: it must be a mapping");
        insta::assert_snapshot!(refusal(r#"{"scrape_configs": {}}"#), @"invalid base configuration: its `scrape_configs` must be a list");
        let no_data = Bench::new().writer().base(&f64::NAN).unwrap_err();
        insta::assert_snapshot!(no_data, @"invalid base configuration: it is no data");
        assert!(no_data.source().is_some());
        let own_file = ConfigWriter::scrape_config_file("/jobs.yml").base(&base()).unwrap_err();
        insta::assert_snapshot!(own_file, @"invalid base configuration: a file of `scrape_configs` has no other settings");
    }

    #[test]
    fn says_what_the_machine_lacks() {
        let bench = Bench::new();
        let jobs = jobs([("a/0", "one")]);
        let writer = bench.writer();
        insta::assert_snapshot!(refusal(&writer.clone().owner("prom", "prometheus"), &jobs), @"the machine has no user `prom`; add it first");
        insta::assert_snapshot!(refusal(&writer.clone().owner("prometheus", "prom"), &jobs), @"the machine has no group `prom`; add it first");
        let shown =
            |error: WriteError| error.to_string().replace(bench.at("").to_str().unwrap(), "/");
        let elsewhere = jobs.clone().certificates_in("/srv/certificates");
        insta::assert_snapshot!(shown(refusal(&writer, &elsewhere)), @"the folder `/srv` does not exist; make it first");
        let unmade = ConfigWriter::new("/srv/prometheus.yml").below(bench.at(""));
        insta::assert_snapshot!(shown(refusal(&unmade, &jobs)), @"the folder `/srv` does not exist; make it first");
    }

    #[test]
    fn refuses_a_job_with_a_name_of_the_base() {
        let bench = Bench::new();
        let base = r#"{"scrape_configs": [{"job_name": "a-0-node"}]}"#;
        let base: python_json::Value = base.parse().unwrap();
        let writer = bench.writer().base(&base).unwrap();
        insta::assert_snapshot!(refusal(&writer, &jobs([("a/0", "one")])), @"the base configuration has a job `a-0-node` already; reserve its name in the set of jobs");
        let _ = writer.stage(&jobs([("b/0", "two")])).unwrap();
    }

    #[test]
    fn refuses_paths_that_lead_anywhere() {
        let jobs = jobs([]);
        let refusal = |path: &str| refusal(&Bench::new().own(ConfigWriter::new(path)), &jobs);
        insta::assert_snapshot!(refusal("prometheus.yml"), @"invalid path `prometheus.yml`: it must be absolute");
        insta::assert_snapshot!(refusal("/etc/../prometheus.yml"), @"invalid path `/etc/../prometheus.yml`: it must name a file or folder without `..`");
        assert!(matches!(refusal("/"), WriteError::Path { .. }));
    }

    #[test]
    fn what_was_staged_before_an_error_is_removed() {
        let bench = Bench::new();
        bench.write(&jobs([("a/0", "one")]));
        let tree = bench.tree();
        fs::create_dir_all(bench.at("etc/prometheus/prometheus.yml.staged/full")).unwrap();
        let error = refusal(&bench.writer(), &jobs([("b/0", "two")]));
        insta::assert_snapshot!(error.to_string().replace(bench.at("").to_str().unwrap(), "/"), @"cannot remove `/etc/prometheus/prometheus.yml.staged`");
        assert!(error.source().is_some());
        fs::remove_dir_all(bench.at("etc/prometheus/prometheus.yml.staged")).unwrap();
        assert_eq!(bench.tree(), tree);
    }

    #[test]
    fn wrong_modes_are_mended_without_a_change() {
        let bench = Bench::new();
        let jobs = jobs([("a/0", "one")]);
        bench.write(&jobs);
        let tree = bench.tree();
        for path in [CERTIFICATES, CONFIG] {
            fs::set_permissions(bench.at(path), fs::Permissions::from_mode(0o777)).unwrap();
        }
        for name in bench.certificates() {
            let path = bench.at(CERTIFICATES).join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
        }
        assert!(!bench.write(&jobs));
        assert_eq!(bench.tree(), tree);
    }

    #[test]
    fn files_of_others_are_kept() {
        let bench = Bench::new();
        bench.write(&jobs([("a/0", "one")]));
        let foreign = ["key-server.key", ".hidden.new", "ca.crt"];
        for name in foreign {
            fs::write(bench.at(CERTIFICATES).join(name), "precious").unwrap();
        }
        bench.write(&jobs([]));
        assert_eq!(bench.certificates(), [".hidden.new", "ca.crt", "key-server.key"]);
    }

    #[test]
    fn links_lead_nowhere() {
        let bench = Bench::new();
        let jobs = jobs([("a/0", "one")]);
        let target = bench.at("etc/target");
        bench.write(&jobs);
        let tree = bench.tree();
        fs::write(&target, "precious").unwrap();
        let names = bench.certificates();
        let mut paths: Vec<_> = names.iter().map(|n| bench.at(CERTIFICATES).join(n)).collect();
        paths.push(bench.at(CONFIG));
        for path in paths {
            fs::remove_file(&path).unwrap();
            symlink(&target, &path).unwrap();
        }
        let beside = bench.at("etc/prometheus/prometheus.yml.staged");
        symlink(&target, &beside).unwrap();
        for name in names {
            let unfinished = bench.at(CERTIFICATES).join(format!(".{name}.new"));
            symlink(&target, unfinished).unwrap();
        }
        assert!(bench.write(&jobs));
        assert_eq!(bench.tree(), tree);
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn another_name_of_a_file_elsewhere_is_replaced() {
        let bench = Bench::new();
        let jobs = jobs([("a/0", "one")]);
        let file = jobs.files().find(|file| file.is_secret()).unwrap();
        fs::write(bench.at("etc/target"), file.contents()).unwrap();
        fs::set_permissions(bench.at("etc/target"), fs::Permissions::from_mode(0o444)).unwrap();
        fs::create_dir(bench.at(CERTIFICATES)).unwrap();
        fs::hard_link(bench.at("etc/target"), bench.at(CERTIFICATES).join(file.name())).unwrap();
        bench.write(&jobs);
        let mode = bench.at("etc/target").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o444);
    }

    #[test]
    fn a_link_is_no_folder_for_certificates() {
        let bench = Bench::new();
        fs::create_dir(bench.at("etc/target")).unwrap();
        symlink(bench.at("etc/target"), bench.at(CERTIFICATES)).unwrap();
        let error = refusal(&bench.writer(), &jobs([("a/0", "one")]));
        insta::assert_snapshot!(error.to_string().replace(bench.at("").to_str().unwrap(), "/"), @"`/etc/prometheus/job-certificates` is a link or no folder; remove it");
        assert_eq!(fs::read_dir(bench.at("etc/target")).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_made_where_there_are_no_certificates() {
        let bench = Bench::new();
        assert!(bench.write(&jobs([])));
        assert!(!bench.at(CERTIFICATES).exists());
    }
}
