//! What a unit sees of its relations.

use juju_simulator::{RelationState, UnitState};
use juju_types::{Charm, CharmFiles};

use super::{JUJU_3, db, faults, json, web};

#[test]
fn a_relation_is_one_of_an_endpoint() {
    insta::assert_snapshot!(faults(&web().with_relation(RelationState::new("dv:0", "sql"))), @"relation dv:0: the charm `web` has no endpoint `dv`");
}

#[test]
fn a_relation_has_role_and_interface_of_its_endpoint() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "role": "provider", "interface": "mongo", "remote_app": "sql"}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"
    relation db:7: the charm defines its role as requirer
    relation db:7: the charm defines its interface as `sql`
    ");
}

#[test]
fn relation_ids_are_unique() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "remote_app": "sql"}, {"id": 7, "endpoint": "cache", "remote_app": "redis"}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation cache:7: db:7 has the same id");
}

#[test]
fn peers_have_no_other_application() {
    let state = web().with_relation(RelationState::new("cluster:1", "sql"));
    insta::assert_snapshot!(faults(&state), @"relation cluster:1: peers have no other application `sql`");
    let peers = RelationState::peers("cluster:1").with_application_data([("a", "b")]);
    insta::assert_snapshot!(faults(&web().with_relation(peers)), @"relation cluster:1: peers have no remote application that could publish data");
}

#[test]
fn a_relation_that_is_not_one_of_peers_has_a_remote_application() {
    insta::assert_snapshot!(faults(&web().with_relation(RelationState::peers("db:1"))), @"relation db:1: it needs a remote application");
}

#[test]
fn remote_units_are_those_of_the_remote_application() {
    let none = [("a", "b"); 0];
    let db = db().with_unit("redis/0", none).with_unit("web/0", none);
    let peers = RelationState::peers("cluster:1").with_unit("sql/0", none).with_unit("web/0", none);
    insta::assert_snapshot!(faults(&web().with_relation(db).with_relation(peers)), @"
    relation db:7: redis/0 is no unit of `sql`
    relation db:7: web/0 is the unit itself, and no remote one
    relation cluster:1: sql/0 is no unit of `web`
    relation cluster:1: web/0 is the unit itself, and no remote one
    ");
}

#[test]
fn a_unit_sees_only_the_one_beside_it_in_a_container_scope() {
    let mut files = CharmFiles::default();
    files.metadata = Some(
        "{name: logger, summary: s, description: d, subordinate: true, \
         requires: {host: {interface: juju-info, scope: container}}}"
            .to_owned(),
    );
    let charm = Charm::from_files(&files).unwrap();
    let none = [("a", "b"); 0];
    let host = RelationState::new("host:0", "web").with_unit("web/0", none);
    let state = UnitState::new("logger/0").with_relation(host.clone());
    assert_eq!(state.check(&charm, &JUJU_3), Ok(()));
    let state = state.with_relation(host.with_unit("web/1", none));
    insta::assert_snapshot!(state.check(&charm, &JUJU_3).unwrap_err(), @"
    Juju could not produce this:
    - relation host:0: in its container scope the unit sees one unit, not 2
    ");
}

#[test]
fn members_of_a_relation_have_data() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "remote_app": "sql", "members": ["sql/0"]}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation db:7: sql/0 is a member without any data");
}

#[test]
fn relation_data_have_keys_and_no_empty_values() {
    let db = db()
        .with_application_data([("", "1")])
        .with_own_data([("a=b", "1")])
        .with_own_application_data([("version", "")]);
    insta::assert_snapshot!(faults(&web().with_relation(db)), @"
    relation db:7: `a=b` is no key that web/0 could publish
    relation db:7: `version` of web is empty, and Juju deletes empty values
    relation db:7: `` is no key that sql could publish
    ");
}

#[test]
fn an_endpoint_has_as_many_relations_as_it_may() {
    let state = web()
        .with_relation(db())
        .with_relation(RelationState::new("db:8", "postgresql"))
        .with_relation(RelationState::peers("cluster:1"))
        .with_relation(RelationState::peers("cluster:2"));
    insta::assert_snapshot!(faults(&state), @"
    endpoint cluster: peers have one relation, not 2
    endpoint db: the charm limits it to 1, not 2
    ");
}

#[test]
fn two_endpoints_are_related_once() {
    let state = json(
        r#""relations": [
            {"id": 1, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "backend"},
            {"id": 2, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "backend"},
            {"id": 3, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "website"}
        ]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation site:2: site:1 is between the same endpoints");
}
