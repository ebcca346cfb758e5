//! Unit files of systemd, and drop-ins beside them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::machine::{Last, Machine};
use crate::name::ParseNameError;
use crate::service::systemctl;
use crate::service_error::ServiceError;
use crate::service_name::ServiceName;

/// Unit files of systemd, and drop-ins beside them.
impl Machine {
    /// Writes a unit file to `/etc/systemd/system` unless it is there already,
    /// and returns whether anything changed.
    ///
    /// If it did, systemd reads it; the service itself runs on as it was until
    /// it is restarted.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Masked`] if somebody forbade the service,
    /// [`ServiceError::File`] if the file cannot be written, and
    /// [`ServiceError::Command`] if systemd does not read it.
    pub fn write_unit(
        &self,
        service: impl AsRef<str>,
        contents: impl AsRef<[u8]>,
    ) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        let path = unit_file(&service);
        // A masked unit is a link to `/dev/null`, which `write` would replace.
        let masked = self.locate(&path, Last::Itself).and_then(fs::read_link);
        if masked.is_ok_and(|target| target == Path::new("/dev/null")) {
            return Err(ServiceError::Masked { service });
        }
        let changed = self.write(path, contents)?;
        self.reload_units(&service, changed)?;
        Ok(changed)
    }

    /// Removes a unit file from `/etc/systemd/system`, and returns whether
    /// there was one. Stop and disable the service before.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::File`] if the file cannot be removed, and
    /// [`ServiceError::Command`] if systemd does not notice.
    pub fn remove_unit(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        let changed = self.remove(unit_file(&service))?;
        self.reload_units(&service, changed)?;
        Ok(changed)
    }

    /// Writes a [drop-in] for a service, unless it is there already, and
    /// returns whether anything changed: settings beside the service's own
    /// file, such as `10-limits.conf` with `[Service]` and `LimitNOFILE=65536`.
    ///
    /// If it did, systemd reads it; the service itself runs on as it was until
    /// it is restarted.
    ///
    /// ```
    /// use charm_machine::Machine;
    ///
    /// let machine = Machine::scratch();
    /// machine.as_scratch().expect("this is one").provide_service("nginx");
    /// if machine.write_drop_in("nginx", "10-limits", "[Service]\nLimitNOFILE=65536\n")? {
    ///     machine.restart("nginx")?;
    /// }
    /// # Ok::<(), charm_machine::ServiceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Name`] if `name` is no file name,
    /// [`ServiceError::File`] if the file cannot be written, and
    /// [`ServiceError::Command`] if systemd does not read it.
    ///
    /// [drop-in]: https://manpages.debian.org/bookworm/systemd/systemd.unit.5.en.html#DESCRIPTION
    pub fn write_drop_in(
        &self,
        service: impl AsRef<str>,
        name: impl AsRef<str>,
        contents: impl AsRef<[u8]>,
    ) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        let file = drop_in_file(name.as_ref())?;
        let folder = drop_in_folder(&service);
        self.make_dir(&folder)?;
        let changed = self.write(folder.join(file), contents)?;
        self.reload_units(&service, changed)?;
        Ok(changed)
    }

    /// Removes a drop-in of a service, and returns whether there was one.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Name`] if `name` is no file name,
    /// [`ServiceError::File`] if the file cannot be removed, and
    /// [`ServiceError::Command`] if systemd does not notice.
    pub fn remove_drop_in(
        &self,
        service: impl AsRef<str>,
        name: impl AsRef<str>,
    ) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        let file = drop_in_file(name.as_ref())?;
        let changed = self.remove(drop_in_folder(&service).join(file))?;
        self.reload_units(&service, changed)?;
        Ok(changed)
    }

    /// Lets systemd read its files, if it has to. A run before us may have
    /// been killed after it changed the file, so an unchanged file is no proof
    /// that systemd knows it.
    fn reload_units(&self, service: &ServiceName, changed: bool) -> Result<(), ServiceError> {
        let outdated = || -> Result<bool, ServiceError> {
            let show = systemctl("show").args([
                "--property=NeedDaemonReload",
                "--value",
                service.as_str(),
            ]);
            Ok(self.execute(&show)?.stdout_text() == "yes")
        };
        if changed || outdated()? { self.daemon_reload() } else { Ok(()) }
    }
}

fn unit_file(service: &ServiceName) -> PathBuf {
    Path::new("/etc/systemd/system").join(service.as_str())
}

fn drop_in_folder(service: &ServiceName) -> PathBuf {
    Path::new("/etc/systemd/system").join(format!("{service}.d"))
}

fn drop_in_file(name: &str) -> Result<String, ParseNameError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
        let rule = "it must be letters, digits, `.`, `_` and `-`, and not start with `.`";
        return Err(ParseNameError::new("drop-in name", name, rule));
    }
    Ok(format!("{}.conf", name.strip_suffix(".conf").unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use crate::bench::Bench;
    use crate::service_error::ServiceError;

    #[test]
    fn systemd_reads_a_unit_file_when_it_changed() {
        let bench = Bench::new(&["systemctl"]);
        let machine = bench.machine();
        assert!(machine.write_unit("a", "[Service]\n").unwrap());
        assert_eq!(
            fs::read_to_string(bench.root("/etc/systemd/system/a.service")).unwrap(),
            "[Service]\n"
        );
        assert_eq!(bench.calls(), "systemctl daemon-reload\n");
        bench.answer("systemctl", 0, "", "").answer("systemctl", 0, "no\n", "");
        assert!(!machine.write_unit("a", "[Service]\n").unwrap());
        assert_eq!(
            bench.calls().lines().nth(1),
            Some("systemctl show --property=NeedDaemonReload --value a.service")
        );
        assert_eq!(bench.calls().lines().count(), 2);
        assert!(machine.remove_unit("a").unwrap());
        assert_eq!(bench.calls().lines().nth(2), Some("systemctl daemon-reload"));
    }

    #[test]
    fn systemd_reads_a_unit_file_that_a_killed_run_left_unread() {
        let bench = Bench::new(&["systemctl"]);
        bench.answer("systemctl", 1, "", "Failed to connect to bus: Host is down\n");
        assert!(bench.machine().write_drop_in("a", "10-x", "[Service]\n").is_err());
        bench.answer("systemctl", 0, "yes\n", "");
        assert!(!bench.machine().write_drop_in("a", "10-x", "[Service]\n").unwrap());
        assert_eq!(bench.calls().lines().last(), Some("systemctl daemon-reload"));
    }

    #[test]
    fn drop_ins_lie_beside_their_service() {
        let bench = Bench::new(&["systemctl"]);
        let machine = bench.machine();
        assert!(machine.write_drop_in("a", "10-x.conf", "[Service]\n").unwrap());
        assert!(bench.root("/etc/systemd/system/a.service.d/10-x.conf").exists());
        assert!(machine.remove_drop_in("a", "10-x").unwrap());
        assert!(!machine.remove_drop_in("a", "10-x").unwrap());
        insta::assert_snapshot!(
            machine.write_drop_in("a", "../x", "").unwrap_err(),
            @"invalid drop-in name `../x`: it must be letters, digits, `.`, `_` and `-`, and not start with `.`"
        );
    }

    #[test]
    fn the_file_of_a_masked_service_is_not_written() {
        let bench = Bench::new(&["systemctl"]);
        symlink("/dev/null", bench.root("/etc/systemd/system/a.service")).unwrap();
        assert!(matches!(bench.machine().write_unit("a", ""), Err(ServiceError::Masked { .. })));
        assert_eq!(bench.calls(), "");
    }
}
