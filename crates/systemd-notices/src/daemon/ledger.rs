//! What the charm has been told, on disk.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::daemon::delivery::Ticket;
use crate::daemon::pending::Pending;
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
    /// What is being told now. It has a file of its own, which is small: it is
    /// written before each delivery, and the charm waits for that.
    #[serde(skip)]
    pub(crate) delivery: Option<DeliveryRecord>,
    /// What is still to be told, for people to look at. It has a file of its
    /// own as well.
    #[serde(skip)]
    pub(crate) pending: Pending,
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

/// The files of a [`Ledger`].
#[derive(Debug)]
pub(crate) struct LedgerFiles {
    told: PathBuf,
    delivery: PathBuf,
    pending: PathBuf,
}

impl LedgerFiles {
    /// The ledger in the state folder `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            told: folder.join("told.json"),
            delivery: folder.join("delivery.json"),
            pending: folder.join("pending.json"),
        }
    }

    /// Reads the ledger. It is empty before anything is written.
    ///
    /// # Errors
    ///
    /// Fails with [`LedgerError::Corrupt`] if there is something else in its
    /// place.
    pub(crate) fn read(&self) -> Result<Ledger, LedgerError> {
        let pending = read(&self.pending)?.unwrap_or_default();
        Ok(Ledger { delivery: self.read_delivery()?, pending, ..self.read_told()? })
    }

    /// Reads the ledger. What cannot be read is set aside, for people to look
    /// at, and begins anew: the errors say so.
    pub(crate) fn read_or_begin(&self) -> (Ledger, Vec<LedgerError>) {
        let mut errors = Vec::new();
        let mut set_aside = |path: &Path, error| {
            // If even that fails, the next write replaces the file.
            let _ = fs::rename(path, path.with_extension("json.corrupt"));
            errors.push(error);
        };
        let told = self.read_told().unwrap_or_else(|error| {
            set_aside(&self.told, error);
            Ledger { version: VERSION, ..Ledger::default() }
        });
        let delivery = self.read_delivery().unwrap_or_else(|error| {
            set_aside(&self.delivery, error);
            None
        });
        (Ledger { delivery, ..told }, errors)
    }

    /// Replaces what was told, in one step, for as long as there is the disk.
    ///
    /// # Errors
    ///
    /// Fails with [`LedgerError::Write`] if the folder is full or not there;
    /// what was written before stays.
    pub(crate) fn write_told(&self, ledger: &Ledger) -> Result<(), LedgerError> {
        write(&self.told, |file| {
            file.write_all(&serde_json::to_vec(ledger)?)?;
            file.sync_all()
        })
    }

    /// Writes down what is being told, for as long as the machine runs: no
    /// delivery outlives it.
    ///
    /// The charm waits for this, so the file is written in place: to make one
    /// and rename it takes several times as long. Nothing is told before the
    /// line has its end.
    ///
    /// # Errors
    ///
    /// Fails with [`LedgerError::Write`] if the folder is full or not there.
    pub(crate) fn write_delivery(&self, record: &DeliveryRecord) -> Result<(), LedgerError> {
        let write = || {
            let mut line = serde_json::to_vec(record)?;
            line.push(b'\n');
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).open(&self.delivery)?.write_all(&line)
        };
        write().map_err(|source| LedgerError::Write { path: self.delivery.clone(), source })
    }

    /// Nothing is being told.
    pub(crate) fn clear_delivery(&self) {
        // A record that stays is that of a delivery that has ended: whoever
        // finds it sees that.
        let _ = File::create(&self.delivery);
    }

    /// Replaces what is still to be told.
    pub(crate) fn write_pending(&self, pending: &Pending) {
        // It is for people, and the next change is another try.
        let _ = if pending.is_empty() {
            fs::remove_file(&self.pending).map_err(drop)
        } else {
            write(&self.pending, |file| file.write_all(&serde_json::to_vec(pending)?)).map_err(drop)
        };
    }

    /// Reads the first line of its file. What follows is left of an older and
    /// longer one; a line without an end is of a delivery that has not begun.
    fn read_delivery(&self) -> Result<Option<DeliveryRecord>, LedgerError> {
        let text = read_file(&self.delivery)?.unwrap_or_default();
        let line = text.iter().position(|&byte| byte == b'\n').map(|end| &text[..end]);
        line.map(|line| parse(&self.delivery, line)).transpose()
    }

    fn read_told(&self) -> Result<Ledger, LedgerError> {
        let Some(ledger) = read::<Ledger>(&self.told)? else {
            return Ok(Ledger { version: VERSION, ..Ledger::default() });
        };
        if ledger.version != VERSION {
            let fault = format!("version {} is not {VERSION}", ledger.version);
            return Err(LedgerError::Corrupt { path: self.told.clone(), fault });
        }
        Ok(ledger)
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, LedgerError> {
    read_file(path)?.map(|text| parse(path, &text)).transpose()
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LedgerError::Read { path: path.to_owned(), source }),
    }
}

fn parse<T: DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T, LedgerError> {
    serde_json::from_slice(text)
        .map_err(|error| LedgerError::Corrupt { path: path.to_owned(), fault: error.to_string() })
}

fn write(
    path: &Path,
    contents: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), LedgerError> {
    let new = path.with_extension("json.new");
    File::create(&new)
        .and_then(|mut file| contents(&mut file))
        .and_then(|()| fs::rename(&new, path))
        .map_err(|source| LedgerError::Write { path: path.to_owned(), source })
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
    use crate::daemon::process::Process;

    #[test]
    fn keeps_what_was_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFiles::new(folder.path());
        let mut ledger = file.read().unwrap();
        ledger.told.insert("web".parse().unwrap(), Told { is_up: true, ..Told::default() });
        file.write_told(&ledger).unwrap();
        assert_eq!(file.read().unwrap(), ledger);
    }

    #[test]
    fn keeps_what_is_being_told_until_that_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFiles::new(folder.path());
        for unit in ["a-long-name.service", "b.service"] {
            let record = record(unit);
            file.write_delivery(&record).unwrap();
            assert_eq!(file.read().unwrap().delivery, Some(record));
        }
        file.clear_delivery();
        assert_eq!(file.read().unwrap(), Ledger { version: VERSION, ..Ledger::default() });
    }

    #[test]
    fn does_not_take_a_delivery_as_begun_that_is_not_wholly_written_down() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFiles::new(folder.path());
        file.write_delivery(&record("a.service")).unwrap();
        let path = folder.path().join("delivery.json");
        let text = fs::read(&path).unwrap();
        for length in 0..text.len() {
            fs::write(&path, &text[..length]).unwrap();
            let (ledger, errors) = file.read_or_begin();
            assert_eq!((ledger.delivery, errors.len()), (None, 0), "{length}");
        }
    }

    fn record(unit: &str) -> DeliveryRecord {
        let ticket = Ticket {
            boot: "this".to_owned(),
            process: Process::find(std::process::id()).unwrap(),
            begun: 0,
        };
        let notice = Notice::from_env([
            ("SYSTEMD_NOTICE_ALIAS", "web"),
            ("SYSTEMD_NOTICE_EVENT", "stopped"),
            ("SYSTEMD_NOTICE_ID", "1"),
            ("SYSTEMD_NOTICE_MERGED", "no"),
            ("SYSTEMD_NOTICE_RESTARTS", "0"),
            ("SYSTEMD_NOTICE_STATE", "inactive"),
            ("SYSTEMD_NOTICE_SUB_STATE", "dead"),
            ("SYSTEMD_NOTICE_TIME", "1"),
            ("SYSTEMD_NOTICE_UNIT", unit),
        ]);
        DeliveryRecord { notice: notice.unwrap().unwrap(), after: Told::default(), ticket }
    }

    #[test]
    fn sets_aside_what_is_no_ledger() {
        for text in ["", "{", "{}", r#"{"version": 2, "told": {}}"#] {
            let folder = tempfile::tempdir().unwrap();
            let file = LedgerFiles::new(folder.path());
            fs::write(folder.path().join("told.json"), text).unwrap();
            let (ledger, errors) = file.read_or_begin();
            assert!(matches!(errors[..], [LedgerError::Corrupt { .. }]), "{text}");
            assert_eq!(ledger, file.read().unwrap());
            let aside = folder.path().join("told.json.corrupt");
            assert_eq!(fs::read_to_string(aside).unwrap(), text);
        }
    }

    #[test]
    fn sets_aside_what_is_no_delivery() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFiles::new(folder.path());
        fs::write(folder.path().join("delivery.json"), "{\n").unwrap();
        let (ledger, errors) = file.read_or_begin();
        assert!(matches!(errors[..], [LedgerError::Corrupt { .. }]));
        assert!(ledger.delivery.is_none());
        let aside = folder.path().join("delivery.json.corrupt");
        assert_eq!(fs::read_to_string(aside).unwrap(), "{\n");
    }

    #[test]
    fn who_reads_while_it_is_written_reads_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = LedgerFiles::new(folder.path());
        let mut ledger = file.read().unwrap();
        file.write_told(&ledger).unwrap();
        let path = folder.path().join("told.json");
        let (old, text) = (File::open(&path).unwrap(), fs::read_to_string(&path).unwrap());
        ledger.told.insert("web".parse().unwrap(), Told::default());
        file.write_told(&ledger).unwrap();
        assert_eq!(io::read_to_string(old).unwrap(), text);
        assert_eq!(file.read().unwrap(), ledger);
    }

    #[test]
    fn says_where_it_cannot_write() {
        let file = LedgerFiles::new(Path::new("/proc/no-such-folder"));
        let error = file.write_told(&Ledger::default()).unwrap_err();
        insta::assert_snapshot!(error, @"cannot write `/proc/no-such-folder/told.json`");
    }
}
