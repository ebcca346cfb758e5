//! Recorded lives of two Python charms, hook by hook: the same flags, published
//! data, rows and statuses.
//!
//! Each hook begins with the relations that it had when it was recorded, and
//! with the rows that our own hooks before have left, or with those of Python,
//! from whom our charm then takes over. What may differ is here, by rules.

mod charms;
mod check;
mod database;
mod recorded;
mod wire;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use juju_simulator::{RelationState, Simulator, StatusText, UnitState};
use juju_types::StatusKind;
use prometheus_manual_interface::JobRequest;
use reactive_endpoints::{Charm, Rows};

use check::Check;
use recorded::Recorded;

/// Whose rows a hook begins with.
#[derive(Clone, Copy, PartialEq)]
enum Rowset {
    Ours,
    Pythons,
}

/// One of the recorded charms.
struct Replay {
    file: &'static str,
    metadata: &'static str,
    endpoint: &'static str,
    /// The flags that the interface keeps.
    kept: &'static [&'static str],
    /// Makes the charm for a life.
    charm: fn(&[Recorded]) -> Box<Make>,
    /// Tells of the relations after a hook whether one of the flags is to be
    /// set.
    truth: fn(&BTreeMap<u32, RelationState>, &str) -> bool,
}

type Make = dyn Fn() -> Charm<()> + Send + Sync;

const PROVIDES: Replay = Replay {
    file: "prometheus-manual.provides.json",
    metadata: "provides: {prometheus: {interface: prometheus-manual}}",
    endpoint: "prometheus",
    kept: &["all_responses", "available", "has_responses"],
    charm: |hooks| {
        let published = hooks.iter().flat_map(|hook| {
            hook.state_before.iter().flat_map(|relation| hook.published(relation.id().number()))
        });
        let requests = published.filter(|(key, _)| key.starts_with("request_"));
        let jobs: BTreeMap<&String, _> =
            requests.map(|(key, text)| (key, charms::job(text))).collect();
        let jobs: Vec<JobRequest> = jobs.into_values().collect();
        Box::new(move || charms::exporter(jobs.clone()))
    },
    truth: |relations, flag| {
        let live = || relations.values().filter(|relation| relation.units().next().is_some());
        let ids = |relation: &RelationState| ids(relation.own_data(), "request_");
        let has_response = |relation: &RelationState, id: &String| {
            relation.units().any(|unit| {
                let data = relation.unit_data(&unit.to_string()).unwrap();
                data.contains_key(&format!("response_{id}"))
            })
        };
        let mut asked =
            live().flat_map(|relation| ids(relation).into_iter().map(move |id| (relation, id)));
        match flag {
            "all_responses" => {
                asked.clone().next().is_some()
                    && asked.all(|(relation, id)| has_response(relation, &id))
            }
            "has_responses" => asked.any(|(relation, id)| has_response(relation, &id)),
            _ => asked.next().is_some(),
        }
    },
};

const REQUIRES: Replay = Replay {
    file: "prometheus-manual.requires.json",
    metadata: "requires: {manual-jobs: {interface: prometheus-manual}}",
    endpoint: "manual-jobs",
    kept: &["has_jobs", "has_requests", "new_jobs", "new_requests"],
    charm: |_| Box::new(charms::prometheus),
    truth: |relations, flag| {
        let mut asked = relations.values().flat_map(|relation| {
            let units = relation.units().map(|unit| relation.unit_data(&unit.to_string()).unwrap());
            units.flat_map(move |data| {
                ids(data, "request_").into_iter().map(move |id| (relation, id))
            })
        });
        asked.any(|(relation, id)| {
            flag.starts_with("has") || !relation.own_data().contains_key(&format!("response_{id}"))
        })
    },
};

#[test]
fn a_recording_of_the_side_that_asks_is_lived_again() {
    let differences = PROVIDES.run(Rowset::Ours);
    if is_the_trees_own() {
        insta::assert_snapshot!(differences, @"
        0 install: all_responses is Python's alone: NothingAsked
        0 install: the status is maintenance: installing charm software, Python's active: 0 of 0
        1 config-changed: all_responses is Python's alone: NothingAsked
        2 start: all_responses is Python's alone: NothingAsked
        3 prometheus-relation-created: all_responses is Python's alone: NothingAsked
        4 prometheus-relation-joined: all_responses is Python's alone: NothingAsked
        4 prometheus-relation-joined: available is ours alone: AtOnce
        4 prometheus-relation-joined: the status is active: 0 of 0, Python's active: 0 of 2
        10 prometheus-relation-broken: all_responses is Python's alone: NothingAsked
        10 prometheus-relation-broken: the status is active: 1 of 2, Python's active: 0 of 0
        ");
    }
}

#[test]
fn a_recording_of_the_side_that_answers_is_lived_again() {
    let differences = REQUIRES.run(Rowset::Ours);
    if is_the_trees_own() {
        insta::assert_snapshot!(differences, @"
        2 manual-jobs-relation-joined: new_jobs is Python's alone: AtOnce
        2 manual-jobs-relation-joined: new_requests is Python's alone: AtOnce
        4 manual-jobs-relation-joined: new_jobs is Python's alone: AtOnce
        4 manual-jobs-relation-joined: new_requests is Python's alone: AtOnce
        5 update-status: new_jobs is Python's alone: OtherHook
        5 update-status: response_11111111-2222-4333-8444-555555555555 is Python's alone: nobody asks
        5 update-status: the status is active: 3 jobs, Python's active: 2 jobs
        6 manual-jobs-relation-departed: response_11111111-2222-4333-8444-555555555555 is Python's alone: nobody asks
        ");
    }
}

#[test]
fn each_hook_of_a_recording_goes_on_from_the_rows_of_python() {
    PROVIDES.run(Rowset::Pythons);
    REQUIRES.run(Rowset::Pythons);
}

impl Replay {
    /// Lives it again, and returns in which flags and statuses it differs, with
    /// the reasons. All else is equal.
    #[track_caller]
    fn run(&self, rowset: Rowset) -> String {
        let hooks = Recorded::read(self.file);
        assert!(!hooks.is_empty());
        let charm = (self.charm)(&hooks);
        let name = hooks[0].unit().to_owned();
        let mut unit = Simulator::unit(&name)
            .charm_files(crate::model::files(self.metadata))
            .charm(move |variables| charm().run_in(variables));
        let database = unit.juju().charm_dir(&name).unwrap().join(".unit-state.db");
        let mut before = Rows::new();
        let mut status = StatusText::new(StatusKind::Maintenance, "installing charm software");
        let mut differences = String::new();
        for (number, hook) in hooks.iter().enumerate() {
            if rowset == Rowset::Pythons {
                database::write(&database, &before);
            }
            unit.change(|state| begin(state, hook).with_status(status));
            unit.run(hook.event());
            let mut check = Check::new(self, hook, &unit);
            check.all(&database::read(&database));
            for difference in check.differences {
                let _ = writeln!(differences, "{number} {}: {difference}", hook.hook);
            }
            before = hook.kv_after.clone();
            status = hook.status();
        }
        differences
    }
}

/// Returns the state that a hook begins in.
fn begin(mut state: UnitState, hook: &Recorded) -> UnitState {
    let relations: Vec<String> =
        state.relations().iter().map(|relation| relation.id().to_string()).collect();
    for relation in relations {
        state = state.without_relation(&relation);
    }
    for relation in &hook.state_before {
        let mut relation = relation.clone();
        // The recorder says who was there before a unit has joined, and has
        // left units in a relation that is broken, where nobody can see them.
        if let Some(unit) = hook.joins(&relation) {
            let data = relation.unit_data(unit).unwrap().clone();
            relation = relation.with_unit(unit, data);
        } else if hook.breaks(&relation) {
            let units: Vec<String> = relation.units().map(ToString::to_string).collect();
            relation = units.iter().fold(relation, |relation, unit| relation.without_unit(unit));
        }
        state = state.with_relation(relation);
    }
    state
}

/// Returns the ids of requests or responses.
fn ids(data: &BTreeMap<String, String>, prefix: &str) -> Vec<String> {
    data.keys().filter_map(|key| key.strip_prefix(prefix)).map(str::to_owned).collect()
}

#[expect(clippy::disallowed_methods, reason = "newer recordings can be put in the place of ours")]
fn is_the_trees_own() -> bool {
    std::env::var_os("PYTHON_RECORDINGS").is_none()
}
