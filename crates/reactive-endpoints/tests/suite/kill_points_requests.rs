//! Requests and responses survive when either side is killed at any moment, or
//! its flush is refused.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;

use juju_simulator::{Deployment, KillPoints, Simulator, SimulatorBuilder};
use juju_types::CharmFiles;
use reactive_endpoints::{Charm, Context, Result, Rows, SqliteStore, Store as _};
use serde::Deserialize;

use crate::requests::model::{JOBS, Job, Outcome, PROMETHEUS, job};

#[derive(Deserialize)]
struct Config {
    /// The jobs to ask for, such as `a=1 b=2`.
    jobs: String,
}

/// The side that asks: for what is configured, and notes the answers and who
/// has gone.
fn app() -> Charm<()> {
    Charm::new(())
        .when(PROMETHEUS.joined(), |(), cx| {
            let config: Config = cx.config()?;
            let jobs = config.jobs.split_whitespace().map(|text| {
                let (name, port) = text.split_once('=').unwrap();
                job(name, port.parse().unwrap())
            });
            cx.endpoint(PROMETHEUS).sync(jobs.collect::<Vec<Job>>())
        })
        .when(PROMETHEUS.flag("all_responses"), |(), cx| {
            let mut answers = Vec::new();
            for request in cx.endpoint(PROMETHEUS).requests()? {
                for response in request.responses()? {
                    answers
                        .push((response.unit().unit_name().to_string(), response.reason.clone()));
                }
            }
            cx.kv().set("answers", &answers)
        })
        .when(PROMETHEUS.departed(), |(), cx| {
            let departed = cx.endpoint(PROMETHEUS).all_departed_units()?;
            for unit in departed.to_list().values() {
                count(cx, &format!("departed.{}", unit.unit_name()))?;
            }
            departed.clear()?;
            cx.clear(PROMETHEUS.departed());
            Ok(())
        })
}

/// The side that responds: to what is new, with what it was asked, and counts
/// how often.
fn prom() -> Charm<()> {
    Charm::new(())
        .when(JOBS.flag("new_requests"), |(), cx| {
            for request in cx.endpoint(JOBS).new_requests()? {
                let reason = format!("{} at {}", request.name, request.port);
                count(cx, &format!("answered.{reason}"))?;
                request.respond(&Outcome { success: true, reason: Some(reason) })?;
            }
            Ok(())
        })
        .when(JOBS.departed(), |(), cx| {
            cx.clear(JOBS.departed());
            count(cx, "departed")
        })
}

fn count(cx: &Context, what: &str) -> Result {
    let key = format!("count.{what}");
    let count = cx.kv().get::<u32>(&key)?.unwrap_or_default();
    cx.kv().set(&key, &(count + 1))
}

fn files(metadata: &str, config: &str) -> CharmFiles {
    let metadata = format!("name: app\nsummary: s\ndescription: d\n{metadata}");
    let read = |name: &str| match name {
        "metadata.yaml" => Some(metadata.clone()),
        "config.yaml" => Some(config.to_owned()),
        _ => None,
    };
    CharmFiles::read(|name| Ok::<_, ()>(read(name))).unwrap()
}

/// Plays a life: jobs that are asked for, one that changes, one that is taken
/// back, a unit that answers and goes, and the end of the relation.
fn life(builder: SimulatorBuilder) -> std::result::Result<Simulator, Box<dyn Error>> {
    let mut juju = builder.build();
    let jobs = "options: {jobs: {type: string, default: a=1 b=2}}";
    let asks = files("requires: {prometheus: {interface: jobs}}", jobs);
    let responds = files("provides: {jobs: {interface: jobs}}", "options: {}");
    let run = |variables| -> ExitCode { prom().run_in(variables) };
    juju.deploy_in_process(&asks, "app", |variables| app().run_in(variables))?;
    juju.deploy_with(Deployment::in_process(&responds, "prom", run).units(2))?;
    juju.integrate("app", "prom")?;
    juju.run_until_idle()?;
    juju.configure("app", [("jobs", "a=1 b=3")])?;
    juju.run_until_idle()?;
    juju.configure("app", [("jobs", "b=3")])?;
    juju.remove_unit("prom/0")?;
    juju.run_until_idle()?;
    juju.remove_relation("app", "prom")?;
    juju.run_until_idle()?;
    Ok(juju)
}

/// Returns what is kept of all units: by themselves, as the next run will see
/// it, and by Juju, but for the id of the last run.
fn kept(juju: &Simulator) -> std::result::Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for unit in ["app/0", "prom/1"] {
        let mut state = serde_json::to_value(juju.unit_state(unit).ok_or("no unit")?)?;
        let kept = state["charm_state"].as_object_mut();
        kept.and_then(|kept| kept.remove("charmwright.run"));
        writeln!(text, "{unit} {}", serde_json::to_string_pretty(&state)?)?;
        writeln!(text, "{:#?}", rows(juju, unit)?)?;
    }
    Ok(text)
}

fn rows(juju: &Simulator, unit: &str) -> std::result::Result<Rows, Box<dyn Error>> {
    let state = serde_json::to_value(juju.unit_state(unit).ok_or("no unit")?)?;
    let folder = juju.charm_dir(unit).ok_or("no folder")?;
    let store = SqliteStore::new(folder.join(".unit-state.db"));
    let loaded = store.load()?;
    let told = state["charm_state"]["charmwright.run"].as_str();
    match loaded.provisional {
        Some(run) if Some(run.as_str()) != told => Ok(store.restore()?),
        _ => Ok(loaded.rows),
    }
}

/// Tells whether many cases are asked for, as `cargo xtask test --long` does.
#[expect(clippy::disallowed_methods, reason = "there is no other way to ask")]
fn is_long() -> bool {
    std::env::var_os("PROPTEST_CASES").is_some()
}

#[test]
fn wherever_either_side_is_killed_each_request_is_answered_once() {
    let survived = KillPoints::new(life)
        .every(if is_long() { 1 } else { 5 })
        .snapshot(kept)
        .check(|juju| {
            let answered = rows(juju, "prom/1")?;
            for once in ["a at 1", "b at 2", "b at 3"] {
                assert_eq!(answered[&format!("count.answered.{once}")], "1");
            }
            assert_eq!(answered["count.departed"], "1");
            let app = rows(juju, "app/0")?;
            assert_eq!(app["answers"], r#"[["prom/1", "b at 3"]]"#);
            assert_eq!(app["count.departed.prom/0"], "1");
            assert_eq!(app["count.departed.prom/1"], "1");
            Ok(())
        })
        .run()
        .unwrap();
    assert!(survived.len() > 100, "only {} kill points", survived.len());
}
