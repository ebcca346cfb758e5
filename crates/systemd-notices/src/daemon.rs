//! The daemon that watches systemd and wakes the charm.

mod arguments;
mod backoff;
mod changes;
mod clock;
mod delivery;
mod doubts;
#[cfg(test)]
mod fake_systemd;
mod held;
#[cfg(test)]
mod hostile_tests;
mod journal;
mod juju_exec;
mod ledger;
mod lock;
mod manager;
mod messenger;
#[cfg(test)]
mod messenger_tests;
mod pace;
mod passage;
mod pending;
mod process;
#[cfg(test)]
#[path = "../tests/machine/promise.rs"]
mod promise;
mod queue;
#[cfg(test)]
mod refusal_tests;
mod rules;
mod run;
#[cfg(test)]
mod run_bench;
#[cfg(test)]
mod run_tests;
mod seen;
mod service_manager;
mod shell;
mod status;
mod surroundings;
mod system_bus;
mod systemd;
mod told;
mod wake;
mod watch;
mod watcher;

use std::error::Error;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use crate::daemon::arguments::{Arguments, ArgumentsError, Command, USAGE};
use crate::daemon::backoff::Backoff;
use crate::daemon::clock::boot_id;
use crate::daemon::journal::Journal;
use crate::daemon::juju_exec::JujuExec;
use crate::daemon::ledger::LedgerFiles;
use crate::daemon::lock::lock;
use crate::daemon::run::{Listing, Means, RunError, run};
use crate::daemon::service_manager::{ServiceManager, watchdog_interval};
use crate::daemon::surroundings::Surroundings;
use crate::daemon::system_bus::system_bus;
use crate::daemon::wake::Alarms;
use crate::notices_paths::NoticesPaths;
use crate::unit_file::LASTING;

/// Watches systemd and wakes the charm, until it is told to stop: the daemon,
/// to be called from the program of a charm or from one of its own.
///
/// `arguments` are those of the program, without the names of the program and
/// the subcommand; `--help` describes them.
///
/// Returns 0 after SIGTERM, 2 if it cannot be called so or has no list of
/// units, which another start would not change, and 1 if something else was in
/// the way, for systemd to try again.
///
/// # The promise
///
/// At least once, per service in order, latest state wins. The last state that
/// is delivered becomes the true one; each transition that is delivered did
/// happen, possibly with [`merged`](crate::Notice::merged) set. A duplicate
/// carries the same [`id`](crate::Notice::id). It comes only if the daemon, the
/// agent or the machine died during that delivery, if the agent went on with one
/// that had reached its time limit, or if the charm's handler has failed.
pub fn daemon(arguments: &[String]) -> ExitCode {
    let surroundings = Surroundings::from_env();
    let arguments = match Arguments::parse(arguments) {
        Ok(arguments) => arguments,
        Err(ArgumentsError::Help) => return print(USAGE),
        Err(ArgumentsError::Version) => return print(VERSION),
        Err(error) => {
            journal(&surroundings).error(&chain(&error), &[]);
            return ExitCode::from(LASTING);
        }
    };
    let end = match arguments.command {
        Command::Status => status::status(&arguments).map(|status| print(&status)),
        Command::Watch => watch(arguments, &surroundings),
    };
    end.unwrap_or_else(|error| {
        journal(&surroundings).error(&chain(&*error), &[]);
        if lasts(&*error) { ExitCode::from(LASTING) } else { ExitCode::FAILURE }
    })
}

fn watch(arguments: Arguments, surroundings: &Surroundings) -> Result<ExitCode, Box<dyn Error>> {
    let paths = NoticesPaths::new(Path::new("/"), &arguments.unit);
    let folder = arguments.state_folder.or_else(|| surroundings.state_folder.clone());
    let folder = folder.unwrap_or_else(|| paths.state_folder());
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let _lock = lock(&folder)?;
    let list = Listing::new(arguments.services, &folder);
    let delivery = JujuExec {
        unit: arguments.unit,
        programs: ["/usr/bin/juju-exec", "/usr/bin/juju-run"].map(Into::into),
        boot: boot_id()?,
        result: folder.join("delivery.result"),
        time_limit: arguments.time_limit.unwrap_or(TIME_LIMIT),
        shells: Mutex::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let journal = journal(surroundings);
        // Before there is a place for signals: they end the daemon until then.
        let connection = system_bus(&journal).await.map_err(RunError::Bus)?;
        let means = Means {
            alarms: Alarms::new(watchdog_interval(surroundings.watchdog.as_deref()))?,
            backoff: Backoff::new(arguments.longest_pause.unwrap_or(LONGEST_PAUSE)),
            connection,
            delivery: Arc::new(delivery),
            journal,
            ledger: LedgerFiles::new(&folder),
            list,
            service_manager: ServiceManager::new(surroundings.notify_socket.as_deref())?,
        };
        run(means).await?;
        Ok(ExitCode::SUCCESS)
    })
}

const VERSION: &str = concat!("juju-systemd-notices ", env!("CARGO_PKG_VERSION"));

/// How long a delivery may take. The agent lets it wait for hooks that run, and
/// those may install things.
const TIME_LIMIT: Duration = Duration::from_mins(30);

/// How long an agent that was long away may wait for what it missed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

fn journal(surroundings: &Surroundings) -> Journal {
    if surroundings.has_journal {
        Journal::at(Path::new("/run/systemd/journal/socket"))
    } else {
        Journal::standard_error()
    }
}

/// Tells whether another start would end in the same way: only a hook of the
/// charm writes the list.
fn lasts(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref() {
        Some(RunError::List { .. }) => true,
        Some(RunError::ReadList { source, .. }) => source.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Returns the error with its causes.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}

#[expect(clippy::print_stdout, reason = "this is what the program was asked for")]
fn print(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}
