//! What a machine charm does to its machine: packages, services, users, files
//! and programs, with a scratch double for tests.
//!
//! Everything is a method of [`Machine`]. What it should be like is said, and
//! what differs is changed: a package that is installed is not installed again,
//! a file that has these contents is not written. Most methods return whether
//! they changed anything, which is what a restart depends on.
//!
//! ```
//! use charm_machine::{Access, Machine, Mode, SystemUser};
//!
//! /// Runs in a charm on [`Machine::host`], and here on a double.
//! fn configure(machine: &Machine, password: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     machine.apt().without_recommends().install(["prometheus"])?;
//!     machine.add_system_user(&SystemUser::new("prometheus".parse()?).home("/var/lib/prometheus"))?;
//!     machine.make_dir("/etc/prometheus/secrets")?;
//!
//!     let secret = Access::new().mode(Mode::new(0o640)).owner("root:prometheus".parse()?);
//!     let mut changed = machine.write_with("/etc/prometheus/secrets/password", password, secret)?;
//!     changed |= machine.write("/etc/default/prometheus", "ARGS=--web.enable-lifecycle\n")?;
//!     changed |= machine.write_drop_in("prometheus", "10-files", "[Service]\nLimitNOFILE=65536\n")?;
//!     if changed || !machine.is_active("prometheus")? {
//!         machine.restart("prometheus")?;
//!     }
//!     machine.enable("prometheus")?;
//!     Ok(())
//! }
//!
//! let machine = Machine::scratch();
//! let scratch = machine.as_scratch().expect("this is one");
//! scratch.provide_any_package();
//!
//! configure(&machine, "swordfish")?;
//! assert_eq!(
//!     scratch.changes(),
//!     [
//!         "updated the lists of packages",
//!         "installed package prometheus 0+scratch",
//!         "enabled prometheus.service",
//!         "started prometheus.service",
//!         "added user prometheus",
//!         "made folder /etc/prometheus",
//!         "made folder /etc/prometheus/secrets",
//!         "wrote /etc/prometheus/secrets/password, mode 0640, owner root:prometheus",
//!         "wrote /etc/default/prometheus",
//!         "made folder /etc/systemd/system/prometheus.service.d",
//!         "wrote /etc/systemd/system/prometheus.service.d/10-files.conf",
//!         "reloaded unit files",
//!         "restarted prometheus.service",
//!     ],
//! );
//!
//! // Once more, and nothing happens.
//! let before = scratch.changes();
//! configure(&machine, "swordfish")?;
//! assert_eq!(scratch.changes(), before);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A tour
//!
//! | of | by | errors |
//! | --- | --- | --- |
//! | Debian packages | [`Machine::apt`]: [`install`](Apt::install), [`hold`](Apt::hold), [`version`](Apt::version), [`remove`](Apt::remove) | [`PackageError`] |
//! | snaps | [`Machine::snap`]: [`install`](Snap::install), [`refresh`](Snap::refresh), [`hold`](Snap::hold), [`remove`](Snap::remove) | [`PackageError`] |
//! | services | [`start`](Machine::start), [`restart`](Machine::restart), [`enable`](Machine::enable), [`is_active`](Machine::is_active), [`write_unit`](Machine::write_unit), [`write_drop_in`](Machine::write_drop_in) | [`ServiceError`] |
//! | users and groups | [`add_system_user`](Machine::add_system_user), [`add_to_group`](Machine::add_to_group), [`user`](Machine::user) | [`UserError`] |
//! | files and folders | [`write`](Machine::write), [`write_with`](Machine::write_with), [`read`](Machine::read), [`remove`](Machine::remove), [`make_dir`](Machine::make_dir), [`symlink`](Machine::symlink) | [`FileError`] |
//! | other programs | [`run`](Machine::run) a [`Command`] | [`CommandError`] |
//!
//! Names are checked before anything is done with them. Where one is taken as
//! text, its type can be given as well, as parsed from a configuration option:
//! [`PackageName`], [`ServiceName`], [`AccountName`], [`SnapName`],
//! [`SnapChannel`].
//!
//! # The double
//!
//! [`Machine::scratch`] makes a machine of a temporary folder. A charm cannot
//! tell it from a real one, while a test prepares it, looks into it and lets
//! calls fail: see [`Scratch`], also for what it does not do.
//! [`Machine::scratch_at`] keeps it in a folder of one's choice, for programs
//! that run one after the other.
//!
//! # Crate features
//!
//! * **templates** adds `Templates`, which fill files with values; it brings in
//!   minijinja. It is off by default.
//!
//! # What is not here
//!
//! * Juju: this crate knows no hooks and no relations, and any program can use
//!   it.
//! * Package sources: write a file to `/etc/apt/sources.list.d` with its key
//!   beside it, and call [`Apt::update`].
//! * Upgrades of packages and choices of versions, which are the operator's.
//! * Users that can log in, and the removal of users and groups.
//! * Users of a directory service such as LDAP: only `/etc/passwd` and
//!   `/etc/group` are read, which a statically linked program can do anywhere.
//! * Logs and other facts about services: run `journalctl` or `systemctl show`.

mod access;
mod account;
mod account_name;
mod apt;
mod apt_get;
#[cfg(test)]
mod bench;
mod command;
mod command_error;
mod file;
mod file_error;
mod folder;
mod host;
mod link;
mod machine;
mod mode;
mod name;
mod output;
mod owner;
mod package_error;
mod package_name;
mod place;
mod process;
mod scratch;
mod scratch_package;
mod service;
mod service_error;
mod service_name;
mod snap;
mod snap_channel;
mod snap_name;
mod system_user;
#[cfg(feature = "templates")]
mod templates;
mod unit_file;
mod user_error;

pub use access::Access;
pub use account::{Group, User};
pub use account_name::AccountName;
pub use apt::Apt;
pub use command::Command;
pub use command_error::CommandError;
pub use file_error::FileError;
pub use machine::Machine;
pub use mode::{Mode, ParseModeError};
pub use name::ParseNameError;
pub use output::Output;
pub use owner::Owner;
pub use package_error::PackageError;
pub use package_name::PackageName;
pub use scratch::{InstalledPackage, InstalledSnap, Scratch, ServiceState};
pub use scratch_package::ScratchPackage;
pub use service_error::ServiceError;
pub use service_name::ServiceName;
pub use snap::Snap;
pub use snap_channel::SnapChannel;
pub use snap_name::SnapName;
pub use system_user::SystemUser;
#[cfg(feature = "templates")]
pub use templates::{TemplateError, Templates};
pub use user_error::UserError;
