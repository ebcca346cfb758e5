//! A hook that looks at no relation, of a unit that has many.

use std::path::PathBuf;

use juju_simulator::SimulatedUnit;

use crate::process::{Cost, Unit};
use crate::shape::{Shape, relation_changed};
use crate::side_by_side::SideBySide;

/// What nobody looks at may make a hook that much slower, which is the noise.
const GOAL: f64 = 1.25;

const ROUNDS: usize = 201;

pub(crate) fn measure() -> bool {
    let many = Shape { relations: 10, related_units: 1000, ..Shape::default() };
    let mut many = many.in_process();
    // The charm has seen all units there, and keeps what it has seen.
    many.run(relation_changed());
    let relation_calls = relation_calls(&mut many);
    let (many, none) = (Unit::with_state(&state(&mut many)), Unit::with_flags(10));
    let costs = SideBySide::measure(
        ROUNDS,
        || Cost::of(&mut many.hook("update-status")),
        || Cost::of(&mut none.hook("update-status")),
    );
    let busy = costs.map(|cost| cost.busy);
    println!("update-status with 1,000 related units, and with none");
    println!("  relation calls: {relation_calls} (goal: 0)");
    println!("  busy for {busy} times (goal: at most {GOAL} times)");
    busy.ratio() <= GOAL && relation_calls == 0
}

fn relation_calls(unit: &mut SimulatedUnit) -> usize {
    let hook = unit.run("update-status");
    hook.calls.iter().filter(|call| call.tool.starts_with("relation-")).count()
}

/// Returns the file that a unit keeps its state in.
fn state(unit: &mut SimulatedUnit) -> PathBuf {
    unit.juju().charm_dir("web/0").unwrap().join(".unit-state.db")
}
