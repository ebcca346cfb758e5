//! The tools for relations.

use std::collections::BTreeMap;

use juju_types::RelationId;

use crate::support::{env_with, juju, juju_in, recorded, shown};

fn db() -> RelationId {
    "db:0".parse().unwrap()
}

fn texts<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

#[test]
fn relation_ids_lists_the_relations_of_an_endpoint() {
    let (juju, agent) = juju([
        ("relation-ids --format=json db", recorded("relations", "relation-ids --format=json db")),
        (
            "relation-ids --format=json nosuch",
            recorded("relations", "relation-ids --format=json nosuch"),
        ),
    ]);
    assert_eq!(juju.relation_ids(&"db".parse().unwrap()).unwrap(), [db()]);
    assert_eq!(juju.relation_ids(&"nosuch".parse().unwrap()).unwrap(), []);
    insta::assert_snapshot!(agent.transcript(), @"
    relation-ids --format=json db
    relation-ids --format=json nosuch
    ");
}

#[test]
fn relation_ids_passes_on_a_refusal() {
    let refused = recorded("relations", "relation-ids --format=json db cluster");
    let (juju, _) = juju([("relation-ids --format=json db", refused)]);
    insta::assert_snapshot!(
        shown(juju.relation_ids(&"db".parse().unwrap())),
        @r#"BadArgument: cannot call `relation-ids`: unrecognized args: ["cluster"]"#
    );
}

#[test]
fn relation_list_lists_units_and_the_application() {
    let (juju, agent) = juju([
        (
            "relation-list -r db:0 --format=json",
            recorded("relations", "relation-list -r db:0 --format=json"),
        ),
        (
            "relation-list -r db:0 --app --format=json",
            recorded("relations", "relation-list --app --format=json"),
        ),
    ]);
    assert_eq!(
        juju.relation_list(&db()).unwrap(),
        ["postgresql/0".parse().unwrap(), "postgresql/1".parse().unwrap()]
    );
    assert_eq!(juju.relation_list_app(&db()).unwrap(), "postgresql".parse().unwrap());
    insta::assert_snapshot!(agent.transcript(), @"
    relation-list -r db:0 --format=json
    relation-list -r db:0 --app --format=json
    ");
}

#[test]
fn relation_list_finds_no_relation() {
    let refused = recorded("relations", "relation-list -r db:7");
    let (juju, _) = juju([("relation-list -r db:7 --format=json", refused)]);
    insta::assert_snapshot!(
        shown(juju.relation_list(&"db:7".parse().unwrap())),
        @r#"NotFound: `relation-list` found nothing: invalid value "db:7" for option -r: relation not found"#
    );
}

#[test]
fn relation_get_reads_the_data_of_units_and_applications() {
    let (juju, agent) = juju([
        (
            "relation-get -r db:0 --format=json - postgresql/1",
            recorded("relations", "relation-get -r db:0 --format=json - postgresql/1"),
        ),
        (
            "relation-get -r db:0 --app --format=json - postgresql",
            recorded("relations", "relation-get --app --format=json - postgresql"),
        ),
    ]);
    assert_eq!(
        juju.relation_get(&db(), &"postgresql/1".parse().unwrap()).unwrap(),
        texts([("host", "10.0.0.6"), ("ingress-address", "10.0.0.6"), ("port", "5432")])
    );
    assert_eq!(
        juju.relation_get_app(&db(), &"postgresql".parse().unwrap()).unwrap(),
        texts([("endpoints", "10.0.0.5:5432"), ("version", "14")])
    );
    insta::assert_snapshot!(agent.transcript(), @"
    relation-get -r db:0 --format=json - postgresql/1
    relation-get -r db:0 --app --format=json - postgresql
    ");
}

#[test]
fn relation_get_passes_on_refusals() {
    let (juju, _) = juju([
        (
            "relation-get -r db:99 --format=json - postgresql/0",
            recorded("relations", "relation-get -r db:99 - postgresql/0"),
        ),
        (
            "relation-get -r db:0 --format=json - postgresql/9",
            recorded("relations", "relation-get -r db:0 - postgresql/9"),
        ),
        (
            "relation-get -r db:0 --format=json - mysql/0",
            recorded("relations", "relation-get -r db:0 - mysql/0"),
        ),
        (
            "relation-get -r db:0 --app --format=json - myapp",
            recorded("non-leader", "relation-get -r db:0 --app --format=json - myapp"),
        ),
    ]);
    insta::assert_snapshot!(
        shown(juju.relation_get(&"db:99".parse().unwrap(), &"postgresql/0".parse().unwrap())),
        @r#"NotFound: `relation-get` found nothing: invalid value "db:99" for option -r: relation not found"#
    );
    insta::assert_snapshot!(
        shown(juju.relation_get(&db(), &"postgresql/9".parse().unwrap())),
        @r#"NotFound: `relation-get` found nothing: cannot read settings for unit "postgresql/9" in relation "myapp:db postgresql:db": unit "postgresql/9": settings not found"#
    );
    insta::assert_snapshot!(
        shown(juju.relation_get(&db(), &"mysql/0".parse().unwrap())),
        @"PermissionDenied: `relation-get` is not permitted: permission denied"
    );
    insta::assert_snapshot!(
        shown(juju.relation_get_app(&db(), &"myapp".parse().unwrap())),
        @"PermissionDenied: `relation-get` is not permitted: permission denied"
    );
}

const OWN_UNIT: &str = "relation-get -r db:0 --format=json - myapp/0";
const OWN_APPLICATION: &str = "relation-get -r db:0 --app --format=json - myapp";
const SET: &str = "relation-set -r db:0 --file -";
const SET_APP: &str = "relation-set -r db:0 --app --file -";

#[test]
fn relation_set_sends_data_through_standard_input() {
    let answer = || recorded("relations", "relation-set key=val");
    let (juju, agent) = juju([
        (OWN_UNIT, recorded("relations", "relation-get --format=json - myapp/0")),
        (SET, answer()),
        (OWN_APPLICATION, recorded("relations", "relation-get --app --format=json - myapp")),
        (SET_APP, answer()),
    ]);
    juju.relation_set(&db(), [("key", "val")]).unwrap();
    juju.relation_set_app(&db(), [("database", "other")]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    relation-get -r db:0 --format=json - myapp/0
    relation-set -r db:0 --file -
        {"key": "val"}
    relation-get -r db:0 --app --format=json - myapp
    relation-set -r db:0 --app --file -
        {"database": "other"}
    "#);
}

#[test]
fn relation_set_of_the_application_is_for_the_leader_only() {
    let (juju, agent) = juju([
        (
            OWN_APPLICATION,
            recorded("non-leader", "relation-get -r db:0 --app --format=json - myapp"),
        ),
        (SET_APP, recorded("non-leader", "relation-set -r db:0 --app a=b")),
    ]);
    insta::assert_snapshot!(
        shown(juju.relation_set_app(&db(), [("a", "b")])),
        @"NotLeader: `relation-set` is for the leader only: cannot write relation settings"
    );
    assert_eq!(agent.calls().len(), 2);
}

#[test]
fn relation_set_finds_no_relation() {
    let (juju, _) = juju([
        (
            "relation-get -r db:99 --format=json - myapp/0",
            recorded("relations", "relation-get -r db:99 - postgresql/0"),
        ),
        ("relation-set -r db:99 --file -", recorded("relations", "relation-set -r db:99 a=b")),
    ]);
    insta::assert_snapshot!(
        shown(juju.relation_set(&"db:99".parse().unwrap(), [("a", "b")])),
        @r#"NotFound: `relation-set` found nothing: invalid value "db:99" for option -r: relation not found"#
    );
}

const MODEL: &str = "relation-model-get -r db:0 --format=json";

#[test]
fn relation_model_get_reads_the_uuid() {
    let answer = recorded("relations", "relation-model-get --format=json");
    let (juju, agent) = juju([(MODEL, answer)]);
    assert_eq!(
        juju.relation_model_get(&db()).unwrap(),
        "deadbeef-0bad-400d-8000-4b1d0d06f00d".parse().unwrap()
    );
    insta::assert_snapshot!(agent.transcript(), @"relation-model-get -r db:0 --format=json");
}

#[test]
fn relation_model_get_is_new_in_3_6_2() {
    let (juju, agent) = juju_in(&env_with([("JUJU_VERSION", "3.6.1")]), []);
    insta::assert_snapshot!(
        shown(juju.relation_model_get(&db())),
        @"NotInThisVersion: `relation-model-get` does not exist in juju 3.6.1"
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn relation_model_get_passes_on_a_refusal() {
    let (juju, _) = juju([(MODEL, recorded("non-leader", "relation-model-get"))]);
    insta::assert_snapshot!(
        shown(juju.relation_model_get(&db())),
        @"BadArgument: cannot call `relation-model-get`: no relation id specified"
    );
}
