//! A double of a machine, for tests.

mod accounts;
mod apt;
mod play;
mod root;
mod snap;
mod state;
mod store;
mod systemctl;

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Debug;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;

use crate::command::Command;
use crate::machine::Last;
use crate::mode::Mode;
use crate::name::ParseNameError;
use crate::output::Output;
use crate::owner::Owner;
use crate::package_name::PackageName;
use crate::scratch_package::{ScratchPackage, unit_text};
use crate::service_name::ServiceName;
use crate::snap_name::SnapName;
use state::{Failure, State};
use store::Store;

pub use state::{InstalledPackage, InstalledSnap, ServiceState};

/// The double behind [`Machine::scratch`](crate::Machine::scratch), to prepare
/// it and to look into it.
///
/// Files are real files below [`Self::root`]. Packages, snaps, services and
/// users are played: the programs `apt-get`, `apt-mark`, `dpkg-query`, `dpkg`,
/// `snap`, `systemctl`, `useradd`, `groupadd` and `usermod` answer as the real
/// ones do, to the calls that this crate makes. Everything else that is run has
/// to be answered by [`Self::on_command`].
///
/// ```
/// use charm_machine::{Machine, Output, ScratchPackage};
///
/// let machine = Machine::scratch();
/// let scratch = machine.as_scratch().expect("this is one");
/// scratch.provide_package(ScratchPackage::new("nginx", "1.24.0-2").service("nginx"));
///
/// machine.apt().install(["nginx"])?;
/// scratch.fail_next("systemctl restart", Output::failure(1, "Job for nginx.service failed."));
/// assert!(machine.restart("nginx").is_err());
/// machine.write("/etc/nginx.conf", "")?;
///
/// assert_eq!(scratch.packages()["nginx"].version, "1.24.0-2");
/// assert_eq!(
///     scratch.changes(),
///     [
///         "updated the lists of packages",
///         "installed package nginx 1.24.0-2",
///         "enabled nginx.service",
///         "started nginx.service",
///         "wrote /etc/nginx.conf",
///     ],
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What it does not do
///
/// * A service that is started stays active, whatever its unit file and its
///   configuration say, and a package brings only what
///   [`Self::provide_package`] lists: no dependencies, no scripts.
/// * Who may do what is not checked: owners are noted, not set, and all files
///   are as accessible as the real user makes them.
/// * Time does not pass: no limit is ever exceeded, no lock is waited for.
/// * What an answer of [`Self::on_command`] does to the machine is its own
///   business.
///
/// # Its folder
///
/// The folder of [`Machine::scratch_at`](crate::Machine::scratch_at) holds
/// `root`, the machine's files; `changes.txt` and `commands.txt`, the lines of
/// [`Self::changes`] and [`Self::commands`]; and `state.json` and `lock`, which
/// are nobody else's business. Answers of [`Self::on_command`] are the only
/// thing that is not there: each process gives its own.
///
/// # Panics
///
/// This is a tool for tests: its methods panic where a test would unwrap, that
/// is, if the folder cannot be read or written, or if a name that is provided
/// breaks a rule. What a [`Machine`](crate::Machine) does returns errors as
/// ever.
pub struct Scratch {
    store: Store,
    answers: Mutex<BTreeMap<String, Answer>>,
    _temporary: Option<TempDir>,
}

type Answer = Arc<dyn Fn(&Command) -> Output + Send + Sync>;

impl Scratch {
    /// Lets apt find a package.
    pub fn provide_package(&self, package: ScratchPackage) {
        let name: PackageName = valid(&package.name);
        self.prepare(|state| {
            state.archive.insert(name.to_string(), package);
        });
    }

    /// Lets apt and snap find a package of any name: of version `0+scratch`,
    /// with a service of the same name, unless it was provided otherwise.
    pub fn provide_any_package(&self) {
        self.prepare(|state| state.any_package = true);
    }

    /// Lets the snap store have a snap, in every channel.
    pub fn provide_snap(&self, name: &str, version: &str) {
        let name: SnapName = valid(name);
        self.prepare(|state| {
            state.store.insert(name.to_string(), version.to_owned());
        });
    }

    /// Lets systemd know a service, which is neither running nor enabled.
    pub fn provide_service(&self, service: &str) {
        let service: ServiceName = valid(service);
        let name = service.as_str().trim_end_matches(".service");
        let file = format!("usr/lib/systemd/system/{service}");
        usable(root::put_file(self.store.root(), &file, &unit_text(name)));
    }

    /// Answers a program, by its name or its path, instead of the machine.
    ///
    /// ```
    /// use charm_machine::{Command, Machine, Output};
    ///
    /// let machine = Machine::scratch();
    /// machine.as_scratch().expect("this is one").on_command("promtool", |command| {
    ///     match command.arguments().last().map(String::as_str) {
    ///         Some("/etc/prometheus/prometheus.yml") => Output::success("SUCCESS\n"),
    ///         _ => Output::failure(1, "FAILED\n"),
    ///     }
    /// });
    /// assert!(machine.run(&Command::new("promtool").args(["check", "config", "/etc/hosts"])).is_err());
    /// ```
    pub fn on_command(
        &self,
        program: &str,
        answer: impl Fn(&Command) -> Output + Send + Sync + 'static,
    ) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(program.to_owned(), Arc::new(answer));
    }

    /// Lets the next command that begins with these words have this output,
    /// without any other effect.
    pub fn fail_next(&self, words: &str, output: Output) {
        let failure = Failure {
            words: words.to_owned(),
            code: output.code.unwrap_or(1),
            stderr: output.stderr,
            stdout: output.stdout,
        };
        self.prepare(|state| state.failures.push(failure));
    }

    /// Returns the real folder that stands for `/`.
    pub fn root(&self) -> &Path {
        self.store.root()
    }

    /// Returns the packages that are installed, by name.
    pub fn packages(&self) -> BTreeMap<String, InstalledPackage> {
        self.prepare(|state| state.packages())
    }

    /// Returns the snaps that are installed, by name.
    pub fn snaps(&self) -> BTreeMap<String, InstalledSnap> {
        self.prepare(|state| state.snaps.clone())
    }

    /// Returns the services that systemd knows, by full name.
    pub fn services(&self) -> BTreeMap<String, ServiceState> {
        usable(self.prepare(|state| systemctl::services(state, self.store.root())))
    }

    /// Returns the commands that were run, the oldest first, without secrets.
    pub fn commands(&self) -> Vec<String> {
        usable(self.store.commands())
    }

    /// Returns what was changed on the machine, the oldest first, such as
    /// `wrote /etc/hosts` or `restarted nginx.service`.
    pub fn changes(&self) -> Vec<String> {
        usable(self.store.changes())
    }

    /// Returns the mode of a file or folder, or nothing if there is none.
    pub fn mode(&self, path: impl AsRef<Path>) -> Option<Mode> {
        Some(mode_of(&self.metadata(path.as_ref())?))
    }

    /// Returns the owner of a file or folder, or nothing if there is none.
    pub fn owner(&self, path: impl AsRef<Path>) -> Option<Owner> {
        self.metadata(path.as_ref())?;
        let ids = usable(self.ids(path.as_ref()));
        Some(valid(&accounts::owner(self.store.root(), ids)))
    }

    pub(crate) fn temporary() -> Self {
        let folder = tempfile::tempdir().expect("a scratch machine needs a temporary folder");
        let scratch =
            Self::at(folder.path()).expect("a scratch machine needs a folder that can be written");
        Self { _temporary: Some(folder), ..scratch }
    }

    pub(crate) fn at(folder: &Path) -> io::Result<Self> {
        Ok(Self { store: Store::open(folder)?, answers: Mutex::default(), _temporary: None })
    }

    fn prepare<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        usable(self.store.change(change))
    }

    fn metadata(&self, path: &Path) -> Option<Metadata> {
        self.locate(path, Last::Itself).ok()?.symlink_metadata().ok()
    }
}

impl Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("folder", &self.store.folder()).finish_non_exhaustive()
    }
}

/// Unwraps for a test.
fn usable<T>(result: io::Result<T>) -> T {
    result.expect("the folder of the scratch machine can be read and written")
}

/// Parses for a test.
fn valid<T: FromStr<Err = ParseNameError>>(name: &str) -> T {
    name.parse().expect("the name is valid")
}

fn mode_of(metadata: &Metadata) -> Mode {
    use std::os::unix::fs::PermissionsExt;
    Mode::new(metadata.permissions().mode() & 0o7777)
}
