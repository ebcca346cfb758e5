//! Scenarios that are run once for every kill point.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use juju_agent_rpc::{Client, Request};
use juju_simulator::{
    Exit, Fault, KillPoint, KillPoints, KillPointsError, OperationKind, Simulator,
};
use juju_types::{CharmFiles, Event};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::charm::TestCharm;

/// Plays a charm whose port is changed once.
fn changed_port(charm: &TestCharm) -> KillPoints<'_, Simulator> {
    KillPoints::new(|builder| {
        let mut juju = builder.tool_program(env!("CARGO_BIN_EXE_juju-sim-tool")).build();
        juju.deploy(charm.path(), "exporter")?;
        juju.run_until_idle()?;
        juju.configure("exporter", [("port", "9200")])?;
        juju.run_until_idle()?;
        Ok(juju)
    })
}

/// The port that is stored at Juju is the one that is configured.
fn stores_its_port(juju: &Simulator) -> Result<(), Box<dyn std::error::Error>> {
    let state = serde_json::to_value(juju.unit_state("exporter/0"))?;
    assert_eq!(state["charm_state"], json!({"port": "9200"}));
    Ok(())
}

fn charm(config_changed: &str) -> TestCharm {
    let script = format!("[ $JUJU_HOOK_NAME = config-changed ] || exit 0\n{config_changed}");
    TestCharm::new(&script).config("  port: {type: int, default: 9100}\n")
}

/// It looks at Juju for what it has done, and writes there last.
const RIGHT: &str = "port=$(config-get port)
    [ \"$(state-get port)\" != $port ] || exit 0
    echo $port > port.new && mv port.new port
    state-set port=$port";

/// It notes that the port is done before Juju has it.
const WRONG: &str = "port=$(config-get port)
    [ \"$(cat port 2> /dev/null)\" != $port ] || exit 0
    echo $port > port
    state-set port=$port";

#[test]
fn a_charm_that_commits_rightly_survives_every_kill_point() {
    let charm = charm(RIGHT);
    let points = changed_port(&charm)
        .check(stores_its_port)
        .same_end()
        .snapshot(|juju| {
            Ok(fs::read_to_string(juju.charm_dir("exporter/0").unwrap().join("port"))?)
        })
        .run()
        .unwrap();
    // Two for each hook; and two for each of the three calls in config-changed,
    // which runs twice.
    assert_eq!(points.len(), 5 * 2 + 2 * 3 * 2);
    assert_eq!(points[4].to_string(), "operation 3, exporter/0 config-changed, killed at call 1");
    assert_eq!(points[11].to_string(), "operation 3, exporter/0 config-changed, flush refused");
}

#[test]
fn a_charm_that_commits_wrongly_is_caught_at_the_very_point() {
    let charm = charm(WRONG);
    let error = changed_port(&charm).check(stores_its_port).run().unwrap_err();
    let KillPointsError::Broken { points, failures } = &error else { panic!("{error}") };
    assert_eq!(*points, 5 * 2 + 2 * 2 * 2);
    let caught: Vec<String> = failures.iter().map(|failure| failure.point.to_string()).collect();
    // A loss in the first config-changed is made good by the second.
    assert_eq!(
        caught,
        [
            "operation 5, exporter/0 config-changed, killed at call 2",
            "operation 5, exporter/0 config-changed, killed after call 2",
            "operation 5, exporter/0 config-changed, killed at its exit",
            "operation 5, exporter/0 config-changed, flush refused",
        ]
    );

    let again = changed_port(&charm).check(stores_its_port).only(5, Fault::KillAtExit);
    insta::assert_snapshot!(again.run().unwrap_err(), @r#"
    the scenario does not survive 1 of 1 kill points

    operation 5, exporter/0 config-changed, killed at its exit:
    assertion `left == right` failed
      left: Object {"port": String("9100")}
     right: Object {"port": String("9200")}

    the first again, alone: .only(5, Fault::KillAtExit)
      1 exporter/0 install
          * status: waiting: waiting for machine -> maintenance: installing charm software
      2 exporter/0 leader-elected
      3 exporter/0 config-changed
          config-get port
          state-set port=9100
          * state: port = 9100
      4 exporter/0 start
          * status: maintenance: installing charm software -> unknown
      5 exporter/0 config-changed: ended by signal 9
          ! killed at its exit
          config-get port
          state-set port=9200
      6 exporter/0 config-changed
          config-get port
    "#);
}

#[test]
fn a_unit_that_does_not_get_out_of_its_error_is_a_failure() {
    let charm = charm("[ ! -e begun ] || exit 7; touch begun; config-get port; rm begun");
    let error = changed_port(&charm).operations(|ran| ran.exit == Exit::Code(0)).run().unwrap_err();
    let KillPointsError::Broken { failures, .. } = &error else { panic!("{error}") };
    assert_eq!(failures.len(), 4);
    insta::assert_snapshot!(failures[0].reason, @r#"
    the end is not that of the undisturbed run
    + exporter/0 error: hook failed: "config-changed"
    "#);
}

#[test]
fn points_can_be_left_out() {
    let charm = charm(RIGHT);
    let is_config = |kind: &OperationKind| *kind == OperationKind::Hook(Event::ConfigChanged);
    let points =
        changed_port(&charm).operations(|ran| is_config(&ran.kind)).every(5).run().unwrap();
    let faults: Vec<(usize, Fault)> =
        points.into_iter().map(|KillPoint { operation, fault, .. }| (operation, fault)).collect();
    assert_eq!(
        faults,
        [
            (3, Fault::KillAtCall(1)),
            (3, Fault::KillAfterCall(3)),
            (5, Fault::KillAtCall(2)),
            (5, Fault::FailFlush)
        ]
    );
    let error = changed_port(&charm).operations(|_| false).run().unwrap_err();
    insta::assert_snapshot!(error, @"the scenario has no kill points, or all are left out");
    let error = changed_port(&charm).only(9, Fault::KillAtExit).run().unwrap_err();
    assert!(matches!(error, KillPointsError::NoPoints));
}

#[test]
fn a_scenario_that_fails_by_itself_is_told_apart() {
    let charm = charm("exit 3");
    let error = changed_port(&charm).check(stores_its_port).run().unwrap_err();
    assert!(matches!(error, KillPointsError::Undisturbed { .. }));
    let text = error.to_string();
    let (reason, operations) = text.split_once("\n\n").unwrap();
    insta::assert_snapshot!(reason, @r#"
    the scenario fails although nothing has gone wrong:
    assertion `left == right` failed
      left: Object {}
     right: Object {"port": String("9200")}
    "#);
    assert!(operations.ends_with("3 exporter/0 config-changed: exit status 3\n"));

    let error = KillPoints::<Simulator>::new(|builder| {
        let mut juju = builder.build();
        juju.configure("exporter", [("port", "1")])?;
        Ok(juju)
    });
    insta::assert_snapshot!(error.run().unwrap_err(), @r#"
    the scenario fails although nothing has gone wrong:
    application "exporter" not found
    "#);
}

#[test]
fn an_action_that_was_hit_is_asked_for_again() {
    let charm = TestCharm::new("[ -z $JUJU_ACTION_NAME ] || action-set done=yes")
        .file("actions.yaml", "check: {description: d}\n");
    let points = KillPoints::new(|builder| {
        let mut juju = builder.tool_program(env!("CARGO_BIN_EXE_juju-sim-tool")).build();
        juju.deploy(charm.path(), "exporter")?;
        juju.run_until_idle()?;
        let outcome = juju.run_action("exporter/0", "check", Value::Null)?;
        assert_eq!(outcome.results["done"], "yes");
        Ok(juju)
    })
    .same_end()
    .run()
    .unwrap();
    assert_eq!(points.len(), 4 * 2 + 4);
}

#[test]
fn a_scenario_that_is_not_the_same_in_every_run_is_noticed() {
    let runs = std::sync::atomic::AtomicUsize::new(0);
    let charm = TestCharm::new("exit 0");
    let error = KillPoints::new(|builder| {
        let mut juju = builder.tool_program(env!("CARGO_BIN_EXE_juju-sim-tool")).build();
        let name =
            if runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 { "a" } else { "b" };
        juju.deploy(charm.path(), name)?;
        juju.run_until_idle()?;
        Ok(juju)
    });
    let error = error.only(1, Fault::KillAtExit).run().unwrap_err();
    let KillPointsError::Broken { failures, .. } = &error else { panic!("{error}") };
    insta::assert_snapshot!(failures[0].reason, @"it has not come: the scenario is not the same in every run");
}

/// A simulator, and a folder that stands for the machine of a charm.
struct World {
    juju: Simulator,
    machine: TempDir,
}

impl AsRef<Simulator> for World {
    fn as_ref(&self) -> &Simulator {
        &self.juju
    }
}

/// Plays a charm that is a function, and adds a job to a file in each hook.
fn jobs<'a>(
    add: impl Fn(&Path, &str) -> std::io::Result<()> + Clone + Send + Sync + 'static,
) -> KillPoints<'a, World> {
    KillPoints::new(move |builder| {
        let machine = tempfile::tempdir()?;
        let (add, file) = (add.clone(), machine.path().join("jobs"));
        let metadata = "{name: exporter, summary: s, description: d}";
        let files = CharmFiles::read(|name| {
            Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
        });
        let mut juju = builder.build();
        juju.deploy_in_process(&files.unwrap(), "exporter", move |variables| {
            let added = add(&file, &variables["JUJU_HOOK_NAME"]);
            u8::from(added.is_err() || !log(&variables))
        })?;
        juju.run_until_idle()?;
        Ok(World { juju, machine })
    })
    .snapshot(|world| Ok(fs::read_to_string(world.machine.path().join("jobs"))?))
}

fn log(variables: &BTreeMap<String, String>) -> bool {
    let request = Request {
        context_id: variables["JUJU_CONTEXT_ID"].clone(),
        dir: variables["JUJU_CHARM_DIR"].clone(),
        command_name: "juju-log".to_owned(),
        args: vec!["added".to_owned()],
        ..Request::default()
    };
    let client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]);
    client.is_ok_and(|mut client| client.call(&request).is_ok())
}

#[test]
fn local_files_of_a_function_are_compared_with_those_of_the_undisturbed_run() {
    let add_anyway = |file: &Path, job: &str| {
        let jobs = fs::read_to_string(file).unwrap_or_default();
        fs::write(file, format!("{jobs}{job}\n"))
    };
    let add_once = move |file: &Path, job: &str| {
        let jobs = fs::read_to_string(file).unwrap_or_default();
        if jobs.lines().any(|known| known == job) { Ok(()) } else { add_anyway(file, job) }
    };
    assert_eq!(jobs(add_once).same_end().run().unwrap().len(), 4 * 4);
    let error = jobs(add_anyway).run().unwrap_err();
    let KillPointsError::Broken { points: 16, failures } = &error else { panic!("{error}") };
    assert_eq!(failures.len(), 16);
    insta::assert_snapshot!(failures[0].reason, @"
    the end is not that of the undisturbed run
    + install
    ");
}

#[test]
fn ids_of_secrets_do_not_make_a_difference() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = start ] || exit 0
        for label in one two; do
            relation-set -r cluster:0 --app $label=$(secret-add --label $label key=$label)
        done",
    )
    .file(
        "metadata.yaml",
        "{name: exporter, summary: s, description: d, peers: {cluster: {interface: i}}}",
    );
    let points = KillPoints::new(|builder| {
        let mut juju = builder.tool_program(env!("CARGO_BIN_EXE_juju-sim-tool")).build();
        juju.deploy(charm.path(), "exporter")?;
        juju.run_until_idle()?;
        Ok(juju)
    });
    assert_eq!(points.same_end().run().unwrap().len(), 6 * 2 + 4 * 2);
}
