//! Models with many units.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use juju_agent_rpc::{Client, Request};
use juju_simulator::{Simulator, SimulatorBuilder};
use juju_types::CharmFiles;

use crate::charm::builder;

type Variables = BTreeMap<String, String>;

fn files(role: &str) -> CharmFiles {
    let metadata =
        format!("{{name: a, summary: s, description: d, {role}: {{db: {{interface: sql}}}}}}");
    CharmFiles::read(|name| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.clone())))
        .unwrap()
}

/// Calls a hook tool, and returns what it prints.
fn call(variables: &Variables, words: &[&str]) -> String {
    let request = Request {
        context_id: variables["JUJU_CONTEXT_ID"].clone(),
        dir: variables["JUJU_CHARM_DIR"].clone(),
        command_name: words[0].to_owned(),
        args: words[1..].iter().map(|word| (*word).to_owned()).collect(),
        ..Request::default()
    };
    let mut client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
    let answer = client.call(&request).unwrap();
    assert_eq!(answer.code, 0, "{words:?}: {answer:?}");
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

/// Publishes its name, and keeps the names that others publish.
fn gossip(variables: &Variables) -> u8 {
    match variables["JUJU_HOOK_NAME"].as_str() {
        "db-relation-created" => {
            call(variables, &["relation-set", &format!("name={}", variables["JUJU_UNIT_NAME"])]);
        }
        "db-relation-changed" => {
            let remote = &variables["JUJU_REMOTE_UNIT"];
            let name = call(variables, &["relation-get", "name", remote]);
            // The other unit may have entered without having published yet.
            if !name.is_empty() {
                call(variables, &["state-set", &format!("{name}=heard")]);
            }
        }
        _ => {}
    }
    0
}

/// Lets one unit relate to ten applications, each with some units.
fn related(builder: SimulatorBuilder, units: usize) -> Simulator {
    let mut juju = builder.build();
    juju.deploy_in_process(&files("requires"), "hub", |variables| gossip(&variables)).unwrap();
    for number in 0..10 {
        let spoke = format!("spoke{number}");
        juju.deploy_in_process(&files("provides"), &spoke, |variables| gossip(&variables)).unwrap();
        for _ in 1..units {
            juju.add_unit(&spoke).unwrap();
        }
        juju.integrate("hub", &spoke).unwrap();
    }
    juju.run_until_idle().unwrap();
    juju
}

fn heard(juju: &Simulator, unit: &str) -> BTreeSet<String> {
    let state = serde_json::to_value(juju.unit_state(unit).unwrap()).unwrap();
    state["charm_state"].as_object().unwrap().keys().cloned().collect()
}

fn assert_all_have_heard(juju: &Simulator) {
    let units = juju.status();
    let units = units.units().map(|(unit, _)| unit.to_string());
    let spokes: BTreeSet<String> = units.filter(|unit| unit != "hub/0").collect();
    assert_eq!(spokes.len(), 200);
    assert_eq!(heard(juju, "hub/0"), spokes);
    for spoke in &spokes {
        assert_eq!(heard(juju, spoke), ["hub/0".to_owned()].into());
    }
}

#[test]
fn some_hundred_units_hear_of_each_other_and_then_rest() {
    let mut juju = related(builder(), 20);
    assert_all_have_heard(&juju);
    // Each unit has four hooks of its own, and one relation-created in each of
    // its relations; each of the hub and another unit joins and changes.
    assert_eq!(juju.operations().len(), 201 * 4 + 200 + 10 + 2 * 200 * 2);

    let before = juju.operations().len();
    juju.update_status("spoke7/3").unwrap();
    assert_eq!(juju.operations().len(), before + 1);
    juju.remove_relation("hub", "spoke3").unwrap();
    juju.run_until_idle().unwrap();
    // Both sides of each pair depart, and each unit has its relation broken.
    assert_eq!(juju.operations().len(), before + 1 + 2 * 20 + 20 + 1);
}

#[test]
fn some_hundred_units_hear_of_each_other_in_any_order() {
    assert_all_have_heard(&related(builder().seed(7).interleave_units(), 20));
}

#[test]
fn units_that_give_each_other_work_without_end_are_noticed() {
    let mut juju = builder().build();
    for (role, application) in [("requires", "web"), ("provides", "sql")] {
        let count = AtomicUsize::new(0);
        let answer = move |variables: Variables| {
            if variables["JUJU_HOOK_NAME"] == "db-relation-changed" {
                let number = count.fetch_add(1, Ordering::Relaxed);
                call(&variables, &["relation-set", &format!("number={number}")]);
            }
            0
        };
        juju.deploy_in_process(&files(role), application, answer).unwrap();
    }
    juju.integrate("web", "sql").unwrap();
    insta::assert_snapshot!(
        juju.run_until_idle().unwrap_err(),
        @r#"unit "sql/0" is not idle after 1040 operations: some charm keeps giving it work"#
    );
}
