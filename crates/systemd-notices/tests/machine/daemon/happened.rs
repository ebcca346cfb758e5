//! What has become of units, as systemd's journal has it.

use std::collections::BTreeMap;

use serde_json::Value;
use throwaway_machine::ThrowawayMachine;

use crate::promise::Happened;

/// What systemd says when a job has started a unit (`SD_MESSAGE_UNIT_STARTED`).
const STARTED: &str = "39f53479d3a045ac8e11786248231fbf";

/// What systemd says when a job has stopped a unit, and when a unit has ended
/// well or has failed (`SD_MESSAGE_UNIT_STOPPED`, `…_SUCCESS` and
/// `…_FAILURE_RESULT`).
const ENDED: [&str; 3] = [
    "9d1aaa27d60140bd96365438aad20286",
    "7ad2d189f7e94e70a38c781354912448",
    "d9b373ed55a64feb8242e02dbe79a49c",
];

/// Returns what has become of `units` in all boots, by the names in
/// `units`, where those are aliases of the names that systemd has.
pub(super) fn happened(machine: &ThrowawayMachine, units: &[String]) -> Vec<Happened> {
    let names = names(machine, units);
    let messages = [&[STARTED], ENDED.as_slice()].concat();
    let matches = messages.iter().map(|id| format!("MESSAGE_ID={id}")).collect::<Vec<_>>();
    let journal = format!(
        "journalctl --sync && journalctl --quiet --output json _PID=1 {}",
        matches.join(" ")
    );
    let mut happened = Vec::new();
    let mut up = BTreeMap::new();
    let mut boot = None;
    let entries = machine.run(["bash", "-c", &journal]).unwrap().success().unwrap();
    for line in entries.stdout().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        // No unit outlives its boot, and the journal may end before it.
        if boot.replace(field("_BOOT_ID")).is_some_and(|boot| boot != field("_BOOT_ID")) {
            let ends = std::mem::take(&mut up).into_iter();
            happened.extend(ends.map(|(unit, run)| Happened { unit, is_up: false, run }));
        }
        let Some(watched) = names.get(&field("UNIT")) else { continue };
        let is_up = field("MESSAGE_ID") == STARTED;
        if !["", "done"].contains(&field("JOB_RESULT").as_str()) {
            continue;
        }
        for unit in watched {
            let run = field("INVOCATION_ID");
            if is_up {
                up.insert(unit.clone(), run.clone());
            } else {
                up.remove(unit);
            }
            happened.push(Happened { unit: unit.clone(), is_up, run });
        }
    }
    happened
}

/// Returns the names of `units` by those that systemd has for them.
fn names(machine: &ThrowawayMachine, units: &[String]) -> BTreeMap<String, Vec<String>> {
    let ids = ["systemctl", "show", "--value", "--property", "Id", "--"].into_iter();
    let ids = machine.run(ids.chain(units.iter().map(String::as_str))).unwrap().success().unwrap();
    let ids = ids.stdout();
    let ids: Vec<_> = ids.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(ids.len(), units.len());
    let mut names = BTreeMap::<_, Vec<_>>::new();
    for (id, unit) in ids.iter().zip(units) {
        names.entry((*id).to_owned()).or_default().push(unit.clone());
    }
    names
}
