//! Debian packages.

use std::collections::BTreeMap;

use crate::apt_get::{TIME_LIMIT, apt_get, is_outdated, refusal, run_unlocked};
use crate::command::Command;
use crate::machine::Machine;
use crate::package_error::PackageError;
use crate::package_name::PackageName;

impl Machine {
    /// Returns the door to the machine's Debian packages.
    pub fn apt(&self) -> Apt<'_> {
        Apt { machine: self, recommends: true }
    }
}

/// The machine's Debian packages, by [`apt-get`] and [`dpkg-query`].
///
/// Nothing asks a question: configuration files that were changed are kept
/// when a new package brings others. Lists of packages are fetched only when a
/// package is not found with those that are there. A lock of another package
/// manager is waited for, five minutes at most, and an installation that was
/// interrupted before is finished first. Services that use a library which was
/// replaced are not restarted behind the caller's back (see [`needrestart`]).
///
/// ```
/// use charm_machine::{Machine, ScratchPackage};
///
/// let machine = Machine::scratch();
/// let scratch = machine.as_scratch().expect("this is one");
/// scratch.provide_package(ScratchPackage::new("hello", "2.10-3"));
///
/// assert!(machine.apt().install(["hello"])?);
/// assert!(!machine.apt().install(["hello"])?);
/// assert_eq!(machine.apt().version("hello")?.as_deref(), Some("2.10-3"));
/// # Ok::<(), charm_machine::PackageError>(())
/// ```
///
/// [`apt-get`]: https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
/// [`dpkg-query`]: https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html
/// [`needrestart`]: https://manpages.debian.org/bookworm/needrestart/needrestart.1.en.html
#[derive(Clone, Copy, Debug)]
pub struct Apt<'a> {
    machine: &'a Machine,
    recommends: bool,
}

impl Apt<'_> {
    /// Installs only what a package needs, not what it recommends.
    #[must_use]
    pub fn without_recommends(self) -> Self {
        Self { recommends: false, ..self }
    }

    /// Installs those packages that are missing, in their newest version, and
    /// returns whether there were any. Packages that are there are not
    /// upgraded.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::NotFound`] if no package source offers one of
    /// them, [`PackageError::Locked`] if another program does not let go of the
    /// package manager, [`PackageError::Name`] if a name breaks a rule, and
    /// [`PackageError::Command`] if apt fails otherwise.
    pub fn install(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<bool, PackageError> {
        let packages = self.query(packages)?;
        let missing = names(&packages, |package| !package.is_installed());
        self.apt_get("install", &missing)
    }

    /// Removes those packages that are installed, be it in part, and returns
    /// whether there were any. Their configuration files stay.
    ///
    /// # Errors
    ///
    /// As [`Self::install`]; [`PackageError::Command`] also if a package is on
    /// hold.
    pub fn remove(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<bool, PackageError> {
        let packages = self.query(packages)?;
        self.apt_get("remove", &names(&packages, Package::is_unpacked))
    }

    /// Removes packages with their configuration files, and returns whether
    /// there was anything to remove.
    ///
    /// # Errors
    ///
    /// As [`Self::remove`].
    pub fn purge(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<bool, PackageError> {
        let packages = self.query(packages)?;
        self.apt_get("purge", &names(&packages, |package| !package.version.is_empty()))
    }

    /// Keeps packages from being upgraded or removed by anybody, and returns
    /// whether anything changed.
    ///
    /// Wraps [`apt-mark`](https://manpages.debian.org/bookworm/apt/apt-mark.8.en.html).
    ///
    /// # Errors
    ///
    /// As [`Self::install`].
    pub fn hold(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<bool, PackageError> {
        let packages = self.query(packages)?;
        self.apt_mark("hold", &names(&packages, |package| !package.held))
    }

    /// Ends what [`Self::hold`] began, and returns whether anything changed.
    ///
    /// # Errors
    ///
    /// As [`Self::install`].
    pub fn unhold(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<bool, PackageError> {
        let packages = self.query(packages)?;
        self.apt_mark("unhold", &names(&packages, |package| package.held))
    }

    /// Returns whether a package is installed.
    ///
    /// # Errors
    ///
    /// As [`Self::version`].
    pub fn is_installed(&self, package: impl AsRef<str>) -> Result<bool, PackageError> {
        Ok(self.version(package)?.is_some())
    }

    /// Returns the version of a package, or nothing if it is not installed.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Name`] if the name breaks a rule, and
    /// [`PackageError::Command`] if `dpkg-query` fails.
    pub fn version(&self, package: impl AsRef<str>) -> Result<Option<String>, PackageError> {
        let packages = self.query([package])?;
        Ok(packages.into_values().find(Package::is_installed).map(|package| package.version))
    }

    /// Fetches the lists of packages. [`Self::install`] does so when it has
    /// to: call this after adding a package source.
    ///
    /// A source that cannot be reached is no error, as long as apt goes on
    /// with what it had before.
    ///
    /// # Errors
    ///
    /// Returns [`PackageError::Locked`] if another program does not let go of
    /// the lists, and [`PackageError::Command`] if apt fails otherwise.
    pub fn update(&self) -> Result<(), PackageError> {
        let command = apt_get("update");
        let output = run_unlocked(self.machine, &command)?;
        if output.is_success() { Ok(()) } else { Err(command.failed(output).into()) }
    }

    /// Asks for the state of packages; one that is not known has a state too.
    fn query(
        &self,
        packages: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<BTreeMap<PackageName, Package>, PackageError> {
        let mut known = BTreeMap::new();
        for package in packages {
            known.insert(package.as_ref().parse::<PackageName>()?, Package::default());
        }
        if known.is_empty() {
            return Ok(known);
        }
        let command = Command::new("dpkg-query").args(["--show", QUERY_FORMAT]);
        let command = command.args(known.keys().map(PackageName::as_str));
        let output = self.machine.execute(&command)?;
        // Code 1 means that some are unknown; the others are shown all the same.
        if !matches!(output.code(), Some(0 | 1)) {
            return Err(command.failed(output).into());
        }
        for (name, row) in output.stdout_text().lines().filter_map(Package::from_row) {
            // One package may be there for several architectures.
            if let Some(package) = known.get_mut(&name).filter(|package| !package.is_installed()) {
                *package = row;
            }
        }
        Ok(known)
    }

    fn apt_mark(&self, verb: &str, packages: &[&str]) -> Result<bool, PackageError> {
        if packages.is_empty() {
            return Ok(false);
        }
        let command = Command::new("apt-mark").arg(verb).args(packages);
        let output = run_unlocked(self.machine, &command)?;
        if output.is_success() { Ok(true) } else { Err(refusal(&command, packages, output, "")) }
    }

    /// Changes packages, and gets what stands in the way out of it: lists of
    /// packages that are too old, and an installation that was interrupted.
    fn apt_get(&self, verb: &str, packages: &[&str]) -> Result<bool, PackageError> {
        if packages.is_empty() {
            return Ok(false);
        }
        let mut command = apt_get(verb);
        if !self.recommends {
            command = command.arg("--no-install-recommends");
        }
        let command = command.args(packages);
        let mut output = run_unlocked(self.machine, &command)?;
        if output.stderr_text().contains("dpkg was interrupted") {
            let configure = Command::new("dpkg").args([
                "--force-confdef",
                "--force-confold",
                "--configure",
                "--pending",
            ]);
            self.machine.run(&configure.time_limit(TIME_LIMIT))?;
            output = run_unlocked(self.machine, &command)?;
        }
        let mut warnings = String::new();
        if is_outdated(&output) {
            warnings = run_unlocked(self.machine, &apt_get("update"))?.stderr_text().into_owned();
            output = run_unlocked(self.machine, &command)?;
        }
        if output.is_success() {
            Ok(true)
        } else {
            Err(refusal(&command, packages, output, &warnings))
        }
    }
}

/// What dpkg knows of a package.
#[derive(Debug, Default)]
struct Package {
    held: bool,
    status: String,
    version: String,
}

impl Package {
    /// Reads a row of [`QUERY_FORMAT`].
    fn from_row(row: &str) -> Option<(PackageName, Self)> {
        let [name, want, status, version] = row.split('\t').collect::<Vec<_>>().try_into().ok()?;
        let (held, status, version) = (want == "hold", status.to_owned(), version.to_owned());
        Some((name.parse().ok()?, Self { held, status, version }))
    }

    /// Whether the package is there in any state, such as one whose
    /// installation failed half-way.
    fn is_unpacked(&self) -> bool {
        !matches!(self.status.as_str(), "" | "config-files" | "not-installed")
    }

    /// A package whose triggers are still to be run is unpacked and configured.
    fn is_installed(&self) -> bool {
        matches!(self.status.as_str(), "installed" | "triggers-awaited" | "triggers-pending")
    }
}

const QUERY_FORMAT: &str =
    "--showformat=${Package}\\t${db:Status-Want}\\t${db:Status-Status}\\t${Version}\\n";

fn names(
    packages: &BTreeMap<PackageName, Package>,
    wanted: impl Fn(&Package) -> bool,
) -> Vec<&str> {
    packages.iter().filter(|(_, package)| wanted(package)).map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Package;
    use crate::bench::Bench;
    use crate::machine::Machine;
    use crate::package_error::PackageError;

    const PROGRAMS: [&str; 4] = ["apt-get", "apt-mark", "dpkg", "dpkg-query"];

    /// What `dpkg-query` said of packages in each state, on Debian 12.
    const STATES: &str = "\
bash\tinstall\tinstalled\t5.2.15-2+b8
cron\tdeinstall\tconfig-files\t3.0pl1-162
g++\thold\tinstalled\t4:12.2.0-3
hello\thold\tnot-installed\t
";
    const UNKNOWN: &str = "dpkg-query: no packages found matching nosuch\n";
    const NOT_LOCATED: &str = "E: Unable to locate package nosuch\n";

    #[test]
    fn installs_what_is_missing_and_asks_nothing() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 1, STATES, UNKNOWN);
        let machine = bench.machine();
        assert!(
            machine
                .apt()
                .without_recommends()
                .install(["nosuch", "bash", "cron", "hello"])
                .unwrap()
        );
        insta::assert_snapshot!(bench.calls(), @r"
        dpkg-query --show --showformat=${Package}\t${db:Status-Want}\t${db:Status-Status}\t${Version}\n bash cron hello nosuch
        apt-get install --assume-yes --quiet --option=DPkg::Lock::Timeout=300 --option=Dpkg::Options::=--force-confdef --option=Dpkg::Options::=--force-confold --option=APT::Cmd::Pattern-Only=true --no-install-recommends cron hello nosuch
        ");
    }

    #[test]
    fn installed_packages_cost_one_question_and_no_packages_none() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 0, STATES, "");
        assert!(!bench.machine().apt().install(["bash", "g++"]).unwrap());
        assert!(!bench.machine().apt().install([""; 0]).unwrap());
        assert_eq!(bench.calls().lines().count(), 1);
    }

    #[test]
    fn fetches_lists_only_when_a_package_is_not_found() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 1, "", UNKNOWN).answer("apt-get", 100, "", NOT_LOCATED);
        assert!(bench.machine().apt().install(["nosuch"]).unwrap());
        let calls = bench.calls();
        let verbs =
            calls.lines().filter_map(|line| line.strip_prefix("apt-get ")?.split(' ').next());
        assert_eq!(verbs.collect::<Vec<_>>(), ["install", "update", "install"]);
    }

    #[test]
    fn says_that_no_source_has_a_package_and_why_that_may_be() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 1, "", UNKNOWN).answer("apt-get", 100, "", NOT_LOCATED);
        bench.answer("apt-get", 0, "", "W: Some index files failed to download.\n");
        bench.answer("apt-get", 100, "", NOT_LOCATED);
        let error = bench.machine().apt().install(["nosuch"]).unwrap_err();
        assert!(matches!(error, PackageError::NotFound { .. }));
        insta::assert_snapshot!(error, @r"
        cannot find `nosuch`: check the name, and whether the package source can be reached; W: Some index files failed to download.
        E: Unable to locate package nosuch
        ");
    }

    #[test]
    fn finishes_an_interrupted_installation_first() {
        let bench = Bench::new(&PROGRAMS);
        let interrupted = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n";
        bench.answer("dpkg-query", 1, "", UNKNOWN).answer("apt-get", 100, "", interrupted);
        assert!(bench.machine().apt().install(["nosuch"]).unwrap());
        assert_eq!(
            bench.calls().lines().nth(2),
            Some("dpkg --force-confdef --force-confold --configure --pending")
        );
        assert_eq!(bench.calls().lines().count(), 4);
    }

    #[test]
    fn a_lock_that_apt_itself_waited_for_is_not_waited_for_again() {
        let bench = Bench::new(&PROGRAMS);
        let locked = "Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 14681 (python3)...\n\
            E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n";
        bench.answer("dpkg-query", 1, "", UNKNOWN).answer("apt-get", 100, "", locked);
        let error = bench.machine().apt().install(["nosuch"]).unwrap_err();
        assert!(matches!(error, PackageError::Locked { .. }));
        assert!(
            error.to_string().starts_with("another program uses the package manager: Waiting for")
        );
    }

    #[test]
    fn a_lock_that_apt_does_not_wait_for_is_tried_again() {
        let machine = Machine::scratch();
        let scratch = machine.as_scratch().unwrap();
        let locked = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 14686 (python3)\n\
            E: Unable to lock directory /var/lib/apt/lists/\n";
        scratch.fail_next("apt-get update", crate::output::Output::failure(100, locked));
        machine.apt().update().unwrap();
        assert_eq!(scratch.commands().len(), 2);

        scratch.on_command("apt-get", move |_| crate::output::Output::failure(100, locked));
        assert!(matches!(machine.apt().update().unwrap_err(), PackageError::Locked { .. }));
    }

    #[test]
    fn other_failures_keep_the_words_of_apt() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 0, STATES, "");
        bench.answer(
            "apt-get",
            100,
            "Reading package lists...\n",
            "E: Held packages were changed and -y was used without --allow-change-held-packages.\n",
        );
        let error = bench.machine().apt().remove(["g++"]).unwrap_err();
        assert!(matches!(error, PackageError::Command(_)));
        assert!(error.to_string().ends_with("exited with code 100: E: Held packages were changed and -y was used without --allow-change-held-packages."));
        bench.answer("apt-get", 100, "", "E: The list of sources could not be read.\n");
        assert!(matches!(bench.machine().apt().update().unwrap_err(), PackageError::Command(_)));
    }

    #[test]
    fn removes_what_is_installed_and_purges_what_left_files() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 0, STATES, "").answer("dpkg-query", 0, STATES, "");
        let machine = bench.machine();
        assert!(machine.apt().remove(["bash", "cron", "hello"]).unwrap());
        assert!(machine.apt().purge(["bash", "cron", "hello"]).unwrap());
        let calls = bench.calls();
        let names = calls.lines().filter_map(|line| line.split("Pattern-Only=true ").nth(1));
        assert_eq!(names.collect::<Vec<_>>(), ["bash", "bash cron"]);
    }

    #[test]
    fn what_was_installed_half_way_is_installed_again_and_can_be_removed() {
        let bench = Bench::new(&PROGRAMS);
        let broken = "cron\tinstall\thalf-configured\t3.0pl1-162\n";
        bench.answer("dpkg-query", 0, broken, "").answer("dpkg-query", 0, broken, "");
        assert!(bench.machine().apt().install(["cron"]).unwrap());
        assert!(bench.machine().apt().remove(["cron"]).unwrap());
    }

    #[test]
    fn holds_and_releases_only_what_is_not_yet() {
        let bench = Bench::new(&PROGRAMS);
        for _ in 0..4 {
            bench.answer("dpkg-query", 0, STATES, "");
        }
        let machine = bench.machine();
        assert!(machine.apt().hold(["bash", "g++"]).unwrap());
        assert!(machine.apt().unhold(["bash", "g++"]).unwrap());
        assert!(!machine.apt().hold(["g++"]).unwrap());
        assert!(!machine.apt().unhold(["bash"]).unwrap());
        let calls = bench.calls();
        assert_eq!(
            calls.lines().filter(|line| line.starts_with("apt-mark")).collect::<Vec<_>>(),
            ["apt-mark hold bash", "apt-mark unhold g++"]
        );
    }

    #[test]
    fn a_package_that_no_source_has_cannot_be_held() {
        let bench = Bench::new(&PROGRAMS);
        bench.answer("dpkg-query", 1, "", UNKNOWN);
        let unknown = "E: Unable to locate package nosuch\nE: No packages found\n";
        bench.answer("apt-mark", 100, "", unknown);
        let error = bench.machine().apt().hold(["nosuch"]).unwrap_err();
        assert!(matches!(error, PackageError::NotFound { .. }));
    }

    #[test]
    fn tells_versions_of_installed_packages_only() {
        let bench = Bench::new(&PROGRAMS);
        for _ in 0..3 {
            bench.answer("dpkg-query", 0, STATES, "");
        }
        let machine = bench.machine();
        assert_eq!(machine.apt().version("g++").unwrap().as_deref(), Some("4:12.2.0-3"));
        assert_eq!(machine.apt().version("cron").unwrap(), None);
        assert!(!machine.apt().is_installed("hello").unwrap());

        bench.answer("dpkg-query", 2, "", "dpkg-query: error: cannot read the database\n");
        assert!(matches!(machine.apt().version("bash").unwrap_err(), PackageError::Command(_)));
    }

    #[test]
    fn a_package_of_several_architectures_is_installed_if_one_is() {
        let bench = Bench::new(&PROGRAMS);
        let rows = "libc6\tinstall\tinstalled\t2.36\nlibc6\tunknown\tnot-installed\t\n";
        bench.answer("dpkg-query", 0, rows, "");
        assert!(bench.machine().apt().is_installed("libc6").unwrap());
    }

    #[test]
    fn the_real_dpkg_query_is_understood() {
        let machine = Machine::host();
        if !machine.exists("/usr/bin/dpkg-query").unwrap() {
            return;
        }
        assert!(machine.apt().version("dpkg").unwrap().unwrap().starts_with('1'));
        assert_eq!(machine.apt().version("no-such-package-anywhere").unwrap(), None);
    }

    #[test]
    fn refuses_a_bad_name_before_anything_is_run() {
        let bench = Bench::new(&PROGRAMS);
        assert!(matches!(
            bench.machine().apt().install(["bash", "bash-"]).unwrap_err(),
            PackageError::Name(_)
        ));
        assert_eq!(bench.calls(), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_row_makes_it_panic(row in any::<String>()) {
            let _ = Package::from_row(&row);
        }
    }
}
