//! How long a simulated model takes to come to rest, the more units it has.
//!
//! `cargo xtask bench` runs it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use juju_hook_env::{CharmResult, HookEnv, Juju, UnitAgent, run_in};
use juju_simulator::Simulator;
use juju_types::{CharmFiles, Event};
use rustix::time::{ClockId, clock_gettime};

const RELATIONS: usize = 10;
const SIZES: [usize; 3] = [10, 100, 1000];

/// An operation among a hundred times as many units may take so much longer.
const GOAL: f64 = 2.0;

fn main() -> ExitCode {
    let met = SHAPES.map(|shape| {
        println!("{}", shape.description);
        let settled = SIZES.map(|units| {
            // Small models are settled often enough to be measured as well.
            let models = (0..SIZES[2] / units).map(|_| settle(&shape, units));
            let settled = models.reduce(Settled::and).unwrap();
            println!("  {settled}");
            settled
        });
        let [smallest, .., largest] = settled.map(|settled| settled.per_operation());
        let growth = largest.as_secs_f64() / smallest.as_secs_f64();
        println!("  an operation takes {growth:.2} times as long (goal: at most {GOAL} times)");
        growth <= GOAL
    });
    if met == [true; SHAPES.len()] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a model consists of.
struct Shape {
    description: &'static str,
    /// How many units each provider and each requirer of a relation has, of
    /// `units` in all.
    sides: fn(units: usize) -> (usize, usize),
    /// Whether all relations have one requirer.
    has_hub: bool,
}

const SHAPES: [Shape; 2] = [
    Shape {
        description: "one unit related to 10 applications",
        sides: |units| (units / RELATIONS, 1),
        has_hub: true,
    },
    Shape {
        description: "10 pairs of applications, each unit of one seen by each unit of the other",
        sides: |units| (units.div_ceil(2 * RELATIONS), units / 2 / RELATIONS),
        has_hub: false,
    },
];

/// What one or several models have run.
#[derive(Clone, Copy)]
struct Settled {
    models: u32,
    /// How many each model has.
    units: usize,
    /// How many they ran together.
    operations: usize,
    time: Duration,
    /// What all threads were busy for.
    busy: Duration,
}

impl Settled {
    fn and(self, other: Self) -> Self {
        Self {
            models: self.models + other.models,
            units: self.units,
            operations: self.operations + other.operations,
            time: self.time + other.time,
            busy: self.busy + other.busy,
        }
    }

    fn per_operation(&self) -> Duration {
        self.busy / u32::try_from(self.operations).unwrap()
    }
}

impl std::fmt::Display for Settled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { models, units, operations, time, busy } = self;
        let per_operation = micros(self.per_operation());
        let per_unit = micros(*busy / *models / u32::try_from(*units).unwrap());
        let operations = operations / *models as usize;
        let (time, busy) = ((*time / *models).as_secs_f64(), (*busy / *models).as_secs_f64());
        write!(
            f,
            "{units:5} units: {operations:6} operations in {time:6.2} s, busy for {busy:6.2} s: {per_operation:4.0} µs each, {per_unit:6.0} µs a unit"
        )
    }
}

fn settle(shape: &Shape, units: usize) -> Settled {
    let mut juju = Simulator::new();
    let (providers, requirers) = (shape.sides)(units);
    if shape.has_hub {
        add(&mut juju, "requires", "hub", requirers);
    }
    for number in 0..RELATIONS {
        let provider = format!("provider{number}");
        add(&mut juju, "provides", &provider, providers);
        let requirer = if shape.has_hub { "hub".to_owned() } else { format!("requirer{number}") };
        if !shape.has_hub {
            add(&mut juju, "requires", &requirer, requirers);
        }
        juju.integrate(&provider, &requirer).unwrap();
    }
    let (start, busy_before) = (Instant::now(), busy_time());
    juju.run_until_idle().unwrap();
    let time = start.elapsed();
    let busy = busy_time().checked_sub(busy_before).unwrap();
    assert!(juju.operations().iter().all(|operation| operation.exit.is_success()));
    let units = juju.status().units().count();
    Settled { models: 1, units, operations: juju.operations().len(), time, busy }
}

fn add(juju: &mut Simulator, role: &str, application: &str, units: usize) {
    let metadata =
        format!("name: bench\nsummary: s\ndescription: d\n{role}: {{db: {{interface: sql}}}}\n");
    let read = |name: &str| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.clone()));
    let files = CharmFiles::read(read).unwrap();
    juju.deploy_in_process(&files, application, run).unwrap();
    for _ in 1..units {
        juju.add_unit(application).unwrap();
    }
}

fn run(variables: BTreeMap<String, String>) -> ExitCode {
    let env = HookEnv::from_pairs(variables).unwrap();
    run_in(&env, UnitAgent::new(&env), charm)
}

/// Returns for how long this process was busy, on all processors: on a machine
/// with other work to do, it says more than the clock.
fn busy_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Publishes something, and reads what the others publish.
fn charm(env: &HookEnv, juju: &Juju) -> CharmResult {
    match env.event() {
        Some(Event::RelationCreated(relation)) => {
            juju.relation_set(&relation.id, [("url", env.unit().to_string())])?;
        }
        Some(Event::RelationChanged { relation, unit: Some(remote) }) => {
            let settings = juju.relation_get(&relation.id, remote)?;
            assert_eq!(settings["url"], remote.to_string());
        }
        _ => {}
    }
    Ok(())
}
