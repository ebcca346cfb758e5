//! A hook with nothing to do: it reads its state, and asks Juju one thing.

use std::process::Command;

use crate::process::{Cost, Unit};
use crate::side_by_side::SideBySide;

/// The hook may take so many times as long as a program that does nothing.
const GOAL: f64 = 3.0;

const ROUNDS: usize = 401;

pub(crate) fn measure() -> bool {
    let unit = Unit::with_flags(10);
    let before = unit.calls();
    let costs = SideBySide::measure(
        ROUNDS,
        || Cost::of(&mut unit.hook("update-status")),
        || Cost::of(&mut Command::new("/bin/true")),
    );
    // One more round has come first.
    assert_eq!(unit.calls() - before, ROUNDS + 1);
    let (busy, clock) = (costs.map(|cost| cost.busy), costs.map(|cost| cost.clock));
    println!("a hook with nothing to do, and /bin/true");
    println!("  busy for {busy} times (goal: at most {GOAL} times)");
    println!("  by the clock, with the agent's own time, {clock} times");
    busy.ratio() <= GOAL
}
