//! What a hook has left, compared with what was recorded; and by which rules it
//! may differ.

use std::collections::{BTreeMap, BTreeSet};

use juju_simulator::{RelationState, SimulatedUnit};
use reactive_endpoints::Rows;

use super::recorded::Recorded;
use super::{Replay, charms, ids};

/// Rows that serve Python's dispatcher alone: in which phase it is, and what
/// else it has to test again.
const DISPATCHER_ROWS: [&str; 3] =
    ["reactive.dispatch.phase", "reactive.dispatch.removed_state", "reactive.state_watch"];

/// Rows of our own, which Python passes over.
const OWN_ROWS: &str = "charmwright.";

/// Compares what a hook has left with what was recorded.
pub(super) struct Check<'a> {
    replay: &'a Replay,
    hook: &'a Recorded,
    unit: &'a SimulatedUnit,
    pub(super) differences: Vec<String>,
}

impl<'a> Check<'a> {
    pub(super) fn new(replay: &'a Replay, hook: &'a Recorded, unit: &'a SimulatedUnit) -> Self {
        Self { replay, hook, unit, differences: Vec::new() }
    }

    pub(super) fn all(&mut self, rows: &Rows) {
        let is_status_shown = self.flags(rows);
        self.published();
        self.rows(rows);
        if is_status_shown {
            assert_eq!(self.unit.status(), self.hook.status(), "{}", self.unit.operation());
        } else if self.unit.status() != self.hook.status() {
            let (ours, python) = (self.unit.status(), self.hook.status());
            self.differences.push(format!("the status is {ours}, Python's {python}"));
        }
    }

    /// Returns whether the flags led both to the same handlers.
    fn flags(&mut self, rows: &Rows) -> bool {
        let kept = |flag: &str| {
            let rest = flag.strip_prefix(&format!("endpoint.{}.", self.replay.endpoint));
            rest.is_some_and(|rest| self.replay.kept.contains(&rest))
        };
        let ours: BTreeSet<String> = set(rows).map(str::to_owned).collect();
        let others = |flags: &BTreeSet<String>| -> Vec<String> {
            flags.iter().filter(|flag| !kept(flag)).cloned().collect()
        };
        assert_eq!(others(&ours), others(&self.hook.flags), "{}", self.unit.operation());
        let relations = self.relations();
        let mut is_same = true;
        for flag in self.replay.kept {
            let name = format!("endpoint.{}.{flag}", self.replay.endpoint);
            let is_set = ours.contains(&name);
            let truth = (self.replay.truth)(&relations, flag);
            assert_eq!(is_set, truth, "{name}\n{}", self.unit.operation());
            if is_set != self.hook.flags.contains(&name) {
                let Some(reason) = self.reason(flag) else {
                    panic!("{name} is set: {is_set}\n{}", self.unit.operation());
                };
                is_same &= reason == Reason::AtOnce;
                let whose = if is_set { "ours" } else { "Python's" };
                self.differences.push(format!("{flag} is {whose} alone: {reason:?}"));
            }
        }
        is_same
    }

    fn reason(&self, flag: &str) -> Option<Reason> {
        let mut before = self.hook.state_before.iter();
        let asked = |relation: &RelationState| !ids(relation.own_data(), "request_").is_empty();
        if flag == "all_responses"
            && !before.clone().any(|relation| asked(relation) && !self.hook.breaks(relation))
        {
            Some(Reason::NothingAsked)
        } else if !self.hook.is_of(self.replay.endpoint) {
            Some(Reason::OtherHook)
        } else {
            let has_changed =
                before.any(|before| before.own_data() != self.hook.published(before.id().number()));
            has_changed.then_some(Reason::AtOnce)
        }
    }

    fn published(&mut self) {
        let relations = self.hook.state_before.iter();
        for relation in relations.filter(|relation| !self.hook.breaks(relation)) {
            let mut python = self.hook.published(relation.id().number()).clone();
            let now = self.unit.relation(&relation.id().to_string());
            // Python leaves a response when its request is gone.
            let units = now.units().map(|unit| now.unit_data(&unit.to_string()).unwrap());
            let asked: BTreeSet<String> = units.flat_map(|data| ids(data, "request_")).collect();
            python.retain(|key, _| {
                let id = key.strip_prefix("response_");
                let is_asked = id.is_none_or(|id| asked.contains(id));
                if !is_asked {
                    self.differences.push(format!("{key} is Python's alone: nobody asks"));
                }
                is_asked
            });
            assert_eq!(
                by_name(now.own_data(), relation),
                by_name(&python, relation),
                "{}",
                self.unit.operation()
            );
        }
    }

    fn rows(&self, rows: &Rows) {
        let is_compared = |key: &&String| {
            !DISPATCHER_ROWS.contains(&key.as_str())
                && !key.starts_with(OWN_ROWS)
                && !key.starts_with("reactive.states.")
        };
        let compared = |rows: &Rows| -> Rows {
            let rows = rows.iter().filter(|(key, _)| is_compared(key));
            rows.map(|(key, text)| (key.clone(), text.clone())).collect()
        };
        assert_eq!(compared(rows), compared(&self.hook.kv_after), "{}", self.unit.operation());
        for flag in set(rows) {
            assert_eq!(rows[&format!("reactive.states.{flag}")], "null");
        }
    }

    /// Returns the relations after the hook.
    fn relations(&self) -> BTreeMap<u32, RelationState> {
        let state = self.unit.state();
        let relations = state.relations().iter().filter(|relation| !self.hook.breaks(relation));
        relations.map(|relation| (relation.id().number(), relation.clone())).collect()
    }
}

/// Returns the flags among rows.
fn set(rows: &Rows) -> impl Iterator<Item = &str> {
    rows.keys().filter_map(|key| key.strip_prefix("reactive.states."))
}

/// Why a flag that an interface keeps may differ.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reason {
    /// Ours follows at once what the hook has asked or answered; Python looks
    /// at the beginning of the hook.
    AtOnce,
    /// Python sets `all_responses` when nothing was asked.
    NothingAsked,
    /// Ours is true in every hook; Python looks in those of the endpoint.
    OtherHook,
}

/// Returns settings with the name of the job in the place of the id of each
/// request that was not there before: Python's are random.
fn by_name(data: &BTreeMap<String, String>, before: &RelationState) -> BTreeMap<String, String> {
    let known = ids(before.own_data(), "request_");
    let new = ids(data, "request_").into_iter().filter(|id| !known.contains(id));
    let mut data = data.clone();
    for id in new {
        let text = data.remove(&format!("request_{id}")).unwrap();
        let name = charms::job(&text).job_name;
        data.insert(format!("request_{name}"), text.replace(&id, &name));
    }
    data
}
