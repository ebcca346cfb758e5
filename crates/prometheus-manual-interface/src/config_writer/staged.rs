//! Jobs that are on disk, but not in effect.

use std::path::{Path, PathBuf};

use crate::config_writer::certificate_folder::CertificateFolder;
use crate::config_writer::folder::{Access, Folder, Found};
use crate::config_writer::trial::Trial;
use crate::config_writer::write_error::WriteError;

/// Jobs that are on disk, but not in effect: made by [`ConfigWriter::stage`].
///
/// Dropped without a [`commit`](Self::commit), it removes what was staged.
///
/// [`ConfigWriter::stage`]: crate::ConfigWriter::stage
#[derive(Debug)]
#[must_use = "the jobs take effect by `commit`"]
pub struct Staged {
    pub(crate) certificates: Option<CertificateFolder>,
    pub(crate) config: StagedConfig,
}

impl Staged {
    pub(crate) fn new(certificates: Option<CertificateFolder>, config: StagedConfig) -> Self {
        Self { certificates, config }
    }

    /// Returns where the configuration is that is to be checked: for now a file
    /// beside the one that is in effect, or that one itself if it stays.
    pub fn config(&self) -> &Path {
        &self.config.path
    }

    /// Tells whether the configuration differs from the one in effect.
    pub fn is_changed(&self) -> bool {
        !matches!(self.config.found, Found::Same | Found::SameContents)
    }

    /// Puts the jobs into effect, and returns whether Prometheus has to read its
    /// configuration again. Certificates that no job names any more are removed.
    ///
    /// It speaks of this call alone: a program that is killed before Prometheus
    /// has read the configuration is not told again. A charm that has to know
    /// compares what is in effect with what it was when its last hook succeeded,
    /// by [`Context::data_changed`](reactive_endpoints::Context::data_changed).
    ///
    /// So call it also if nothing [is changed](Self::is_changed): something may
    /// be left of a program that was killed.
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::InEffect`] if all that failed is what comes after
    /// the new configuration took the place of the old one: Prometheus has to
    /// read it. Returns [`WriteError::Io`] if it did not take its place; then
    /// what was staged is removed.
    pub fn commit(mut self) -> Result<bool, WriteError> {
        self.config.replace()?;
        let new_certificates = self.certificates.as_mut().map(CertificateFolder::keep);
        Trial::new(self, new_certificates.unwrap_or_default()).keep()
    }

    /// Puts the jobs into effect, but keeps what was before until it is known
    /// that Prometheus has read them. See [`Trial`].
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::Io`] if the new configuration did not take the place
    /// of the old one; then what was staged is removed.
    pub fn begin_trial(mut self) -> Result<Trial, WriteError> {
        self.config.preserve()?;
        self.config.replace()?;
        let new_certificates = self.certificates.as_mut().map(CertificateFolder::keep);
        Ok(Trial::new(self, new_certificates.unwrap_or_default()))
    }
}

/// A configuration beside the one in effect.
#[derive(Debug)]
pub(crate) struct StagedConfig {
    folder: Folder,
    name: String,
    /// Where it can be read.
    path: PathBuf,
    /// What is in effect, compared to it.
    found: Found,
    /// Whether a file of its own, which is to be removed, is there.
    is_beside: bool,
}

impl StagedConfig {
    /// Writes a configuration beside the one of this path, unless they are the
    /// same.
    pub(crate) fn write(path: &Path, text: &str, access: Access) -> Result<Self, WriteError> {
        let above = path.parent().unwrap_or(path);
        let folder = Folder::open(above)?
            .ok_or_else(|| WriteError::NoFolder { folder: above.to_owned() })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = folder.find(&name, text.as_bytes(), access)?;
        let mut config = Self { folder, path: path.to_owned(), name, found, is_beside: false };
        if found == Found::Same {
            config.is_beside = config.folder.has(&config.name_beside())?;
        } else {
            config.folder.create(&config.name_beside(), text.as_bytes(), access)?;
            config.path = above.join(config.name_beside());
            config.is_beside = true;
        }
        Ok(config)
    }

    /// Keeps the configuration in effect under another name. One that is there
    /// already was in effect before a trial that has not ended.
    fn preserve(&self) -> Result<(), WriteError> {
        let is_replaced = !matches!(self.found, Found::Same | Found::Nothing);
        if is_replaced && !self.folder.has(&self.name_before())? {
            self.folder.link(&self.name, &self.name_before())?;
        }
        Ok(())
    }

    /// Takes the place of the configuration in effect, unless they are the same.
    fn replace(&mut self) -> Result<(), WriteError> {
        if self.found != Found::Same {
            self.folder.rename(&self.name_beside(), &self.name)?;
            self.is_beside = false;
        }
        Ok(())
    }

    /// Has the change reach the disk, and removes what was before, and what an
    /// earlier run has left.
    pub(crate) fn settle(&mut self) -> Result<(), WriteError> {
        if self.found != Found::Same {
            self.folder.sync()?;
        } else if self.is_beside {
            self.folder.remove(&self.name_beside())?;
            self.is_beside = false;
        }
        if self.folder.has(&self.name_before())? {
            self.folder.remove(&self.name_before())?;
        }
        Ok(())
    }

    /// Puts the configuration back that was in effect before, and returns whether
    /// there is another one now.
    pub(crate) fn take_back(&mut self) -> Result<bool, WriteError> {
        if self.folder.has(&self.name_before())? {
            self.folder.rename(&self.name_before(), &self.name)?;
        } else if self.found == Found::Nothing {
            self.folder.remove(&self.name)?;
        } else {
            return Ok(false);
        }
        self.folder.sync()?;
        Ok(true)
    }

    fn name_beside(&self) -> String {
        format!("{}.staged", self.name)
    }

    fn name_before(&self) -> String {
        format!("{}.before", self.name)
    }
}

impl Drop for StagedConfig {
    fn drop(&mut self) {
        if self.is_beside {
            // If it stays, the next one replaces it.
            let _ = self.folder.remove(&self.name_beside());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    use crate::config_writer::bench::{Bench, CERTIFICATES, CONFIG, jobs};
    use crate::config_writer::kill_point;
    use crate::config_writer::staged::Staged;
    use crate::job_set::JobSet;

    fn before() -> JobSet {
        jobs([("a/0", "one"), ("b/0", "two")])
    }

    /// A job goes, one changes its certificate, and one comes.
    fn after() -> JobSet {
        jobs([("b/0", "three"), ("c/0", "four")])
    }

    #[test]
    fn what_was_staged_is_not_in_effect() {
        let bench = Bench::new();
        bench.write(&before());
        let (config, certificates) = (bench.config(), bench.certificates());
        let staged = bench.writer().stage(&after()).unwrap();
        assert!(staged.is_changed());
        assert_eq!(bench.config(), config);
        assert!(fs::read_to_string(staged.config()).unwrap().contains("c-0-node"));
        let there = bench.certificates();
        assert!(certificates.iter().all(|name| there.contains(name)));
        drop(staged);
        assert_eq!(bench.config(), config);
        assert_eq!(bench.certificates(), certificates);
        assert_eq!(fs::read_dir(bench.at("etc/prometheus")).unwrap().count(), 2);
    }

    #[test]
    fn a_commit_replaces_the_configuration_and_collects_certificates() {
        let bench = Bench::new();
        bench.write(&before());
        let staged = bench.writer().stage(&after()).unwrap();
        assert!(staged.commit().unwrap());
        assert!(bench.config().contains("c-0-node"));
        let names: Vec<_> = after().files().map(|file| file.name().to_owned()).collect();
        assert_eq!(bench.certificates(), names);
    }

    #[test]
    fn what_is_the_same_is_not_written() {
        let bench = Bench::new();
        bench.write(&before());
        let stamps = bench.stamps();
        assert_eq!(stamps.len(), 8);
        let changes = kill_point::after(usize::MAX, || {
            let staged = bench.writer().stage(&before()).unwrap();
            assert!(!staged.is_changed());
            assert_eq!(staged.config(), bench.at(CONFIG));
            assert!(!staged.commit().unwrap());
        });
        assert_eq!(changes, 0);
        assert_eq!(bench.stamps(), stamps);
    }

    #[test]
    fn a_program_killed_at_any_moment_leaves_the_old_jobs_or_the_new_ones() {
        let written = |jobs: &JobSet| {
            let bench = Bench::new();
            bench.write(jobs);
            (bench.config(), bench.tree())
        };
        let (new, new_tree) = written(&after());
        for start in [None, Some(before())] {
            let old = start.as_ref().map(|jobs| written(jobs).0).unwrap_or_default();
            let mut moment = 0;
            loop {
                let bench = Bench::new();
                if let Some(jobs) = &start {
                    bench.write(jobs);
                }
                let made = kill_point::after(moment, || {
                    let _ = bench.writer().stage(&after()).and_then(Staged::commit);
                });
                let config = bench.config();
                assert!([&old, &new].contains(&&config), "after {moment} changes: {config}");
                let named = if config == new { Some(&after()) } else { start.as_ref() };
                for file in named.into_iter().flat_map(JobSet::files) {
                    let path = bench.at(CERTIFICATES).join(file.name());
                    let there = fs::read_to_string(path).unwrap_or_default();
                    assert_eq!(there, file.contents(), "after {moment} changes");
                }
                // The next run leaves what there would be without this one.
                bench.write(&after());
                assert_eq!(bench.tree(), new_tree, "after {moment} changes");
                if made < moment {
                    break;
                }
                moment += 1;
            }
            assert!(moment > 30, "it was killed {moment} times");
        }
    }

    #[test]
    fn says_whether_the_jobs_are_in_effect_when_something_fails() {
        let bench = Bench::new();
        bench.write(&before());
        let (config, tree) = (bench.config(), bench.tree());
        let fail = |changes| {
            let staged = bench.writer().stage(&after()).unwrap();
            let mut error = None;
            kill_point::after(changes, || error = staged.commit().err());
            let error = error.unwrap();
            assert!(error.source().is_some());
            error.to_string().replace(bench.at("").to_str().unwrap(), "/")
        };
        insta::assert_snapshot!(fail(0), @"cannot replace `/etc/prometheus/prometheus.yml`");
        assert_eq!(bench.config(), config);
        assert!(!bench.write(&before()));
        assert_eq!(bench.tree(), tree);
        insta::assert_snapshot!(fail(1), @"the new configuration is in effect, but cannot sync `/etc/prometheus`");
        assert_ne!(bench.config(), config);
    }

    #[test]
    fn what_a_killed_program_has_left_is_collected_when_nothing_else_is_to_be_done() {
        let bench = Bench::new();
        bench.write(&before());
        let tree = bench.tree();
        kill_point::after(25, || {
            let _ = bench.writer().stage(&after());
        });
        assert_ne!(bench.tree(), tree);
        assert!(!bench.write(&before()));
        assert_eq!(bench.tree(), tree);
    }

    #[test]
    fn a_key_is_never_readable_by_others() {
        let bench = Bench::new();
        let folder = bench.at(CERTIFICATES);
        let config = bench.at("etc/prometheus");
        let observer = move || {
            for entry in
                fs::read_dir(&folder).into_iter().flatten().chain(fs::read_dir(&config).unwrap())
            {
                let path = entry.unwrap().path();
                let mode = path.metadata().unwrap().mode() & 0o7777;
                let name = path.to_string_lossy();
                if name.contains("key-") {
                    assert_eq!(mode, 0o600, "{name}");
                } else if name.contains("prometheus.yml") {
                    assert!([0o600, 0o640].contains(&mode), "{name} has {mode:o}");
                }
            }
        };
        kill_point::observed(observer, || {
            bench.write(&before());
            bench.write(&after());
        });
    }
}
