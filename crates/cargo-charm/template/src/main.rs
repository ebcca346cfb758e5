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
    use juju_hook_env::run_with;
    use juju_simulator::{SimulatedUnit, Simulator};
    use serde_json::json;

    use super::*;

    /// A unit of this charm, deployed in a model of its own.
    fn deployed() -> SimulatedUnit {
        let unit = Simulator::unit("{{name}}/0");
        let mut unit = unit.charm(|variables| run_with(variables, charm));
        unit.deploy();
        unit
    }

    #[test]
    fn is_active_until_the_greeting_is_taken_away() {
        let mut unit = deployed();
        assert_eq!(unit.status(), Status::active());
        unit.change(|state| state.with_config("greeting", ""));
        unit.run("config-changed");
        assert_eq!(unit.status(), Status::blocked("the option `greeting` is empty"));
    }

    #[test]
    fn greets() {
        let outcome = deployed().run_action("greet", json!({"name": "you"}));
        assert_eq!(outcome.results["greeting"], "Hello, you!");
    }
}
