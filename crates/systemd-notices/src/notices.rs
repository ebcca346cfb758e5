//! The notices of one unit, as the charm sets them up.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use juju_types::UnitName;

use crate::executable::Executable;
use crate::notices_error::NoticesError;
use crate::notices_paths::NoticesPaths;
use crate::python_hooks;
use crate::service::Service;
use crate::setup::{Found, Setup, Steps};
use crate::systemctl::Systemctl;
use crate::text::shown;
use crate::text_file;
use crate::unit_file::unit_file;
use crate::watch_list::{WatchList, WatchListError};

/// The notices of one unit of Juju: which services are watched for it, and the
/// daemon that does so.
///
/// ```no_run
/// use systemd_notices::{Service, SystemdNotices};
///
/// let unit = "web/0".parse()?;
/// let services = [Service::new("nginx").with_failed(), Service::new("backup.timer")];
/// let notices = SystemdNotices::new(&unit, "/var/lib/juju/agents/unit-web-0/charm", services)?;
/// notices.apply()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Several units on one machine, of one charm or of several, do not touch each
/// other.
#[derive(Clone, Debug)]
pub struct SystemdNotices {
    unit: UnitName,
    charm: PathBuf,
    services: WatchList,
    paths: NoticesPaths,
    /// Whether the files are those of a machine that does not run.
    is_offline: bool,
}

impl SystemdNotices {
    /// Describes the notices of `unit`, whose charm lies in the folder
    /// `charm`. Nothing happens yet.
    ///
    /// The daemon is the program `dispatch` in that folder, with the
    /// subcommand [`SUBCOMMAND`](crate::SUBCOMMAND).
    ///
    /// # Errors
    ///
    /// Returns an error if a name of a service or an alias is not valid, if a
    /// service is named twice, or if two would have events of the same name.
    pub fn new(
        unit: &UnitName,
        charm: impl Into<PathBuf>,
        services: impl IntoIterator<Item = impl Into<Service>>,
    ) -> Result<Self, WatchListError> {
        Ok(Self {
            unit: unit.clone(),
            charm: charm.into(),
            services: WatchList::new(services)?,
            paths: NoticesPaths::new(Path::new("/"), unit),
            is_offline: false,
        })
    }

    /// Works on the files of a machine that does not run, whose root folder is
    /// `root`: the scratch folder of a test, or an image. systemd is asked for
    /// nothing; what is enabled counts as running.
    ///
    /// ```
    /// use systemd_notices::SystemdNotices;
    ///
    /// let root = tempfile::tempdir()?;
    /// let charm = root.path().join("charm");
    /// std::fs::create_dir(&charm)?;
    /// std::fs::write(charm.join("dispatch"), "")?;
    ///
    /// let notices = SystemdNotices::new(&"web/0".parse()?, charm, ["nginx"])?.below(root.path());
    /// notices.apply()?;
    /// let unit_file = "etc/systemd/system/juju-web-0-systemd-notices.service";
    /// assert!(root.path().join(unit_file).exists());
    /// notices.remove()?;
    /// assert!(!root.path().join(unit_file).exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn below(mut self, root: impl AsRef<Path>) -> Self {
        self.paths = NoticesPaths::new(root.as_ref(), &self.unit);
        self.is_offline = true;
        self
    }

    /// Returns the services that are watched.
    pub fn services(&self) -> &WatchList {
        &self.services
    }

    /// Makes the daemon run, now and after every start of the machine, with
    /// the charm's program as it is now and these services.
    ///
    /// Where all of that is so already, nothing is written and the daemon is
    /// left alone: a charm may call this in every hook. Another list is given
    /// to the daemon that runs, which may need a moment more until it is in
    /// force; another program needs another daemon. A daemon
    /// of the Python library `juju_systemd_notices` is replaced, and its links
    /// in `hooks/` are removed.
    ///
    /// # Errors
    ///
    /// Returns [`NoticesError::CharmFolder`] if systemd cannot start a program
    /// in the charm's folder, [`NoticesError::File`] if a file cannot be read,
    /// written or removed, and the other errors if `systemctl` fails.
    pub fn apply(&self) -> Result<(), NoticesError> {
        python_hooks::remove(&self.charm)?;
        let setup = self.setup()?;
        let systemctl = self.systemctl();
        let steps = setup.steps(&self.found(&systemctl)?);
        if steps == Steps::default() {
            return Ok(());
        }
        text_file::remove(&self.paths.mark())?;
        if steps.write_services {
            text_file::write(&self.paths.watch_list(), &setup.services)?;
        }
        if steps.write_unit_file {
            text_file::write(&self.paths.unit_file(), &setup.unit_file)?;
        }
        if steps.reload_systemd {
            systemctl.daemon_reload()?;
        }
        if steps.enable {
            systemctl.change("enable")?;
        }
        if steps.reset_failed {
            systemctl.change("reset-failed")?;
        }
        if steps.restart {
            systemctl.change("restart")?;
        }
        if steps.reload {
            systemctl.change("reload")?;
        }
        text_file::write(&self.paths.mark(), &setup.mark())
    }

    /// Does what [`apply`](Self::apply) does, under the name that it has in
    /// the Python library.
    ///
    /// # Errors
    ///
    /// Returns an error where `apply` does.
    pub fn subscribe(&self) -> Result<(), NoticesError> {
        self.apply()
    }

    /// Stops the daemon, now and after every start of the machine, until the
    /// next [`apply`](Self::apply), which will tell what has happened in
    /// between. A hook that the daemon has already asked for still runs: its
    /// `juju-exec` waits for the agent, and without a limit, as long as there
    /// is no daemon. If there is no daemon, nothing happens.
    ///
    /// # Errors
    ///
    /// Returns an error if `systemctl` cannot be started, or fails.
    pub fn stop(&self) -> Result<(), NoticesError> {
        let systemctl = self.systemctl();
        let shown = systemctl.show()?;
        if !["inactive", "failed"].contains(&&*shown.active_state) {
            systemctl.change("stop")?;
        }
        if shown.is_enabled {
            systemctl.change("disable")?;
        }
        Ok(())
    }

    /// Removes everything that [`apply`](Self::apply) has brought to the
    /// machine, and what is known of the states of the services; also what
    /// the Python library has left.
    ///
    /// A `juju-exec` that the daemon has left waiting for the agent is killed.
    /// A hook that it has already begun goes on, since that is the agent's
    /// process: such a hook may call this itself.
    ///
    /// # Errors
    ///
    /// Returns [`NoticesError::File`] if a file cannot be removed, and the
    /// other errors if `systemctl` cannot be started, or fails.
    pub fn remove(&self) -> Result<(), NoticesError> {
        self.stop()?;
        let systemctl = self.systemctl();
        let shown = systemctl.show()?;
        if shown.has_processes {
            systemctl.kill()?;
        }
        if shown.active_state == "failed" {
            systemctl.change("reset-failed")?;
        }
        // `disable` has removed the link, unless the unit file was gone before.
        let link = text_file::remove(&self.paths.wants_link())?;
        if text_file::remove(&self.paths.unit_file())? || link {
            systemctl.daemon_reload()?;
        }
        let folder = self.paths.state_folder();
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(NoticesError::file("remove", folder)(error));
            }
            _ => {}
        }
        // The folder of all units goes with the last one; it is not empty
        // before, and then stays.
        let _ = folder.parent().map(fs::remove_dir);
        python_hooks::remove(&self.charm)
    }

    fn systemctl(&self) -> Systemctl {
        let offline = self.is_offline.then(|| self.paths.wants_link());
        Systemctl { service: self.paths.service(), offline }
    }

    fn setup(&self) -> Result<Setup, NoticesError> {
        let program = self.charm.join("dispatch");
        let executable = Executable::new(&program).ok_or_else(|| NoticesError::CharmFolder {
            program: shown(&program.to_string_lossy()),
        })?;
        let metadata = program.metadata().map_err(NoticesError::file("read", &program))?;
        let unit_file = unit_file(&self.unit, &self.paths, &executable, &metadata);
        Ok(Setup { unit_file, services: self.services.to_string() })
    }

    fn found(&self, systemctl: &Systemctl) -> Result<Found, NoticesError> {
        Ok(Found {
            unit_file: text_file::read(&self.paths.unit_file())?,
            services: text_file::read(&self.paths.watch_list())?,
            mark: text_file::read(&self.paths.mark())?,
            shown: systemctl.show()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, symlink};
    use std::path::{Path, PathBuf};

    use super::SystemdNotices;

    /// Puts a charm into the folder `root`, with a link of the Python library.
    fn charm(root: &Path) -> PathBuf {
        let charm = root.join("charm");
        fs::create_dir_all(charm.join("hooks")).unwrap();
        fs::write(charm.join("dispatch"), "").unwrap();
        symlink(charm.join("dispatch"), charm.join("hooks/service-nginx-started")).unwrap();
        charm
    }

    fn notices(root: &Path, unit: &str, services: &[&str]) -> SystemdNotices {
        let unit = unit.parse().unwrap();
        let services = services.iter().copied();
        SystemdNotices::new(&unit, root.join("charm"), services).unwrap().below(root)
    }

    /// Returns all files and links below `folder`, with their inodes.
    fn files(folder: &Path) -> BTreeMap<PathBuf, u64> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(self::files(&path));
            } else {
                files.insert(path.clone(), path.symlink_metadata().unwrap().ino());
            }
        }
        files
    }

    fn names(root: &Path) -> String {
        let names = files(root).into_keys();
        names.map(|path| path.strip_prefix(root).unwrap().display().to_string() + "\n").collect()
    }

    #[test]
    fn writes_only_what_differs() {
        let root = tempfile::tempdir().unwrap();
        charm(root.path());
        notices(root.path(), "web/0", &["nginx"]).apply().unwrap();
        insta::assert_snapshot!(names(root.path()), @r"
        charm/dispatch
        etc/systemd/system/juju-web-0-systemd-notices.service
        etc/systemd/system/multi-user.target.wants/juju-web-0-systemd-notices.service
        var/lib/juju-systemd-notices/web-0/applied
        var/lib/juju-systemd-notices/web-0/services
        ");

        let before = files(root.path());
        notices(root.path(), "web/0", &["nginx"]).subscribe().unwrap();
        assert_eq!(files(root.path()), before);

        notices(root.path(), "web/0", &["nginx", "redis"]).apply().unwrap();
        let unchanged = |name: &str| {
            let path = root.path().join(name);
            files(root.path())[&path] == before[&path]
        };
        assert!(unchanged("etc/systemd/system/juju-web-0-systemd-notices.service"));
        assert!(!unchanged("var/lib/juju-systemd-notices/web-0/services"));
    }

    #[test]
    fn removes_what_is_its_own() {
        let root = tempfile::tempdir().unwrap();
        charm(root.path());
        notices(root.path(), "web/1", &["nginx"]).apply().unwrap();
        let before = files(root.path());
        let notices = notices(root.path(), "web/0", &["nginx"]);
        notices.stop().unwrap();
        notices.remove().unwrap();
        notices.apply().unwrap();
        assert_ne!(files(root.path()), before);
        notices.stop().unwrap();
        notices.remove().unwrap();
        notices.remove().unwrap();
        assert_eq!(files(root.path()), before);
    }

    #[test]
    fn tells_why_a_program_cannot_be_the_daemon() {
        let unit = "web/0".parse().unwrap();
        let refusal = |charm: &str| {
            let notices = SystemdNotices::new(&unit, charm, ["nginx"]).unwrap();
            notices.setup().unwrap_err().to_string()
        };
        let refusals = ["charm", "/it's", "/none"].map(refusal).join("\n");
        insta::assert_snapshot!(refusals, @r"
        systemd cannot start `charm/dispatch`: the path must be absolute, in UTF-8, and without quotes, backslashes and control characters
        systemd cannot start `/it\'s/dispatch`: the path must be absolute, in UTF-8, and without quotes, backslashes and control characters
        cannot read `/none/dispatch`
        ");
    }
}
