//! Snap packages.

use std::time::Duration;

use crate::command::Command;
use crate::machine::Machine;
use crate::package_error::PackageError;
use crate::snap_channel::SnapChannel;
use crate::snap_name::SnapName;

impl Machine {
    /// Returns the door to the machine's snaps.
    pub fn snap(&self) -> Snap<'_> {
        Snap { machine: self }
    }
}

/// The machine's snaps, by the program [`snap`].
///
/// All calls return [`PackageError::Name`] for a text that is no [`SnapName`]
/// or [`SnapChannel`].
///
/// ```
/// use charm_machine::Machine;
///
/// let machine = Machine::scratch();
/// machine.as_scratch().expect("this is one").provide_snap("lxd", "5.21");
///
/// assert!(machine.snap().install("lxd", "5.21/stable")?);
/// assert!(machine.snap().hold("lxd")?);
/// assert_eq!(machine.snap().version("lxd")?.as_deref(), Some("5.21"));
/// # Ok::<(), charm_machine::PackageError>(())
/// ```
///
/// [`snap`]: https://manpages.ubuntu.com/manpages/noble/en/man8/snap.8.html
#[derive(Clone, Copy, Debug)]
pub struct Snap<'a> {
    machine: &'a Machine,
}

impl Snap<'_> {
    /// Installs a snap from a channel unless it is installed, and returns
    /// whether it was not.
    ///
    /// A snap that follows another channel is left there: see
    /// [`Self::refresh`].
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::NotFound`] if the store has no such snap, and
    /// [`PackageError::Command`] if `snap` fails otherwise, for example because
    /// the snap needs [`Self::install_classic`].
    pub fn install(
        &self,
        name: impl AsRef<str>,
        channel: impl AsRef<str>,
    ) -> Result<bool, PackageError> {
        self.install_confined(name.as_ref(), channel.as_ref(), &[])
    }

    /// Installs a snap that is not confined, from a channel, unless it is
    /// installed, and returns whether it was not.
    ///
    /// # Errors
    ///
    /// As [`Self::install`].
    pub fn install_classic(
        &self,
        name: impl AsRef<str>,
        channel: impl AsRef<str>,
    ) -> Result<bool, PackageError> {
        self.install_confined(name.as_ref(), channel.as_ref(), &["--classic"])
    }

    /// Brings a snap to the newest revision of a channel, which it follows from
    /// then on, and returns whether anything changed. A hold does not keep it
    /// back.
    ///
    /// # Errors
    ///
    /// As [`Self::install`]; [`PackageError::Command`] also if the snap is not
    /// installed.
    pub fn refresh(
        &self,
        name: impl AsRef<str>,
        channel: impl AsRef<str>,
    ) -> Result<bool, PackageError> {
        let name: SnapName = name.as_ref().parse()?;
        let channel: SnapChannel = channel.as_ref().parse()?;
        let before = self.find(&name)?;
        self.change(&name, &["refresh", &format!("--channel={}", channel.full())])?;
        Ok(self.find(&name)? != before)
    }

    /// Keeps a snap from being refreshed by itself, and returns whether
    /// anything changed. It needs snapd 2.58.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Command`] if the snap is not installed, or
    /// `snap` fails otherwise.
    pub fn hold(&self, name: impl AsRef<str>) -> Result<bool, PackageError> {
        let name: SnapName = name.as_ref().parse()?;
        if self.find(&name)?.is_some_and(|snap| snap.is_held()) {
            return Ok(false);
        }
        self.change(&name, &["refresh", "--hold=forever"])
    }

    /// Ends what [`Self::hold`] began, and returns whether anything changed.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Command`] if `snap` fails.
    pub fn unhold(&self, name: impl AsRef<str>) -> Result<bool, PackageError> {
        let name: SnapName = name.as_ref().parse()?;
        if !self.find(&name)?.is_some_and(|snap| snap.is_held()) {
            return Ok(false);
        }
        self.change(&name, &["refresh", "--unhold"])
    }

    /// Removes a snap, if it is installed, and returns whether it was. snapd
    /// keeps a snapshot of its data for a while.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Command`] if `snap` fails.
    pub fn remove(&self, name: impl AsRef<str>) -> Result<bool, PackageError> {
        let name: SnapName = name.as_ref().parse()?;
        if self.find(&name)?.is_none() {
            return Ok(false);
        }
        self.change(&name, &["remove"])
    }

    /// Returns whether a snap is installed.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Command`] if `snap` fails.
    pub fn is_installed(&self, name: impl AsRef<str>) -> Result<bool, PackageError> {
        Ok(self.version(name)?.is_some())
    }

    /// Returns the version of a snap, or nothing if it is not installed.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Command`] if `snap` fails.
    pub fn version(&self, name: impl AsRef<str>) -> Result<Option<String>, PackageError> {
        Ok(self.find(&name.as_ref().parse()?)?.map(|snap| snap.version))
    }

    fn install_confined(
        self,
        name: &str,
        channel: &str,
        options: &[&str],
    ) -> Result<bool, PackageError> {
        let name: SnapName = name.parse()?;
        let channel: SnapChannel = channel.parse()?;
        if self.find(&name)?.is_some() {
            return Ok(false);
        }
        let channel = format!("--channel={}", channel.full());
        self.change(&name, &[&["install", &channel], options].concat())
    }

    fn change(self, name: &SnapName, arguments: &[&str]) -> Result<bool, PackageError> {
        let command = Command::new("snap")
            .args(arguments)
            .arg(name.as_str())
            .time_limit(Duration::from_mins(30));
        let output = self.machine.execute(&command)?;
        if output.is_success() {
            return Ok(true);
        }
        let detail = output.last_words();
        if detail.contains(&format!("snap \"{name}\" not found")) {
            return Err(PackageError::NotFound { packages: name.to_string(), detail });
        }
        Err(command.failed(output).into())
    }

    fn find(self, name: &SnapName) -> Result<Option<InstalledSnap>, PackageError> {
        let command = Command::new("snap").args(["list", name.as_str()]);
        let output = self.machine.execute(&command)?;
        if !output.is_success() && !output.stderr_text().contains("no matching snaps installed") {
            return Err(command.failed(output).into());
        }
        Ok(output.stdout_text().lines().find_map(|line| InstalledSnap::from_row(line, name)))
    }
}

/// A row of `snap list`.
#[derive(Debug, Eq, PartialEq)]
struct InstalledSnap {
    version: String,
    revision: String,
    tracking: String,
    notes: String,
}

impl InstalledSnap {
    fn from_row(row: &str, name: &SnapName) -> Option<Self> {
        // Name, version, revision, tracking, publisher, notes.
        let [found, version, revision, tracking, .., notes] =
            row.split_whitespace().collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let own = |text: &str| text.to_owned();
        let (version, revision, tracking, notes) =
            (own(version), own(revision), own(tracking), own(notes));
        (found == name.as_str()).then_some(Self { version, revision, tracking, notes })
    }

    fn is_held(&self) -> bool {
        self.notes.split(',').any(|note| note == "held")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::InstalledSnap;
    use crate::bench::Bench;
    use crate::package_error::PackageError;

    const NONE: &str = "error: no matching snaps installed\n";

    /// What `snap list` shows on Ubuntu 24.04.
    fn list(revision: u32, tracking: &str, notes: &str) -> String {
        format!(
            "Name  Version         Rev    Tracking       Publisher   Notes\n\
             lxd   5.21.2-084c8c8  {revision}  {tracking}  canonical✓  {notes}\n"
        )
    }

    #[test]
    fn installs_what_is_missing_from_its_channel() {
        let bench = Bench::new(&["snap"]);
        bench.answer("snap", 1, "", NONE);
        assert!(bench.machine().snap().install("lxd", "5.21").unwrap());
        insta::assert_snapshot!(bench.calls(), @r"
        snap list lxd
        snap install --channel=5.21/stable lxd
        ");
    }

    #[test]
    fn an_installed_snap_stays_in_its_channel() {
        let bench = Bench::new(&["snap"]);
        bench.answer("snap", 0, &list(1, "5.21/stable", "-"), "");
        assert!(!bench.machine().snap().install("lxd", "edge").unwrap());
        assert_eq!(bench.calls(), "snap list lxd\n");
    }

    #[test]
    fn a_classic_snap_is_installed_as_such() {
        let bench = Bench::new(&["snap"]);
        bench.answer(
            "snap",
            0,
            "",
            "No snaps are installed yet. Try 'snap install hello-world'.\n",
        );
        assert!(bench.machine().snap().install_classic("charmcraft", "latest/edge").unwrap());
        assert_eq!(
            bench.calls().lines().nth(1),
            Some("snap install --channel=latest/edge --classic charmcraft")
        );
    }

    #[test]
    fn a_refresh_tells_whether_anything_changed() {
        let bench = Bench::new(&["snap"]);
        bench.answer("snap", 0, &list(29351, "5.21/stable", "-"), "");
        bench.answer("snap", 0, "", "snap \"lxd\" has no updates available\n");
        bench.answer("snap", 0, &list(29351, "5.21/stable", "-"), "");
        assert!(!bench.machine().snap().refresh("lxd", "5.21/stable").unwrap());
        bench.answer("snap", 0, &list(29351, "5.21/stable", "-"), "");
        bench.answer("snap", 0, "lxd (5.21/edge) 5.21 from Canonical✓ refreshed\n", "");
        bench.answer("snap", 0, &list(30000, "5.21/edge", "-"), "");
        assert!(bench.machine().snap().refresh("lxd", "5.21/edge").unwrap());
        assert_eq!(bench.calls().lines().nth(4), Some("snap refresh --channel=5.21/edge lxd"));
    }

    #[test]
    fn holds_releases_and_removes_only_when_there_is_something_to_do() {
        let bench = Bench::new(&["snap"]);
        let machine = bench.machine();
        bench.answer("snap", 0, &list(1, "5.21/stable", "classic,held"), "");
        assert!(!machine.snap().hold("lxd").unwrap());
        bench.answer("snap", 0, &list(1, "5.21/stable", "-"), "").answer("snap", 0, "", "");
        assert!(machine.snap().hold("lxd").unwrap());
        bench.answer("snap", 0, &list(1, "5.21/stable", "held"), "").answer("snap", 0, "", "");
        assert!(machine.snap().unhold("lxd").unwrap());
        bench.answer("snap", 1, "", NONE);
        assert!(!machine.snap().unhold("lxd").unwrap());
        bench.answer("snap", 0, &list(1, "5.21/stable", "-"), "").answer("snap", 0, "", "");
        assert!(machine.snap().remove("lxd").unwrap());
        bench.answer("snap", 1, "", NONE);
        assert!(!machine.snap().remove("lxd").unwrap());
        let calls = bench.calls();
        let changes = calls.lines().filter(|line| !line.contains("list"));
        assert_eq!(
            changes.collect::<Vec<_>>(),
            ["snap refresh --hold=forever lxd", "snap refresh --unhold lxd", "snap remove lxd"]
        );
    }

    #[test]
    fn tells_the_version() {
        let bench = Bench::new(&["snap"]);
        bench.answer("snap", 0, &list(1, "latest/stable/…", "-"), "").answer("snap", 1, "", NONE);
        assert_eq!(
            bench.machine().snap().version("lxd").unwrap().as_deref(),
            Some("5.21.2-084c8c8")
        );
        assert!(!bench.machine().snap().is_installed("lxd").unwrap());
    }

    #[test]
    fn an_unknown_snap_and_a_broken_snapd_are_told_apart() {
        let bench = Bench::new(&["snap"]);
        bench.answer("snap", 1, "", NONE).answer(
            "snap",
            1,
            "",
            "error: snap \"nosuch\" not found\n",
        );
        let error = bench.machine().snap().install("nosuch", "stable").unwrap_err();
        assert!(matches!(error, PackageError::NotFound { .. }));
        bench.answer("snap", 1, "", "error: cannot communicate with server\n");
        let error = bench.machine().snap().version("nosuch").unwrap_err();
        insta::assert_snapshot!(error, @"`snap list nosuch` exited with code 1: error: cannot communicate with server");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_row_makes_it_panic(row in any::<String>()) {
            let _ = InstalledSnap::from_row(&row, &"lxd".parse().unwrap());
        }
    }
}
