//! The [hook tools]: each takes its arguments apart and answers from the context
//! of the operation.
//!
//! [hook tools]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/

mod action;
mod application_version_set;
mod arguments;
mod config_get;
mod credential_get;
mod failure;
mod format;
mod goal_state;
mod is_leader;
mod juju_log;
mod juju_reboot;
mod key_values;
mod leader;
mod network_get;
mod output;
mod ports;
mod relation;
mod relation_data;
mod resource_get;
mod secret_content;
mod secret_grant;
mod secret_read;
mod secret_write;
mod state;
mod status;
mod storage;
mod string_map;
mod unit_get;

use juju_agent_rpc::{Request, Response, STDIN_REQUIRED};
use juju_types::JujuVersion;

use crate::agent::HookContext;
use crate::tool_call::ToolCall;
use arguments::{Arguments, Flag};
use failure::Failure;
use format::Format;
use output::{Call, Output};

pub(crate) use secret_content::is_key as is_secret_key;

type Run = fn(&mut HookContext<'_>, &Call<'_>) -> Result<Output, Failure>;

/// A tool.
struct Tool {
    name: &'static str,
    run: Run,
    exists_in: fn(&JujuVersion) -> bool,
}

impl Tool {
    const fn always(name: &'static str, run: Run) -> Self {
        Self { name, run, exists_in: |_| true }
    }

    const fn sometimes(name: &'static str, run: Run, exists_in: fn(&JujuVersion) -> bool) -> Self {
        Self { name, run, exists_in }
    }
}

/// All hook tools that a machine charm can call.
const TOOLS: [Tool; 40] = [
    Tool::always("action-fail", action::fail),
    Tool::always("action-get", action::get),
    Tool::always("action-log", action::log),
    Tool::always("action-set", action::set),
    Tool::always("application-version-set", application_version_set::run),
    Tool::always("close-port", ports::close),
    Tool::always("config-get", config_get::run),
    Tool::always("credential-get", credential_get::run),
    Tool::always("goal-state", goal_state::run),
    Tool::always("is-leader", is_leader::run),
    Tool::always("juju-log", juju_log::run),
    Tool::always("juju-reboot", juju_reboot::run),
    Tool::sometimes("leader-get", leader::get, JujuVersion::has_leader_settings),
    Tool::sometimes("leader-set", leader::set, JujuVersion::has_leader_settings),
    Tool::always("network-get", network_get::run),
    Tool::always("open-port", ports::open),
    Tool::always("opened-ports", ports::list),
    Tool::always("relation-get", relation_data::get),
    Tool::always("relation-ids", relation::ids),
    Tool::always("relation-list", relation::list),
    Tool::sometimes("relation-model-get", relation::model_get, JujuVersion::has_relation_model),
    Tool::always("relation-set", relation_data::set),
    Tool::always("resource-get", resource_get::run),
    Tool::sometimes("secret-add", secret_write::add, JujuVersion::has_secrets),
    Tool::sometimes("secret-get", secret_read::get, JujuVersion::has_secrets),
    Tool::sometimes("secret-grant", secret_grant::grant, JujuVersion::has_secrets),
    Tool::sometimes("secret-ids", secret_read::ids, JujuVersion::has_secrets),
    Tool::sometimes("secret-info-get", secret_read::info, JujuVersion::has_secrets),
    Tool::sometimes("secret-remove", secret_write::remove, JujuVersion::has_secrets),
    Tool::sometimes("secret-revoke", secret_grant::revoke, JujuVersion::has_secrets),
    Tool::sometimes("secret-set", secret_write::set, JujuVersion::has_secrets),
    Tool::sometimes("state-delete", state::delete, JujuVersion::has_charm_state),
    Tool::sometimes("state-get", state::get, JujuVersion::has_charm_state),
    Tool::sometimes("state-set", state::set, JujuVersion::has_charm_state),
    Tool::always("status-get", status::get),
    Tool::always("status-set", status::set),
    Tool::always("storage-add", storage::add),
    Tool::always("storage-get", storage::get),
    Tool::always("storage-list", storage::list),
    Tool::always("unit-get", unit_get::run),
];

/// Returns the names of the tools that a version of Juju has.
pub(crate) fn names(version: &JujuVersion) -> impl Iterator<Item = &'static str> {
    TOOLS.iter().filter(|tool| (tool.exists_in)(version)).map(|tool| tool.name)
}

/// Answers one call, and notes it. The error is the agent's refusal to run it.
pub(crate) fn answer(context: &mut HookContext<'_>, request: &Request) -> Result<Response, String> {
    if request.context_id != context.id {
        return Err(format!(
            "bad request: wrong context ID; got {}",
            crate::go::quote(&request.context_id)
        ));
    }
    if !request.dir.starts_with('/') {
        return Err("bad request: Dir is not absolute".to_owned());
    }
    if request.command_name.is_empty() {
        return Err("bad request: command not specified".to_owned());
    }
    let known = |tool: &&Tool| {
        tool.name == request.command_name && (tool.exists_in)(&context.model.version)
    };
    let Some(tool) = TOOLS.iter().find(known) else {
        return Err(format!("bad request: unknown command: {}", request.command_name));
    };
    let call = Call::new(request);
    let answer = if context.faults.strike_tool(tool.name) {
        Err(Failure::failed("simulated fault"))
    } else {
        (tool.run)(context, &call)
    };
    let response = match answer {
        Ok(Output { stdout, stderr }) => Response { code: 0, stdout, stderr },
        Err(Failure::StdinRequired) => return Err(STDIN_REQUIRED.to_owned()),
        Err(Failure::Failed(text)) => refusal(1, &text),
        Err(Failure::Help(options)) => help(tool.name, &options),
        Err(Failure::Usage(text)) => refusal(2, &text),
    };
    context.calls.push(ToolCall::new(request, &response));
    Ok(response)
}

fn help(tool: &str, options: &str) -> Response {
    let stdout = format!("Usage: {tool} [options]\n\nOptions:\n{options}").into_bytes();
    Response { code: 0, stdout, stderr: Vec::new() }
}

fn refusal(code: i32, text: &str) -> Response {
    Response { code, stdout: Vec::new(), stderr: format!("ERROR {text}\n").into_bytes() }
}
