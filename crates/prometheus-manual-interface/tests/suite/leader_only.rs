//! Jobs that only the leader registers.

use juju_simulator::{Fault, RelationState, Simulator, StatusText, UnitEvent};
use juju_types::Event;
use prometheus_manual_interface::{LeaderOnly, PrometheusManualProvides};
use reactive_endpoints::{Charm, EndpointKey, Flag, MemoryStore};

use crate::model::{JOBS, Model, files, flags, job, tools};

const PROMETHEUS: EndpointKey<PrometheusManualProvides<LeaderOnly>> =
    EndpointKey::new("prometheus");

/// A charm that hands over one job whenever it can.
fn registers(charm: Charm<()>) -> Charm<()> {
    charm.when(PROMETHEUS.joined(), |(), cx| cx.endpoint(PROMETHEUS).sync_jobs([job("node", 9100)]))
}

/// Two units, of which the first leads, with one Prometheus.
fn model(charm: fn(Charm<()>) -> Charm<()>) -> Model {
    let mut model = Model::empty();
    model.deploy("app", 2, charm);
    model.deploy("prom", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:prometheus", "prom");
    model
}

#[test]
fn the_job_moves_to_the_new_leader_with_the_same_id() {
    let mut model = model(registers);
    let before = model.published("app/0", 0);
    assert_eq!(before.len(), 1);
    assert!(model.published("app/1", 0).is_empty());
    assert_eq!(model.flags("app/0"), ["available"]);
    assert!(model.flags("app/1").is_empty());

    model.juju.set_leader("app/1").unwrap();
    model.settle();
    assert!(model.published("app/0", 0).is_empty());
    assert_eq!(model.published("app/1", 0), before);
    assert!(model.flags("app/0").is_empty());
    let jobs = model.look("prom/0", |cx| {
        let jobs = cx.endpoint(JOBS).jobs()?;
        Ok(jobs.iter().map(|job| job.unit().unit_name().to_string()).collect::<Vec<_>>())
    });
    assert_eq!(jobs, ["app/1"]);

    // And back.
    model.juju.set_leader("app/0").unwrap();
    model.settle();
    assert_eq!(model.published("app/0", 0), before);
    assert!(model.published("app/1", 0).is_empty());
}

#[test]
fn whatever_hook_comes_first_takes_the_jobs_back_though_nobody_looks() {
    let quiet = |charm: Charm<()>| charm.endpoint(PROMETHEUS);
    for event in
        [Event::LeaderSettingsChanged, Event::UpdateStatus, Event::ConfigChanged, Event::Start]
    {
        let mut model = model(quiet);
        model.act("app/0", |cx| cx.endpoint(PROMETHEUS).register_job(job("node", 9100)));
        assert_eq!(model.published("app/0", 0).len(), 1);
        model.juju.set_leader("app/1").unwrap();
        model.juju.run_hook("app/0", &event).unwrap();
        assert!(model.published("app/0", 0).is_empty(), "{event}");
    }
}

#[test]
fn a_unit_that_does_not_lead_publishes_nothing_by_whichever_door() {
    let mut model = model(|charm| charm.endpoint(PROMETHEUS));
    model.act("app/1", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        let relation = &prometheus.relations()?[0];
        prometheus.register_job(job("a", 1))?;
        prometheus.register_job_in(relation, job("a", 1))?;
        prometheus.sync_jobs([job("a", 1)])?;
        prometheus.sync_jobs_in(relation, [job("a", 1)])?;
        assert!(prometheus.requests()?.is_empty());
        prometheus.create(relation, job("a", 1))?;
        assert!(!cx.is_set(PROMETHEUS.flag("available")));
        prometheus.unregister_job("a")
    });
    assert!(model.published("app/1", 0).is_empty());
}

#[test]
fn who_leads_is_asked_once_in_a_hook_and_not_at_all_by_those_with_no_jobs() {
    let mut model = model(|charm| charm.endpoint(PROMETHEUS).leadership_flags());
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).register_job(job("node", 9100)));
    model.idle("app/0");
    assert_eq!(tools(model.idle("app/0")), ["is-leader"]);
    let operation = model.run("app/0", |cx| {
        assert!(cx.is_set(Flag::new("leadership.is_leader")));
        cx.endpoint(PROMETHEUS).register_job(job("a", 1))?;
        cx.endpoint(PROMETHEUS).register_job(job("b", 1))
    });
    assert_eq!(tools(operation).iter().filter(|tool| **tool == "is-leader").count(), 1);
    model.idle("app/1");
    assert!(tools(model.idle("app/1")).is_empty());
}

#[test]
fn leadership_that_is_lost_during_a_hook_is_noticed_in_the_next_one() {
    let mut model = model(|charm| charm.endpoint(PROMETHEUS));
    model.idle("app/0");
    let looks = model.run("app/0", |cx| {
        assert!(cx.endpoint(PROMETHEUS).requests()?.is_empty());
        Ok(())
    });
    let asks = looks.calls.iter().position(|call| call.tool == "is-leader").unwrap();
    // Calls are counted from one, and leadership is lost right after this one.
    model.juju.inject("app/0", Fault::LoseLeadershipAtCall(asks + 2)).unwrap();
    model.run("app/0", |cx| cx.endpoint(PROMETHEUS).register_job(job("node", 9100)));
    assert_eq!(model.published("app/0", 0).len(), 1);
    model.settle();
    assert!(model.published("app/0", 0).is_empty());
}

#[test]
fn a_relation_that_its_last_unit_leaves_is_not_forgotten() {
    let store = MemoryStore::new();
    let kept = store.clone();
    let metadata = "provides: {prometheus: {interface: prometheus-manual}}";
    let mut unit = Simulator::unit("app/0").charm_files(files(metadata)).charm(move |variables| {
        Charm::new(()).endpoint(PROMETHEUS).store(kept.clone()).run_in(variables)
    });
    let relation = RelationState::new("prometheus:3", "prom")
        .with_unit("prom/0", [("ingress-address", "10.0.0.2")])
        .with_own_data([("request_1", r#"{"job_data": {}, "job_name": "a", "request_id": "1"}"#)]);
    unit.change(|state| {
        let other = StatusText::new("active", "");
        state.with_relation(relation).with_other_unit("app/1", other).without_leadership()
    });
    // In this hook, the relation is not among those of the endpoint.
    let departed = UnitEvent::new("prometheus-relation-departed");
    unit.run(departed.relation("prometheus:3").unit("prom/0"));
    assert!(!flags(&store).contains(&"charmwright.jobs-withdrawn.prometheus".to_owned()));
    unit.run("update-status");
    assert!(!unit.relation("prometheus").own_data().contains_key("request_1"));
    assert!(flags(&store).contains(&"charmwright.jobs-withdrawn.prometheus".to_owned()));
}

#[test]
fn jobs_of_a_python_charm_that_does_not_lead_any_more_are_taken_back() {
    let mut model = model(|charm| charm.endpoint(PROMETHEUS));
    let flag = "charmwright.jobs-withdrawn.prometheus";
    assert!(flags(&model.store("app/1")).contains(&flag.to_owned()));
    // As if it had been there and gone again in the meantime.
    model.publish(
        "app/1",
        &[("request_1", r#"{"job_name": "a", "job_data": {}, "request_id": "1"}"#)],
    );
    assert_eq!(model.published("app/1", 0).len(), 1);
    model.juju.run_hook("app/1", &Event::UpgradeCharm).unwrap();
    assert!(model.published("app/1", 0).is_empty());
}
