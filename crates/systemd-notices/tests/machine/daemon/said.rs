//! What a charm was told, and whether that keeps the promise.

use std::collections::BTreeSet;
use std::time::Duration;

use systemd_notices::Notice;
use throwaway_machine::ThrowawayMachine;

use crate::daemon::happened::happened;
use crate::promise::{Said, faults};

/// Waits until the promise is kept to the charm that wrote down in the file
/// `notices` what it was told of `units`: that is what the journal says, and the
/// last of it is true. Only so many notices are repeated.
#[track_caller]
pub(super) fn assert_promise(
    machine: &ThrowawayMachine,
    units: &[&str],
    notices: &str,
    repeats: usize,
) {
    let faults = || {
        let said = said(machine, notices);
        let mut units: BTreeSet<_> = units.iter().map(|&unit| unit.to_owned()).collect();
        units.extend(said.iter().map(|said| said.unit.clone()));
        let happened = happened(machine, &units.into_iter().collect::<Vec<_>>());
        faults(&happened, &said, repeats)
    };
    let limit = Duration::from_mins(2);
    let outcome = machine.wait_until("the promise to be kept", limit, || faults().is_empty());
    let journal = machine.journal().unwrap();
    assert!(outcome.is_ok(), "{:#?}\n{journal}", faults());
    assert!(!journal.contains("panicked at"), "{journal}");
}

/// Returns what the charm has written down so far: a line for each notice, its
/// variables with tabs between them.
fn said(machine: &ThrowawayMachine, notices: &str) -> Vec<Said> {
    let line = format!("cat {notices} 2>/dev/null; true");
    let output = machine.run(["bash", "-c", &line]).unwrap().success().unwrap();
    let read = |line: &str| {
        let pairs = line.split('\t').filter_map(|pair| pair.split_once('='));
        let notice = Notice::from_env(pairs).unwrap().expect("the daemon says what it tells");
        Said {
            unit: notice.unit.to_string(),
            event: notice.event.to_string(),
            run: notice.invocation.map(|run| run.to_string()),
            merged: notice.merged,
            id: notice.id.to_string(),
        }
    };
    output.stdout().lines().map(read).collect()
}
