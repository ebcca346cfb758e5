//! What is asked only once, what a write drops, and what is not sent again.

use juju_hook_env::{
    HookTool, Juju, RotationPolicy, ScriptedAgent, SecretChange, SecretContent, SecretExpiry,
    SecretQuery, UnitAddress,
};
use juju_types::{RelationId, SecretId, Status, StatusKind};
use serde_json::{Value, json};

use crate::support::{SecretAgent, action_env, env, juju, refusal, shown, success};

fn db() -> RelationId {
    "db:0".parse().unwrap()
}

#[test]
fn every_read_is_asked_once() {
    let agent = ScriptedAgent::new().otherwise(|call| {
        Some(Ok(success(match call.tool {
            HookTool::ActionGet
            | HookTool::ConfigGet
            | HookTool::GoalState
            | HookTool::LeaderGet
            | HookTool::NetworkGet
            | HookTool::RelationGet
            | HookTool::SecretGet
            | HookTool::StateGet => "{}",
            HookTool::CredentialGet => r#"{"type": "lxd", "name": "localhost"}"#,
            HookTool::RelationModelGet => r#"{"uuid": "deadbeef-0bad-400d-8000-4b1d0d06f00d"}"#,
            HookTool::ResourceGet => "/x",
            HookTool::SecretInfoGet => {
                r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit"}}"#
            }
            HookTool::StatusGet if call.args[0] == "--application" => {
                r#"{"application-status": {"status": "active"}}"#
            }
            HookTool::StatusGet => r#"{"status": "active"}"#,
            HookTool::StorageGet => r#"{"kind": "block", "location": "/dev/sdb"}"#,
            HookTool::UnitGet => "\"10.0.0.1\"",
            HookTool::RelationList if call.args.contains(&"--app".to_owned()) => "\"postgresql\"",
            _ => "[]",
        })))
    });
    let juju = Juju::new(&env(), agent.clone());
    let secret: SecretId = "9m4e2mr0ui3e8a215n4g".parse().unwrap();
    let mut asked = 0;
    for _ in 0..2 {
        juju.config_get::<Value>().unwrap();
        juju.config_get_all().unwrap();
        juju.action_get::<Value>().unwrap();
        juju.relation_ids(&"db".parse().unwrap()).unwrap();
        juju.relation_list(&db()).unwrap();
        juju.relation_list_app(&db()).unwrap();
        juju.relation_get(&db(), &"postgresql/0".parse().unwrap()).unwrap();
        juju.relation_get_app(&db(), &"postgresql".parse().unwrap()).unwrap();
        juju.relation_model_get(&db()).unwrap();
        juju.state_get().unwrap();
        juju.state_get_key("a").unwrap();
        juju.leader_get().unwrap();
        juju.goal_state().unwrap();
        juju.network_get(&"db".parse().unwrap()).unwrap();
        juju.network_get_for(&"db".parse().unwrap(), &db()).unwrap();
        juju.unit_get(UnitAddress::Public).unwrap();
        juju.credential_get().unwrap();
        juju.resource_get(&"x".parse().unwrap()).unwrap();
        juju.secret_get(&secret).unwrap();
        juju.secret_info_get(&secret).unwrap();
        juju.secret_ids().unwrap();
        juju.status_get().unwrap();
        juju.status_get_application().unwrap();
        juju.storage_list().unwrap();
        juju.storage_list_of(&"data".parse().unwrap()).unwrap();
        juju.storage_get(&"data/0".parse().unwrap()).unwrap();
        juju.opened_ports().unwrap();
        if asked == 0 {
            asked = agent.calls().len();
        }
    }
    assert_eq!(agent.calls().len(), asked);
    assert_eq!(asked, 25);
}

#[test]
fn a_refusal_is_not_remembered() {
    let call = "state-get --format=json";
    let (juju, _) = juju([(call, refusal(1, "ERROR busy\n")), (call, success("{}"))]);
    insta::assert_snapshot!(shown(juju.state_get()), @"Failed: `state-get` failed with exit code 1: busy");
    assert!(juju.state_get().is_ok());
}

#[test]
fn a_leader_is_asked_again_and_a_follower_is_not() {
    let call = "is-leader --format=json";
    let (juju, agent) =
        juju([(call, success("true")), (call, success("true")), (call, success("false"))]);
    let answers = [(); 5].map(|()| juju.is_leader().unwrap());
    assert_eq!(answers, [true, true, false, false, false]);
    assert_eq!(agent.calls().len(), 3);
}

#[test]
fn relation_data_are_sent_if_they_differ_and_read_again_after_that() {
    let own = "relation-get -r db:0 --format=json - myapp/0";
    let (juju, agent) = juju([
        (own, success(r#"{"a": "1", "b": "2"}"#)),
        (own, success(r#"{"a": "x", "b": "2"}"#)),
        ("relation-set -r db:0 --file -", success("")),
    ]);
    juju.relation_set(&db(), [("a", "1"), ("b", "2"), ("gone", "")]).unwrap();
    juju.relation_set(&db(), [("a", "x"), ("b", "2")]).unwrap();
    juju.relation_set(&db(), [("a", "x")]).unwrap();
    assert_eq!(juju.relation_get(&db(), &"myapp/0".parse().unwrap()).unwrap()["a"], "x");
    insta::assert_snapshot!(agent.transcript(), @r#"
    relation-get -r db:0 --format=json - myapp/0
    relation-set -r db:0 --file -
        {"a": "x"}
    relation-get -r db:0 --format=json - myapp/0
    "#);
}

#[test]
fn a_write_to_one_relation_leaves_the_others_alone() {
    let other = "relation-get -r web:1 --format=json - myapp/0";
    let (juju, agent) = juju([
        ("relation-get -r db:0 --format=json - myapp/0", success("{}")),
        (other, success("{}")),
        ("relation-set -r db:0 --file -", success("")),
    ]);
    let (web, unit) = ("web:1".parse().unwrap(), "myapp/0".parse().unwrap());
    juju.relation_get(&web, &unit).unwrap();
    juju.relation_set(&db(), [("a", "1")]).unwrap();
    juju.relation_get(&web, &unit).unwrap();
    assert_eq!(agent.calls().len(), 3);
}

#[test]
fn state_is_sent_if_it_differs_and_read_again_after_that() {
    let get = "state-get --format=json";
    let (juju, agent) = juju([
        (get, success(r#"{"a": "1", "empty": ""}"#)),
        (get, success(r#"{"a": "2", "empty": ""}"#)),
        (get, success(r#"{"empty": ""}"#)),
        ("state-set --file -", success("")),
        ("state-delete -- a", success("")),
    ]);
    juju.state_set([("a", "1"), ("empty", "")]).unwrap();
    juju.state_delete("b").unwrap();
    juju.state_set([("a", "2"), ("empty", "")]).unwrap();
    juju.state_set([("a", "2")]).unwrap();
    juju.state_delete("a").unwrap();
    juju.state_delete("a").unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    state-get --format=json
    state-set --file -
        {"a": "2"}
    state-get --format=json
    state-delete -- a
    state-get --format=json
    "#);
}

#[test]
fn an_equal_status_is_not_set() {
    let (juju, agent) = juju([
        (
            "status-get --include-data --format=json",
            success(r#"{"status": "active", "message": "ready", "status-data": {}}"#),
        ),
        ("status-set -- active", success("")),
    ]);
    juju.status_set(&Status::new(StatusKind::Active, "ready")).unwrap();
    juju.status_set(&Status::active()).unwrap();
    juju.status_set(&Status::active()).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    status-get --include-data --format=json
    status-set -- active
    ");
}

#[test]
fn a_status_is_set_if_the_old_one_cannot_be_read() {
    let (juju, agent) = juju([
        ("status-get --include-data --format=json", refusal(1, "ERROR busy\n")),
        ("status-set -- active", success("")),
    ]);
    juju.status_set(&Status::active()).unwrap();
    assert_eq!(agent.calls().len(), 2);
}

#[test]
fn the_status_of_the_application_is_set_once_in_a_hook() {
    let (juju, agent) = juju([("status-set --application -- active", success(""))]);
    juju.status_set_application(&Status::active()).unwrap();
    juju.status_set_application(&Status::active()).unwrap();
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn the_version_of_the_application_is_set_once_in_a_hook() {
    let (juju, agent) = juju([
        ("application-version-set -- 1", success("")),
        ("application-version-set -- 2", success("")),
    ]);
    for version in ["1", "1", "2", "1"] {
        juju.application_version_set(version).unwrap();
    }
    insta::assert_snapshot!(agent.transcript(), @"
    application-version-set -- 1
    application-version-set -- 2
    application-version-set -- 1
    ");
}

#[test]
fn the_same_results_are_not_sent_twice_in_a_row() {
    let agent = ScriptedAgent::new().accept(HookTool::ActionSet);
    let juju = Juju::new(&action_env(), agent.clone());
    for results in [json!({"a": 1}), json!({"a": 1}), json!({"a": {"b": 2}}), json!({"a": 1})] {
        juju.action_set(&results).unwrap();
    }
    insta::assert_snapshot!(agent.transcript(), @"
    action-set a=1
    action-set a.b=2
    action-set a=1
    ");
}

const SECRET: &str = "secret:9m4e2mr0ui3e8a215n4g";

fn secret() -> SecretId {
    SECRET.parse().unwrap()
}

#[test]
fn a_secret_is_changed_only_where_it_differs() {
    let bench = SecretAgent::new(
        [
            (
                "secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json",
                success(
                    r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 2, "owner": "unit", "label": "admin", "description": "old", "rotation": "daily", "expiry": "2030-01-01T00:00:00Z"}}"#,
                ),
            ),
            (
                "secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json",
                success(r#"{"password": "old"}"#),
            ),
            ("secret-set secret:9m4e2mr0ui3e8a215n4g --description=new", success("")),
            ("secret-set secret:9m4e2mr0ui3e8a215n4g --description=old", success("")),
        ],
        success(""),
    );
    let same = SecretChange::new()
        .content(SecretContent::new().with("password", "old"))
        .label("admin")
        .description("old")
        .rotate("daily".parse().unwrap())
        .expire(SecretExpiry::At("2030-01-01T00:00:00.5Z".parse().unwrap()));
    bench.juju.secret_set(&secret(), &same).unwrap();
    bench.juju.secret_set(&secret(), &SecretChange::new()).unwrap();
    // What is read of a secret does not show what this hook changed. So from
    // the second change on, what is to be so is said in any case.
    bench.juju.secret_set(&secret(), &SecretChange::new().description("new")).unwrap();
    bench.juju.secret_set(&secret(), &SecretChange::new().description("old")).unwrap();
    let content = SecretContent::new().with("password", "new");
    bench.juju.secret_set(&secret(), &SecretChange::new().content(content)).unwrap();
    insta::assert_snapshot!(bench.transcript(), @"
    secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json
    secret-set secret:9m4e2mr0ui3e8a215n4g --description=new
    secret-set secret:9m4e2mr0ui3e8a215n4g --description=old
    secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json
    secret-set secret:9m4e2mr0ui3e8a215n4g --file=…
    ");
}

#[test]
fn content_is_read_again_after_a_write_or_a_refresh() {
    let bench = SecretAgent::new(
        [
            (
                "secret-get secret:9m4e2mr0ui3e8a215n4g --format=json",
                success(r#"{"password": "1"}"#),
            ),
            (
                "secret-get secret:9m4e2mr0ui3e8a215n4g --refresh --format=json",
                success(r#"{"password": "2"}"#),
            ),
            (
                "secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json",
                success(r#"{"password": "2"}"#),
            ),
        ],
        success(""),
    );
    let juju = &bench.juju;
    juju.secret_get(secret()).unwrap();
    juju.secret_get(SecretQuery::id(&secret()).refresh()).unwrap();
    juju.secret_get(SecretQuery::id(&secret()).refresh()).unwrap();
    juju.secret_get(secret()).unwrap();
    let content = SecretContent::new().with("password", "3");
    juju.secret_set(&secret(), &SecretChange::new().content(content)).unwrap();
    juju.secret_get(secret()).unwrap();
    insta::assert_snapshot!(bench.transcript(), @"
    secret-get secret:9m4e2mr0ui3e8a215n4g --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --refresh --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json
    secret-set secret:9m4e2mr0ui3e8a215n4g --file=…
    secret-get secret:9m4e2mr0ui3e8a215n4g --format=json
    ");
}

#[test]
fn a_label_that_was_given_on_reading_is_taken_back() {
    let info = r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit", "label": "old"}}"#;
    let get = "secret-get secret:9m4e2mr0ui3e8a215n4g --label=new --format=json";
    let set = "secret-set secret:9m4e2mr0ui3e8a215n4g --label=old";
    let (juju, agent) = juju([
        ("secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json", success(info)),
        (get, success("{}")),
        (set, success("")),
    ]);
    juju.secret_get(SecretQuery::id(&secret()).with_label("new")).unwrap();
    juju.secret_set(&secret(), &SecretChange::new().label("old")).unwrap();
    assert_eq!(agent.transcript(), format!("{get}\n{set}\n"));
}

#[test]
fn a_secret_without_a_policy_never_rotates() {
    let info = r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit"}}"#;
    let (juju, agent) =
        juju([("secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json", success(info))]);
    juju.secret_set(&secret(), &SecretChange::new().rotate(RotationPolicy::Never)).unwrap();
    assert_eq!(agent.calls().len(), 1);
}
