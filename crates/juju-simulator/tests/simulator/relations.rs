//! Relations, and which hooks they bring.

use std::time::Duration;

use juju_simulator::{Simulator, SimulatorError};

use crate::charm::{TestCharm, builder, last, workload};

const DATABASE: &str = "name: database\nsummary: s\ndescription: d\nprovides: {server: {interface: sql}}\npeers: {cluster: {interface: gossip}}\n";
const WEB: &str =
    "name: web\nsummary: s\ndescription: d\nrequires: {db: {interface: sql, limit: 1}}\n";

fn charm(metadata: &str, dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch).file("metadata.yaml", metadata)
}

/// Deploys both charms, and runs all until idle.
fn deployed(database: &TestCharm, web: &TestCharm) -> Simulator {
    let mut juju = builder().build();
    juju.deploy(database.path(), "database").unwrap();
    juju.deploy(web.path(), "web").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

/// Returns what was run since `before`, with units and what the hook is about.
fn hooks(juju: &Simulator, before: usize) -> Vec<String> {
    let line = |operation: &juju_simulator::Operation| {
        let about = operation.log.first().map_or("", |line| line.message.as_str());
        format!("{} {} {about}", operation.unit, operation.kind).trim_end().to_owned()
    };
    juju.operations()[before..].iter().map(line).collect()
}

const SAY: &str = "[ -z \"$JUJU_RELATION\" ] || juju-log \"$JUJU_REMOTE_APP $JUJU_REMOTE_UNIT $JUJU_DEPARTING_UNIT\"; true";

#[test]
fn a_relation_is_created_joined_changed_departed_and_broken() {
    let (database, web) = (charm(DATABASE, SAY), charm(WEB, SAY));
    let mut juju = deployed(&database, &web);
    let before = juju.operations().len();
    let relation = juju.integrate("web", "database:server").unwrap();
    assert_eq!(relation.to_string(), "db:1");
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/0 server-relation-created server:1: web
    web/0 db-relation-created db:1: database
    database/0 server-relation-joined server:1: web web/0
    database/0 server-relation-changed server:1: web web/0
    web/0 db-relation-joined db:1: database database/0
    web/0 db-relation-changed db:1: database database/0
    ");
    let before = juju.operations().len();
    juju.remove_relation("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/0 server-relation-departed server:1: web web/0 web/0
    database/0 server-relation-broken server:1: web
    web/0 db-relation-departed db:1: database database/0 database/0
    web/0 db-relation-broken db:1: database
    ");
    // Nothing is left of it, so there can be a new one.
    assert_eq!(juju.integrate("database", "web").unwrap().to_string(), "server:2");
}

#[test]
fn a_relation_is_known_once_it_was_entered_and_a_member_once_it_has_joined() {
    let say = "juju-log \"$(relation-ids server) $(relation-ids cluster)\"
        for id in $(relation-ids server --format=yaml | tr -d '[]-'); do
            juju-log \"$(relation-list -r $id), $(relation-get -r $id private-address $JUJU_UNIT_NAME)\"
        done";
    let (database, web) = (charm(DATABASE, say), charm(WEB, "exit 0"));
    let mut juju = builder().build();
    juju.deploy(database.path(), "database").unwrap();
    juju.deploy(web.path(), "web").unwrap();
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    let said = juju.operations().iter().filter(|ran| ran.unit.application().as_str() == "database");
    let said = said.map(|ran| {
        let messages: Vec<&str> = ran.log.iter().map(|line| line.message.as_str()).collect();
        format!("{}: {}", ran.kind, messages.join("; ")).trim_end().to_owned()
    });
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @"
    install:
    cluster-relation-created: cluster:0: server:1 cluster:0; cluster:0: , 10.0.0.11
    server-relation-created: server:1: server:1 cluster:0; server:1: , 10.0.0.11
    leader-elected: server:1 cluster:0; , 10.0.0.11
    config-changed: server:1 cluster:0; , 10.0.0.11
    start: server:1 cluster:0; , 10.0.0.11
    server-relation-joined: server:1: server:1 cluster:0; server:1: web/0, 10.0.0.11
    server-relation-changed: server:1: server:1 cluster:0; server:1: web/0, 10.0.0.11
    ");
}

#[test]
fn peers_meet_before_the_leader_is_elected_and_a_unit_that_goes_departs() {
    let (database, web) = (charm(DATABASE, SAY), charm(WEB, SAY));
    let mut juju = deployed(&database, &web);
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    let before = juju.operations().len();
    juju.add_unit("database").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/1 install
    database/1 cluster-relation-created cluster:0: database
    database/0 cluster-relation-joined cluster:0: database database/1
    database/0 cluster-relation-changed cluster:0: database database/1
    database/1 server-relation-created server:1: web
    database/1 leader-settings-changed
    database/1 config-changed
    database/1 start
    database/1 server-relation-joined server:1: web web/0
    database/1 server-relation-changed server:1: web web/0
    database/1 cluster-relation-joined cluster:0: database database/0
    database/1 cluster-relation-changed cluster:0: database database/0
    web/0 db-relation-joined db:1: database database/1
    web/0 db-relation-changed db:1: database database/1
    ");
    let before = juju.operations().len();
    juju.remove_unit("database/1").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/1 server-relation-departed server:1: web web/0 database/1
    database/1 server-relation-broken server:1: web
    database/1 cluster-relation-departed cluster:0: database database/0 database/1
    database/0 cluster-relation-departed cluster:0: database database/1 database/1
    database/1 stop
    database/1 remove
    web/0 db-relation-departed db:1: database database/1 database/1
    ");
}

#[test]
fn data_reach_the_other_side_once_and_only_when_they_differ() {
    let database = charm(
        DATABASE,
        "case $JUJU_HOOK_NAME in
            server-relation-joined) relation-set user=me; relation-set --app name=wiki ;;
            update-status) relation-set -r server:1 user=me; relation-set -r 1 --app name=wiki2
                           relation-set -r cluster:0 --app topology=ring ;;
        esac",
    );
    let web = charm(
        WEB,
        "case $JUJU_HOOK_NAME in
            *-changed) [ -z $JUJU_RELATION ] ||
                juju-log \"from '$JUJU_REMOTE_UNIT': $(relation-get user database/0) $(relation-get --app name)\" ;;
        esac",
    );
    let mut juju = deployed(&database, &web);
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    let before = juju.operations().len();
    juju.update_status("database/0").unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/0 update-status
    database/0 cluster-relation-changed
    web/0 db-relation-changed db:1: from '': me wiki2
    ");
    insta::assert_snapshot!(juju.operations()[before], @"
    database/0 update-status
      relation-set -r server:1 user=me
      relation-set -r 1 --app name=wiki2
      relation-set -r cluster:0 --app topology=ring
      * cluster:0 application: topology = ring
      * server:1 application: name = wiki2
    ");
}

#[test]
fn data_of_a_hook_that_fails_are_lost() {
    let database = charm(
        DATABASE,
        "[ $JUJU_HOOK_NAME != server-relation-joined ] || { relation-set a=b; exit 1; }",
    );
    let web = charm(WEB, SAY);
    let mut juju = deployed(&database, &web);
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "database/0"), r#"error: hook failed: "server-relation-joined""#);
    let state = serde_json::to_value(juju.unit_state("web/0").unwrap()).unwrap();
    assert!(state["relations"][0]["remote_units"]["database/0"]["a"].is_null());
    assert_eq!(
        state["relations"][0]["remote_units"]["database/0"]["egress-subnets"],
        "10.0.0.11/32"
    );
    juju.advance(Duration::from_secs(5)).unwrap();
    assert_eq!(last(&juju).kind.to_string(), "server-relation-joined");
}

#[test]
fn an_application_that_goes_breaks_its_relations() {
    let (database, web) = (charm(DATABASE, SAY), charm(WEB, SAY));
    let mut juju = deployed(&database, &web);
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    let before = juju.operations().len();
    juju.remove_application("web").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    database/0 server-relation-departed server:1: web web/0 web/0
    database/0 server-relation-broken server:1: web
    web/0 db-relation-departed db:1: database database/0 web/0
    web/0 db-relation-broken db:1: database
    web/0 stop
    web/0 remove
    ");
}

#[test]
fn relations_that_cannot_be_are_refused() {
    let both = "name: both\nsummary: s\ndescription: d\nprovides: {a: {interface: sql}, b: {interface: sql}}\n";
    let (database, web) = (charm(DATABASE, SAY), charm(WEB, SAY));
    let mut juju = deployed(&database, &web);
    juju.deploy(charm(both, SAY).path(), "both").unwrap();
    insta::assert_snapshot!(juju.integrate("web", "nope").unwrap_err(), @r#"application "nope" not found"#);
    insta::assert_snapshot!(juju.integrate("web", "database:cluster").unwrap_err(), @r#"no relation between "web" and "database:cluster" found"#);
    insta::assert_snapshot!(juju.integrate("web:UPPER", "database").unwrap_err(), @r#""web:UPPER" is not a valid endpoint"#);
    insta::assert_snapshot!(
        juju.integrate("web", "both").unwrap_err(),
        @r#"ambiguous relation: "web both" could refer to "web:db both:a"; "web:db both:b": name the endpoints"#
    );
    juju.integrate("web", "database").unwrap();
    insta::assert_snapshot!(
        juju.integrate("database", "web").unwrap_err(),
        @r#"cannot add relation "web:db database:server": relation already exists"#
    );
    insta::assert_snapshot!(
        juju.integrate("both:a", "web").unwrap_err(),
        @"establishing a new relation for web:db would exceed its maximum relation limit of 1"
    );
    assert!(matches!(juju.remove_relation("both", "web"), Err(SimulatorError::NoRelation { .. })));
    assert!(juju.remove_unit("web/7").is_err());
}

#[test]
fn a_subordinate_comes_and_goes_with_its_principal() {
    let logger = "name: logger\nsummary: s\ndescription: d\nsubordinate: true\nrequires: {host: {interface: juju-info, scope: container}}\n";
    let say = "[ -z \"$JUJU_RELATION\" ] || juju-log \"$JUJU_REMOTE_UNIT of $JUJU_PRINCIPAL_UNIT on $JUJU_MACHINE_ID, $(relation-list)\"";
    let (web, logger) = (charm(WEB, say), charm(logger, say));
    let mut juju = builder().build();
    juju.deploy(web.path(), "web").unwrap();
    juju.add_unit("web").unwrap();
    juju.deploy_subordinate(logger.path(), "logger").unwrap();
    juju.run_until_idle().unwrap();
    assert!(juju.status().unit("logger/0").is_none());

    let before = juju.operations().len();
    juju.integrate("logger", "web").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    web/0 juju-info-relation-created juju-info:0:  of  on 0,
    logger/0 install
    logger/0 host-relation-created host:0:  of web/0 on 0,
    logger/0 leader-elected
    logger/0 config-changed
    logger/0 start
    logger/0 host-relation-joined host:0: web/0 of web/0 on 0, web/0
    logger/0 host-relation-changed host:0: web/0 of web/0 on 0, web/0
    web/0 juju-info-relation-joined juju-info:0: logger/0 of  on 0, logger/0
    web/0 juju-info-relation-changed juju-info:0: logger/0 of  on 0, logger/0
    web/1 juju-info-relation-created juju-info:0:  of  on 1,
    logger/1 install
    logger/1 host-relation-created host:0:  of web/1 on 1,
    logger/1 leader-settings-changed
    logger/1 config-changed
    logger/1 start
    logger/1 host-relation-joined host:0: web/1 of web/1 on 1, web/1
    logger/1 host-relation-changed host:0: web/1 of web/1 on 1, web/1
    web/1 juju-info-relation-joined juju-info:0: logger/1 of  on 1, logger/1
    web/1 juju-info-relation-changed juju-info:0: logger/1 of  on 1, logger/1
    ");
    let before = juju.operations().len();
    juju.remove_unit("web/0").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    logger/0 host-relation-departed host:0: web/0 of web/0 on 0,
    logger/0 host-relation-broken host:0:  of web/0 on 0,
    logger/0 stop
    logger/0 remove
    logger/1 leader-elected
    web/0 juju-info-relation-departed juju-info:0: logger/0 of  on 0,
    web/0 juju-info-relation-broken juju-info:0:  of  on 0,
    web/0 stop
    web/0 remove
    web/1 leader-elected
    ");
    assert_eq!(juju.status().units().count(), 2);

    let before = juju.operations().len();
    juju.remove_relation("logger", "web").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(hooks(&juju, before).join("\n"), @"
    logger/1 host-relation-departed host:0: web/1 of web/1 on 1,
    logger/1 host-relation-broken host:0:  of web/1 on 1,
    logger/1 stop
    logger/1 remove
    web/1 juju-info-relation-departed juju-info:0: logger/1 of  on 1,
    web/1 juju-info-relation-broken juju-info:0:  of  on 1,
    ");
    insta::assert_snapshot!(juju.add_unit("logger").unwrap_err(), @r#"application "logger" is a subordinate: its units come with a relation"#);
    insta::assert_snapshot!(juju.deploy_subordinate(web.path(), "x").unwrap_err(), @r#"application "x" is not a subordinate: deploy it by itself"#);
    assert!(juju.deploy(logger.path(), "x").is_err());
}
