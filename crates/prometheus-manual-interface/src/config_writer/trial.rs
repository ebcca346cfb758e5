//! Jobs that are in effect until Prometheus refuses them.

use crate::config_writer::staged::Staged;
use crate::config_writer::write_error::WriteError;

/// Jobs that are in effect, with what was before kept beside them: made by
/// [`Staged::begin_trial`]. It is for those who find out whether Prometheus has
/// read its configuration, which may fail for what promtool does not look at,
/// such as a key that does not belong to its certificate.
///
/// Dropped without an end, it leaves all there: what was before is taken back by
/// a later trial, if that fails too, and otherwise removed.
///
/// ```
/// # use prometheus_manual_interface::{ConfigWriter, JobSet, PrometheusVersion};
/// # let root = tempfile::tempdir()?;
/// # std::fs::create_dir_all(root.path().join("etc/prometheus"))?;
/// # let writer = ConfigWriter::new("/etc/prometheus/prometheus.yml").below(root.path());
/// # let jobs = JobSet::new(PrometheusVersion::new(2, 42, 0));
/// # let reload = || false;
/// let trial = writer.stage(&jobs)?.begin_trial()?;
/// // Have Prometheus reload, and ask it whether that has succeeded.
/// if reload() {
///     trial.keep()?;
/// } else if trial.take_back()? {
///     // Have Prometheus reload again.
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a trial ends by `keep` or `take_back`"]
pub struct Trial {
    staged: Staged,
    new_certificates: Vec<String>,
}

impl Trial {
    pub(crate) fn new(staged: Staged, new_certificates: Vec<String>) -> Self {
        Self { staged, new_certificates }
    }

    /// Tells whether the configuration differs from the one before.
    pub fn is_changed(&self) -> bool {
        self.staged.is_changed()
    }

    /// Removes what was before, with the certificates that no job names any more,
    /// and returns whether the configuration [is changed](Self::is_changed).
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::InEffect`] if something cannot be removed; the
    /// configuration stays in effect.
    pub fn keep(mut self) -> Result<bool, WriteError> {
        // Only when the new configuration has reached the disk, nothing there
        // names the old certificates.
        self.staged.config.settle().map_err(WriteError::in_effect)?;
        if let Some(certificates) = &self.staged.certificates {
            certificates.collect().map_err(WriteError::in_effect)?;
        }
        Ok(self.is_changed())
    }

    /// Puts back what was before, and returns whether Prometheus has to read its
    /// configuration again. If there was none, there is none.
    ///
    /// # Errors
    ///
    /// Returns [`WriteError::Io`] if the system refuses.
    pub fn take_back(mut self) -> Result<bool, WriteError> {
        let is_changed = self.staged.config.take_back()?;
        if let (true, Some(certificates)) = (is_changed, &self.staged.certificates) {
            certificates.remove(&self.new_certificates)?;
        }
        Ok(is_changed)
    }
}

#[cfg(test)]
mod tests {
    use crate::config_writer::bench::{Bench, CERTIFICATES, jobs};
    use crate::config_writer::kill_point;
    use crate::config_writer::staged::Staged;
    use crate::config_writer::trial::Trial;
    use crate::config_writer::write_error::WriteError;
    use crate::job_set::JobSet;

    fn before() -> JobSet {
        jobs([("a/0", "one"), ("b/0", "two")])
    }

    fn after() -> JobSet {
        jobs([("b/0", "three"), ("c/0", "four")])
    }

    fn begin(bench: &Bench, jobs: &JobSet) -> Result<Trial, WriteError> {
        bench.writer().stage(jobs).and_then(Staged::begin_trial)
    }

    /// Returns the tree with these jobs and nothing else.
    fn tree(jobs: &JobSet) -> String {
        let bench = Bench::new();
        bench.write(jobs);
        bench.tree()
    }

    #[test]
    fn what_is_kept_is_as_if_there_had_been_no_trial() {
        let bench = Bench::new();
        bench.write(&before());
        let trial = begin(&bench, &after()).unwrap();
        assert!(trial.is_changed());
        assert!(bench.config().contains("c-0-node"));
        assert!(trial.keep().unwrap());
        assert_eq!(bench.tree(), tree(&after()));
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let bench = Bench::new();
        let empty = bench.tree();
        assert!(begin(&bench, &after()).unwrap().take_back().unwrap());
        assert_eq!(bench.tree(), format!("job-certificates/ 0750\n{empty}"));
        bench.write(&before());
        assert!(begin(&bench, &after()).unwrap().take_back().unwrap());
        assert_eq!(bench.tree(), tree(&before()));
    }

    #[test]
    fn what_is_the_same_is_not_written() {
        let bench = Bench::new();
        bench.write(&before());
        let changes = kill_point::after(usize::MAX, || {
            assert!(!begin(&bench, &before()).unwrap().keep().unwrap());
            assert!(!begin(&bench, &before()).unwrap().take_back().unwrap());
        });
        assert_eq!(changes, 0);
    }

    #[test]
    fn a_trial_that_was_cut_off_is_taken_back_by_the_next_one_that_fails() {
        let bench = Bench::new();
        bench.write(&before());
        drop(begin(&bench, &after()).unwrap());
        // First for the same jobs, and then for others.
        drop(begin(&bench, &after()).unwrap());
        let others = jobs([("d/0", "five")]);
        assert!(begin(&bench, &others).unwrap().take_back().unwrap());
        assert!(!bench.config().contains("d-0-node") && bench.config().contains("a-0-node"));
        for file in before().files() {
            assert!(bench.at(CERTIFICATES).join(file.name()).exists());
        }
        // What is left of the certificates goes with the next jobs that are kept.
        assert!(!begin(&bench, &before()).unwrap().keep().unwrap());
        assert_eq!(bench.tree(), tree(&before()));
    }

    #[test]
    fn a_program_killed_at_any_moment_leaves_the_old_jobs_or_the_new_ones() {
        for end in [Trial::keep, Trial::take_back] {
            let mut moment = 0;
            loop {
                let bench = Bench::new();
                bench.write(&before());
                let old = bench.config();
                let made = kill_point::after(moment, || {
                    let _ = begin(&bench, &after()).and_then(end);
                });
                let named = if bench.config() == old { before() } else { after() };
                for file in named.files() {
                    let path = bench.at(CERTIFICATES).join(file.name());
                    assert!(path.exists(), "after {moment} changes");
                }
                // The next run leaves what there would be without this one.
                bench.write(&after());
                assert_eq!(bench.tree(), tree(&after()), "after {moment} changes");
                if made < moment {
                    break;
                }
                moment += 1;
            }
            assert!(moment > 30, "it was killed {moment} times");
        }
    }
}
