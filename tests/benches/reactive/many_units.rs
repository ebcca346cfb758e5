//! A hook that reads many units.

use crate::shape::{Shape, relation_changed};
use crate::side_by_side::median;

const SIZES: [usize; 3] = [10, 100, 1000];

/// A unit among ten times as many may take so much longer.
const GOAL: f64 = 1.5;

const ROUNDS: usize = 15;

pub(crate) fn measure() -> bool {
    println!("relation-changed that reads all units of 10 relations");
    let times = SIZES.map(|related_units| {
        let shape = Shape { relations: 10, related_units, ..Shape::default() };
        let first =
            median((0..ROUNDS).map(|_| shape.in_process().run(relation_changed()).duration));
        let mut unit = shape.in_process();
        unit.run(relation_changed());
        let again = median((0..ROUNDS).map(|_| unit.run(relation_changed()).duration));
        let units = u32::try_from(related_units).unwrap();
        let [first, again] = [first, again].map(|time| (time / units).as_secs_f64() * 1e6);
        println!("  {units:5} units: {first:6.1} µs each at first, {again:6.1} µs each again");
        [first, again]
    });
    let growth = (0..2).map(|index| times[2][index] / times[1][index]).fold(0.0, f64::max);
    println!(
        "  from 100 to 1,000 units each takes {growth:.2} times as long (goal: at most {GOAL})"
    );
    growth <= GOAL
}
