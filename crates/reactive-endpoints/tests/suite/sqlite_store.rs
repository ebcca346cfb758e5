//! State in the file that Python keeps it in.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reactive_endpoints::{Loaded, MemoryStore, RowChanges, Rows, SqliteStore, Store, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

fn changes<const N: usize>(changes: [(&str, Option<&str>); N]) -> RowChanges {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    changes.map(|(key, value)| (key.to_owned(), owned(value))).into()
}

fn rows<const N: usize>(rows: [(&str, &str); N]) -> Rows {
    rows.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

/// A folder for a file of state.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join(".unit-state.db")
    }

    /// Opens the file as the next run of the charm does.
    fn store(&self) -> SqliteStore {
        SqliteStore::new(self.path())
    }

    /// Opens the file as another program does.
    fn database(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

#[test]
fn nothing_is_made_before_there_is_something_to_keep() {
    let place = Place::new();
    assert_eq!(place.store().load().unwrap(), Loaded::default());
    assert!(!place.path().exists());
    fs::write(place.path(), "").unwrap();
    assert_eq!(place.store().load().unwrap(), Loaded::default());
}

#[test]
fn a_range_of_keys_can_be_left_out_and_be_read_later() {
    let place = Place::new();
    assert_eq!(place.store().rows_of("b.".."b/").unwrap(), Rows::new());
    let all = [("a", "1"), ("b", "2"), ("b.", "3"), ("b.\u{10ffff}", "4"), ("b/", "5"), ("c", "6")];
    let kept = changes(all.map(|(key, value)| (key, Some(value))));
    place.store().commit(&kept, Some("run 1")).unwrap();
    let loaded = place.store().load_without("b.".."b/").unwrap();
    assert_eq!(loaded.rows, rows([("a", "1"), ("b", "2"), ("b/", "5"), ("c", "6")]));
    assert_eq!(loaded.provisional.as_deref(), Some("run 1"));
    let later = rows([("b.", "3"), ("b.\u{10ffff}", "4")]);
    assert_eq!(place.store().rows_of("b.".."b/").unwrap(), later);
    // Other stores, which know nothing of ranges, do the same.
    let other = MemoryStore::with_rows(place.store().load().unwrap().rows);
    assert_eq!(other.load_without("b.".."b/").unwrap().rows, loaded.rows);
    assert_eq!(other.rows_of("b.".."b/").unwrap(), later);
}

#[test]
fn rows_are_kept_in_pythons_tables_for_the_owner_only() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1")), ("b", Some("null"))]), None).unwrap();
    let loaded = place.store().load().unwrap();
    assert_eq!(loaded, Loaded { rows: rows([("a", "1"), ("b", "null")]), provisional: None });
    assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);

    let database = place.database();
    let mut tables =
        database.prepare("select name from sqlite_master where type = 'table'").unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in ["kv", "kv_revisions", "hooks"] {
        assert!(tables.iter().any(|name| name == table), "{tables:?}");
    }
}

#[test]
fn a_provisional_commit_is_confirmed_or_taken_back() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1")), ("b", Some("2"))]), None).unwrap();
    let second = changes([("a", Some("10")), ("b", None), ("c", Some("3"))]);

    place.store().commit(&second, Some("run 2")).unwrap();
    let after = rows([("a", "10"), ("c", "3")]);
    let loaded = place.store().load().unwrap();
    assert_eq!(loaded, Loaded { rows: after.clone(), provisional: Some("run 2".to_owned()) });
    assert_eq!(place.store().restore().unwrap(), rows([("a", "1"), ("b", "2")]));
    assert_eq!(place.store().load().unwrap().provisional, None);

    place.store().commit(&second, Some("run 3")).unwrap();
    place.store().confirm().unwrap();
    assert_eq!(place.store().load().unwrap(), Loaded { rows: after, provisional: None });
}

#[test]
fn several_commits_of_one_run_are_taken_back_together() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1")), ("b", Some("2"))]), None).unwrap();
    place.store().commit(&changes([("a", Some("10")), ("c", Some("3"))]), Some("run")).unwrap();
    place.store().commit(&changes([("a", Some("11")), ("b", None)]), Some("run")).unwrap();
    assert_eq!(place.store().load().unwrap().rows, rows([("a", "11"), ("c", "3")]));
    assert_eq!(place.store().restore().unwrap(), rows([("a", "1"), ("b", "2")]));
}

#[test]
fn the_first_commit_ever_can_be_taken_back() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1"))]), Some("run 1")).unwrap();
    assert!(place.store().restore().unwrap().is_empty());
}

#[test]
fn what_another_program_changed_in_between_voids_what_was_kept() {
    let statements = [
        // The very row, another one, and one that comes and goes: a Python
        // charm has run, whatever it has left behind.
        "update kv set data = '7' where key = 'a'",
        "insert into kv (key, data) values ('other', '1')",
        "insert into kv (key, data) values ('x', '1'); delete from kv where key = 'x'",
    ];
    for statement in statements {
        let place = Place::new();
        place.store().commit(&changes([("a", Some("1"))]), None).unwrap();
        place.store().commit(&changes([("a", Some("2")), ("b", Some("3"))]), Some("run")).unwrap();
        place.database().execute_batch(statement).unwrap();
        let left = place.store().load().unwrap().rows;
        assert_eq!(place.store().restore().unwrap(), left, "{statement}");
        assert!(left.contains_key("b"));
    }
}

#[test]
fn a_file_of_python_is_taken_over_as_it_is() {
    let place = Place::new();
    // What `unitdata.Storage` makes.
    place
        .database()
        .execute_batch(
            "create table kv (key text, data text, primary key (key));
             create table kv_revisions
                 (key text, revision integer, data text, primary key (key, revision));
             create table hooks
                 (version integer primary key autoincrement, hook text, date text);
             insert into kv values ('reactive.states.a', 'null'), ('mine', '[1, 2]');
             insert into kv_revisions values ('mine', 1, '[1]');",
        )
        .unwrap();
    let store = place.store();
    assert_eq!(
        store.load().unwrap().rows,
        rows([("mine", "[1, 2]"), ("reactive.states.a", "null")])
    );
    store.commit(&changes([("mine", Some("[3]"))]), Some("run")).unwrap();
    let count: u32 = place
        .database()
        .query_row("select count(*) from kv_revisions", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_damaged_file_is_an_error_and_stays_as_it_is() {
    let place = Place::new();
    let junk = "this is no database, but long enough to be taken for one ".repeat(40);
    fs::write(place.path(), &junk).unwrap();
    let error = place.store().load().unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }));
    assert!(error.to_string().ends_with(
        ".unit-state.db` is damaged: put back a copy of it, or move it away to begin without flags \
         and stored data"
    ));
    assert!(place.store().commit(&changes([("a", Some("1"))]), None).is_err());
    assert_eq!(fs::read_to_string(place.path()).unwrap(), junk);
}

#[test]
fn a_file_of_a_newer_charm_is_refused() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1"))]), None).unwrap();
    place
        .database()
        .execute_batch("update charmwright set value = '2' where name = 'schema'")
        .unwrap();
    for error in [
        place.store().load().unwrap_err(),
        place.store().commit(&changes([("a", Some("2"))]), None).unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }));
        assert!(
            error.to_string().contains("has the form 2, and this charm knows only those up to 1")
        );
    }
}

#[test]
fn a_file_that_another_process_holds_is_an_error_after_a_while() {
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1"))]), None).unwrap();
    let other = place.database();
    other.execute_batch("begin exclusive").unwrap();
    let error = place.store().busy_limit(Duration::from_millis(10)).load().unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    other.execute_batch("rollback").unwrap();
    assert!(place.store().load().is_ok());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_and_can_still_be_read() {
    on_small_disk("remount,ro", |path| {
        let store = SqliteStore::new(path);
        assert_eq!(store.load().unwrap().rows, rows([("a", "1")]));
        let error = store.commit(&changes([("a", Some("2"))]), None).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    });
}

#[test]
fn a_full_disk_is_an_error_and_leaves_the_rows_as_they_were() {
    on_small_disk("remount,size=64k", |path| {
        let much = "x".repeat(100_000);
        let error = SqliteStore::new(path).commit(&changes([("a", Some(&much))]), Some("run"));
        let error = error.unwrap_err();
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        let loaded = SqliteStore::new(path).load().unwrap();
        assert_eq!(loaded, Loaded { rows: rows([("a", "1")]), provisional: None });
    });
}

/// Runs the test that calls it once more, in a process whose copy of a file of
/// state is on a small disk of its own, mounted with these options. Nobody else
/// sees the disk, and it goes with the process.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a disk can be mounted for another process only")]
fn on_small_disk(options: &str, body: fn(&Path)) {
    const VARIABLE: &str = "TEST_ON_SMALL_DISK";
    const SCRIPT: &str = "set -e
        mkdir \"$1/disk\"
        mount -t tmpfs -o size=256k tmpfs \"$1/disk\"
        cp \"$1/.unit-state.db\" \"$1/disk/\"
        mount -o \"$2\" \"$1/disk\"
        shift 2
        exec \"$@\"";
    if let Some(path) = std::env::var_os(VARIABLE) {
        return body(Path::new(&path));
    }
    let place = Place::new();
    place.store().commit(&changes([("a", Some("1"))]), None).unwrap();
    let user = if rustix::process::geteuid().is_root() { None } else { Some("--map-root-user") };
    let test = std::thread::current().name().unwrap().to_owned();
    let output = Command::new("unshare")
        .args(["--mount", "--propagation", "private"])
        .args(user)
        .args(["sh", "-c", SCRIPT, "sh"])
        .args([place.0.path().as_os_str(), options.as_ref()])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &test])
        .env(VARIABLE, place.0.path().join("disk/.unit-state.db"))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("1 passed"), "{printed}{}", String::from_utf8_lossy(&output.stderr));
}
