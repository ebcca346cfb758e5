//! The traps of the hook tools, as Juju's own reference counts them, each
//! handled here once and for all.

use juju_hook_env::{Juju, LogLevel, ScriptedAgent, SecretRef, ToolError};
use juju_types::{PortRange, RelationId, SecretId, Status, StatusKind};

use crate::support::{action_env, env_with, juju, juju_in, refusal, shown, success};

fn db() -> RelationId {
    "db:0".parse().unwrap()
}

const OWN_DATA: &str = "relation-get -r db:0 --format=json - myapp/0";
const STATE: &str = "state-get --format=json";

#[test]
fn nothing_at_all_is_empty_whether_juju_says_null_or_not() {
    for nothing in ["null", "[]"] {
        let (juju, _) = juju([
            ("secret-ids --format=json", success(nothing)),
            ("relation-ids --format=json db", success(nothing)),
            ("relation-list -r db:0 --format=json", success(nothing)),
            ("storage-list --format=json", success(nothing)),
            ("opened-ports --endpoints --format=json", success(nothing)),
        ]);
        assert!(juju.secret_ids().unwrap().is_empty());
        assert!(juju.relation_ids(&"db".parse().unwrap()).unwrap().is_empty());
        assert!(juju.relation_list(&db()).unwrap().is_empty());
        assert!(juju.storage_list().unwrap().is_empty());
        assert!(juju.opened_ports().unwrap().is_empty());
    }
    for nothing in ["null", "{}"] {
        let (juju, _) = juju([
            (STATE, success(nothing)),
            (OWN_DATA, success(nothing)),
            ("leader-get --format=json", success(nothing)),
            ("action-get --format=json", success(nothing)),
            ("config-get --all --format=json", success(nothing)),
        ]);
        assert!(juju.state_get().unwrap().is_empty());
        assert!(juju.relation_get(&db(), &"myapp/0".parse().unwrap()).unwrap().is_empty());
        assert!(juju.leader_get().unwrap().is_empty());
        assert_eq!(juju.action_get_key::<u8>("a").unwrap(), None);
        assert!(juju.config_get_all().unwrap().is_empty());
    }
}

#[test]
fn a_missing_key_of_the_state_is_not_an_empty_one() {
    let (juju, _) = juju([(STATE, success(r#"{"empty": ""}"#))]);
    assert_eq!(juju.state_get_key("empty").unwrap().as_deref(), Some(""));
    assert_eq!(juju.state_get_key("missing").unwrap(), None);
}

#[test]
fn only_the_number_of_a_relation_counts() {
    let (juju, agent) = juju([("relation-list -r db:0 --format=json", success("[]"))]);
    juju.relation_list(&db()).unwrap();
    juju.relation_list(&"web:0".parse().unwrap()).unwrap();
    juju.relation_list(&"0".parse().unwrap()).unwrap();
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn blanks_survive_and_empty_values_remove_or_stay() {
    let (juju, agent) = juju([
        (OWN_DATA, success(r#"{"old": "x"}"#)),
        ("relation-set -r db:0 --file -", success("")),
        (STATE, success("null")),
        ("state-set --file -", success("")),
    ]);
    juju.relation_set(&db(), [("a", " b "), ("old", ""), ("never", "")]).unwrap();
    juju.state_set([(" a", "b\n"), ("empty", "")]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    relation-get -r db:0 --format=json - myapp/0
    relation-set -r db:0 --file -
        {"a": " b ", "old": ""}
    state-get --format=json
    state-set --file -
        {" a": "b\n", "empty": ""}
    "#);
}

#[test]
fn what_leader_set_would_trim_is_refused() {
    for (key, value) in [("a", " b"), ("a", "b\n"), (" a", "b"), ("a=b", "c"), ("", "b")] {
        let (juju, agent) = juju([]);
        let error = juju.leader_set([(key, value)]).unwrap_err();
        assert!(matches!(error, ToolError::BadArgument { .. }), "{error}");
        assert!(agent.calls().is_empty());
    }
    let (juju, _) = juju([]);
    insta::assert_snapshot!(shown(juju.leader_set([("a", " hunter2")])), @"BadArgument: cannot call `leader-set`: the key `a` must not have a value with blanks around it");
}

#[test]
fn data_that_juju_reads_as_yaml_are_safe() {
    let (juju, agent) =
        juju([(OWN_DATA, success("{}")), ("relation-set -r db:0 --file -", success(""))]);
    juju.relation_set(
        &db(),
        [("emoji", "😀"), ("controls", "\0\u{85}\u{7f}"), ("slash", "a/b"), ("yes", "no")],
    )
    .unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    relation-get -r db:0 --format=json - myapp/0
    relation-set -r db:0 --file -
        {"controls": "\u0000\u0085\u007f", "emoji": "😀", "slash": "a/b", "yes": "no"}
    "#);
}

#[test]
fn relation_data_are_never_read_without_a_target() {
    let env = env_with([
        ("JUJU_HOOK_NAME", "db-relation-created"),
        ("JUJU_RELATION", "db"),
        ("JUJU_RELATION_ID", "db:0"),
        ("JUJU_REMOTE_APP", "postgresql"),
    ]);
    let agent = ScriptedAgent::new().otherwise(|_| Some(Ok(success("{}"))));
    let juju = Juju::new(&env, agent.clone());
    juju.relation_get(&db(), &"myapp/0".parse().unwrap()).unwrap();
    juju.relation_set(&db(), [("a", "b")]).unwrap();
    juju.relation_get_app(&db(), &"postgresql".parse().unwrap()).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    relation-get -r db:0 --format=json - myapp/0
    relation-set -r db:0 --file -
        {"a": "b"}
    relation-get -r db:0 --app --format=json - postgresql
    "#);
}

#[test]
fn a_broken_relation_is_not_listed_in_any_version() {
    let env = env_with([
        ("JUJU_VERSION", "2.9.52"),
        ("JUJU_HOOK_NAME", "db-relation-broken"),
        ("JUJU_RELATION", "db"),
        ("JUJU_RELATION_ID", "db:2"),
        ("JUJU_REMOTE_APP", "postgresql"),
    ]);
    let answer = success(r#"["db:0","db:11","db:2"]"#);
    let (juju, _) = juju_in(&env, [("relation-ids --format=json db", answer)]);
    let ids = juju.relation_ids(&"db".parse().unwrap()).unwrap();
    assert_eq!(ids, [db(), "db:11".parse().unwrap()]);
}

#[test]
fn relations_units_and_storage_come_in_the_order_of_their_numbers() {
    let (juju, _) = juju([
        ("relation-ids --format=json db", success(r#"["db:0","db:11","db:2"]"#)),
        ("relation-list -r db:0 --format=json", success(r#"["b/0","a/10","a/2"]"#)),
        ("storage-list --format=json", success(r#"["data/10","data/2"]"#)),
    ]);
    let ids = juju.relation_ids(&"db".parse().unwrap()).unwrap();
    assert_eq!(ids.iter().map(RelationId::number).collect::<Vec<_>>(), [0, 2, 11]);
    let units = juju.relation_list(&db()).unwrap();
    assert_eq!(units.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a/2", "a/10", "b/0"]);
    let storage = juju.storage_list().unwrap();
    assert_eq!(storage[0].number(), 2);
}

#[test]
fn the_path_of_a_resource_has_no_newline_in_any_case() {
    for printed in ["/r/x.zip", "/r/x.zip\n"] {
        let (juju, _) = juju([("resource-get -- x", success(printed))]);
        assert_eq!(
            juju.resource_get(&"x".parse().unwrap()).unwrap(),
            std::path::Path::new("/r/x.zip")
        );
    }
    let (juju, _) = juju([("resource-get -- x", success(""))]);
    insta::assert_snapshot!(shown(juju.resource_get(&"x".parse().unwrap())), @"Unreadable: cannot read what `resource-get` printed: expected an absolute path, got ``");
}

#[test]
fn the_own_status_is_seen_after_it_was_set() {
    let (juju, agent) = juju([
        (
            "status-get --include-data --format=json",
            success(r#"{"status": "active", "message": "ready", "status-data": {}}"#),
        ),
        ("status-set -- blocked \"need db\"", success("")),
    ]);
    juju.status_set(&Status::blocked("need db")).unwrap();
    let status = juju.status_get().unwrap();
    assert_eq!((status.value, status.message.as_str()), (StatusKind::Blocked.into(), "need db"));
    assert_eq!(agent.calls().len(), 2);
}

#[test]
fn port_0_is_not_opened() {
    let (juju, agent) = juju([]);
    insta::assert_snapshot!(shown(juju.open_port(0)), @"BadArgument: cannot call `open-port`: the range `0/tcp` holds port 0, which cannot be opened");
    insta::assert_snapshot!(shown(juju.set_ports(["0-10/udp".parse::<PortRange>().unwrap()])), @"BadArgument: cannot call `open-port`: the range `0-10/udp` holds port 0, which cannot be opened");
    assert!(agent.calls().is_empty());
}

#[test]
fn text_that_looks_like_a_flag_is_text() {
    let agent = ScriptedAgent::new()
        .otherwise(|_| Some(Ok(success("{\"status\": \"active\", \"-k\": \"v\"}"))));
    let juju = Juju::new(&action_env(), agent.clone());
    juju.status_set(&Status::blocked("--help")).unwrap();
    juju.action_fail("-x").unwrap();
    juju.action_log("--").unwrap();
    juju.juju_log(LogLevel::Info, "-l").unwrap();
    juju.application_version_set("-1").unwrap();
    juju.state_delete("-k").unwrap();
    let _ = juju.secret_info_get(SecretRef::Label("--peek".to_owned()));
    insta::assert_snapshot!(agent.transcript(), @"
    status-get --include-data --format=json
    status-set -- blocked --help
    action-fail -- -x
    action-log -- --
    juju-log -l INFO -- -l
    application-version-set -- -1
    state-get --format=json
    state-delete -- -k
    secret-info-get --label=--peek --format=json
    ");
}

#[test]
fn a_secret_that_may_not_be_read_is_known_in_every_version() {
    let id = "secret:9m4e2mr0ui3e8a215n4g";
    let call = format!("secret-get {id} --format=json");
    for words in ["permission denied", "\"myapp/0\" is not allowed to read this secret"] {
        let (juju, _) = juju([(&call, refusal(1, &format!("ERROR {words}\n")))]);
        let error = juju.secret_get(id.parse::<SecretId>().unwrap()).unwrap_err();
        assert!(matches!(error, ToolError::PermissionDenied { .. }), "{error}");
    }
}

#[test]
fn a_nul_character_reaches_no_tool() {
    let (juju, agent) = juju([("juju-log -l INFO -- a␀b", success(""))]);
    insta::assert_snapshot!(shown(juju.application_version_set("a\0b")), @"BadArgument: cannot call `application-version-set`: an argument must not hold a NUL character");
    juju.juju_log(LogLevel::Info, "a\0b").unwrap();
    assert_eq!(agent.calls().len(), 1);
}
