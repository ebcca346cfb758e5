//! What goes wrong on demand, in charms that are programs.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use juju_simulator::{Exit, Fault, Retry, Simulator, SimulatorError};
use juju_types::JujuVersion;

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

const WRITES: &str = "[ $JUJU_HOOK_NAME = update-status ] || exit 0
    echo one >> ../calls; state-set a=b || exit 3
    echo two >> ../calls; status-set active || exit 4
    echo end >> ../calls";

fn with(fault: Fault) -> Simulator {
    let mut juju = deployed(&TestCharm::new(WRITES));
    juju.inject("exporter/0", fault.clone()).unwrap();
    juju.update_status("exporter/0").unwrap();
    assert_eq!(last(&juju).faults, [fault]);
    juju
}

fn state(juju: &Simulator) -> serde_json::Value {
    serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap()["charm_state"].clone()
}

/// Returns what the charm has written beside its folder.
fn written(juju: &Simulator) -> String {
    let calls = juju.charm_dir("exporter/0").unwrap().with_file_name("calls");
    std::fs::read_to_string(calls).unwrap()
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
    for (call, expected) in [(1, "one\n"), (2, "one\ntwo\n")] {
        let juju = with(Fault::KillAtCall(call));
        assert_eq!(last(&juju).exit, Exit::Signal(9));
        assert_eq!(last(&juju).calls.len(), call - 1);
        assert_eq!(state(&juju), serde_json::json!({}));
        assert_eq!(written(&juju), expected);
        assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "update-status""#);
    }
}

#[test]
fn a_charm_is_killed_after_each_of_its_calls() {
    for (call, expected) in [(1, "one\n"), (2, "one\ntwo\n")] {
        let juju = with(Fault::KillAfterCall(call));
        assert_eq!(last(&juju).exit, Exit::Signal(9));
        assert_eq!(last(&juju).calls.len(), call);
        assert_eq!(written(&juju), expected);
    }
    // What takes effect at once has done so; what is kept back is lost.
    let mut juju = with(Fault::KillAfterCall(2));
    assert_eq!(state(&juju), serde_json::json!({}));
    juju.resolve("exporter/0", Retry::No).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "active");
}

#[test]
fn a_charm_is_killed_after_its_last_write_and_before_its_exit() {
    let juju = with(Fault::KillAtExit);
    assert_eq!(written(&juju), "one\ntwo\nend\n");
    assert_eq!(state(&juju), serde_json::json!({}));
    insta::assert_snapshot!(last(&juju), @"
    exporter/0 update-status: ended by signal 9
      ! killed at its exit
      state-set a=b
      status-set active
      * status: unknown -> active
    ");
}

#[test]
fn a_charm_is_killed_after_a_time() {
    let charm = TestCharm::new("[ $JUJU_HOOK_NAME = update-status ] || exit 0; sleep 60");
    let mut juju = deployed(&charm);
    juju.inject("exporter/0", Fault::KillAfter(Duration::from_millis(20))).unwrap();
    juju.update_status("exporter/0").unwrap();
    insta::assert_snapshot!(last(&juju), @r"
    exporter/0 update-status: ended by signal 9
      ! killed after 20ms
    ");
}

#[test]
fn a_killed_action_has_failed() {
    let charm = TestCharm::new("exit 0").file("actions.yaml", "check: {description: d}\n");
    let mut juju = deployed(&charm);
    juju.inject("exporter/0", Fault::KillAtExit).unwrap();
    let outcome = juju.run_action("exporter/0", "check", serde_json::Value::Null).unwrap();
    assert_eq!(outcome.message, "signal: killed");
}

#[test]
fn a_dropped_socket_answers_no_more() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = update-status ] || exit 0
        state-set a=b && echo one
        state-set b=c 2> /dev/null || echo two failed
        state-set c=d 2> /dev/null || echo three failed
        [ -e $JUJU_AGENT_SOCKET_ADDRESS ] || echo no socket",
    );
    let mut juju = deployed(&charm);
    juju.inject("exporter/0", Fault::DropSocketAtCall(2)).unwrap();
    juju.update_status("exporter/0").unwrap();
    insta::assert_snapshot!(last(&juju), @r"
    exporter/0 update-status
      ! socket dropped at call 2
      state-set a=b
      * state: a = b
      | DEBUG unit.exporter/0.update-status one
      | DEBUG unit.exporter/0.update-status two failed
      | DEBUG unit.exporter/0.update-status three failed
      | DEBUG unit.exporter/0.update-status no socket
    ");
}

const LEADS: &str = "[ $JUJU_HOOK_NAME = update-status ] || exit 0
    is-leader; relation-set -r cluster:0 --app a=b
    is-leader; relation-set -r cluster:0 --app c=d
    status-set --application active; leader-set a=b; secret-add key=value
    exit 0";

fn cluster(version: JujuVersion, units: usize, script: &str) -> Simulator {
    let charm = TestCharm::new(script).file(
        "metadata.yaml",
        "{name: exporter, summary: s, description: d, peers: {cluster: {interface: i}}}",
    );
    let mut juju = builder().juju_version(version).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    for _ in 1..units {
        juju.add_unit("exporter").unwrap();
    }
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn a_unit_loses_the_leadership_in_the_middle_of_a_hook() {
    let mut juju = cluster(JujuVersion::new(3, 6, 28), 2, LEADS);
    juju.inject("exporter/0", Fault::LoseLeadershipAtCall(3)).unwrap();
    let before = juju.operations().len();
    juju.update_status("exporter/0").unwrap();
    insta::assert_snapshot!(juju.operations()[before], @r#"
    exporter/0 update-status: exit status 0, but cannot flush: checking leadership continuity: "exporter/0" is not leader of "exporter"
      ! leadership lost at call 3
      is-leader
      relation-set -r cluster:0 --app a=b
      is-leader
      relation-set -r cluster:0 --app c=d -> 1: ERROR cannot write relation settings
      status-set --application active -> 1: ERROR this unit is not the leader
      leader-set a=b -> 1: ERROR cannot write leadership settings: cannot write settings: not the leader
      secret-add key=… -> 1: ERROR this unit is not the leader
      | DEBUG unit.exporter/0.update-status True
      | DEBUG unit.exporter/0.update-status False
      | WARNING unit.exporter/0.update-status ERROR cannot write relation settings
      | WARNING unit.exporter/0.update-status ERROR this unit is not the leader
      | WARNING unit.exporter/0.update-status ERROR cannot write leadership settings: cannot write settings: not the leader
      | WARNING unit.exporter/0.update-status ERROR this unit is not the leader
    "#);
    assert_eq!(last(&juju).to_string(), "exporter/1 leader-elected\n");
    juju.resolve("exporter/0", Retry::No).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).to_string(), "exporter/0 leader-settings-changed\n");
}

#[test]
fn what_a_former_leader_has_written_is_refused_at_the_end() {
    let refusal = |version: JujuVersion, write: &str| {
        let script = format!("[ $JUJU_HOOK_NAME = update-status ] || exit 0; {write}; is-leader");
        let mut juju = cluster(version, 2, &script);
        juju.inject("exporter/0", Fault::LoseLeadershipAtCall(2)).unwrap();
        let before = juju.operations().len();
        juju.update_status("exporter/0").unwrap();
        juju.operations()[before].exit.to_string()
    };
    let relation = "relation-set -r cluster:0 --app a=b";
    insta::assert_snapshot!(refusal(JujuVersion::new(2, 9, 50), relation), @r#"exit status 0, but cannot flush: prerequisites failed: "exporter/0" is not leader of "exporter""#);
    insta::assert_snapshot!(refusal(JujuVersion::new(4, 0, 4), relation), @r#"exit status 0, but cannot flush: updating unit and application settings for "exporter/0": permission denied"#);
    let secret = "secret-add key=value > /dev/null";
    insta::assert_snapshot!(refusal(JujuVersion::new(3, 6, 28), secret), @"exit status 0, but cannot flush: creating secrets: permission denied");
    insta::assert_snapshot!(refusal(JujuVersion::new(3, 6, 28), "relation-set -r cluster:0 a=b"), @"exit status 0");
}

#[test]
fn an_only_unit_that_has_lost_the_leadership_is_elected_again() {
    for version in [JujuVersion::new(3, 6, 28), JujuVersion::new(4, 0, 4)] {
        let script = "[ $JUJU_HOOK_NAME = update-status ] || exit 0; is-leader; is-leader";
        let mut juju = cluster(version, 1, script);
        juju.inject("exporter/0", Fault::LoseLeadershipAtCall(2)).unwrap();
        juju.update_status("exporter/0").unwrap();
        let [.., update_status, elected] = juju.operations() else { panic!() };
        assert_eq!(update_status.log[1].message, "False");
        assert_eq!(elected.to_string(), "exporter/0 leader-elected\n");
        assert!(juju.status().unit("exporter/0").unwrap().is_leader);
    }
}

#[test]
fn a_leader_elected_that_has_failed_is_passed_over_when_another_unit_leads() {
    let script = "[ $JUJU_HOOK_NAME = leader-elected ] || exit 0; is-leader; exit 1";
    let mut juju = cluster(JujuVersion::new(3, 6, 28), 2, script);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "leader-elected""#);
    juju.inject("exporter/0", Fault::LoseLeadershipAtCall(1)).unwrap();
    juju.resolve("exporter/0", Retry::Yes).unwrap();
    juju.run_until_idle().unwrap();
    juju.resolve("exporter/0", Retry::Yes).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "unknown");
}

#[test]
fn a_fault_that_does_not_strike_is_an_error() {
    let mut juju = deployed(&TestCharm::new(WRITES));
    juju.inject("exporter/0", Fault::KillAtCall(9)).unwrap();
    juju.inject("exporter/0", Fault::FailTool("open-port".to_owned())).unwrap();
    juju.inject("exporter/0", Fault::LoseLeadershipAtCall(4)).unwrap();
    assert_eq!(juju.waiting_faults().len(), 3);
    let error = juju.update_status("exporter/0").unwrap_err();
    assert!(matches!(error, SimulatorError::FaultsMissed { .. }));
    insta::assert_snapshot!(error, @r#"no "killed at call 9; open-port fails; leadership lost at call 4" in "update-status" of unit "exporter/0": it has ended (exit status 0) after 2 calls"#);
    // All else is in order.
    assert_eq!(workload(&juju, "exporter/0"), "active");
    assert!(juju.waiting_faults().is_empty());
}

#[test]
fn a_fault_strikes_the_operation_of_a_number() {
    let charm = TestCharm::new("juju-log hello");
    let mut juju = builder().inject(3, Fault::KillAtCall(1)).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), ["install", "leader-elected", "config-changed"]);
    assert_eq!(last(&juju).exit, Exit::Signal(9));
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

#[test]
fn a_charm_finds_its_disk_full() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = update-status ] || exit 0
        env > ../variables
        pwd
        echo new > new && exit 3
        cp dispatch copy 2> /dev/null && exit 4
        rm spare; head -c 6000 /dev/zero > part 2> /dev/null && exit 5
        status-set blocked \"$(stat -c %s part) bytes of 6000\"
        exit 0",
    )
    .file("spare", "some")
    .file("folder/kept", "kept");
    charm.set_mode("folder/kept", 0o640);
    let mut juju = deployed(&charm);
    let folder = juju.charm_dir("exporter/0").unwrap();
    let variables = |juju: &mut Simulator| {
        juju.update_status("exporter/0").unwrap();
        let all = std::fs::read_to_string(folder.with_file_name("variables")).unwrap();
        let own = |line: &&str| !line.starts_with("JUJU_CONTEXT_ID=");
        let mut all: Vec<String> = all.lines().filter(own).map(str::to_owned).collect();
        all.sort();
        all
    };
    juju.inject("exporter/0", Fault::FullDisk).unwrap();
    let on_full_disk = variables(&mut juju);
    let shown = last(&juju).to_string().replace(folder.to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!(shown, @"
    exporter/0 update-status
      ! disk full
      status-set blocked '4096 bytes of 6000'
      * status: unknown -> blocked: 4096 bytes of 6000
      | DEBUG unit.exporter/0.update-status FOLDER
      | WARNING unit.exporter/0.update-status FOLDER/dispatch: line 5: echo: write error: No space left on device
    ");

    // What was written stays, and what was not touched is as before.
    let names = std::fs::read_dir(&folder).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["copy", "dispatch", "folder", "manifest.yaml", "metadata.yaml", "new", "part"]
    );
    assert_eq!(std::fs::metadata(folder.join("part")).unwrap().len(), 4096);
    let kept = std::fs::metadata(folder.join("folder/kept")).unwrap();
    assert_eq!((kept.len(), kept.permissions().mode() & 0o777), (4, 0o640));
    // The next hook has room again, and sees the same variables.
    assert_eq!(variables(&mut juju), on_full_disk);
    assert_eq!(last(&juju).exit, Exit::Code(3));
}

#[test]
fn nothing_stays_mounted_after_a_full_disk() {
    let juju = with(Fault::FullDisk);
    let folder = juju.charm_dir("exporter/0").unwrap();
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(folder.to_str().unwrap()));
    assert_eq!(written(&juju), "one\ntwo\nend\n");
}
