//! The tools for actions.

use juju_hook_env::ToolError;
use serde::{Deserialize, Serialize};

use crate::support::{action_env, juju, juju_in, recorded, shown};

#[derive(Debug, Deserialize, PartialEq)]
struct Parameters {
    compression: Compression,
    outfile: String,
    level: Option<u8>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Compression {
    kind: String,
    quality: u8,
}

const GET: &str = "action-get --format=json";

#[test]
fn action_get_reads_the_parameters() {
    let (juju, agent) = juju_in(&action_env(), [(GET, recorded("action", GET))]);
    let parameters: Parameters = juju.action_get().unwrap();
    assert_eq!(parameters.compression, Compression { kind: "xz".to_owned(), quality: 5 });
    assert_eq!(parameters.outfile, "foo.bz2");
    assert_eq!(parameters.level, None);

    assert_eq!(juju.action_get_key("compression.quality").unwrap(), Some(5));
    assert_eq!(juju.action_get_key::<String>("nosuch").unwrap(), None);
    assert_eq!(juju.action_get_key::<String>("outfile.nosuch").unwrap(), None);
    insta::assert_snapshot!(agent.transcript(), @"action-get --format=json");
}

#[test]
fn action_get_is_for_actions_only() {
    let (juju, _) = juju([(GET, recorded("general", "action-get"))]);
    insta::assert_snapshot!(
        shown(juju.action_get::<Parameters>()),
        @"NotInAction: `action-get` is for actions only: not running an action"
    );
}

#[derive(Serialize)]
struct Results {
    result: String,
    nested: Nested,
}

#[derive(Serialize)]
struct Nested {
    a: u8,
    b: &'static str,
}

const SET: &str = "action-set nested.a=1 nested.b=two result=ok";

fn results() -> Results {
    Results { result: "ok".to_owned(), nested: Nested { a: 1, b: "two" } }
}

#[test]
fn action_set_writes_nested_results() {
    let answer = recorded("action", "action-set result=ok nested.a=1 nested.b=two");
    let (juju, agent) = juju_in(&action_env(), [(SET, answer)]);
    juju.action_set(&results()).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"action-set nested.a=1 nested.b=two result=ok");
}

#[test]
fn action_set_is_for_actions_only() {
    let (juju, _) = juju([(SET, recorded("general", "action-set a=b"))]);
    insta::assert_snapshot!(
        shown(juju.action_set(&results())),
        @"NotInAction: `action-set` is for actions only: not running an action"
    );
}

#[test]
fn action_set_knows_the_keys_that_the_agent_refuses() {
    let refused = recorded("action", "action-set Bad_Key=1");
    let by_agent = ToolError::from_refusal(juju_hook_env::HookTool::ActionSet, &refused, None);
    let (juju, agent) = juju_in(&action_env(), []);
    let here = juju.action_set(&serde_json::json!({"Bad_Key": 1})).unwrap_err();
    assert!(matches!(by_agent, ToolError::BadArgument { .. }));
    assert!(matches!(here, ToolError::BadArgument { .. }));
    assert!(agent.calls().is_empty());
}

#[test]
fn action_fail_gives_the_reason() {
    let answer = || recorded("action", "action-fail \"it broke\"");
    let (juju, agent) = juju_in(
        &action_env(),
        [("action-fail -- \"it broke\"", answer()), ("action-fail", answer())],
    );
    juju.action_fail("it broke").unwrap();
    juju.action_fail("").unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    action-fail -- "it broke"
    action-fail
    "#);
}

#[test]
fn action_fail_is_for_actions_only() {
    let (juju, _) = juju([("action-fail -- x", recorded("general", "action-fail x"))]);
    insta::assert_snapshot!(
        shown(juju.action_fail("x")),
        @"NotInAction: `action-fail` is for actions only: not running an action"
    );
}

#[test]
fn action_log_shows_progress() {
    let call = "action-log -- \"progress message\"";
    let answer = recorded("action", "action-log \"progress message\"");
    let (juju, agent) = juju_in(&action_env(), [(call, answer)]);
    juju.action_log("progress message").unwrap();
    juju.action_log("").unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"action-log -- "progress message""#);
}

#[test]
fn action_log_is_for_actions_only() {
    let (juju, _) = juju([("action-log -- x", recorded("general", "action-log x"))]);
    insta::assert_snapshot!(
        shown(juju.action_log("x")),
        @"NotInAction: `action-log` is for actions only: not running an action"
    );
}
