//! What is there of the daemon, what shall be, and the steps in between.

use crate::systemctl::Shown;

/// The texts that a daemon runs with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Setup {
    /// Its unit file, which also tells which program it is.
    pub(crate) unit_file: String,
    /// The list of the services that it watches.
    pub(crate) services: String,
}

/// What is there of the daemon.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) unit_file: Option<String>,
    pub(crate) services: Option<String>,
    /// The mark of the setup with which the daemon was started or reloaded
    /// last. It is removed before anything changes and written after all, so
    /// that a hook that dies in between is noticed by the next one.
    pub(crate) mark: Option<String>,
    pub(crate) shown: Shown,
}

/// What must be done so that the daemon runs as it shall.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the steps are independent")]
pub(crate) struct Steps {
    pub(crate) write_services: bool,
    pub(crate) write_unit_file: bool,
    pub(crate) reload_systemd: bool,
    pub(crate) enable: bool,
    /// Whether systemd must forget how often it has started the daemon: it may
    /// have given it up, or be about to.
    pub(crate) reset_failed: bool,
    pub(crate) restart: bool,
    pub(crate) reload: bool,
}

impl Setup {
    /// Returns the mark of a daemon that runs with this setup.
    pub(crate) fn mark(&self) -> String {
        format!("{}{}", self.unit_file, self.services)
    }

    /// Finds out what must be done.
    pub(crate) fn steps(&self, found: &Found) -> Steps {
        let write_services = found.services.as_ref() != Some(&self.services);
        let write_unit_file = found.unit_file.as_ref() != Some(&self.unit_file);
        let mark = found.mark.as_deref().unwrap_or_default();
        let runs_with_services = mark.strip_prefix(&*self.unit_file);
        let state = &*found.shown.active_state;
        let is_running = ["active", "reloading"].contains(&state);
        let restart = write_unit_file || !is_running || runs_with_services.is_none();
        Steps {
            write_services,
            write_unit_file,
            reload_systemd: write_unit_file || found.shown.needs_reload,
            enable: !found.shown.is_enabled,
            reset_failed: ["activating", "failed"].contains(&state),
            restart,
            reload: !restart && (write_services || runs_with_services != Some(&self.services)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Setup, Steps};
    use crate::systemctl::Shown;

    fn setup() -> Setup {
        Setup { unit_file: "[Unit]\n".to_owned(), services: "web.service web\n".to_owned() }
    }

    /// Returns what is found after `setup` has been applied.
    fn applied(setup: &Setup) -> Found {
        Found {
            unit_file: Some(setup.unit_file.clone()),
            services: Some(setup.services.clone()),
            mark: Some(setup.mark()),
            shown: Shown {
                active_state: "active".to_owned(),
                is_enabled: true,
                ..Shown::default()
            },
        }
    }

    /// Returns the steps after `change` to what is found.
    fn steps(change: fn(&mut Found)) -> Steps {
        let mut found = applied(&setup());
        change(&mut found);
        setup().steps(&found)
    }

    #[test]
    fn leaves_a_daemon_alone_that_runs_as_it_shall() {
        assert_eq!(steps(|_| ()), Steps::default());
    }

    #[test]
    fn leaves_a_daemon_alone_that_reads_its_list() {
        assert_eq!(
            steps(|found| found.shown.active_state = "reloading".to_owned()),
            Steps::default()
        );
    }

    #[test]
    fn another_list_is_a_reload() {
        let changed = Steps { write_services: true, reload: true, ..Steps::default() };
        assert_eq!(steps(|found| found.services = Some("a.service a\n".to_owned())), changed);
        let interrupted = Steps { reload: true, ..Steps::default() };
        assert_eq!(
            steps(|found| found.mark = Some("[Unit]\na.service a\n".to_owned())),
            interrupted
        );
    }

    #[test]
    fn another_unit_file_is_a_restart() {
        let expected = Steps {
            write_unit_file: true,
            reload_systemd: true,
            restart: true,
            ..Steps::default()
        };
        assert_eq!(steps(|found| found.unit_file = Some("[Service]\n".to_owned())), expected);
    }

    #[test]
    fn a_hook_that_died_half_way_is_finished() {
        let restart = Steps { restart: true, ..Steps::default() };
        assert_eq!(steps(|found| found.mark = None), restart);
        let expected = Steps { reload_systemd: true, restart: true, ..Steps::default() };
        assert_eq!(
            steps(|found| {
                found.mark = None;
                found.shown.needs_reload = true;
            }),
            expected
        );
    }

    #[test]
    fn a_daemon_that_somebody_has_stopped_or_disabled_comes_back() {
        for state in ["inactive", "failed", "activating", "deactivating", ""] {
            let mut found = applied(&setup());
            found.shown.active_state = state.to_owned();
            let reset_failed = ["failed", "activating"].contains(&state);
            let expected = Steps { reset_failed, restart: true, ..Steps::default() };
            assert_eq!(setup().steps(&found), expected, "{state}");
        }
        let enable = Steps { enable: true, ..Steps::default() };
        assert_eq!(steps(|found| found.shown.is_enabled = false), enable);
    }

    #[test]
    fn everything_is_new_on_a_new_machine() {
        let shown = Shown { active_state: "inactive".to_owned(), ..Shown::default() };
        let found = Found { unit_file: None, services: None, mark: None, shown };
        let expected = Steps {
            write_services: true,
            write_unit_file: true,
            reload_systemd: true,
            enable: true,
            reset_failed: false,
            restart: true,
            reload: false,
        };
        assert_eq!(setup().steps(&found), expected);
    }
}
