//! A charm on ops: what it shows of the model it is in.

use std::time::Duration;

use juju_simulator::{Fault, Simulator};
use juju_types::JujuVersion;
use serde_json::json;

use crate::demo::{
    VERSIONS, builder, changes, charm, last, log, ran_since, relation, served, settle, state,
    workload,
};

/// Two applications, one of which stands behind the other.
fn related() -> Simulator {
    let mut juju = builder().update_status_interval(Duration::ZERO).build();
    relate(&mut juju);
    juju
}

fn relate(juju: &mut Simulator) {
    juju.deploy(charm("ops-demo"), "web").unwrap();
    juju.deploy(charm("ops-demo"), "db").unwrap();
    juju.configure("web", [("greeting", "hi")]).unwrap();
    juju.integrate("web:backend", "db:server").unwrap();
    settle(juju);
}

#[test]
fn a_charm_comes_up_and_says_what_it_lacks() {
    for version in VERSIONS {
        let mut juju = builder().juju_version(version).build();
        juju.deploy(charm("ops-demo"), "web").unwrap();
        settle(&mut juju);
        assert_eq!(workload(&juju, "web/0"), "blocked: set the option greeting");
        juju.configure("web", [("greeting", "hi"), ("port", "80")]).unwrap();
        settle(&mut juju);
        insta::allow_duplicates! {
            insta::assert_snapshot!(changes(last(&juju, "web/0")), @"
            status: blocked: set the option greeting -> active: hi, nobody
            port closed: 8080/tcp
            port opened: 80/tcp
            ");
        }
        let state = state(&juju, "web/0");
        assert_eq!(state["app_status"]["message"], "1 planned");
        assert_eq!(state["workload_version"], "data/0");
        assert_eq!(relation(&juju, "web/0", "cluster")["local_app_data"], json!({"planned": "1"}));
    }
}

#[test]
fn an_option_that_is_wrong_blocks() {
    let mut juju = builder().build();
    juju.deploy(charm("ops-demo"), "web").unwrap();
    juju.configure("web", [("greeting", "hi"), ("port", "65536")]).unwrap();
    settle(&mut juju);
    assert_eq!(workload(&juju, "web/0"), "blocked: 65536 is no port");
    assert_eq!(state(&juju, "web/0")["opened_ports"], json!([]));

    juju.configure("web", [("port", "80")]).unwrap();
    settle(&mut juju);
    insta::assert_snapshot!(changes(last(&juju, "web/0")), @"
    status: blocked: 65536 is no port -> active: hi, nobody
    port opened: 80/tcp
    port opened: 9000/udp
    ");
}

#[test]
fn what_is_related_shows_its_data() {
    for version in VERSIONS {
        let mut juju = builder().juju_version(version.clone()).build();
        relate(&mut juju);
        assert_eq!(workload(&juju, "web/0"), "active: hi, web 1");
        let relation = relation(&juju, "web/0", "backend");
        assert_eq!(relation["remote_units"], json!({ "db/0": served(&version, "8080") }));
        let password = relation["remote_app_data"]["password"].as_str().unwrap();
        if version.has_secrets() {
            assert!(password.starts_with("secret:"), "{password}");
        } else {
            assert_eq!(password, "web 1");
        }
    }
}

#[test]
fn a_password_that_is_renewed_reaches_its_reader() {
    for version in VERSIONS.into_iter().filter(JujuVersion::has_secrets) {
        let mut juju = builder().juju_version(version).build();
        relate(&mut juju);
        let mark = juju.operations().len();
        let params = json!({ "reason": "a leak" });
        let outcome = juju.run_action("db/0", "rotate", params).unwrap();
        settle(&mut juju);
        assert_eq!(outcome.log, ["because of a leak"]);
        let results = serde_json::to_value(outcome.results).unwrap();
        assert_eq!(
            results,
            json!({ "reason": "a leak", "return-code": 0, "revisions": { "web": "2" } })
        );
        // The owner has read the first revision, too, so that it is still in use.
        assert_eq!(ran_since(&juju, mark), ["db/0 rotate", "web/0 secret-changed"]);
        assert_eq!(workload(&juju, "web/0"), "active: hi, web 2");
        let secret = state(&juju, "db/0")["secrets"][0].clone();
        assert_eq!(secret["label"], "relation-2");
        assert_eq!(secret["revisions"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_password_comes_due_to_be_renewed() {
    let mut juju = related();
    let mark = juju.operations().len();
    juju.advance(Duration::from_hours(24)).unwrap();
    settle(&mut juju);
    assert_eq!(ran_since(&juju, mark), ["db/0 secret-rotate", "web/0 secret-changed"]);
    assert_eq!(workload(&juju, "web/0"), "active: hi, web 2");

    // To renew it again, the owner reads the second revision: the first is free.
    let mark = juju.operations().len();
    juju.advance(Duration::from_hours(24)).unwrap();
    settle(&mut juju);
    assert_eq!(
        ran_since(&juju, mark),
        ["db/0 secret-rotate", "db/0 secret-remove", "web/0 secret-changed"]
    );
    assert_eq!(workload(&juju, "web/0"), "active: hi, web 3");
    let revisions = state(&juju, "db/0")["secrets"][0]["revisions"].clone();
    let numbers: Vec<_> =
        revisions.as_array().unwrap().iter().map(|one| &one["revision"]).collect();
    assert_eq!(numbers, [2, 3]);
}

#[test]
fn an_action_fails_as_it_says() {
    let mut juju = related();
    juju.add_unit("db").unwrap();
    settle(&mut juju);
    let outcome = juju.run_action("db/1", "rotate", json!({ "reason": "x" })).unwrap();
    assert_eq!(outcome.status.to_string(), "failed");
    assert_eq!(outcome.message, "only the leader can do this");

    // Juju itself refuses this, and the charm is not asked.
    let ran = juju.operations().len();
    let outcome = juju.run_action("db/0", "rotate", json!({})).unwrap();
    assert_eq!(outcome.status.to_string(), "failed");
    assert_eq!(juju.operations().len(), ran);

    juju.inject("db/0", Fault::FailTool("secret-set".to_owned())).unwrap();
    let outcome = juju.run_action("db/0", "rotate", json!({ "reason": "x" })).unwrap();
    assert_eq!(outcome.status.to_string(), "failed");
    assert_eq!(outcome.message, "exit status 1");
    let stderr = outcome.results["stderr"].as_str().unwrap();
    assert!(stderr.starts_with("Uncaught ModelError in charm code"), "{stderr:?}");
    assert_eq!(workload(&juju, "web/0"), "active: hi, web 1");
}

#[test]
fn an_event_that_was_deferred_comes_back_in_the_next_hook() {
    for in_juju in ["", "1"] {
        let mut juju = builder().charm_variable("DEMO_STATE_IN_JUJU", in_juju).build();
        juju.deploy(charm("ops-demo"), "web").unwrap();
        juju.deploy(charm("ops-demo"), "db").unwrap();
        juju.integrate("web:backend", "db:server").unwrap();
        settle(&mut juju);
        assert!(log(last(&juju, "web/0")).contains("deferred: there is nothing to say yet"));
        assert_eq!(workload(&juju, "web/0"), "blocked: set the option greeting");

        juju.configure("web", [("greeting", "hi")]).unwrap();
        settle(&mut juju);
        let operation = last(&juju, "web/0");
        assert_eq!(operation.kind.to_string(), "config-changed");
        assert!(log(operation).contains("Re-emitting deferred event"), "{operation}");
        assert_eq!(workload(&juju, "web/0"), "active: hi, web 1");
    }
}

#[test]
fn stored_state_lasts_in_a_file_or_in_juju() {
    for in_juju in ["", "1"] {
        let mut juju = builder().charm_variable("DEMO_STATE_IN_JUJU", in_juju).build();
        relate(&mut juju);
        let file = juju.charm_dir("web/0").unwrap().join(".unit-state.db");
        assert_eq!(file.exists(), in_juju.is_empty());
        let kept = state(&juju, "web/0")["charm_state"].clone();
        if in_juju.is_empty() {
            assert_eq!(kept, json!({}));
        } else {
            let kept = kept["DemoCharm/StoredStateData[_stored]"].as_str().unwrap();
            assert!(kept.contains("backends: [db/0]\n"), "{kept}");
            assert!(kept.contains("passwords: {'2': web 1}\n"), "{kept}");
        }

        juju.refresh(charm("ops-demo"), "web").unwrap();
        settle(&mut juju);
        assert_eq!(last(&juju, "web/0").kind.to_string(), "config-changed");
        assert_eq!(workload(&juju, "web/0"), "active: hi, web 1");
    }
}

#[test]
fn an_idle_hook_changes_nothing() {
    for in_juju in ["", "1"] {
        let mut juju = builder().charm_variable("DEMO_STATE_IN_JUJU", in_juju).build();
        relate(&mut juju);
        juju.update_status("web/0").unwrap();
        let operation = last(&juju, "web/0");
        assert_eq!(operation.kind.to_string(), "update-status");
        // With its state in Juju, ops counts its events there.
        let changed = changes(operation);
        let is_count = changed.starts_with("state: StoredStateData[_stored] = \"{event_count: ")
            && !changed.contains('\n');
        assert_eq!((changed.is_empty(), is_count), (in_juju.is_empty(), !in_juju.is_empty()));
    }
}

#[test]
fn a_hook_that_fails_changes_nothing_and_is_run_again() {
    let mut juju = builder().charm_variable("DEMO_STATE_IN_JUJU", "1").build();
    relate(&mut juju);
    juju.configure("db", [("port", "5432")]).unwrap();
    juju.inject("db/0", Fault::FailTool("relation-set".to_owned())).unwrap();
    juju.run_until_idle().unwrap();
    let operation = last(&juju, "db/0");
    assert_eq!(operation.exit.to_string(), "exit status 1");
    assert!(log(operation).contains("Uncaught exception while in charm code"), "{operation}");
    assert_eq!(workload(&juju, "db/0"), "error: hook failed: \"config-changed\"");
    assert_eq!(changes(operation), "");

    juju.advance(Duration::from_secs(5)).unwrap();
    let changed = changes(last(&juju, "db/0"));
    assert!(changed.starts_with("port closed: 8080/tcp\nport opened: 5432/tcp\n"), "{changed}");
    let relation = relation(&juju, "web/0", "backend");
    assert_eq!(relation["remote_units"]["db/0"]["port"], "5432");
}

#[test]
fn a_hook_that_is_killed_anywhere_is_made_up_for() {
    let mut juju = related();
    juju.configure("web", [("greeting", "hello")]).unwrap();
    juju.run_until_idle().unwrap();
    let calls = last(&juju, "web/0").calls.len();
    for number in (1..=calls).step_by(4) {
        let greeting = format!("hello {number}");
        juju.configure("web", [("greeting", &greeting)]).unwrap();
        juju.inject("web/0", Fault::KillAtCall(number)).unwrap();
        juju.run_until_idle().unwrap();
        assert_eq!(last(&juju, "web/0").exit.to_string(), "ended by signal 9");
        juju.advance(Duration::from_secs(5)).unwrap();
        assert_eq!(workload(&juju, "web/0"), format!("active: {greeting}, web 1"));
    }
}

#[test]
fn units_come_and_go() {
    let mut juju = related();
    juju.add_unit("db").unwrap();
    settle(&mut juju);
    let cluster = relation(&juju, "db/1", "cluster");
    assert_eq!(cluster["local_app_data"], json!({ "planned": "2" }));
    let backend = relation(&juju, "web/0", "backend");
    assert_eq!(backend["remote_units"]["db/1"]["host"], "10.0.0.13");

    juju.remove_relation("web:backend", "db:server").unwrap();
    settle(&mut juju);
    assert_eq!(workload(&juju, "web/0"), "active: hi, nobody");
    juju.remove_application("db").unwrap();
    juju.remove_application("web").unwrap();
    settle(&mut juju);
    assert_eq!(juju.status().units().count(), 0);
}
