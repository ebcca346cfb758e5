//! What goes wrong on demand.

use juju_simulator::{Exit, Fault, Retry, Simulator};

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

const WRITES: &str = "[ $JUJU_HOOK_NAME = update-status ] || exit 0
    echo one >> ../calls; state-set a=b || exit 3
    echo two >> ../calls; status-set active || exit 4";

fn with(fault: Fault) -> Simulator {
    let mut juju = deployed(&TestCharm::new(WRITES));
    juju.inject("exporter/0", fault).unwrap();
    juju.update_status("exporter/0").unwrap();
    juju
}

fn state(juju: &Simulator) -> serde_json::Value {
    serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap()["charm_state"].clone()
}

#[test]
fn a_flush_that_fails_loses_what_was_kept_back_once() {
    let mut juju = with(Fault::FailFlush);
    assert_eq!(last(&juju).exit.to_string(), "exit status 0, but cannot flush: simulated fault");
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "update-status""#);
    assert_eq!(state(&juju), serde_json::json!({}));
    juju.resolve("exporter/0", Retry::Yes).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(state(&juju), serde_json::json!({"a": "b"}));
}

#[test]
fn a_tool_that_fails_does_nothing() {
    let juju = with(Fault::FailTool("status-set".to_owned()));
    assert_eq!(last(&juju).exit, Exit::Code(4));
    assert_eq!(last(&juju).calls[1].to_string(), "status-set active -> 1: ERROR simulated fault");
}

#[test]
fn a_charm_is_killed_at_each_of_its_calls() {
    for (call, written) in [(1, "one\n"), (2, "one\ntwo\n")] {
        let juju = with(Fault::KillAtCall(call));
        assert_eq!(last(&juju).exit, Exit::Signal(9));
        assert_eq!(last(&juju).calls.len(), call - 1);
        assert_eq!(state(&juju), serde_json::json!({}));
        let calls = juju.charm_dir("exporter/0").unwrap().with_file_name("calls");
        assert_eq!(std::fs::read_to_string(calls).unwrap(), written);
    }
    // A charm that makes fewer calls lives.
    assert!(last(&with(Fault::KillAtCall(3))).exit.is_success());
}

#[test]
fn the_seed_chooses_which_unit_runs_next() {
    let charm = TestCharm::new("exit 0");
    let order = |seed: u64| {
        let mut juju = builder().seed(seed).interleave_units().build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.add_unit("exporter").unwrap();
        juju.add_unit("exporter").unwrap();
        juju.run_until_idle().unwrap();
        let mut all = names(&juju);
        all.sort();
        assert_eq!(all.iter().filter(|name| *name == "start").count(), 3);
        let units = juju.operations().iter().map(|ran| ran.unit.number().to_string());
        units.collect::<String>()
    };
    assert_eq!(order(1), order(1));
    assert!((2..6).any(|seed| order(seed) != order(1)));
}
