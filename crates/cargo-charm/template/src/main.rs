//! The charm {{name}}: one program, which Juju starts once for each hook.

use std::num::NonZeroU16;
use std::process::ExitCode;

use juju_types::{Event, Status};
use reactive_endpoints::{Charm, Context, Flag, OrStatus, Result, waiting};
use serde::{Deserialize, Serialize};

/// The application runs with the options as they are.
const CONFIGURED: Flag = Flag::new("{{name}}.configured");

/// The options of `charmcraft.yaml`.
#[derive(Deserialize)]
struct Config {
    port: NonZeroU16,
}

/// The parameters of the action `greet`.
#[derive(Deserialize)]
struct Whom {
    name: Option<String>,
}

/// The result of the action `greet`.
#[derive(Serialize)]
struct Greeting {
    greeting: String,
}

/// What all handlers have at hand.
struct App;

fn main() -> ExitCode {
    charm().run()
}

fn charm() -> Charm<App> {
    Charm::new(App)
        .config::<Config>()
        .on([Event::ConfigChanged, Event::UpgradeCharm], App::configure)
        .when(&CONFIGURED, App::open_port)
        .action("greet", App::greet)
        .status(App::status)
}

impl App {
    /// Runs before the unit is started, and whenever an option, or the charm
    /// itself, has changed.
    fn configure(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        let _config = config(cx)?;
        // This is the place to write files and to restart a service.
        cx.set(CONFIGURED);
        Ok(())
    }

    /// Runs in every hook, as long as the flag is set.
    fn open_port(&mut self, cx: &Context) -> Result {
        cx.juju().set_ports([config(cx)?.port.get()])?;
        Ok(())
    }

    fn greet(&mut self, _: &Context, whom: Whom) -> Result<Greeting> {
        let name = whom.name.as_deref().unwrap_or("world");
        let greeting = format!("Hello, {name}!");
        Ok(Greeting { greeting })
    }

    /// Is asked at the end of every hook.
    fn status(&mut self, cx: &Context) -> Result<Status> {
        config(cx)?;
        if !cx.is_set(CONFIGURED) {
            return Err(waiting("not configured yet"));
        }
        Ok(Status::active())
    }
}

/// Returns the options, or has the unit show which one is wrong.
fn config(cx: &Context) -> Result<Config> {
    cx.config().or_blocked("config")
}

#[cfg(test)]
mod tests {
    use juju_simulator::{SimulatedUnit, Simulator};
    use serde_json::json;

    use super::*;

    /// A unit of this charm, deployed in a model of its own.
    fn deployed() -> SimulatedUnit {
        let unit = Simulator::unit("{{name}}/0");
        let mut unit = unit.charm(|variables| charm().run_in(variables));
        unit.deploy();
        unit
    }

    #[test]
    fn fits_its_yaml() {
        charm().check_folder(env!("CARGO_MANIFEST_DIR")).unwrap();
    }

    #[test]
    fn opens_its_port_unless_there_is_no_such_port() {
        let mut unit = deployed();
        assert_eq!(unit.status(), Status::active());
        assert_eq!(unit.state().open_ports(), [(8080.into(), None)]);

        unit.change(|state| state.with_config("port", 99_999));
        unit.run("config-changed");
        let status = unit.status().to_string();
        assert!(status.starts_with("blocked: config: `port`"), "{status}");
    }

    #[test]
    fn greets() {
        let outcome = deployed().run_action("greet", json!({"name": "you"}));
        assert_eq!(outcome.results["greeting"], "Hello, you!");
    }
}
