//! What a unit learns of where its model is going.

use std::time::Duration;

use juju_simulator::{Deployment, Simulator};

use crate::charm::{TestCharm, builder, last};

const WEB: &str = "name: web\nsummary: s\ndescription: d\nrequires: {db: {interface: sql}}\npeers: {cluster: {interface: gossip}}\n";
const DATABASE: &str =
    "name: database\nsummary: s\ndescription: d\nprovides: {server: {interface: sql}}\n";
const LOGGER: &str = "name: logger\nsummary: s\ndescription: d\nsubordinate: true\nrequires: {host: {interface: juju-info, scope: container}}\n";
const ASK: &str = "[ $JUJU_HOOK_NAME != update-status ] || goal-state --format=$FORMAT";

fn charm(metadata: &str, dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch).file("metadata.yaml", metadata)
}

fn goal(juju: &mut Simulator, unit: &str) -> String {
    juju.update_status(unit).unwrap();
    let update = juju.operations().iter().rev().find(|ran| ran.kind.to_string() == "update-status");
    let lines = update.unwrap().log.iter().map(|line| line.message.clone());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_goal_holds_peers_and_both_sides_of_relations_since_when_they_are_so() {
    let web = charm(WEB, ASK);
    let database = charm(DATABASE, "[ $JUJU_HOOK_NAME != server-relation-joined ]");
    let mut juju =
        builder().charm_variable("FORMAT", "yaml").update_status_interval(Duration::ZERO).build();
    juju.deploy(web.path(), "web").unwrap();
    juju.deploy(database.path(), "database").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(goal(&mut juju, "web/0"), @"
    units:
      web/0:
        status: unknown
        since: 2024-01-01 00:00:00Z
    relations: {}
    ");

    juju.advance(Duration::from_mins(1)).unwrap();
    juju.add_unit("web").unwrap();
    juju.integrate("web", "database").unwrap();
    insta::assert_snapshot!(goal(&mut juju, "web/0"), @"
    units:
      web/0:
        status: unknown
        since: 2024-01-01 00:00:00Z
      web/1:
        status: waiting
        since: 2024-01-01 00:01:00Z
    relations:
      db:
        database:
          status: joined
          since: 2024-01-01 00:01:00Z
        database/0:
          status: error
          since: 2024-01-01 00:01:00Z
    ");
    juju.remove_unit("web/1").unwrap();
    insta::assert_snapshot!(goal(&mut juju, "web/0"), @"
    units:
      web/0:
        status: unknown
        since: 2024-01-01 00:00:00Z
      web/1:
        status: dying
        since: 2024-01-01 00:01:00Z
    relations:
      db:
        database:
          status: joined
          since: 2024-01-01 00:01:00Z
        database/0:
          status: error
          since: 2024-01-01 00:01:00Z
    ");
}

#[test]
fn a_relation_is_joining_until_a_leader_has_entered_it() {
    let (web, database) =
        (charm(WEB, "[ $JUJU_HOOK_NAME != install ] || goal-state"), charm(DATABASE, ""));
    let mut juju = builder().build();
    juju.deploy(web.path(), "web").unwrap();
    juju.deploy_with(Deployment::new(database.path(), "database").units(0)).unwrap();
    juju.integrate("web", "database").unwrap();
    juju.run_next().unwrap();
    let printed: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    insta::assert_snapshot!(printed.join("\n"), @"
    units:
      web/0:
        status: maintenance
        since: 2024-01-01 00:00:00Z
    relations:
      db:
        database:
          status: joining
          since: 2024-01-01 00:00:00Z
    ");
}

#[test]
fn a_unit_sees_only_its_own_subordinates() {
    let (web, logger) = (charm(WEB, ASK), charm(LOGGER, ASK));
    let mut juju = builder().charm_variable("FORMAT", "json").build();
    juju.deploy_with(Deployment::new(web.path(), "web").units(11)).unwrap();
    juju.deploy_subordinate(logger.path(), "logger").unwrap();
    juju.integrate("logger", "web").unwrap();
    juju.run_until_idle().unwrap();
    let json = goal(&mut juju, "web/10");
    let goal: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(goal["units"].as_object().unwrap().len(), 11);
    assert_eq!(goal["relations"]["juju-info"].as_object().unwrap().len(), 2);
    // As texts, not by number.
    assert!(json.find("web/10").unwrap() < json.find("web/2").unwrap(), "{json}");
}
