//! Which hooks run, and in which order.

use std::fs;
use std::time::Duration;

use juju_simulator::{Retry, Simulator};
use juju_types::{Event, JujuVersion, Status};

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

const PORT: &str = "  port: {type: int, default: 9100}\n  name: {type: string}\n";

#[test]
fn a_unit_is_installed_elected_configured_and_started() {
    let charm = TestCharm::new("status-set active \"after ${JUJU_DISPATCH_PATH#hooks/}\"");
    let juju = deployed(&charm);
    assert_eq!(names(&juju), ["install", "leader-elected", "config-changed", "start"]);
    assert_eq!(workload(&juju, "exporter/0"), "active: after start");
    assert_eq!(
        juju.status().unit("exporter/0").unwrap().workload,
        Status::new("active".parse().unwrap(), "after start")
    );
}

#[test]
fn a_unit_that_does_not_lead_hears_of_leader_settings_up_to_juju_3() {
    let charm = TestCharm::new("exit 0");
    for (version, expected) in [
        (
            JujuVersion::new(3, 6, 28),
            &["install", "leader-settings-changed", "config-changed", "start"][..],
        ),
        (JujuVersion::new(4, 0, 15), &["install", "config-changed", "start"]),
    ] {
        let mut juju = builder().juju_version(version).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        let before = juju.operations().len();
        juju.add_unit("exporter").unwrap();
        juju.run_until_idle().unwrap();
        assert_eq!(names(&juju)[before..], *expected);
    }
}

#[test]
fn leadership_moves() {
    let charm = TestCharm::new("juju-log $(is-leader); true");
    let mut juju = deployed(&charm);
    juju.add_unit("exporter").unwrap();
    juju.run_until_idle().unwrap();
    let before = juju.operations().len();
    juju.set_leader("exporter/1").unwrap();
    juju.run_until_idle().unwrap();
    let news = |juju: &Simulator| -> Vec<String> {
        juju.operations()[before..]
            .iter()
            .map(|operation| format!("{} {}", operation.unit, operation.kind))
            .collect()
    };
    assert_eq!(news(&juju), ["exporter/0 leader-settings-changed", "exporter/1 leader-elected"]);
    assert_eq!(last(&juju).log[0].message, "True");
    juju.set_leader("exporter/0").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(
        news(&juju)[2..],
        ["exporter/0 leader-elected", "exporter/1 leader-settings-changed"]
    );
}

#[test]
fn a_leader_that_sets_settings_is_heard_by_the_others() {
    let charm = TestCharm::new(
        "case $JUJU_HOOK_NAME in
            update-status) leader-set k=v ;;
            leader-settings-changed) juju-log \"k is $(leader-get k)\" ;;
        esac",
    );
    let mut juju = deployed(&charm);
    juju.add_unit("exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("exporter/0").unwrap();
    assert_eq!(last(&juju).unit.to_string(), "exporter/1");
    assert_eq!(last(&juju).log[0].message, "k is v");
}

#[test]
fn config_changed_runs_only_when_a_value_differs() {
    let charm = TestCharm::new("juju-log \"$(config-get --format=json)\"").config(PORT);
    let mut juju = deployed(&charm);
    let before = juju.operations().len();
    juju.configure("exporter", [("port", "9100")]).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(juju.operations().len(), before);
    juju.configure("exporter", [("port", "9200"), ("name", "x")]).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[before..], ["config-changed"]);
    assert_eq!(last(&juju).log[0].message, r#"{"name":"x","port":9200}"#);
    juju.reset_config("exporter", ["port", "name"]).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).log[0].message, r#"{"port":9100}"#);
}

#[test]
fn config_is_fixed_for_the_whole_hook_and_refused_as_a_whole() {
    let charm = TestCharm::new("exit 0").config(PORT);
    let mut juju = deployed(&charm);
    let before = juju.operations().len();
    juju.configure("exporter", [("name", "x"), ("port", "many")]).unwrap_err();
    juju.run_until_idle().unwrap();
    assert_eq!(juju.operations().len(), before);
}

#[test]
fn a_unit_is_stopped_and_removed_with_its_application() {
    let charm = TestCharm::new("status-set maintenance \"in $JUJU_HOOK_NAME\"");
    let mut juju = deployed(&charm);
    let folder = juju.charm_dir("exporter/0").unwrap();
    assert!(folder.is_dir());
    juju.remove_application("exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[4..], ["stop", "remove"]);
    insta::assert_snapshot!(last(&juju), @"
    exporter/0 remove
      status-set maintenance 'in remove'
      * status: maintenance -> terminated
    ");
    assert!(juju.status().unit("exporter/0").is_none());
    assert!(juju.status().application("exporter").is_none());
    assert!(!folder.exists());
    assert!(juju.deploy(charm.path(), "exporter").is_ok());
}

#[test]
fn a_unit_that_was_never_installed_is_gone_without_a_hook() {
    let charm = TestCharm::new("exit 0");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.remove_application("exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), [""; 0]);
    assert!(juju.status().unit("exporter/0").is_none());
}

#[test]
fn a_refresh_replaces_files_and_keeps_what_the_charm_has_made() {
    let old = TestCharm::new("touch made; exit 0").file("old", "").file("both", "1");
    let new = TestCharm::new("juju-log \"$(echo *)\"; cat both").file("both", "2").config(PORT);
    let mut juju = deployed(&old);
    let before = juju.operations().len();
    juju.refresh(new.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[before..], ["upgrade-charm", "config-changed"]);
    let folder = juju.charm_dir("exporter/0").unwrap();
    assert!(folder.join("made").exists() && !folder.join("old").exists());
    assert_eq!(fs::read_to_string(folder.join("both")).unwrap(), "2");
    assert_eq!(juju.status().application("exporter").unwrap().revision, 1);
}

#[test]
fn the_clock_brings_update_status_and_retries() {
    let charm = TestCharm::new("exit 0");
    let mut juju = deployed(&charm);
    let before = juju.operations().len();
    juju.advance(Duration::from_mins(4)).unwrap();
    assert_eq!(juju.operations().len(), before);
    juju.advance(Duration::from_mins(11)).unwrap();
    assert_eq!(names(&juju)[before..], ["update-status"; 3]);

    let mut quiet = builder().update_status_interval(Duration::ZERO).build();
    quiet.deploy(charm.path(), "exporter").unwrap();
    quiet.advance(Duration::from_hours(1)).unwrap();
    assert_eq!(quiet.operations().len(), 4);
    quiet.update_status("exporter/0").unwrap();
    assert_eq!(names(&quiet)[4..], ["update-status"]);
}

#[test]
fn what_was_kept_back_is_dropped_when_a_hook_fails_and_sent_when_it_succeeds() {
    // The third attempt succeeds.
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = install ] || exit 0
        open-port 9100
        state-set attempt=yes
        status-set maintenance trying
        application-version-set 1.5
        echo x >> attempts
        test $(wc -l < attempts) -ge 3",
    );
    let mut juju = deployed(&charm);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
    insta::assert_snapshot!(last(&juju), @r"
    exporter/0 install: exit status 1
      open-port 9100
      state-set attempt=yes
      status-set maintenance trying
      application-version-set 1.5
      * status: waiting: waiting for machine -> maintenance: trying
      * version: 1.5
    ");
    assert!(juju.status().unit("exporter/0").unwrap().ports.is_empty());

    juju.run_until_idle().unwrap();
    juju.advance(Duration::from_secs(4)).unwrap();
    assert_eq!(names(&juju), ["install"]);
    juju.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(names(&juju), ["install", "install"]);
    juju.advance(Duration::from_secs(9)).unwrap();
    assert_eq!(names(&juju).len(), 2);
    juju.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(names(&juju)[2..], ["install", "leader-elected", "config-changed", "start"]);
    insta::assert_snapshot!(juju.operations()[2], @r"
    exporter/0 install
      open-port 9100
      state-set attempt=yes
      status-set maintenance trying
      application-version-set 1.5
      * port opened: 9100/tcp
      * state: attempt = yes
    ");
    assert_eq!(workload(&juju, "exporter/0"), "maintenance: trying");
}

#[test]
fn a_failed_hook_is_retried_or_skipped_on_demand() {
    let charm = TestCharm::new("test $JUJU_HOOK_NAME != install");
    let mut juju = deployed(&charm);
    juju.resolve("exporter/0", Retry::Yes).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), ["install", "install"]);
    juju.resolve("exporter/0", Retry::No).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[2..], ["leader-elected", "config-changed", "start"]);
    assert_eq!(workload(&juju, "exporter/0"), "unknown");
}

#[test]
fn a_hook_can_be_run_out_of_turn() {
    let charm = TestCharm::new("env | grep ^JUJU_DISPATCH_PATH");
    let mut juju = deployed(&charm);
    juju.run_hook("exporter/0", &Event::Stop).unwrap();
    assert_eq!(last(&juju).log[0].message, "JUJU_DISPATCH_PATH=hooks/stop");
}

#[test]
fn without_dispatch_there_is_a_program_for_each_hook() {
    let charm = TestCharm::without_dispatch()
        .file("hooks/install", "#!/bin/bash\njuju-log installed\n")
        .program("hooks/start", "juju-log started");
    // The agent makes known hooks executable, and no other files.
    charm.set_mode("hooks/install", 0o644);
    let juju = deployed(&charm);
    let said: Vec<String> = juju
        .operations()
        .iter()
        .map(|operation| {
            let said = operation.log.first().map_or("", |line| &line.message);
            format!("{}: {} {said}", operation.kind, operation.exit)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    install: exit status 0 installed
    leader-elected: nothing to run 
    config-changed: nothing to run 
    start: exit status 0 started
    ");
}

#[test]
fn a_dispatch_that_is_not_executable_is_a_failure_and_no_way_back_to_hooks() {
    let charm = TestCharm::new("exit 0").program("hooks/install", "exit 0");
    charm.set_mode("dispatch", 0o644);
    let juju = deployed(&charm);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
    assert!(last(&juju).exit.to_string().ends_with("dispatch\": permission denied"));
}

#[test]
fn a_missing_interpreter_or_charm_is_a_failure() {
    let charm = TestCharm::without_dispatch().file("dispatch", "#!/nonexistent/python\n");
    charm.set_mode("dispatch", 0o755);
    let juju = deployed(&charm);
    assert!(last(&juju).exit.to_string().contains("its interpreter is missing"));

    let charm = TestCharm::new("rm metadata.yaml");
    let juju = deployed(&charm);
    assert_eq!(last(&juju).exit.to_string(), "not started: charm missing from disk");
}

#[test]
fn two_runs_give_the_same_text() {
    let charm = TestCharm::new(
        "echo \"out $JUJU_CONTEXT_ID\"; echo err >&2; status-set active \"$JUJU_MODEL_UUID\"; echo out2; echo end >&2",
    );
    let run = |seed: u64| {
        let mut juju = builder().seed(seed).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        let operations: String = juju.operations().iter().map(ToString::to_string).collect();
        format!("{operations}{}", juju.status())
    };
    let first = run(7);
    for _ in 0..3 {
        assert_eq!(run(7), first);
    }
    assert_ne!(run(8), first);
}

#[test]
fn many_simulators_run_at_once() {
    let charm =
        TestCharm::new("status-set active \"$JUJU_UNIT_NAME $(config-get port)\"").config(PORT);
    std::thread::scope(|scope| {
        for port in 9100..9106 {
            let charm = &charm;
            scope.spawn(move || {
                let mut juju = builder().build();
                juju.deploy(charm.path(), "exporter").unwrap();
                juju.configure("exporter", [("port", port.to_string())]).unwrap();
                juju.run_until_idle().unwrap();
                assert_eq!(workload(&juju, "exporter/0"), format!("active: exporter/0 {port}"));
            });
        }
    });
}

#[test]
fn a_very_long_name_still_has_a_socket() {
    let charm = TestCharm::new("status-set active");
    let name = "a".repeat(100);
    let mut juju = builder().build();
    juju.deploy(charm.path(), &name).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, &format!("{name}/0")), "active");
}
