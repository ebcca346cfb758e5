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
//! - A file that changes while any flag does: Python loses the change, as its
//!   tracer tests all handlers, and they are tested again after each flag that
//!   is cleared. Here that tracer is out, and the file's handler the first.
//! - Hooks that are killed after their end, or whose flush fails: Python has
//!   committed for good by then.

mod charm;
mod life;
mod puppet;
mod world;

use std::ops::RangeInclusive;
use std::thread;

use life::Life;

/// How many hooks are compared in a life, at least.
const HOOKS: usize = 60;

#[test]
fn a_random_life_is_the_same_in_both_languages() {
    // `cargo xtask test --long` asks for many cases.
    let is_long = std::env::var_os("PROPTEST_CASES").is_some();
    live(1..=4);
    if is_long {
        for first in (5..=40).step_by(4) {
            live(first..=first + 3);
        }
    }
}

/// Lives some lives at the same time.
fn live(seeds: RangeInclusive<u8>) {
    thread::scope(|scope| {
        for seed in seeds {
            scope.spawn(move || Life::begin(seed).live(HOOKS));
        }
    });
}
