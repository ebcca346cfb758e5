//! Wakes a Juju charm when a systemd unit on its machine changes.
//!
//! A charm that depends on a service wants to know when it stops, and not at
//! the next `update-status`. With [`SystemdNotices`] it says which units it
//! wants to hear of; a small daemon watches them, and runs the charm with an
//! event of its own, such as `service-nginx-stopped`. The details are in a
//! [`Notice`].
//!
//! ```no_run
//! use std::env;
//! use std::process::ExitCode;
//!
//! use juju_types::{Event, UnitName};
//! use systemd_notices::{Notice, SUBCOMMAND, Service, SystemdNotices};
//!
//! type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
//!
//! fn main() -> ExitCode {
//!     let arguments: Vec<String> = env::args().skip(1).collect();
//!     if arguments.first().is_some_and(|word| word == SUBCOMMAND) {
//!         // systemd has started `dispatch systemd-notices web/0`: the daemon.
//!         return systemd_notices::daemon(&arguments[1..]);
//!     }
//!     // The unit agent has started `dispatch`: a hook, here without any framework.
//!     match hook(&env::vars().collect::<Vec<_>>()) {
//!         Ok(()) => ExitCode::SUCCESS,
//!         Err(error) => {
//!             eprintln!("{error}");
//!             ExitCode::FAILURE
//!         }
//!     }
//! }
//!
//! fn hook(variables: &[(String, String)]) -> Result<()> {
//!     let pairs = || variables.iter().map(|(name, value)| (name, value));
//!     let unit: UnitName = env::var("JUJU_UNIT_NAME")?.parse()?;
//!     let services = [Service::new("nginx").with_failed(), Service::new("backup.timer")];
//!     let notices = SystemdNotices::new(&unit, env::var("JUJU_CHARM_DIR")?, services)?;
//!     match Event::from_variables(pairs())? {
//!         Some(Event::Start | Event::UpgradeCharm) => notices.apply()?,
//!         Some(Event::Remove) => notices.remove()?,
//!         Some(Event::Custom(name)) if name.as_str() == "service-nginx-failed" => {
//!             let result = Notice::from_env(pairs())?.and_then(|notice| notice.result);
//!             println!("nginx has failed: {result:?}");
//!         }
//!         _ => {}
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The daemon is the charm's own program with the subcommand [`SUBCOMMAND`],
//! so that nothing else has to be shipped. A program that does not pass it on
//! to [`daemon()`] would take it for a hook, and `apply` would fail after a
//! minute.
//!
//! # On the machine
//!
//! What is watched, what was told last, and what is still to be told shows
//!
//! ```text
//! /var/lib/juju/agents/unit-web-0/charm/dispatch systemd-notices status web/0
//! ```
//!
//! and `journalctl -u juju-web-0-systemd-notices` shows what the daemon has
//! done. The program `juju-systemd-notices` of this crate is the daemon alone,
//! for a charm that is no program in Rust: `juju-systemd-notices --help`.
//!
//! # When to call what
//!
//! - [`apply`](SystemdNotices::apply) in `start`, which Juju also runs after a
//!   reboot, and in `upgrade-charm`; it may be called in every hook. After a
//!   refresh of the charm, the new program and the new list are in force.
//! - [`remove`](SystemdNotices::remove) in `remove`. To hear nothing for a
//!   while there is [`stop`](SystemdNotices::stop).
//!
//! # Events
//!
//! The daemon runs the charm with `JUJU_DISPATCH_PATH=hooks/EVENT`, which is
//! [`Event::Custom`](juju_types::Event::Custom); the charm needs no files below
//! `hooks/`.
//!
//! | event | when |
//! | --- | --- |
//! | `service-<alias>-started` | the unit is active |
//! | `service-<alias>-stopped` | it is no longer active |
//! | `service-<alias>-failed` | in place of `stopped`, if it has failed, for services [with failures](Service::with_failed) |
//! | `service-<alias>-restarted` | in place of `stopped` and `started`, for services [with restarts](Service::with_restarted) |
//!
//! The alias is the name of the unit without `.service`, or what
//! [`Service::alias`] says, with letters in lower case, and a single dash for
//! whatever stands between letters and digits:
//!
//! | unit | alias |
//! | --- | --- |
//! | `nginx`, `nginx.service` | `nginx` |
//! | `web@1` | `web-1` |
//! | `snap.my_app.Daemon` | `snap-my-app-daemon` |
//! | `backup.timer` | `backup-timer` |
//! | `-.mount` | `mount` |
//!
//! Two services with the same alias are refused, and so is a name without a
//! single letter or digit: an alias of one's own helps.
//!
//! # The promise
//!
//! At least once, per service in order, latest state wins. The last state that
//! is delivered becomes the true one; each transition that is delivered did
//! happen, possibly with [`merged`](Notice::merged) set. A duplicate carries the
//! same [`id`](Notice::id), so that the charm can drop it. It comes only if the
//! daemon, the agent or the machine died during that delivery, if the agent went
//! on with one that had reached its time limit, or if the charm's handler has
//! failed.
//!
//! What was told is on disk, and the daemon compares it with what is when it
//! starts: what happens while it is down is told. One notice is delivered at a
//! time. An agent that is not there is asked until it is. A charm whose handler
//! fails is asked three times, and then when the unit is in another run, after
//! pauses that grow from three seconds to five minutes. Of one unit, ten notices
//! go out at once, and then one every five seconds: a unit that flaps leaves the
//! agent to others. A unit that is never active, such as a `Type=oneshot`
//! service without `RemainAfterExit=`, never starts and never stops; a reload is
//! neither.
//!
//! # Good to know
//!
//! - `service-<alias>-failed` comes when the unit has failed, although systemd
//!   may be about to start it again.
//! - A service [with restarts](Service::with_restarted) that goes down while
//!   systemd is to bring it up again is not `stopped` yet: with
//!   `RestartSec=1h`, nothing is told for an hour.
//! - A `stopped` that comes late may be about an earlier run of the unit than
//!   the one that systemd knows: [`invocation`](Notice::invocation) says which
//!   run it is about, while [`state`](Notice::state), `sub_state`,
//!   [`result`](Notice::result) and [`main_exit`](Notice::main_exit) are those
//!   of now.
//! - [`apply`](SystemdNotices::apply) gives a changed list to the daemon that
//!   runs, and does not wait until it is in force, which takes some
//!   milliseconds.
//!
//! # In tests
//!
//! [`SystemdNotices::below`] works on the files below a folder and asks systemd
//! for nothing, so that a test of a charm leaves the machine alone that it runs
//! on. [`Notice::from_env`] makes a notice of pairs.
//!
//! # What is not here
//!
//! The charm side runs `systemctl` and writes files, and nothing else: it
//! reads no environment, so the caller says which unit it is and where its
//! charm lies. D-Bus is the daemon's business alone.
//!
//! # Crate features
//!
//! - `daemon` (default): the daemon that watches systemd, as a call.

mod active_state;
#[cfg(feature = "daemon")]
mod daemon;
mod executable;
mod invocation_id;
mod main_exit;
mod notice;
mod notice_event;
mod notices;
mod notices_error;
mod notices_paths;
mod object_label;
mod python_hooks;
mod service;
mod service_alias;
mod setup;
mod shell_quoting;
mod systemctl;
mod systemd_unit_name;
mod text;
mod text_file;
mod unit_file;
mod watch_list;
mod watched_service;
mod word;

pub use active_state::{ActiveState, ParseActiveStateError};
#[cfg(feature = "daemon")]
pub use daemon::daemon;
pub use invocation_id::{InvocationId, ParseInvocationIdError};
pub use main_exit::{MainExit, ParseMainExitError};
pub use notice::{Notice, ParseNoticeError};
pub use notice_event::{NoticeEvent, ParseNoticeEventError};
pub use notices::SystemdNotices;
pub use notices_error::NoticesError;
pub use service::Service;
pub use service_alias::{ParseServiceAliasError, ServiceAlias};
pub use systemd_unit_name::{ParseSystemdUnitNameError, SystemdUnitName};
pub use unit_file::SUBCOMMAND;
pub use watch_list::{WatchList, WatchListError};
pub use watched_service::{WatchedService, WatchedServiceError};
pub use word::{ParseWordError, Word};
