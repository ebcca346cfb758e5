//! The daemon's loop.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use thiserror::Error;
use zbus::Connection;

use crate::daemon::backoff::Backoff;
use crate::daemon::delivery::Delivery;
use crate::daemon::journal::Journal;
use crate::daemon::ledger::LedgerFiles;
use crate::daemon::manager;
use crate::daemon::messenger::{Messenger, Return};
use crate::daemon::service_manager::ServiceManager;
use crate::daemon::systemd::{Call, Systemd};
use crate::daemon::wake::{Alarms, Wake, wake};
use crate::daemon::watcher::Watcher;
use crate::watch_list::{WatchList, WatchListError};

/// What the daemon works with.
pub(crate) struct Means {
    pub(crate) alarms: Alarms,
    pub(crate) backoff: Backoff,
    pub(crate) connection: Connection,
    pub(crate) delivery: Arc<dyn Delivery>,
    pub(crate) journal: Journal,
    pub(crate) ledger: LedgerFiles,
    pub(crate) list: Listing,
    pub(crate) service_manager: ServiceManager,
}

/// Where the list of units is.
#[derive(Debug)]
pub(crate) enum Listing {
    File(PathBuf),
    Fixed(WatchList),
}

/// Watches until it is told to stop.
///
/// # Errors
///
/// Fails if the connection to the bus is lost, for systemd to start the daemon
/// anew: nothing is lost by that, because it compares at its start.
pub(crate) async fn run(means: Means) -> Result<(), RunError> {
    let Means {
        mut alarms,
        backoff,
        connection,
        delivery,
        journal,
        ledger: file,
        list,
        service_manager,
    } = means;
    let (ledger, faults) = file.read_or_begin();
    for fault in faults {
        journal.error(&format!("{fault}; beginning anew"), &[]);
    }
    let mut watcher = Watcher::default();
    watcher.watch(&list.read()?, &ledger);
    let mut messenger = Messenger::new(delivery, backoff, file, ledger);
    messenger.forget_others(&mut watcher, &journal);
    let mut systemd = Systemd::new(connection);
    systemd.send(manager_calls().map_err(RunError::Bus)?).await.map_err(RunError::Bus)?;
    let mut is_ready = false;
    loop {
        messenger.go_on(&mut watcher, &journal).await;
        let calls = match wake(&mut alarms, &mut messenger, &mut systemd).await {
            Wake::Again => watcher.ask_again(),
            Wake::Alive => {
                service_manager.alive();
                messenger.save_again(&journal);
                continue;
            }
            Wake::Bus(None) => return Err(RunError::Lost),
            Wake::Bus(Some(message)) => {
                let mut due = Vec::new();
                let news = systemd.read(&message);
                let calls = news.map(|news| watcher.take(news, &mut due));
                for name in due {
                    messenger.look_at(name);
                }
                calls.unwrap_or_else(|| Ok(Vec::new()))
            }
            Wake::Messenger(Return::Ended(outcome)) => {
                messenger.end(&outcome, &mut watcher, &journal);
                continue;
            }
            Wake::Messenger(Return::Rested) => continue,
            Wake::Messenger(Return::Waiting) => {
                messenger.write_pending(&watcher);
                continue;
            }
            Wake::Reload => match list.read() {
                Ok(list) => {
                    watcher.watch(&list, messenger.ledger());
                    messenger.forget_others(&mut watcher, &journal);
                    is_ready = false;
                    watcher.begin()
                }
                Err(error) => {
                    journal.error(&format!("{error}; watching as before"), &[]);
                    continue;
                }
            },
            Wake::Stop => {
                service_manager.stopping();
                return Ok(());
            }
        };
        systemd.send(calls.map_err(RunError::Bus)?).await.map_err(RunError::Bus)?;
        for remark in watcher.take_remarks() {
            journal.warning(&remark.text, &[("SYSTEMD_NOTICE_UNIT", remark.unit.as_str())]);
        }
        if watcher.has_questions() {
            alarms.ask_again();
        }
        if !is_ready && watcher.is_ready() {
            is_ready = true;
            let status = format!("watching {} units", watcher.iter().count());
            journal.info(&status, &[]);
            service_manager.ready(&status);
            messenger.stand_by();
        }
    }
}

fn manager_calls() -> zbus::Result<Vec<(zbus::Message, Call)>> {
    Ok(vec![
        (manager::add_match(&manager::owner_rule())?, Call::AddMatch),
        (manager::name_owner()?, Call::NameOwner),
    ])
}

impl Listing {
    /// The units are `services`, or where the charm writes them in the state
    /// folder `folder`.
    pub(crate) fn new(services: Option<WatchList>, folder: &Path) -> Self {
        services.map_or_else(|| Self::File(folder.join("services")), Self::Fixed)
    }

    /// Reads the list.
    pub(crate) fn read(&self) -> Result<WatchList, RunError> {
        let path = match self {
            Self::File(path) => path,
            Self::Fixed(list) => return Ok(list.clone()),
        };
        let text = fs::read_to_string(path)
            .map_err(|source| RunError::ReadList { path: path.clone(), source })?;
        text.parse().map_err(|source| RunError::List { path: path.clone(), source })
    }
}

/// Why the daemon ends by itself.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    #[error("cannot speak on the system bus")]
    Bus(#[source] zbus::Error),
    #[error("`{}` is no list of units to watch", path.display())]
    List { path: PathBuf, source: WatchListError },
    #[error("the connection to the system bus is lost")]
    Lost,
    #[error("cannot read `{}`", path.display())]
    ReadList { path: PathBuf, source: io::Error },
}
