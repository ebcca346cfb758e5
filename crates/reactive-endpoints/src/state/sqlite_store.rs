//! State in the file that Python keeps it in.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use juju_hook_env::HookEnv;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction};
use rusqlite::{Params, TransactionBehavior, params};

use crate::state::store::{Loaded, RowChanges, Rows, Store};
use crate::state::store_error::StoreError;

/// The form of our own tables.
const SCHEMA: u32 = 1;

/// How long another process may hold the file, if nothing else is said.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// State in `.unit-state.db`, in the form in which Python's `unitdata` keeps
/// it, so that a unit keeps its flags and stored data when its charm changes
/// from Python to Rust, and back.
///
/// The tables `kv`, `kv_revisions` and `hooks` are Python's. What was before a
/// provisional commit is in tables of our own, `charmwright` and
/// `charmwright_kept`, which Python passes over. The file is readable by its
/// owner only.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    busy_limit: Duration,
    connection: RefCell<Option<Connection>>,
}

impl SqliteStore {
    /// Takes the file of that path. It is not made before there is something
    /// to keep.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), busy_limit: BUSY_LIMIT, connection: RefCell::default() }
    }

    /// Takes the file that Python takes: the one named by the variable
    /// `UNIT_STATE_DB`, or else `.unit-state.db` in the charm's folder.
    pub fn of(env: &HookEnv) -> Self {
        Self::new(match env.other("UNIT_STATE_DB") {
            Some(path) => PathBuf::from(path),
            None => env.charm_dir().join(".unit-state.db"),
        })
    }

    /// Sets how long another process may hold the file before that is an error;
    /// otherwise 5 seconds.
    #[must_use]
    pub fn busy_limit(self, limit: Duration) -> Self {
        Self { busy_limit: limit, ..self }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn with<T>(
        &self,
        f: impl FnOnce(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.borrow_mut();
        let result = match &mut *connection {
            Some(connection) => f(connection),
            None => self.open().and_then(|opened| f(connection.insert(opened))),
        };
        result.map_err(|fault| fault.of(&self.path))
    }

    fn open(&self) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_limit)?;
        Ok(connection)
    }

    fn load_by(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<Rows, Fault>,
    ) -> Result<Loaded, StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.len() > 0 => {}
            // An empty file is an empty database.
            Ok(_) => return Ok(Loaded::default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Loaded::default()),
            Err(error) => return Err(Fault::Io(error).of(&self.path)),
        }
        self.with(|connection| {
            // One view of both tables.
            let transaction = connection.transaction()?;
            let provisional = match schema(&transaction)? {
                0 => None,
                found if found > SCHEMA => return Err(Fault::Newer(found)),
                _ => note(&transaction, "run")?,
            };
            Ok(Loaded { rows: read(&transaction)?, provisional })
        })
    }

    /// Makes the file, if there is none, for its owner only.
    fn make(&self) -> Result<(), StoreError> {
        let failed = |error: io::Error| Fault::Io(error).of(&self.path);
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(&self.path);
        let file = file.map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o777 != 0o600 {
            fs::set_permissions(&self.path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
        Ok(())
    }
}

impl Store for SqliteStore {
    fn load(&self) -> Result<Loaded, StoreError> {
        self.load_by(rows)
    }

    fn load_without(&self, keys: Range<&str>) -> Result<Loaded, StoreError> {
        self.load_by(|transaction| rows_without(transaction, keys))
    }

    fn rows_of(&self, keys: Range<&str>) -> Result<Rows, StoreError> {
        Ok(self.load_by(|transaction| rows_of(transaction, keys))?.rows)
    }

    fn confirm(&self) -> Result<(), StoreError> {
        self.with(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            forget_kept(&transaction)?;
            Ok(transaction.commit()?)
        })
    }

    fn restore(&self) -> Result<Rows, StoreError> {
        let counter = change_counter(&self.path).map_err(|fault| fault.of(&self.path))?;
        self.with(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let is_untouched = note(&transaction, "counter")?
                .is_none_or(|kept| counter.is_some_and(|counter| kept == counter.to_string()));
            if is_untouched && !rows_differ_from_kept(&transaction)? {
                transaction.execute_batch(
                    "delete from kv where key in (select key from charmwright_kept);
                     insert into kv (key, data)
                         select key, before from charmwright_kept where before is not null;",
                )?;
            }
            forget_kept(&transaction)?;
            let rows = rows(&transaction)?;
            transaction.commit()?;
            Ok(rows)
        })
    }

    fn commit(&self, changes: &RowChanges, run: Option<&str>) -> Result<(), StoreError> {
        self.make()?;
        self.with(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            make_tables(&transaction)?;
            if run.is_none() || note(&transaction, "run")?.as_deref() != run {
                forget_kept(&transaction)?;
            }
            for (key, value) in changes {
                if run.is_some() {
                    transaction.execute(
                        "insert into charmwright_kept (key, before, after)
                             values (?1, (select data from kv where key = ?1), ?2)
                             on conflict (key) do update set after = ?2",
                        params![key, value],
                    )?;
                }
                match value {
                    Some(value) => transaction.execute(
                        "insert into kv (key, data) values (?1, ?2)
                             on conflict (key) do update set data = ?2",
                        params![key, value],
                    )?,
                    None => transaction.execute("delete from kv where key = ?1", [key])?,
                };
            }
            if let Some(run) = run {
                set_note(&transaction, "run", run)?;
                // The next writer counts on from what we will have written.
                if let Some(counter) = change_counter(&self.path)? {
                    set_note(&transaction, "counter", &counter.wrapping_add(1).to_string())?;
                }
            }
            Ok(transaction.commit()?)
        })
    }
}

/// Returns the number of the form of our tables, or 0 if there are none.
fn schema(transaction: &Transaction<'_>) -> Result<u32, Fault> {
    if !has_table(transaction, "charmwright")? {
        return Ok(0);
    }
    let schema = note(transaction, "schema")?.and_then(|schema| schema.parse().ok());
    Ok(schema.unwrap_or_default())
}

fn has_table(transaction: &Transaction<'_>, name: &str) -> Result<bool, Fault> {
    let sql = "select 1 from sqlite_master where type = 'table' and name = ?1";
    Ok(transaction.query_row(sql, [name], |_| Ok(())).optional()?.is_some())
}

fn rows(transaction: &Transaction<'_>) -> Result<Rows, Fault> {
    query_rows(transaction, "select key, data from kv where data is not null", [])
}

fn rows_of(transaction: &Transaction<'_>, keys: Range<&str>) -> Result<Rows, Fault> {
    let sql = "select key, data from kv where key >= ?1 and key < ?2 and data is not null";
    query_rows(transaction, sql, [keys.start, keys.end])
}

fn rows_without(transaction: &Transaction<'_>, keys: Range<&str>) -> Result<Rows, Fault> {
    // Two queries in one, as with `or` SQLite would look at every row.
    let sql = "select key, data from kv where key < ?1 and data is not null
               union all select key, data from kv where key >= ?2 and data is not null";
    query_rows(transaction, sql, [keys.start, keys.end])
}

fn query_rows(
    transaction: &Transaction<'_>,
    sql: &str,
    params: impl Params,
) -> Result<Rows, Fault> {
    if !has_table(transaction, "kv")? {
        return Ok(Rows::new());
    }
    let mut query = transaction.prepare(sql)?;
    let rows = query.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<Rows, _>>()?)
}

fn rows_differ_from_kept(transaction: &Transaction<'_>) -> Result<bool, Fault> {
    let sql = "select 1 from charmwright_kept left join kv using (key) where kv.data is not after";
    Ok(transaction.query_row(sql, [], |_| Ok(())).optional()?.is_some())
}

fn make_tables(transaction: &Transaction<'_>) -> Result<(), Fault> {
    match schema(transaction)? {
        0 => {}
        found if found > SCHEMA => return Err(Fault::Newer(found)),
        _ => return Ok(()),
    }
    transaction.execute_batch(
        "create table if not exists kv (key text, data text, primary key (key));
         create table if not exists kv_revisions
             (key text, revision integer, data text, primary key (key, revision));
         create table if not exists hooks
             (version integer primary key autoincrement, hook text, date text);
         create table if not exists charmwright (name text primary key, value text);
         create table if not exists charmwright_kept
             (key text primary key, before text, after text);",
    )?;
    set_note(transaction, "schema", &SCHEMA.to_string())
}

fn forget_kept(transaction: &Transaction<'_>) -> Result<(), Fault> {
    transaction.execute_batch(
        "delete from charmwright_kept;
         delete from charmwright where name in ('run', 'counter');",
    )?;
    Ok(())
}

fn note(transaction: &Transaction<'_>, name: &str) -> Result<Option<String>, Fault> {
    let sql = "select value from charmwright where name = ?1";
    Ok(transaction.query_row(sql, [name], |row| row.get(0)).optional()?)
}

fn set_note(transaction: &Transaction<'_>, name: &str, value: &str) -> Result<(), Fault> {
    let sql = "insert into charmwright (name, value) values (?1, ?2)
                   on conflict (name) do update set value = ?2";
    transaction.execute(sql, [name, value])?;
    Ok(())
}

/// Returns how often the file was written to, by whomever, as its header says;
/// nothing if it does not, because it is new or keeps a log of its writes.
///
/// See the [file format](https://www.sqlite.org/fileformat2.html#file_change_counter).
fn change_counter(path: &Path) -> Result<Option<u32>, Fault> {
    const WRITE_VERSION: usize = 18;
    const COUNTER: usize = 24;
    let mut header = [0; 28];
    let mut file = File::open(path).map_err(Fault::Io)?;
    file.seek(SeekFrom::Start(0)).map_err(Fault::Io)?;
    match file.read_exact(&mut header) {
        Ok(()) if header[WRITE_VERSION] == 1 => {
            let counter = header[COUNTER..].try_into().expect("four bytes are left");
            Ok(Some(u32::from_be_bytes(counter)))
        }
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(Fault::Io(error)),
    }
}

/// What has gone wrong with the file.
enum Fault {
    Database(rusqlite::Error),
    Io(io::Error),
    Newer(u32),
}

impl Fault {
    fn of(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        match self {
            Self::Newer(found) => StoreError::Newer { path, found, known: SCHEMA },
            Self::Io(error) => match error.kind() {
                io::ErrorKind::StorageFull => StoreError::Full { path, source: error.into() },
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    StoreError::ReadOnly { path, source: error.into() }
                }
                _ => StoreError::Other { path, source: error.into() },
            },
            Self::Database(error) => {
                let code = error.sqlite_error_code();
                let source = error.into();
                match code {
                    Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                        StoreError::Corrupt { path, source }
                    }
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                        StoreError::Locked { path, source }
                    }
                    Some(ErrorCode::DiskFull) => StoreError::Full { path, source },
                    Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                        StoreError::ReadOnly { path, source }
                    }
                    _ => StoreError::Other { path, source },
                }
            }
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
