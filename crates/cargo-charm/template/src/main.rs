//! The charm {{name}}: one program, which Juju starts once for each hook.

use std::process::ExitCode;

use juju_hook_env::{CharmResult, HookEnv, Juju};
use juju_types::{Event, Status};
use serde::{Deserialize, Serialize};

/// The options of `charmcraft.yaml`.
#[derive(Deserialize)]
struct Config {
    greeting: String,
}

/// The parameters of the action `greet`.
#[derive(Deserialize)]
struct GreetParams {
    name: Option<String>,
}

/// The result of the action `greet`.
#[derive(Serialize)]
struct Greeting {
    greeting: String,
}

fn main() -> ExitCode {
    juju_hook_env::run(charm)
}

/// Handles one hook.
fn charm(env: &HookEnv, juju: &Juju) -> CharmResult {
    let config: Config = juju.config_get()?;
    match env.event() {
        Some(Event::Install) => juju.application_version_set(env!("CARGO_PKG_VERSION"))?,
        Some(Event::Action(name)) if name.as_str() == "greet" => greet(juju, &config)?,
        _ => {}
    }
    juju.status_set(&status(&config))?;
    Ok(())
}

fn greet(juju: &Juju, config: &Config) -> CharmResult {
    let params: GreetParams = juju.action_get()?;
    let name = params.name.as_deref().unwrap_or("world");
    let greeting = format!("{}, {name}!", config.greeting);
    juju.action_set(&Greeting { greeting })?;
    Ok(())
}

fn status(config: &Config) -> Status {
    if config.greeting.is_empty() {
        Status::blocked("the option `greeting` is empty")
    } else {
        Status::active()
    }
}

#[cfg(test)]
mod tests {
    use juju_hook_env::{HookTool, ScriptedAgent, run_in};

    use super::*;

    /// Runs one hook or action, and returns the calls that the charm made.
    fn run(dispatch_path: &str, greeting: &str) -> String {
        let mut variables = vec![
            ("JUJU_CHARM_DIR", "/charm"),
            ("JUJU_CONTEXT_ID", "{{name}}/0-1"),
            ("JUJU_DISPATCH_PATH", dispatch_path),
            ("JUJU_MODEL_NAME", "prod"),
            ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
            ("JUJU_UNIT_NAME", "{{name}}/0"),
            ("JUJU_VERSION", "3.6.28"),
        ];
        if let Some(action) = dispatch_path.strip_prefix("actions/") {
            variables.extend([("JUJU_ACTION_NAME", action), ("JUJU_ACTION_UUID", "1")]);
        }
        let env = HookEnv::from_pairs(variables).unwrap();
        let config = format!(r#"{{"greeting":"{greeting}"}}"#);
        let agent = ScriptedAgent::new()
            .answer("config-get --all --format=json", config)
            .answer("action-get --format=json", r#"{"name":"you"}"#)
            .answer(
                "status-get --include-data --format=json",
                r#"{"message":"","status":"unknown","status-data":{}}"#,
            )
            .accept(HookTool::ActionSet)
            .accept(HookTool::ApplicationVersionSet)
            .accept(HookTool::StatusSet);
        assert_eq!(run_in(&env, agent.clone(), charm), ExitCode::SUCCESS);
        agent.transcript()
    }

    #[test]
    fn is_active_after_each_hook() {
        assert!(run("hooks/install", "Hello").contains("status-set -- active\n"));
        assert!(run("hooks/update-status", "Hello").contains("status-set -- active\n"));
    }

    #[test]
    fn is_blocked_without_a_greeting() {
        let calls = run("hooks/config-changed", "");
        assert!(calls.contains("status-set -- blocked \"the option `greeting` is empty\""));
    }

    #[test]
    fn greets() {
        let calls = run("actions/greet", "Hello");
        assert!(calls.contains("action-set \"greeting=Hello, you!\""));
    }
}
