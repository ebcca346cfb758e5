//! A hook of a unit with many flags and handlers in which nothing changes.

use std::time::Duration;

use crate::process::{Cost, Unit};
use crate::shape::Shape;
use crate::side_by_side::{SideBySide, millis};

const GOAL: Duration = Duration::from_millis(5);

const ROUNDS: usize = 101;

pub(crate) fn measure() -> bool {
    let program = Unit::with_flags(5000);
    let mut in_thread = Shape { flags: 5000, handlers: 500, ..Shape::default() }.in_process();
    in_thread.run("install");
    in_thread.run("start");
    let costs = SideBySide::measure(
        ROUNDS,
        || Cost::of(program.hook("update-status").env("HANDLERS", "500")).busy,
        || in_thread.run("update-status").duration,
    );
    println!("5,000 flags set and 500 handlers, nothing changes");
    println!("  as a process, busy for {:.2} ms (goal: at most 5 ms)", millis(costs.one()));
    println!("  in a thread, by the clock, {:.2} ms", millis(costs.other()));
    costs.one() <= GOAL
}
