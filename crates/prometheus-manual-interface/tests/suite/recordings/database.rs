//! The file of state, as Python sees it.

use std::fs;
use std::path::Path;

use reactive_endpoints::Rows;
use rusqlite::Connection;

/// Returns the rows of the table `kv`.
pub(super) fn read(database: &Path) -> Rows {
    if !database.exists() {
        return Rows::new();
    }
    let database = Connection::open(database).unwrap();
    let mut query = database.prepare("select key, data from kv").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Leaves a file as a Python charm would.
pub(super) fn write(path: &Path, rows: &Rows) {
    let _ = fs::remove_file(path);
    let database = Connection::open(path).unwrap();
    database
        .execute_batch(
            "create table kv (key text, data text, primary key (key));
             create table kv_revisions
                 (key text, revision integer, data text, primary key (key, revision));
             create table hooks
                 (version integer primary key autoincrement, hook text, date text);",
        )
        .unwrap();
    for (key, text) in rows {
        database.execute("insert into kv values (?1, ?2)", [key, text]).unwrap();
    }
}
