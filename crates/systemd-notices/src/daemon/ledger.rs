//! What the charm has been told, on disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::daemon::delivery::Ticket;
use crate::daemon::told::Told;
use crate::notice::Notice;
use crate::systemd_unit_name::SystemdUnitName;

/// What the charm has been told, and what it is being told.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Ledger {
    /// The version of this form. Another one is not understood.
    version: u32,
    /// What was told of each unit, by the name that the charm has for it.
    pub(crate) told: BTreeMap<SystemdUnitName, Told>,
    /// What is being told now.
    pub(crate) delivery: Option<DeliveryRecord>,
}

/// A delivery that has begun.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct DeliveryRecord {
    pub(crate) notice: Notice,
    /// What will have been told with it.
    pub(crate) after: Told,
    pub(crate) ticket: Ticket,
}

const VERSION: u32 = 1;

/// The file of a [`Ledger`].
#[derive(Debug)]
pub(crate) struct LedgerFile {
    path: PathBuf,
}

/// Whether a ledger has to be on disk even if the machine dies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Durability {
    /// It matters to the next daemon, as long as the machine runs.
    Process,
    /// It matters after a reboot.
    Machine,
}

impl LedgerFile {
    /// The ledger in the state folder `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { path: folder.join("told.json") }
    }

    /// Reads the ledger. There is an empty one before the first is written.
    ///
    /// # Errors
    ///
    /// Fails with [`LedgerError::Corrupt`] if there is something else in its
    /// place.
    pub(crate) fn read(&self) -> Result<Ledger, LedgerError> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Ledger { version: VERSION, ..Ledger::default() });
            }
            Err(source) => return Err(LedgerError::Read { path: self.path.clone(), source }),
        };
        let corrupt = |fault| LedgerError::Corrupt { path: self.path.clone(), fault };
        let ledger: Ledger =
            serde_json::from_slice(&text).map_err(|error| corrupt(error.to_string()))?;
        if ledger.version != VERSION {
            return Err(corrupt(format!("version {} is not {VERSION}", ledger.version)));
        }
        Ok(ledger)
    }

    /// Reads the ledger. One that cannot be read is set aside, for people to
    /// look at, and the daemon begins anew: the error says so.
    pub(crate) fn read_or_begin(&self) -> (Ledger, Option<LedgerError>) {
        self.read().map_or_else(
            |error| {
                // If even that fails, the next write replaces the file.
                let _ = fs::rename(&self.path, self.path.with_extension("json.corrupt"));
                (Ledger { version: VERSION, ..Ledger::default() }, Some(error))
            },
            |ledger| (ledger, None),
        )
    }

    /// Replaces the ledger in one step.
    ///
    /// # Errors
    ///
    /// Fails with [`LedgerError::Write`] if the folder is full or not there;
    /// what was written before stays.
    pub(crate) fn write(&self, ledger: &Ledger, durability: Durability) -> Result<(), LedgerError> {
        let new = self.path.with_extension("json.new");
        let write = || -> io::Result<()> {
            let mut file = File::create(&new)?;
            file.write_all(&serde_json::to_vec_pretty(ledger)?)?;
            if durability == Durability::Machine {
                file.sync_all()?;
            }
            fs::rename(&new, &self.path)
        };
        write().map_err(|source| LedgerError::Write { path: self.path.clone(), source })
    }
}

/// Why a ledger could not be read or written.
#[derive(Debug, Error)]
pub(crate) enum LedgerError {
    #[error("`{}` holds no ledger of notices: {fault}", path.display())]
    Corrupt { path: PathBuf, fault: String },
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFile::new(folder.path());
        let mut ledger = file.read().unwrap();
        ledger.told.insert("web".parse().unwrap(), Told { is_up: true, ..Told::default() });
        file.write(&ledger, Durability::Machine).unwrap();
        assert_eq!(file.read().unwrap(), ledger);
    }

    #[test]
    fn sets_aside_what_is_no_ledger() {
        for text in ["", "{", "{}", r#"{"version": 2, "told": {}, "delivery": null}"#] {
            let folder = tempfile::tempdir().unwrap();
            let file = LedgerFile::new(folder.path());
            fs::write(folder.path().join("told.json"), text).unwrap();
            let (ledger, error) = file.read_or_begin();
            assert!(matches!(error, Some(LedgerError::Corrupt { .. })), "{text}");
            assert_eq!(ledger, file.read().unwrap());
            let aside = folder.path().join("told.json.corrupt");
            assert_eq!(fs::read_to_string(aside).unwrap(), text);
        }
    }

    #[test]
    fn says_where_it_cannot_write() {
        let file = LedgerFile::new(Path::new("/proc/no-such-folder"));
        let error = file.write(&Ledger::default(), Durability::Process).unwrap_err();
        insta::assert_snapshot!(error, @"cannot write `/proc/no-such-folder/told.json`");
    }
}
