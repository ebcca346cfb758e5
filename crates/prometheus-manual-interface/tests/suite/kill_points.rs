//! Jobs and responses survive when either side is killed at any moment, or its
//! flush is refused.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;

use juju_simulator::{Deployment, KillPoints, Simulator, SimulatorBuilder};
use juju_types::CharmFiles;
use prometheus_manual_interface::{JobRequest, LeaderOnly, PrometheusManualProvides};
use reactive_endpoints::{Charm, Context, EndpointKey, Result, Rows, SqliteStore, Store as _};
use serde::Deserialize;

use crate::model::{JOBS, job};

const PROMETHEUS: EndpointKey<PrometheusManualProvides<LeaderOnly>> =
    EndpointKey::new("prometheus");

#[derive(Deserialize)]
struct Config {
    /// The jobs to register, such as `a=1 b=2`.
    jobs: String,
}

/// The side that hands over jobs: those of its config, through its leader.
fn app() -> Charm<()> {
    Charm::new(()).when(PROMETHEUS.joined(), |(), cx| {
        let config: Config = cx.config()?;
        let jobs = config.jobs.split_whitespace().map(|text| {
            let (name, port) = text.split_once('=').unwrap();
            job(name, port.parse().unwrap())
        });
        cx.endpoint(PROMETHEUS).sync_jobs(jobs.collect::<Vec<JobRequest>>())
    })
}

/// The side that takes them: all that have not the port 4. It counts how often it was
/// asked for each.
fn prom() -> Charm<()> {
    Charm::new(()).when(JOBS.flag("new_jobs"), |(), cx| {
        for job in cx.endpoint(JOBS).new_jobs()? {
            let data = python_json::to_string(&job.job_data)?;
            count(cx, &format!("{} of {}: {data}", job.job_name, job.unit().unit_name()))?;
            if data.contains(":4\"") {
                job.refuse("4 is no port")?;
            } else {
                job.accept()?;
            }
        }
        Ok(())
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

/// Plays a life: jobs that are registered, one that changes, one that goes, and
/// another leader.
fn life(builder: SimulatorBuilder) -> std::result::Result<Simulator, Box<dyn Error>> {
    let mut juju = builder.build();
    let jobs = "options: {jobs: {type: string, default: a=1 b=2}}";
    let asks = files("provides: {prometheus: {interface: prometheus-manual}}", jobs);
    let takes = files("requires: {manual-jobs: {interface: prometheus-manual}}", "options: {}");
    let run = |variables| -> ExitCode { app().run_in(variables) };
    juju.deploy_with(Deployment::in_process(&asks, "app", run).units(2))?;
    juju.deploy_in_process(&takes, "prom", |variables| prom().run_in(variables))?;
    juju.integrate("app", "prom")?;
    juju.run_until_idle()?;
    juju.configure("app", [("jobs", "b=3 c=4")])?;
    juju.run_until_idle()?;
    juju.set_leader("app/1")?;
    juju.run_until_idle()?;
    Ok(juju)
}

/// Returns what each unit publishes at last.
fn published(juju: &Simulator) -> std::result::Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for unit in ["app/0", "app/1", "prom/0"] {
        let state = juju.unit_state(unit).ok_or("no unit")?;
        for relation in state.relations() {
            writeln!(text, "{unit} {:#?}", relation.own_data())?;
        }
    }
    Ok(text)
}

/// Returns what a unit keeps, as its next run will see it.
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
fn wherever_either_side_is_killed_the_leader_alone_has_the_jobs_and_each_is_answered() {
    let survived = KillPoints::new(life)
        .every(if is_long() { 1 } else { 5 })
        .snapshot(published)
        .check(|juju| {
            let has = |unit: &str, prefix: &str| {
                let state = juju.unit_state(unit).unwrap();
                let data = state.relations()[0].own_data().clone();
                data.keys().filter(|key| key.starts_with(prefix)).count()
            };
            assert_eq!(has("app/0", "request_"), 0);
            assert_eq!(has("app/1", "request_"), 2);
            assert_eq!(has("prom/0", "response_"), 2);
            let counts: Vec<String> = rows(juju, "prom/0")?
                .into_iter()
                .filter(|(key, _)| key.starts_with("count."))
                .map(|(_, count)| count)
                .collect();
            // Four from the first leader and two from the second.
            assert_eq!(counts, ["1"; 6]);
            Ok(())
        })
        .run()
        .unwrap();
    assert!(survived.len() > 50, "only {} kill points", survived.len());
}
