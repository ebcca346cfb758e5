//! Handlers that wait for files to change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use juju_simulator::{Fault, SimulatedUnit, Simulator};
use juju_types::Event;
use reactive_endpoints::{Charm, Condition, Context, Flag, MemoryStore, blocked, files_changed};
use tempfile::TempDir;

use crate::support::{Log, failed, files, keeping, kept, last_line, logged};

const A: Flag = Flag::new("a");

/// A unit whose charm watches a file.
struct Model {
    unit: SimulatedUnit,
    log: Log,
    folder: TempDir,
}

impl Model {
    fn new(charm: impl Fn(Charm<Log>, PathBuf) -> Charm<Log> + Send + Sync + 'static) -> Self {
        let (log, folder) = (Log::default(), tempfile::tempdir().unwrap());
        let (noted, path) = (Arc::clone(&log), folder.path().join("file"));
        let build = move || charm(Charm::new(Arc::clone(&noted)), path.clone());
        let store = MemoryStore::new();
        let unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, build));
        Self { unit, log, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    fn write(&self, text: &str) {
        fs::write(self.path(), text).unwrap();
    }

    /// Runs update-status, and returns what has run.
    #[track_caller]
    fn run(&mut self) -> Vec<&'static str> {
        self.unit.run("update-status");
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

#[test]
fn a_file_that_comes_changes_and_goes_is_a_change_each_time() {
    let mut model = Model::new(|charm, file| charm.when(files_changed([file]), logged("ran")));
    assert!(model.run().is_empty());
    model.write("1");
    assert_eq!(model.run(), ["ran"]);
    assert!(model.run().is_empty());
    model.write("2");
    assert_eq!(model.run(), ["ran"]);
    // Its content counts, not when it was written.
    model.write("2");
    assert!(model.run().is_empty());
    fs::remove_file(model.path()).unwrap();
    assert_eq!(model.run(), ["ran"]);
    assert!(model.run().is_empty());
}

#[test]
fn a_change_is_not_lost_when_another_handler_clears_a_flag_before() {
    // Then all that are due are tested again; Python's test has stored the
    // digest by then, and the handler never runs.
    let mut model = Model::new(|charm, file| {
        charm
            .on(Event::UpdateStatus, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .when(&A, |log, cx| {
                cx.clear(A);
                logged("cleared")(log, cx)
            })
            .when(files_changed([file]), logged("changed"))
    });
    model.write("1");
    assert_eq!(model.run(), ["cleared", "changed"]);
    assert_eq!(model.run(), ["cleared"]);
}

#[test]
fn a_change_is_seen_only_when_its_handler_has_succeeded() {
    let mut model = Model::new(|charm, file| {
        charm.when(files_changed([file.clone()]), move |log, cx| {
            logged("ran")(log, cx)?;
            if fs::read_to_string(&file)? == "bad" { Err(blocked("bad file")) } else { Ok(()) }
        })
    });
    model.write("bad");
    assert_eq!(model.run(), ["ran"]);
    assert_eq!(model.run(), ["ran"]);
    model.write("good");
    assert_eq!(model.run(), ["ran"]);
    assert!(model.run().is_empty());
}

#[test]
fn a_change_is_seen_only_when_the_run_has_succeeded() {
    let mut model = Model::new(|charm, file| charm.when(files_changed([file]), logged("ran")));
    model.write("1");
    model.unit.juju().inject("app/0", Fault::FailFlush).unwrap();
    failed(model.unit.try_run("update-status"));
    model.log.lock().unwrap().clear();
    assert_eq!(model.run(), ["ran"]);
    assert!(model.run().is_empty());
}

#[test]
fn each_of_two_handlers_is_shown_the_change() {
    let mut model = Model::new(|charm, file| {
        let first = move |log: &mut Log, cx: &Context| {
            logged("first")(log, cx)?;
            if cx.is_set(A) { Err(blocked("not now")) } else { Ok(()) }
        };
        charm
            .on(Event::Start, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .on(Event::Stop, |_, cx| {
                cx.clear(A);
                Ok(())
            })
            .when(files_changed([file.clone()]), first)
            .when(files_changed([file]), logged("second"))
    });
    model.write("1");
    assert_eq!(model.run(), ["first", "second"]);
    assert!(model.run().is_empty());
    // One of them has not succeeded.
    model.write("2");
    model.unit.run("start");
    assert_eq!(model.run(), ["first", "second", "first", "second"]);
    model.unit.run("stop");
    assert_eq!(model.run(), ["first", "second"]);
    assert!(model.run().is_empty());
}

#[test]
fn a_handler_that_is_not_due_keeps_no_change_from_being_seen() {
    for file_first in [true, false] {
        let watch = move |charm: Charm<Log>, file: PathBuf| {
            let (file, flag) = (files_changed([file.clone()]), Condition::from(&A));
            let both = if file_first { file.clone().and(flag) } else { flag.and(file.clone()) };
            charm.when(both, logged("not due")).when(file, logged("ran"))
        };
        let mut model = Model::new(watch);
        model.write("1");
        assert_eq!(model.run(), ["ran"]);
        assert!(model.run().is_empty());
    }
}

#[test]
fn a_change_waits_for_a_handler_that_is_not_due_yet() {
    let mut model = Model::new(|charm, file| {
        charm
            .on(Event::Start, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .when(files_changed([file]).and(&A), logged("ran"))
    });
    model.write("1");
    assert!(model.run().is_empty());
    model.unit.run("start");
    assert_eq!(model.run(), ["ran"]);
    assert!(model.run().is_empty());
}

#[test]
fn a_file_that_changes_twice_in_a_run_is_handled_twice() {
    let mut model = Model::new(|charm, file| {
        let written = file.clone();
        charm
            .when(files_changed([file]), logged("changed"))
            .when(&A, move |log, cx| {
                cx.clear(A);
                fs::write(&written, "2")?;
                logged("wrote")(log, cx)
            })
            .on(Event::UpdateStatus, |log, cx| {
                logged("event")(log, cx)?;
                cx.set(A);
                Ok(())
            })
    });
    model.write("1");
    assert_eq!(model.run(), ["event", "changed", "wrote", "changed"]);
    assert_eq!(model.run(), ["event", "wrote"]);
}

#[test]
fn what_a_python_charm_has_seen_has_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "hello").unwrap();
    let key = format!("reactive.files_changed.{}", path.display());
    // By MD5, and by the hash function that the charm has chosen.
    let rows =
        [r#""5d41402abc4b2a76b9719d911017c592""#, r#""aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d""#];
    for row in rows {
        let store = kept([(key.as_str(), row)]);
        let path = path.clone();
        let charm = move || {
            let files = [path.clone()];
            Charm::new(()).when(files_changed(files), |(), cx: &Context| cx.kv().set("ran", &true))
        };
        let unit = Simulator::unit("app/0").charm_files(files(""));
        unit.charm(keeping(&store, charm)).run("update-status");
        assert!(!store.rows().contains_key("ran"));
    }
}

#[test]
fn what_cannot_be_read_is_an_error_that_names_it() {
    let mut model = Model::new(|charm, file| charm.when(files_changed([file]), logged("ran")));
    fs::create_dir(model.path()).unwrap();
    let ran = failed(model.unit.try_run("update-status"));
    let line = last_line(&ran).replace(&folder_of(&model), "/tmp");
    insta::assert_snapshot!(line, @"the hook `update-status` failed: cannot read `/tmp/file` to see whether it has changed: Is a directory (os error 21)");
}

fn folder_of(model: &Model) -> String {
    let folder: &Path = model.folder.path();
    folder.display().to_string()
}
