//! The flags of config options, and what the config was before.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use juju_simulator::{Fault, SimulatedUnit, Simulator};
use juju_types::{CharmFiles, Event};
use reactive_endpoints::{Charm, Context, Flag, MemoryStore, Trigger, always};

use crate::support::{failed, files, flags, keeping, last_line, tools};

const CHANGED: Flag = Flag::new("config.changed");
const PORT_CHANGED: Flag = Flag::new("config.changed.port");
const PORT_DEFAULT: Flag = Flag::new("config.default.port");

/// What the charm has seen of its config in its last run.
type Seen = Arc<Mutex<Vec<String>>>;

/// A unit whose charm looks at all flags in every run.
struct Model {
    unit: SimulatedUnit,
    store: MemoryStore,
    seen: Seen,
}

impl Model {
    fn new() -> Self {
        let (store, seen) = (MemoryStore::new(), Seen::default());
        let noted = Arc::clone(&seen);
        let charm = move || {
            let noted = Arc::clone(&noted);
            Charm::new(()).config_flags().when(always(), move |(), cx| {
                *noted.lock().unwrap() = cx.flags().iter().map(ToString::to_string).collect();
                Ok(())
            })
        };
        let unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
        Self { unit, store, seen }
    }

    fn configure(&mut self, port: u16) {
        self.unit.change(|state| state.with_config("port", port));
    }

    /// Runs update-status, and returns which options have changed.
    #[track_caller]
    fn changed(&mut self) -> Vec<String> {
        self.unit.run("update-status");
        self.seen("config.changed.")
    }

    fn seen(&self, prefix: &str) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter_map(|flag| flag.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    /// The file in which a Python charm remembers its config.
    fn file(&mut self) -> PathBuf {
        self.unit.juju().charm_dir("app/0").unwrap().join(".juju-persistent-config")
    }

    /// Writes the file as a Python charm does at the end of its run.
    fn run_python(&mut self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }
}

fn options() -> CharmFiles {
    let mut files = files("");
    files.config = Some(
        "options: {debug: {type: boolean}, port: {type: int, default: 80},
            ratio: {type: float, default: 1.0}, retries: {type: int, default: 0},
            title: {type: string, default: ''}}"
            .to_owned(),
    );
    files
}

#[test]
fn in_the_first_run_all_options_have_changed() {
    let mut model = Model::new();
    assert_eq!(model.changed(), ["debug", "port", "ratio", "retries", "title"]);
    assert!(model.seen.lock().unwrap().contains(&CHANGED.to_string()));
    assert!(model.changed().is_empty());
    assert!(!model.seen.lock().unwrap().contains(&CHANGED.to_string()));
}

#[test]
fn an_option_changes_when_its_value_does() {
    let mut model = Model::new();
    model.changed();
    model.configure(8080);
    assert_eq!(model.changed(), ["port"]);
    assert!(model.changed().is_empty());
}

#[test]
fn set_flags_leave_out_what_is_empty_zero_or_false() {
    let mut model = Model::new();
    model.changed();
    assert_eq!(model.seen("config.set."), ["port", "ratio"]);
    model.unit.change(|state| state.with_config("debug", true).with_config("title", "t"));
    model.changed();
    assert_eq!(model.seen("config.set."), ["debug", "port", "ratio", "title"]);
    model.unit.change(|state| state.with_config("debug", false));
    model.changed();
    assert_eq!(model.seen("config.set."), ["port", "ratio", "title"]);
}

#[test]
fn default_flags_follow_the_charms_yaml() {
    let mut model = Model::new();
    model.changed();
    // One has neither a value nor a default, as Python compares them, and Juju
    // shows 1 for 1.0.
    assert_eq!(model.seen("config.default."), ["debug", "port", "ratio", "retries", "title"]);
    model.configure(8080);
    model.unit.change(|state| state.with_config("debug", false));
    model.changed();
    assert_eq!(model.seen("config.default."), ["ratio", "retries", "title"]);
}

#[test]
fn the_flags_do_not_outlive_their_run() {
    let mut model = Model::new();
    model.changed();
    assert!(flags(&model.store.rows()).is_empty());
}

#[test]
fn a_change_is_seen_only_when_the_run_succeeds() {
    let mut model = Model::new();
    model.changed();
    model.configure(8080);
    model.unit.juju().inject("app/0", Fault::FailFlush).unwrap();
    failed(model.unit.try_run("update-status"));
    assert_eq!(model.changed(), ["port"]);
    assert!(model.changed().is_empty());
}

#[test]
fn a_run_that_looks_at_no_flag_asks_for_nothing_and_misses_nothing() {
    let store = MemoryStore::new();
    let charm = || {
        Charm::new(()).config_flags().on(Event::Start, |(), cx| {
            let changed = cx.is_set(PORT_CHANGED);
            cx.kv().set("changed", &changed)
        })
    };
    let mut unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
    unit.run("start");
    unit.change(|state| state.with_config("port", 8080));
    assert!(tools(unit.run("update-status")).iter().all(|tool| *tool != "config-get"));
    unit.run("start");
    assert_eq!(store.rows()["changed"], "true");
    unit.run("start");
    assert_eq!(store.rows()["changed"], "false");
}

#[test]
fn an_idle_run_that_looks_writes_nothing() {
    let mut model = Model::new();
    model.changed();
    model.changed();
    assert!(tools(model.unit.run("update-status")).iter().all(|tool| !tool.ends_with("-set")));
}

#[test]
fn a_trigger_fires_though_nobody_looks() {
    const FIRED: Flag = Flag::new("fired");
    let store = MemoryStore::new();
    let charm =
        || Charm::new(()).config_flags().trigger(Trigger::on_set(&PORT_CHANGED).set(&FIRED));
    let mut unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
    unit.run("start");
    assert_eq!(flags(&store.rows()), ["fired"]);
}

#[test]
fn a_flag_that_is_cleared_stays_cleared_until_the_end_of_the_run() {
    let store = MemoryStore::new();
    let charm = || {
        Charm::new(())
            .config_flags()
            .on(Event::Start, |(), cx| {
                cx.clear(PORT_CHANGED);
                Ok(())
            })
            .when(&PORT_CHANGED, |(), cx: &Context| cx.kv().set("ran", &true))
    };
    let mut unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
    unit.run("start");
    assert!(!store.rows().contains_key("ran"));
}

#[test]
fn the_value_before_can_be_asked_for() {
    let store = MemoryStore::new();
    let charm = || {
        Charm::new(()).when(always(), |(), cx| {
            let changes = cx.config_changes()?;
            let before = (changes.previous::<u16>("port")?, changes.previous::<bool>("debug")?);
            let all: Vec<&str> = changes.changed_options().collect();
            cx.kv().set("before", &(before, changes.changed("port"), all.len()))?;
            assert!(!changes.changed("nonsense"));
            assert_eq!(changes.previous::<u16>("nonsense")?, None);
            Ok(())
        })
    };
    let mut unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
    unit.run("start");
    assert_eq!(store.rows()["before"], "[[null, null], true, 5]");
    unit.change(|state| state.with_config("port", 8080));
    unit.run("start");
    assert_eq!(store.rows()["before"], "[[80, null], true, 1]");
    unit.run("start");
    assert_eq!(store.rows()["before"], "[[8080, null], false, 0]");
}

#[test]
fn a_charm_whose_yaml_cannot_be_read_fails_where_a_default_is_asked_for() {
    let charm = || Charm::new(()).config_flags().when(&PORT_DEFAULT, |(), _| Ok(()));
    let store = MemoryStore::new();
    let mut unit = Simulator::unit("app/0").charm_files(options()).charm(keeping(&store, charm));
    let folder = unit.juju().charm_dir("app/0").unwrap();
    fs::write(folder.join("metadata.yaml"), "{").unwrap();
    let ran = failed(unit.try_run("start"));
    assert!(last_line(&ran).contains("the charm's own YAML files are refused"), "{ran}");
}

/// The config of the model as a Python charm writes it.
const OF_PYTHON: &str =
    r#"{"title": "", "port": 80, "debug": null, "ratio": 1.0, "retries": 0, "mine": "x"}"#;

#[test]
fn a_unit_that_was_pythons_sees_no_change() {
    let mut model = Model::new();
    model.run_python(OF_PYTHON);
    assert!(model.changed().is_empty());
    model.configure(8080);
    assert_eq!(model.changed(), ["port"]);
}

#[test]
fn a_unit_that_becomes_pythons_again_sees_no_change() {
    let mut model = Model::new();
    model.run_python(OF_PYTHON);
    model.changed();
    model.configure(8080);
    model.changed();
    insta::assert_snapshot!(fs::read_to_string(model.file()).unwrap(), @r#"{"debug": null, "mine": "x", "port": 8080, "ratio": 1, "retries": 0, "title": ""}"#);
    assert_eq!(fs::metadata(model.file()).unwrap().permissions().mode() & 0o777, 0o600);
    // And what Python has handled in between has not changed for us.
    model.run_python(&OF_PYTHON.replace("80", "9090"));
    model.configure(9090);
    assert!(model.changed().is_empty());
    model.configure(8080);
    assert_eq!(model.changed(), ["port"]);
}

#[test]
fn a_unit_that_was_never_pythons_has_no_such_file() {
    let mut model = Model::new();
    model.changed();
    assert!(!model.file().exists());
}

#[test]
fn a_refused_run_leaves_the_change_to_be_seen_whoever_wrote_the_file() {
    let mut model = Model::new();
    model.run_python(OF_PYTHON);
    model.configure(81);
    // The first run after Python's.
    model.unit.juju().inject("app/0", Fault::FailFlush).unwrap();
    failed(model.unit.try_run("update-status"));
    assert_eq!(model.changed(), ["port"]);
    // A later one, which has written the file.
    model.configure(82);
    model.unit.juju().inject("app/0", Fault::FailFlush).unwrap();
    failed(model.unit.try_run("update-status"));
    assert!(fs::read_to_string(model.file()).unwrap().contains("82"));
    assert_eq!(model.changed(), ["port"]);
    assert!(model.changed().is_empty());
    // The first after Python was there once more.
    model.run_python(&OF_PYTHON.replace("80", "83"));
    model.configure(82);
    model.unit.juju().inject("app/0", Fault::FailFlush).unwrap();
    failed(model.unit.try_run("update-status"));
    assert_eq!(model.changed(), ["port"]);
    assert!(model.changed().is_empty());
}

#[test]
fn a_file_that_holds_no_config_is_passed_over_and_left_alone() {
    for text in ["", "[1]", "{", "\u{0}"] {
        let mut model = Model::new();
        model.run_python(text);
        assert_eq!(model.changed().len(), 5, "{text:?}");
        model.configure(8080);
        assert_eq!(model.changed(), ["port"]);
        assert_eq!(fs::read_to_string(model.file()).unwrap(), text);
    }
}
