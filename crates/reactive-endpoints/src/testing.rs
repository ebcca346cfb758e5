//! Runs of a charm for the examples in this documentation.

use std::borrow::Cow;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use juju_hook_env::{HookEnv, HookTool, ScriptedAgent};
use juju_types::Event;
use serde::{Deserialize, Serialize};

use crate::{Charm, Context, Endpoint, EndpointKey, Interface, MemoryStore, Request, Result};

const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

/// Runs a handler of update-status in a unit that knows nothing.
///
/// # Panics
///
/// Panics if the handler fails.
pub fn run(handler: impl Fn(&Context) -> Result + 'static) {
    run_with(ScriptedAgent::new(), DB, handler);
}

/// Runs a handler in a unit with two relations of the endpoint `db`, with the
/// units `sql/0` and `sql/1`.
///
/// # Panics
///
/// Panics if the handler fails.
pub fn related(handler: impl Fn(&Context) -> Result + 'static) {
    let get = |relation: u8, unit: u8| {
        format!("relation-get -r db:{relation} --format=json - sql/{unit}")
    };
    let agent = ScriptedAgent::new()
        .answer("relation-ids --format=json db", r#"["db:0", "db:1"]"#)
        .answer("relation-list -r db:0 --format=json", r#"["sql/1"]"#)
        .answer("relation-list -r db:1 --format=json", r#"["sql/0", "sql/1"]"#)
        .answer("relation-get -r db:0 --format=json - app/0", "{}")
        .answer(&get(0, 1), r#"{"key0": "value0_0_1", "key2": "value2_0_1"}"#)
        .answer(&get(1, 0), r#"{"key0": "value0_1_0", "key1": "value1_1_0"}"#)
        .answer(&get(1, 1), r#"{"key0": "value0_1_1", "key1": "value1_1_1"}"#)
        .accept(HookTool::RelationSet);
    run_with(agent, DB, handler);
}

/// Runs a handler in a unit with one relation of an endpoint, in which `web/0`
/// asks for a certificate.
///
/// # Panics
///
/// Panics if the handler fails.
pub fn asked<E: Interface>(
    endpoint: EndpointKey<E>,
    handler: impl Fn(&Context) -> Result + 'static,
) {
    let request = r#"{\"common_name\": \"example.org\", \"request_id\": \"1\"}"#;
    let agent = ScriptedAgent::new()
        .answer(&format!("relation-ids --format=json {endpoint}"), format!(r#"["{endpoint}:0"]"#))
        .answer(&format!("relation-list -r {endpoint}:0 --format=json"), r#"["web/0"]"#)
        .answer(&format!("relation-get -r {endpoint}:0 --format=json - app/0"), "{}")
        .answer(
            &format!("relation-get -r {endpoint}:0 --format=json - web/0"),
            format!(r#"{{"request_1": "{request}"}}"#),
        )
        .accept(HookTool::RelationSet);
    run_with(agent, endpoint, handler);
}

/// A request for a certificate.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "it is an example")]
pub struct CertRequest {
    /// What it is to be made out to.
    pub common_name: String,
}

impl CertRequest {
    /// Asks for a certificate for `common_name`.
    pub fn new(common_name: &str) -> Self {
        Self { common_name: common_name.to_owned() }
    }
}

impl Request for CertRequest {
    type Response = Cert;

    fn key(&self) -> Option<Cow<'_, str>> {
        Some(self.common_name.as_str().into())
    }
}

/// The answer to a [`CertRequest`].
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "it is an example")]
pub struct Cert {
    /// The certificate.
    pub cert: String,
}

fn run_with<E: Interface>(
    agent: ScriptedAgent,
    endpoint: EndpointKey<E>,
    handler: impl Fn(&Context) -> Result + 'static,
) {
    let agent = agent
        .accept(HookTool::JujuLog)
        .answer("state-get --format=json", "null")
        .accept(HookTool::StateSet);
    let env = HookEnv::from_pairs([
        ("JUJU_CHARM_DIR", "/charm"),
        ("JUJU_CONTEXT_ID", "app/0-update-status-1"),
        ("JUJU_DISPATCH_PATH", "hooks/update-status"),
        ("JUJU_MODEL_NAME", "prod"),
        ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
        ("JUJU_UNIT_NAME", "app/0"),
        ("JUJU_VERSION", "3.6.28"),
    ]);
    let has_run = Arc::new(Mutex::new(false));
    let noted = Arc::clone(&has_run);
    let charm = Charm::new(()).endpoint(endpoint).store(MemoryStore::new());
    let charm = charm.on(Event::UpdateStatus, move |(), cx| {
        *noted.lock().expect("nobody panics with it") = true;
        handler(cx)
    });
    let code = charm.run_with(&env.expect("the variables are complete"), agent.clone());
    assert_eq!(code, ExitCode::SUCCESS, "{}", agent.transcript());
    assert!(*has_run.lock().expect("nobody panics with it"), "the handler has not run");
}
