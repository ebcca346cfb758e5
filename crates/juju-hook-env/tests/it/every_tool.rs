//! Every hook tool has a method.

use std::num::NonZeroU32;

use juju_hook_env::{
    HookTool, Juju, LogLevel, Reboot, ScriptedAgent, SecretChange, SecretContent, SecretGrantee,
    SecretSpec, ToolAnswer, ToolCall, ToolError, UnitAddress,
};
use juju_types::Status;
use serde_json::{Value, json};

use crate::support::env;

#[test]
fn no_tool_is_missing_from_juju() {
    let folder = tempfile::tempdir().unwrap();
    for &tool in HookTool::ALL {
        let agent = ScriptedAgent::new().otherwise(|call| Some(Ok(answer(call))));
        let juju = Juju::new(&env(), agent.clone()).with_secret_dir(folder.path());
        call(tool, &juju).unwrap_or_else(|error| panic!("{tool}: {error}"));
        let calls = agent.calls();
        assert!(calls.iter().any(|call| call.tool == tool), "{tool} was not called: {calls:?}");
    }
}

/// Calls the method of a tool, in such a way that it calls the tool.
fn call(tool: HookTool, juju: &Juju) -> Result<(), ToolError> {
    let application = "postgresql".parse().unwrap();
    let endpoint = "db".parse().unwrap();
    let relation = "db:0".parse().unwrap();
    let secret = "9m4e2mr0ui3e8a215n4g".parse().unwrap();
    let content = SecretContent::new().with("password", "hunter2");

    match tool {
        HookTool::ActionFail => juju.action_fail("x"),
        HookTool::ActionGet => juju.action_get::<Value>().map(drop),
        HookTool::ActionLog => juju.action_log("x"),
        HookTool::ActionSet => juju.action_set(&json!({"a": 1})),
        HookTool::ApplicationVersionSet => juju.application_version_set("1"),
        HookTool::ClosePort => juju.close_port(80),
        HookTool::ConfigGet => juju.config_get::<Value>().map(drop),
        HookTool::CredentialGet => juju.credential_get().map(drop),
        HookTool::GoalState => juju.goal_state().map(drop),
        HookTool::IsLeader => juju.is_leader().map(drop),
        HookTool::JujuLog => juju.juju_log(LogLevel::Info, "x"),
        HookTool::JujuReboot => juju.juju_reboot(Reboot::AfterHook),
        HookTool::LeaderGet => juju.leader_get().map(drop),
        HookTool::LeaderSet => juju.leader_set([("a", "b")]),
        HookTool::NetworkGet => juju.network_get(&endpoint).map(drop),
        HookTool::OpenPort => juju.open_port(443),
        HookTool::OpenedPorts => juju.opened_ports().map(drop),
        HookTool::RelationGet => juju.relation_get_app(&relation, &application).map(drop),
        HookTool::RelationIds => juju.relation_ids(&endpoint).map(drop),
        HookTool::RelationList => juju.relation_list(&relation).map(drop),
        HookTool::RelationModelGet => juju.relation_model_get(&relation).map(drop),
        HookTool::RelationSet => juju.relation_set(&relation, [("a", "b")]),
        HookTool::ResourceGet => juju.resource_get(&"software".parse().unwrap()).map(drop),
        HookTool::SecretAdd => juju.secret_add(&SecretSpec::new(content)).map(drop),
        HookTool::SecretGet => juju.secret_get(&secret).map(drop),
        HookTool::SecretGrant => juju.secret_grant(&secret, &relation),
        HookTool::SecretIds => juju.secret_ids().map(drop),
        HookTool::SecretInfoGet => juju.secret_info_get(&secret).map(drop),
        HookTool::SecretRemove => juju.secret_remove(&secret),
        HookTool::SecretRevoke => juju.secret_revoke(&secret, &SecretGrantee::Relation(relation)),
        HookTool::SecretSet => juju.secret_set(&secret, &SecretChange::new().content(content)),
        HookTool::StateDelete => juju.state_delete("key"),
        HookTool::StateGet => juju.state_get().map(drop),
        HookTool::StateSet => juju.state_set([("a", "b")]),
        HookTool::StatusGet => juju.status_get().map(drop),
        HookTool::StatusSet => juju.status_set(&Status::blocked("x")),
        HookTool::StorageAdd => juju.storage_add(&"data".parse().unwrap(), NonZeroU32::MIN),
        HookTool::StorageGet => juju.storage_get(&"data/0".parse().unwrap()).map(drop),
        HookTool::StorageList => juju.storage_list().map(drop),
        HookTool::UnitGet => juju.unit_get(UnitAddress::Private).map(drop),
        other => panic!("`{other}` has no method"),
    }
}

fn answer(call: &ToolCall) -> ToolAnswer {
    ToolAnswer::success(match call.tool {
        HookTool::CredentialGet => r#"{"type": "lxd", "name": "localhost"}"#,
        HookTool::IsLeader => "true",
        HookTool::OpenedPorts => r#"["80/tcp (*)"]"#,
        HookTool::RelationIds | HookTool::RelationList | HookTool::StorageList => "[]",
        HookTool::RelationModelGet => r#"{"uuid": "deadbeef-0bad-400d-8000-4b1d0d06f00d"}"#,
        HookTool::ResourceGet => "/resources/software.zip",
        HookTool::SecretAdd => "secret:9m4e2mr0ui3e8a215n4g",
        HookTool::SecretIds => "null",
        HookTool::SecretInfoGet => r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit"}}"#,
        HookTool::StateGet => r#"{"key": "value"}"#,
        HookTool::StatusGet => r#"{"status": "active"}"#,
        HookTool::StorageGet => r#"{"kind": "block", "location": "/dev/sdb"}"#,
        HookTool::UnitGet => "\"10.0.0.1\"",
        _ => "{}",
    })
}
