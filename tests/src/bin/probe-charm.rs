//! A charm for tests: it calls the hook tools that the simulator plays, through
//! `juju-hook-env`, and logs what comes back.

use std::fmt::Debug;
use std::process::ExitCode;

use juju_hook_env::{CharmResult, HookEnv, Juju, LogLevel, ToolError, UnitAddress};
use juju_types::{Event, PortRange, Status};
use serde_json::{Value, json};

fn main() -> ExitCode {
    juju_hook_env::run(probe)
}

fn probe(env: &HookEnv, juju: &Juju) -> CharmResult {
    match env.event() {
        Some(Event::ConfigChanged) => read_and_write(juju),
        Some(Event::Start) => read_again(juju),
        Some(Event::Action(_)) => act(juju),
        Some(Event::UpdateStatus) => idle(juju),
        _ => Ok(()),
    }
}

/// Logs the value or the error that a call gave.
fn show<T: Debug>(juju: &Juju, what: &str, result: &Result<T, ToolError>) -> CharmResult {
    let text = match result {
        Ok(value) => format!("{what}: {value:?}"),
        Err(error) => format!("{what}: {error}"),
    };
    Ok(juju.juju_log(LogLevel::Info, &text)?)
}

fn read_and_write(juju: &Juju) -> CharmResult {
    show(juju, "config", &juju.config_get::<Value>().map(|config| config.to_string()))?;
    show(juju, "address", &juju.unit_get(UnitAddress::Private))?;
    show(juju, "leader", &juju.is_leader())?;
    let network = juju.network_get(&"juju-info".parse()?);
    show(juju, "ingress", &network.map(|network| network.ingress_address().cloned()))?;
    show(juju, "no such binding", &juju.network_get(&"nowhere".parse()?))?;
    show(juju, "no relations", &juju.relation_ids(&"juju-info".parse()?))?;
    show(juju, "not an action", &juju.action_get::<Value>())?;

    juju.application_version_set("-1.0 \"quoted\"")?;
    juju.status_set(&Status::blocked("--dashes & <brackets> \u{1F980}"))?;
    juju.set_ports(["80".parse::<PortRange>()?, "8000-8010/udp".parse()?, PortRange::icmp()])?;
    juju.state_set(STATE)?;
    juju.leader_set([("who", "me")])?;
    show(juju, "state in this hook", &juju.state_get())?;
    Ok(())
}

fn read_again(juju: &Juju) -> CharmResult {
    show(juju, "status", &juju.status_get().map(|report| report.message))?;
    show(juju, "application", &juju.status_get_application().map(|report| report.units.len()))?;
    let ports = juju.opened_ports()?;
    let ports: Vec<_> = ports.iter().map(|port| port.range.to_string()).collect();
    show(juju, "ports", &Ok(ports))?;
    let state = juju.state_get()?;
    show(juju, "state is whole", &Ok(STATE.iter().all(|(key, value)| state[*key] == *value)))?;
    show(juju, "state", &juju.state_get_key("empty"))?;
    show(juju, "no state", &juju.state_get_key("missing"))?;
    show(juju, "leader settings", &juju.leader_get())?;
    juju.state_delete("odd")?;
    juju.set_ports(["80".parse::<PortRange>()?])?;
    Ok(())
}

fn act(juju: &Juju) -> CharmResult {
    show(juju, "parameters", &juju.action_get::<Value>().map(|params| params.to_string()))?;
    show(juju, "nested", &juju.action_get_key::<String>("target.name"))?;
    juju.action_log("halfway = there")?;
    juju.action_set(&json!({ "outer": { "inner": 7, "text": "a=b -c" }, "list": [1, 2] }))?;
    juju.action_fail("--as asked")?;
    Ok(())
}

/// What an idle hook does: it sets everything to what it is.
fn idle(juju: &Juju) -> CharmResult {
    juju.status_set(&Status::blocked("--dashes & <brackets> \u{1F980}"))?;
    juju.set_ports(["80".parse::<PortRange>()?])?;
    juju.state_set([("plain", "value")])?;
    Ok(())
}

/// What is hard to get through a YAML parser and a command line.
const STATE: [(&str, &str); 4] = [
    ("empty", ""),
    ("number", "1.50"),
    ("odd", "\u{0}\u{7f}\u{85}\u{feff}\u{2028}\u{1F600}\t\r\n \"'\\/ trailing "),
    ("plain", "value"),
];
