//! A hook that reads many units.

use std::time::Duration;

use juju_simulator::SimulatedUnit;
use rustix::time::{ClockId, clock_gettime};

use crate::shape::{Shape, relation_changed};
use crate::side_by_side::median;

const SIZES: [usize; 3] = [10, 100, 1000];

/// A unit among a hundred times as many may take so much longer.
const GOAL: f64 = 1.5;

const ROUNDS: usize = 15;

pub(crate) fn measure() -> bool {
    println!("relation-changed that reads all units of 10 relations, a unit of them:");
    let times = SIZES.map(|related_units| {
        let shape = Shape { relations: 10, related_units, ..Shape::default() };
        let first = median((0..ROUNDS).map(|_| busy(&mut shape.in_process())));
        let mut unit = shape.in_process();
        unit.run(relation_changed());
        let again = median((0..ROUNDS).map(|_| busy(&mut unit)));
        let units = u32::try_from(related_units).unwrap();
        let [first, again] = [first, again].map(|time| (time / units).as_secs_f64() * 1e6);
        println!("  among {units:4}: busy for {first:5.1} µs at first, {again:5.1} µs again");
        [first, again]
    });
    let growth = [0, 1].map(|index| times[2][index] / times[0][index]);
    let [first, again] = growth;
    println!("  {first:.2} and {again:.2} times as long among 1,000 (goal: at most {GOAL} times)");
    growth.iter().all(|growth| *growth <= GOAL)
}

/// Returns for how long this process was busy with a hook, simulator included.
fn busy(unit: &mut SimulatedUnit) -> Duration {
    let time = || Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap();
    let before = time();
    unit.run(relation_changed());
    time().saturating_sub(before)
}
