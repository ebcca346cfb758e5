//! Two charms that do the same, one on charms.reactive and one on
//! reactive-endpoints, live the same random life, and are compared after each
//! hook: flags, stored rows, published data, status, and which handlers ran in
//! which order.
//!
//! What may differ, and so is left out of the comparison or of the life:
//!
//! - Rows that serve Python's dispatcher, and our own (`world.rs`).
//! - Digests of units that are gone, and of settings that were taken back:
//!   Python keeps them for ever. So a setting that comes back with its old value
//!   is a change for ours alone; here it comes back with another one.
//! - The flags of requests and responses, which in Python are those of the
//!   beginning of the hook: compared after `update-status`, in which nothing is
//!   asked or answered. Python sets `all_responses` when nothing is asked.
//! - Responses to requests that are gone: Python leaves them.
//! - A changed request is answered again by ours alone. (Here with the same
//!   answer.)
//! - Requests that are taken back, made null, cannot be read, or share an id:
//!   Python cannot, or fails.
//! - The application of a relation without units: Python takes that of the unit
//!   itself, even if it is no peer relation.
//! - Objects in received JSON whose keys are not in order: what is stored of
//!   them is, in ours.
//! - Ten or more relations, and units of a number above 9: Python sorts them as
//!   text.
//! - A flag that is cleared though it is not set: Python tests all due handlers
//!   again all the same. Here none is.
//! - A file that changes while any flag does: Python loses the change, as its
//!   tracer tests all handlers, and they are tested again after each flag that
//!   is cleared. Here that tracer is out, and the file's handler the first.
//! - Hooks that are killed after their end, or whose flush fails: Python has
//!   committed for good by then.

mod charm;
mod killed;
mod life;
mod puppet;
mod world;

use std::thread;

use life::Life;

/// How many hooks are compared in a life, at least.
const HOOKS: usize = 45;

#[test]
fn a_random_life_is_the_same_in_both_languages() {
    live(4, |seed| Life::begin(seed).live(HOOKS));
}

#[test]
fn a_charm_that_changes_its_language_keeps_its_state() {
    live(2, |seed| Life::begin(seed).fickle().live(HOOKS));
}

/// Lives so many lives at the same time; many more if `cargo xtask test --long`
/// asks for many cases.
fn live(lives: u8, live: fn(u8)) {
    let is_long = std::env::var_os("PROPTEST_CASES").is_some();
    let rounds = if is_long { 10 } else { 1 };
    for round in 0..rounds {
        thread::scope(|scope| {
            for seed in 1..=lives {
                scope.spawn(move || live(round * lives + seed));
            }
        });
    }
}
