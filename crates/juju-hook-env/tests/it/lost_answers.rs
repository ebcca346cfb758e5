//! What is asked again because the answer to a call was lost.

use std::sync::atomic::{AtomicBool, Ordering};

use juju_hook_env::{AgentError, HookTool, Juju, ScriptedAgent, SecretChange, ToolCall};
use juju_types::{RelationId, SecretId, Status};

use crate::support::{env, success};

fn db() -> RelationId {
    "db:0".parse().unwrap()
}

fn secret() -> SecretId {
    "secret:9m4e2mr0ui3e8a215n4g".parse().unwrap()
}

/// Juju behind an agent that agrees to everything, but loses its answer to the
/// first call of `lost`.
fn losing(
    lost: &'static str,
    answer: impl Fn(&ToolCall) -> &'static str + Send + Sync + 'static,
) -> (Juju, ScriptedAgent) {
    let has_lost = AtomicBool::new(false);
    let agent = ScriptedAgent::new().otherwise(move |call| {
        let is_first =
            call.to_string().starts_with(lost) && !has_lost.swap(true, Ordering::Relaxed);
        Some(if is_first {
            Err(AgentError::Killed { tool: call.tool, signal: 9 })
        } else {
            Ok(success(answer(call)))
        })
    });
    (Juju::new(&env(), agent.clone()), agent)
}

fn count(agent: &ScriptedAgent, tool: HookTool) -> usize {
    agent.calls().iter().filter(|call| call.tool == tool).count()
}

#[test]
fn data_are_read_again_if_the_answer_to_a_write_is_lost() {
    let data = |_: &ToolCall| r#"{"a": "1"}"#;

    let (juju, agent) = losing("relation-set", data);
    juju.relation_set(&db(), [("a", "2")]).unwrap_err();
    juju.relation_set(&db(), [("a", "1")]).unwrap();
    assert_eq!(count(&agent, HookTool::RelationGet), 2);

    let (juju, agent) = losing("state-set", data);
    juju.state_set([("a", "2")]).unwrap_err();
    juju.state_set([("a", "1")]).unwrap();
    assert_eq!(count(&agent, HookTool::StateGet), 2);

    let (juju, agent) = losing("state-delete", data);
    juju.state_delete("a").unwrap_err();
    juju.state_get().unwrap();
    assert_eq!(count(&agent, HookTool::StateGet), 2);

    let (juju, agent) = losing("leader-set", data);
    juju.leader_set([("a", "2")]).unwrap_err();
    juju.leader_set([("a", "1")]).unwrap();
    assert_eq!(count(&agent, HookTool::LeaderGet), 2);

    let (juju, agent) = losing("open-port", |call| match call.tool {
        HookTool::OpenedPorts => "[]",
        _ => "",
    });
    juju.open_port(80).unwrap_err();
    juju.close_port(80).unwrap();
    assert_eq!(count(&agent, HookTool::OpenedPorts), 2);
}

#[test]
fn a_status_is_set_again_if_the_answer_is_lost() {
    let active = |_: &ToolCall| r#"{"status": "active"}"#;
    let (juju, agent) = losing("status-set -- blocked", active);
    juju.status_set(&Status::blocked("need db")).unwrap_err();
    juju.status_set(&Status::active()).unwrap();
    juju.status_set(&Status::active()).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    status-get --include-data --format=json
    status-set -- blocked "need db"
    status-set -- active
    "#);

    let (juju, agent) = losing("status-set --application -- blocked", active);
    juju.status_set_application(&Status::active()).unwrap();
    juju.status_set_application(&Status::blocked("need db")).unwrap_err();
    juju.status_set_application(&Status::active()).unwrap();
    assert_eq!(count(&agent, HookTool::StatusSet), 3);
}

#[test]
fn the_version_of_the_application_is_set_again_if_the_answer_is_lost() {
    let (juju, agent) = losing("application-version-set -- 2", |_| "");
    juju.application_version_set("1").unwrap();
    juju.application_version_set("2").unwrap_err();
    juju.application_version_set("1").unwrap();
    assert_eq!(agent.calls().len(), 3);
}

#[test]
fn a_secret_is_read_again_if_the_answer_to_a_write_is_lost() {
    let (juju, agent) = losing("secret-set", |call| match call.tool {
        HookTool::SecretInfoGet => {
            r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit", "description": "old"}}"#
        }
        _ => "",
    });
    juju.secret_set(&secret(), &SecretChange::new().description("new")).unwrap_err();
    juju.secret_set(&secret(), &SecretChange::new().description("old")).unwrap();
    assert_eq!(count(&agent, HookTool::SecretSet), 2);
}
