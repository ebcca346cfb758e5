//! A charm on charms.reactive: what it shows, and what it keeps.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use juju_simulator::{Fault, Simulator};
use serde_json::{Map, Value, json};

use crate::demo::{
    VERSIONS, builder, changes, charm, last, ran_since, relation, served, settle, workload,
};
use crate::python_interpreter;

/// Two applications, one of which stands behind the other.
fn relate(juju: &mut Simulator) {
    juju.deploy(charm("reactive-demo"), "web").unwrap();
    juju.deploy(charm("reactive-demo"), "db").unwrap();
    juju.integrate("web:backend", "db:server").unwrap();
}

fn related() -> Simulator {
    let mut juju = builder().update_status_interval(Duration::ZERO).build();
    relate(&mut juju);
    settle(&mut juju);
    juju
}

/// Returns all rows that a unit keeps in its database, but for a note that is
/// meant for the hook alone which writes it.
fn kept(juju: &Simulator, unit: &str) -> Map<String, Value> {
    let mut rows = read(&juju.charm_dir(unit).unwrap().join(".unit-state.db"));
    rows.remove("reactive.dispatch.removed_state");
    rows
}

fn read(database: &Path) -> Map<String, Value> {
    let code = "import json, sqlite3, sys; rows = sqlite3.connect(sys.argv[1]).execute(\
                'select key, data from kv'); print(json.dumps({k: json.loads(v) for k, v in rows}))";
    let mut python = Command::new(python_interpreter::path());
    let output = python.args(["-c", code]).arg(database).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the flags that are set in a unit, without those for what Juju itself
/// has written into relations.
fn flags(juju: &Simulator, unit: &str) -> String {
    let kept = kept(juju, unit);
    let flags = kept.keys().filter_map(|key| key.strip_prefix("reactive.states."));
    let flags = flags.filter(|flag| !flag.ends_with("-address") && !flag.ends_with("-subnets"));
    flags.collect::<Vec<_>>().join(" ")
}

#[test]
fn flags_follow_the_hooks() {
    for version in VERSIONS {
        let mut juju = builder().juju_version(version.clone()).build();
        relate(&mut juju);
        let mut story = String::new();
        while juju.run_next().unwrap() {
            let operation = juju.operations().last().unwrap();
            assert!(operation.exit.is_success(), "{operation}");
            if operation.unit.to_string() == "web/0" {
                let _ = writeln!(story, "{}: {}", operation.kind, flags(&juju, "web/0"));
            }
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(story, @"
            install: demo.installed
            backend-relation-created: demo.installed
            leader-elected: demo.installed
            config-changed: demo.installed
            start: demo.installed
            backend-relation-joined: demo.installed endpoint.backend.available endpoint.backend.changed endpoint.backend.changed.host endpoint.backend.joined
            backend-relation-changed: demo.installed endpoint.backend.available endpoint.backend.changed endpoint.backend.changed.host endpoint.backend.joined
            ");
        }
        assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.12:8000");
        let relation = relation(&juju, "web/0", "backend");
        assert_eq!(relation["remote_units"]["db/0"], served(&version, "8000"));
    }
}

#[test]
fn a_change_is_seen_once() {
    let mut juju = related();
    assert_eq!(kept(&juju, "web/0")["demo.renders"], 1);
    let mark = juju.operations().len();
    juju.configure("db", [("port", "5432")]).unwrap();
    settle(&mut juju);
    assert_eq!(ran_since(&juju, mark), ["db/0 config-changed", "web/0 backend-relation-changed"]);
    insta::assert_snapshot!(changes(last(&juju, "db/0")), @"
    port closed: 8000/tcp
    port opened: 5432/tcp
    server:0 unit: port = 5432
    ");
    assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.12:5432");
    let before = kept(&juju, "web/0");
    assert_eq!(before["demo.renders"], 2);

    for unit in ["db/0", "web/0"] {
        juju.update_status(unit).unwrap();
        assert_eq!(last(&juju, unit).kind.to_string(), "update-status");
        assert_eq!(changes(last(&juju, unit)), "");
    }
    assert_eq!(kept(&juju, "web/0"), before);
}

#[test]
fn units_that_departed_are_remembered_until_they_were_handled() {
    let mut juju = related();
    juju.add_unit("db").unwrap();
    settle(&mut juju);
    assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.12:8000 10.0.0.13:8000");
    juju.remove_unit("db/0").unwrap();
    settle(&mut juju);
    assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.13:8000");
    assert_eq!(kept(&juju, "web/0")["demo.gone"], json!(["db/0"]));

    juju.remove_relation("web", "db").unwrap();
    settle(&mut juju);
    assert_eq!(kept(&juju, "web/0")["demo.gone"], json!(["db/0", "db/1"]));
    assert_eq!(workload(&juju, "web/0"), "waiting: for a backend");
    assert_eq!(
        flags(&juju, "web/0"),
        "demo.installed endpoint.backend.changed endpoint.backend.changed.host"
    );
}

#[test]
fn a_hook_that_fails_keeps_its_flags() {
    let mut juju = related();
    juju.configure("db", [("port", "5432")]).unwrap();
    let before = kept(&juju, "db/0");
    juju.inject("db/0", Fault::FailTool("relation-set".to_owned())).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "db/0"), "error: hook failed: \"config-changed\"");
    assert_eq!(kept(&juju, "db/0"), before);
    assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.12:8000");

    juju.advance(Duration::from_secs(5)).unwrap();
    assert_eq!(workload(&juju, "web/0"), "active: 10.0.0.12:5432");
}

#[test]
fn a_hook_that_is_killed_anywhere_is_made_up_for() {
    let mut juju = related();
    juju.configure("db", [("port", "9000")]).unwrap();
    juju.run_until_idle().unwrap();
    let calls = last(&juju, "web/0").calls.len();
    assert_eq!(last(&juju, "web/0").kind.to_string(), "backend-relation-changed");
    for number in (1..=calls).step_by(6) {
        let port = (9000 + number).to_string();
        juju.configure("db", [("port", &port)]).unwrap();
        juju.inject("web/0", Fault::KillAtCall(number)).unwrap();
        let before = kept(&juju, "web/0");
        juju.run_until_idle().unwrap();
        assert_eq!(last(&juju, "web/0").exit.to_string(), "ended by signal 9");
        assert_eq!(kept(&juju, "web/0"), before);
        juju.advance(Duration::from_secs(5)).unwrap();
        assert_eq!(workload(&juju, "web/0"), format!("active: 10.0.0.12:{port}"));
    }
}

#[test]
fn an_action_reads_the_flags() {
    let mut juju = related();
    let outcome = juju.run_action("web/0", "show", json!({ "prefix": "demo" })).unwrap();
    assert_eq!(outcome.status.to_string(), "completed");
    assert_eq!(outcome.results["flags"], "demo.installed");
    assert_eq!(outcome.results["count"], "1");
    let outcome = juju.run_action("web/0", "show", json!({ "prefix": "x" })).unwrap();
    assert_eq!(outcome.status.to_string(), "failed");
    assert_eq!(outcome.message, "no flag begins with x");
}

#[test]
fn a_refresh_keeps_the_flags() {
    let mut juju = related();
    let before = kept(&juju, "web/0");
    let mark = juju.operations().len();
    juju.refresh(charm("reactive-demo"), "web").unwrap();
    settle(&mut juju);
    assert_eq!(ran_since(&juju, mark), ["web/0 upgrade-charm", "web/0 config-changed"]);
    assert_eq!(kept(&juju, "web/0"), before);
}

#[test]
fn charms_on_both_frameworks_understand_each_other() {
    let mut juju = builder().build();
    juju.deploy(charm("ops-demo"), "ops").unwrap();
    juju.deploy(charm("reactive-demo"), "reactive").unwrap();
    juju.configure("ops", [("greeting", "hi")]).unwrap();
    juju.integrate("reactive:backend", "ops:server").unwrap();
    settle(&mut juju);
    assert_eq!(workload(&juju, "reactive/0"), "active: 10.0.0.11:8080");
    juju.integrate("ops:backend", "reactive:server").unwrap();
    settle(&mut juju);
    let backend = relation(&juju, "ops/0", "backend");
    assert_eq!(backend["remote_units"]["reactive/0"]["port"], "8000");
}
