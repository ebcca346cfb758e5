//! Handlers of events, actions and flags, and what a failing one leaves behind.

use std::fs;
use std::sync::Arc;

use juju_simulator::{ActionStatus, RelationState, SimulatedUnit, Simulator, UnitEvent};
use juju_types::{CharmFiles, Event, JujuVersion};
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Flag, HookPattern, InvocationId, MemoryStore, Result,
    RunKind, Store as _, always, blocked, files_changed, hook, once,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::{Log, failed, files, flags, keeping, kept, last_line, logged, tools};

const A: Flag = Flag::new("a");
const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

/// A unit whose charm notes what runs.
struct Model {
    unit: SimulatedUnit,
    store: MemoryStore,
    log: Log,
}

impl Model {
    fn new(charm: fn(Charm<Log>) -> Charm<Log>) -> Self {
        Self::with_store(MemoryStore::new(), charm)
    }

    fn with_store(store: MemoryStore, charm: fn(Charm<Log>) -> Charm<Log>) -> Self {
        let log = Log::default();
        let noted = Arc::clone(&log);
        let unit = Simulator::unit("app/0")
            .charm_files(definition())
            .juju_version(JujuVersion::new(3, 6, 5))
            .charm(keeping(&store, move || charm(Charm::new(Arc::clone(&noted)))));
        Self { unit, store, log }
    }

    /// Runs an event, and returns what has run because of it.
    #[track_caller]
    fn run(&mut self, event: impl Into<UnitEvent>) -> Vec<&'static str> {
        self.unit.run(event);
        self.take()
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

fn definition() -> CharmFiles {
    let mut files = files("requires: {db: {interface: sql}, web: {interface: http}}");
    files.actions = Some(
        "backup: {params: {target: {type: string}, keep: {type: integer}}}\nrestart: {}".to_owned(),
    );
    files
}

fn pattern(text: &str) -> HookPattern {
    text.parse().unwrap()
}

#[test]
fn handlers_run_in_the_order_in_which_they_were_registered_events_first() {
    let mut model = Model::new(|charm| {
        charm
            .when(always(), logged("always"))
            .on(Event::Start, logged("start"))
            .when(always(), logged("always, too"))
            .on([Event::Install, Event::Start], logged("install or start"))
    });
    assert_eq!(model.run("start"), ["start", "install or start", "always", "always, too"]);
    assert_eq!(model.run("install"), ["install or start", "always", "always, too"]);
    assert_eq!(model.run("update-status"), ["always", "always, too"]);
}

#[test]
fn a_pattern_means_hooks_by_name_and_by_role_and_interface() {
    let mut model = Model::new(|charm| {
        charm
            .on(pattern("{start,stop}"), logged("start or stop"))
            .on(pattern("{requires:sql}-relation-{joined,created}"), logged("sql"))
            .when(hook(pattern("{requires:http}-relation-created")), logged("http"))
            .on(DB.hooks(), |log, cx| {
                assert!(cx.any_hook([pattern("db-relation-{created,joined}")]));
                assert!(!cx.any_hook([pattern("{provides:sql}-relation-created")]));
                logged("db")(log, cx)
            })
    });
    assert_eq!(model.run("stop"), ["start or stop"]);
    let with_relations = |state: juju_simulator::UnitState| {
        state
            .with_relation(RelationState::new("db:0", "sql"))
            .with_relation(RelationState::new("web:1", "http"))
    };
    model.unit.change(with_relations);
    assert_eq!(model.run("db-relation-created"), ["sql", "db"]);
    assert_eq!(model.run("web-relation-created"), ["http"]);
}

#[test]
fn an_event_that_juju_does_not_define_has_handlers_by_its_name() {
    let mut model = Model::new(|charm| {
        charm.on_custom("service-web-stopped", logged("stopped")).when(always(), logged("always"))
    });
    assert_eq!(model.run(UnitEvent::custom("service-web-stopped")), ["stopped", "always"]);
    // Nobody needs to know it.
    assert_eq!(model.run(UnitEvent::custom("service-db-stopped")), ["always"]);
}

#[derive(Deserialize)]
struct Backup {
    target: String,
    keep: Option<u8>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Written {
    to_target: String,
}

fn backup(log: &mut Log, cx: &Context, backup: Backup) -> Result<Written> {
    logged("backup")(log, cx)?;
    cx.set(A);
    match backup.keep {
        Some(0) => Err(blocked("keep one at least")),
        Some(1) => Err("no space left".into()),
        _ => Ok(Written { to_target: backup.target }),
    }
}

fn with_actions(charm: Charm<Log>) -> Charm<Log> {
    charm
        .action("backup", backup)
        .action("restart", logged("restart"))
        .when(&A, logged("flag"))
        .on(pattern("backup"), logged("the hook of that name"))
}

#[test]
fn an_action_takes_typed_parameters_and_answers() {
    let mut model = Model::new(with_actions);
    let outcome = model.unit.run_action("backup", json!({"target": "disk", "keep": 7}));
    assert_eq!(outcome.status, ActionStatus::Completed);
    assert_eq!(outcome.results["to-target"], "disk");
    // Handlers of flags run, too.
    assert_eq!(model.take(), ["backup", "flag"]);
    assert_eq!(flags(&model.store.rows()), ["a"]);

    let outcome = model.unit.run_action("restart", json!(null));
    assert_eq!(outcome.status, ActionStatus::Completed);
    assert_eq!(model.take(), ["restart", "flag"]);
}

#[test]
fn an_action_fails_with_a_message_and_the_run_goes_on() {
    let mut model = Model::new(with_actions);
    let outcome = model.unit.run_action("backup", json!({"keep": 3}));
    assert_eq!(outcome.status, ActionStatus::Failed);
    assert!(outcome.message.contains("missing field `target`"), "{}", outcome.message);
    assert!(model.take().is_empty());

    let outcome = model.unit.run_action("backup", json!({"target": "disk", "keep": 300}));
    assert_eq!(outcome.status, ActionStatus::Failed);
    insta::assert_snapshot!(outcome.message, @"`keep` is not valid: invalid value: integer `300`, expected u8");

    let outcome = model.unit.run_action("backup", json!({"target": "disk", "keep": 0}));
    assert_eq!(
        (outcome.status, outcome.message.as_str()),
        (ActionStatus::Failed, "keep one at least")
    );
    assert_eq!(model.take(), ["backup", "flag"]);
    assert_eq!(flags(&model.store.rows()), ["a"]);
}

#[test]
fn an_action_that_nobody_handles_fails() {
    let mut model = Model::new(|charm| charm.when(&A, logged("flag")));
    let outcome = model.unit.run_action("restart", json!(null));
    assert_eq!(outcome.status, ActionStatus::Failed);
    insta::assert_snapshot!(outcome.message, @"the charm has no action `restart`");
}

#[test]
fn an_action_that_ends_with_an_error_keeps_nothing() {
    let mut model = Model::new(with_actions);
    let outcome = model.unit.run_action("backup", json!({"target": "disk", "keep": 1}));
    assert_eq!(outcome.status, ActionStatus::Failed);
    let ran = model.unit.operation();
    assert!(ran.log.iter().any(|line| line.message.contains("no space left")), "{ran}");
    assert_eq!(model.take(), ["backup"]);
    assert!(model.store.rows().is_empty());
}

#[test]
fn in_a_restricted_hook_only_its_own_handlers_run_and_nothing_is_kept() {
    let mut model = Model::new(|charm| {
        charm
            .on(Event::CollectMetrics, |log, cx| {
                cx.set(A);
                logged("metrics")(log, cx)
            })
            .when(&A, logged("flag"))
            .when(always(), logged("always"))
            .status(|_, _| Err(blocked("never asked for")))
            .at_start(logged("start"))
    });
    assert_eq!(model.run("collect-metrics"), ["metrics"]);
    assert!(tools(model.unit.operation()).is_empty());
    assert!(model.store.rows().is_empty());
}

#[test]
fn in_a_restricted_hook_flags_and_stored_data_can_be_looked_at() {
    let mut model = Model::new(|charm| {
        charm
            .on(Event::Start, |_, cx| {
                cx.set(A);
                cx.kv().set("users", &3)
            })
            .on(Event::CollectMetrics, |log, cx| {
                assert!(cx.is_set(A));
                assert_eq!(cx.kv().get::<u8>("users")?, Some(3));
                cx.clear(A);
                logged("metrics")(log, cx)
            })
    });
    assert!(model.run("start").is_empty());
    assert_eq!(model.run("collect-metrics"), ["metrics"]);
    assert!(tools(model.unit.operation()).is_empty());
    // What the hook before has kept is confirmed by the next that can ask.
    assert!(model.store.load().unwrap().provisional.is_some());
    model.run("update-status");
    assert_eq!(flags(&model.store.rows()), ["a"]);
    assert!(model.store.load().unwrap().provisional.is_none());
}

#[test]
fn handlers_of_flags_can_be_kept_out_of_a_kind_of_run() {
    let mut model = Model::new(|charm| {
        with_actions(charm)
            .without_flag_handlers_in(RunKind::Action)
            .without_flag_handlers_in(RunKind::CustomEvent)
            .on_custom("woken", logged("woken"))
            .when(always(), logged("always"))
    });
    model.unit.run_action("restart", json!(null));
    assert_eq!(model.take(), ["restart"]);
    assert_eq!(model.run(UnitEvent::custom("woken")), ["woken"]);
    assert_eq!(model.run("update-status"), ["always"]);
}

#[test]
fn what_is_done_once_is_not_done_again() {
    let mut model = Model::new(|charm| {
        charm
            .when(once("create-schema"), |log, cx| {
                logged("schema")(log, cx)?;
                if cx.is_set(A) { Ok(()) } else { Err(blocked("no database")) }
            })
            .on(Event::Start, |_, cx| {
                cx.set(A);
                assert!(!cx.was_invoked("create-schema"));
                Ok(())
            })
    });
    assert_eq!(model.run("update-status"), ["schema"]);
    assert_eq!(model.run("start"), ["schema"]);
    assert!(model.run("update-status").is_empty());
    assert_eq!(model.store.rows()["reactive.invoked.create-schema"], "true");
}

#[test]
fn what_python_has_done_once_is_not_done_again() {
    let store = kept([("reactive.invoked.reactive/db.py:31:create_schema", "true")]);
    let mut model = Model::with_store(store, |charm| {
        let id = || InvocationId::new("create-schema").formerly("reactive/db.py:31:create_schema");
        charm.when(once(id()), logged("schema")).on(Event::Start, move |_, cx| {
            assert!(cx.was_invoked(id()) && !cx.was_invoked("other"));
            cx.mark_invoked("other");
            assert!(cx.was_invoked("other"));
            Ok(())
        })
    });
    assert!(model.run("start").is_empty());
}

#[test]
#[should_panic = "the action `backup` is no hook: register it with `Charm::action`"]
fn an_action_is_no_event() {
    let _ = Charm::new(()).on(Event::Action("backup".parse().unwrap()), |(), _| Ok(()));
}

#[test]
fn what_is_to_run_at_the_start_and_at_the_end_does() {
    let mut model = Model::new(|charm| {
        charm
            .at_start(logged("first"))
            .at_start(|log: &mut Log, cx: &Context| {
                let (one, two) = (Arc::clone(log), Arc::clone(log));
                cx.at_exit(move |_| {
                    one.lock().unwrap().push("exit one");
                    Ok(())
                });
                cx.at_exit(move |cx| {
                    two.lock().unwrap().push("exit two");
                    cx.at_exit(move |cx| {
                        two.lock().unwrap().push("exit three");
                        cx.set(A);
                        Ok(())
                    });
                    Ok(())
                });
                logged("second")(log, cx)
            })
            .on(Event::Start, logged("event"))
            .when(always(), logged("always"))
            .when(&A, logged("too late"))
    });
    assert_eq!(
        model.run("start"),
        ["first", "second", "event", "always", "exit two", "exit three", "exit one"]
    );
    assert_eq!(flags(&model.store.rows()), ["a"]);
}

#[test]
fn a_handler_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "1").unwrap();
    let store = MemoryStore::new();
    let charm = move || {
        Charm::new(())
            .endpoint(DB)
            .status(|(), _| Err(blocked("not set")))
            .when(files_changed([file.clone()]), |(), cx| {
                cx.at_exit(|_| panic!("it is not called"));
                Ok(())
            })
            .when(always(), |(), cx: &Context| {
                cx.set(A);
                cx.kv().set("kept", &1)?;
                for relation in &cx.endpoint(DB).relations()? {
                    relation.to_publish()?.set("port", &80)?;
                }
                Ok(())
            })
            .when(&A, fail)
    };
    let mut unit = Simulator::unit("app/0")
        .charm_files(definition())
        .relation(RelationState::new("db:0", "sql"))
        .charm(keeping(&store, charm));
    let ran = failed(unit.try_run("update-status"));
    insta::assert_snapshot!(last_line(&ran), @"the hook `update-status` failed: the handler `handlers::fail` failed: no network");
    assert!(store.rows().is_empty());
    assert!(!unit.relation("db").own_data().contains_key("port"));
    assert!(!tools(&ran).iter().any(|tool| tool.ends_with("-set")), "{ran}");
}

fn fail((): &mut (), _: &Context) -> Result {
    Err("no network".into())
}

#[test]
fn a_panic_is_a_failure_of_the_hook() {
    let mut model = Model::new(|charm| {
        charm.on(Event::Start, |_, cx| {
            cx.set(A);
            panic!("the socket is gone")
        })
    });
    let ran = failed(model.unit.try_run("start"));
    assert!(ran.log.iter().any(|line| line.message.contains("the socket is gone")), "{ran}");
    assert!(model.store.rows().is_empty());
}
