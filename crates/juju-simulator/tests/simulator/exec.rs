//! What `juju-exec` runs, asked for by the test itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use juju_simulator::{
    ActionStatus, Exec, ExecOutcome, Exit, Fault, OperationKind, Simulator, SimulatorError,
};
use juju_types::{CharmFiles, Event, JujuVersion};
use serde_json::{Value, json};

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

fn idle_charm() -> TestCharm {
    TestCharm::new("exit 0").config("  port: {type: int, default: 9100}\n")
}

/// Runs text for the shell, and returns the exit code and both outputs.
#[track_caller]
fn run(juju: &mut Simulator, exec: impl Into<Exec>) -> (i32, String, String) {
    let ExecOutcome { code, stdout, stderr, .. } = juju.exec("exporter/0", exec).unwrap();
    (code, String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[track_caller]
fn refusal(juju: &mut Simulator, exec: Exec) -> String {
    let before = juju.operations().len();
    let error = juju.exec("exporter/0", exec).unwrap_err();
    assert!(matches!(error, SimulatorError::Exec { .. }), "{error:?}");
    assert_eq!(juju.operations().len(), before, "nothing is run");
    error.to_string()
}

fn state(juju: &Simulator) -> Value {
    serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap()["charm_state"].clone()
}

#[test]
fn a_shell_runs_the_text_in_the_charms_folder() {
    let mut juju = deployed(&idle_charm());
    let text = "pwd; config-get port; read line\nfrom the text itself\necho \"$line\" >&2; exit 3";
    let folder = juju.charm_dir("exporter/0").unwrap();
    assert_eq!(
        run(&mut juju, text),
        (3, format!("{}\n9100\n", folder.display()), "from the text itself\n".to_owned())
    );
    assert_eq!(workload(&juju, "exporter/0"), "unknown");
    assert!(matches!(&last(&juju).kind, OperationKind::Exec(exec) if exec.commands() == text));
    insta::assert_snapshot!(last(&juju), @r#"
    exporter/0 juju-exec: exit status 3
      $ pwd; config-get port; read line
      $ from the text itself
      $ echo "$line" >&2; exit 3
      config-get port
    "#);
}

#[test]
fn what_the_text_changes_is_kept_whatever_it_returns() {
    let mut juju = deployed(&idle_charm());
    let write = "state-set a=b; open-port 80; status-set active; juju-log done; exit 7";
    assert_eq!(run(&mut juju, write).0, 7);
    assert_eq!(state(&juju), json!({"a": "b"}));
    insta::assert_snapshot!(last(&juju), @"
    exporter/0 juju-exec: exit status 7
      $ state-set a=b; open-port 80; status-set active; juju-log done; exit 7
      state-set a=b
      open-port 80
      status-set active
      juju-log done
      * status: unknown -> active
      * port opened: 80/tcp
      * state: a = b
      | INFO unit.exporter/0.juju-log done
    ");

    // A signal is no answer.
    let error = juju.exec("exporter/0", "state-set a=c; kill -KILL $$").unwrap_err();
    insta::assert_snapshot!(error, @r#"cannot exec on unit "exporter/0": signal: killed"#);
    juju.inject("exporter/0", Fault::FailFlush).unwrap();
    let error = juju.exec("exporter/0", "state-set a=c").unwrap_err();
    insta::assert_snapshot!(error, @r#"cannot exec on unit "exporter/0": simulated fault"#);
    assert_eq!(state(&juju), json!({"a": "b"}));
}

#[test]
fn connections_are_waited_for_before_the_flush() {
    let mut juju = deployed(&idle_charm());
    // The tool is connected while the shell lives, and calls again after it.
    let text = "shell=$$
        { while grep -q '^State:.[^Z]' /proc/$shell/status; do sleep 0.01; done
          echo late: yes; } | state-set --file - > /dev/null 2>&1 &
        until readlink /proc/$!/fd/* | grep -q socket; do sleep 0.01; done
        sleep 0.2";
    assert_eq!(run(&mut juju, text).0, 0);
    assert_eq!(state(&juju), json!({"late": "yes"}));
}

#[test]
fn runs_while_a_hook_has_failed() {
    let charm = TestCharm::new("[ \"$JUJU_HOOK_NAME\" != config-changed ]");
    let mut juju = deployed(&charm);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "config-changed""#);
    assert_eq!(run(&mut juju, "echo $JUJU_UNIT_NAME").1, "exporter/0\n");
    assert_eq!(names(&juju), ["install", "leader-elected", "config-changed", "juju-exec"]);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "config-changed""#);
}

/// A unit of `exporter`, alone in `mates:0`, and one of `web` in `db:1`.
fn related() -> Simulator {
    let exporter = TestCharm::new("exit 0").file(
        "metadata.yaml",
        "{name: exporter, summary: s, description: d, peers: {mates: {interface: mate}}, requires: {db: {interface: sql}}}",
    );
    let web = TestCharm::new("exit 0").file(
        "metadata.yaml",
        "{name: web, summary: s, description: d, provides: {sql: {interface: sql}}}",
    );
    let mut juju = builder().build();
    juju.deploy(exporter.path(), "exporter").unwrap();
    juju.deploy(web.path(), "web").unwrap();
    juju.integrate("exporter:db", "web:sql").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn a_relation_has_its_variables_and_its_remote_unit() {
    let mut juju = related();
    let show = "env | grep -E '^JUJU_(RELATION|REMOTE|DISPATCH|HOOK)' | sort; relation-get private-address";
    let (_, alone, _) = run(&mut juju, Exec::new(show).relation("db:1"));
    insta::assert_snapshot!(alone, @"
    JUJU_HOOK_NAME=
    JUJU_RELATION=db
    JUJU_RELATION_ID=db:1
    JUJU_REMOTE_APP=
    JUJU_REMOTE_UNIT=web/0
    10.0.0.12
    ");
    let named = Exec::new(show).relation("1").remote_unit("web/0").remote_app("web");
    assert_eq!(run(&mut juju, named).1, alone);
    let forced = Exec::new("echo $JUJU_REMOTE_UNIT; relation-ids db").relation("db:1");
    let nobody = run(&mut juju, forced.clone().force_remote_unit());
    assert_eq!(nobody.1, "\ndb:1\n");
    let stranger = run(&mut juju, forced.force_remote_unit().remote_unit("other/7"));
    assert_eq!(stranger.1, "other/7\ndb:1\n");
}

#[test]
fn refuses_what_juju_refuses() {
    let mut juju = related();
    let mut refused = |exec: Exec| refusal(&mut juju, exec);
    let text = || Exec::new("true");
    insta::assert_snapshot!(refused(Exec::new("")), @r#"cannot exec on unit "exporter/0": commands required"#);
    insta::assert_snapshot!(refused(text().relation("db:x")), @r#"cannot exec on unit "exporter/0": invalid relation id"#);
    insta::assert_snapshot!(refused(text().relation("db:7")), @r#"cannot exec on unit "exporter/0": unknown relation id: 7"#);
    insta::assert_snapshot!(refused(text().remote_unit("web/0")), @r#"cannot exec on unit "exporter/0": remote unit: web/0, provided without a relation"#);
    insta::assert_snapshot!(refused(text().remote_app("web")), @r#"cannot exec on unit "exporter/0": remote app: web, provided without a relation"#);
    insta::assert_snapshot!(refused(text().relation("db:1").remote_unit("web")), @r#"cannot exec on unit "exporter/0": remoteUnit "web" is not a valid unit name: "web" is not a valid unit name"#);
    insta::assert_snapshot!(refused(text().relation("db:1").remote_unit("web/7")), @r#"cannot exec on unit "exporter/0": unknown remote unit web/7; possibilities are [web/0]"#);
    insta::assert_snapshot!(refused(text().relation("mates:0")), @r#"cannot exec on unit "exporter/0": cannot infer remote unit in empty relation 0"#);
    juju.add_unit("web").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(refusal(&mut juju, text().relation("db:1")), @r#"cannot exec on unit "exporter/0": ambiguous remote unit; possibilities are [web/0 web/1]"#);
}

#[test]
fn an_event_of_the_charms_own_runs_dispatch() {
    let charm = TestCharm::new(
        "[ -n \"$REASON\" ] || exit 0
        status-set active \"$JUJU_DISPATCH_PATH [$JUJU_HOOK_NAME] $REASON\"
        echo printed",
    );
    let mut juju = deployed(&charm);
    let event = Exec::custom_event("service-db-stopped").variable("REASON", "it's \"late\"");
    assert_eq!(run(&mut juju, event), (0, "printed\n".to_owned(), String::new()));
    assert_eq!(workload(&juju, "exporter/0"), r#"active: hooks/service-db-stopped [] it's "late""#);
    juju.run_hook("exporter/0", &Event::Custom("service-db-stopped".parse().unwrap())).unwrap();
    insta::assert_snapshot!(last(&juju), @"
    exporter/0 juju-exec
      $ JUJU_DISPATCH_PATH=hooks/service-db-stopped ./dispatch
    ");
}

#[test]
fn an_event_of_its_own_calls_a_charm_that_is_a_function() {
    let seen: Arc<Mutex<Vec<BTreeMap<String, String>>>> = Arc::default();
    let files = CharmFiles::read(|name: &str| {
        let text = "name: exporter\nsummary: s\ndescription: d\n";
        Ok::<_, ()>((name == "metadata.yaml").then(|| text.to_owned()))
    });
    let mut juju = builder().build();
    let log = Arc::clone(&seen);
    let charm = move |variables: BTreeMap<String, String>| {
        let code = u8::from(variables.contains_key("REASON")) * 4;
        log.lock().unwrap().push(variables);
        code
    };
    juju.deploy_in_process(&files.unwrap(), "exporter", charm).unwrap();
    juju.run_until_idle().unwrap();

    let event = Exec::custom_event("service-db-stopped").variable("REASON", "late");
    assert_eq!(run(&mut juju, event).0, 4);
    let variables = seen.lock().unwrap().last().unwrap().clone();
    let custom = Event::Custom("service-db-stopped".parse().unwrap());
    assert_eq!(Event::from_variables(&variables).unwrap(), Some(custom));
    assert_eq!((&*variables["JUJU_HOOK_NAME"], &*variables["REASON"]), ("", "late"));
    assert!(variables["JUJU_CONTEXT_ID"].starts_with("exporter/0-run-commands-"));
    assert_eq!(workload(&juju, "exporter/0"), "unknown");

    // Other text is for a shell all the same, which has the tools.
    assert_eq!(run(&mut juju, "is-leader").1, "True\n");
    assert_eq!(seen.lock().unwrap().len(), 5);
}

#[test]
fn a_client_runs_it_as_an_action() {
    let mut juju = deployed(&idle_charm());
    let command = "echo \"$JUJU_ACTION_NAME $JUJU_ACTION_TAG ${JUJU_DISPATCH_PATH-none}\"
        echo oops >&2; action-set a=b; state-set c=d; exit 5";
    let params = json!({"command": command, "timeout": 60e9});
    let outcome = juju.run_action("exporter/0", "juju-exec", params).unwrap();
    assert_eq!((outcome.status, &*outcome.message), (ActionStatus::Completed, ""));
    assert_eq!(
        Value::Object(outcome.results),
        json!({"a": "b", "return-code": 5, "stdout": "juju-exec action-1 none\n", "stderr": "oops\n"})
    );
    assert_eq!(state(&juju), json!({"c": "d"}));
    assert!(last(&juju).log.is_empty());

    let params = json!({"command": "sleep 60", "timeout": Duration::from_millis(100).as_nanos()});
    let outcome = juju.run_action("exporter/0", "juju-exec", params).unwrap();
    assert_eq!((outcome.status, &*outcome.message), (ActionStatus::Failed, "command cancelled"));
    assert_eq!(last(&juju).exit, Exit::TimeLimit(Duration::from_millis(100)));

    let outcome = juju.run_action("exporter/0", "juju-exec", json!({"timeout": 0})).unwrap();
    insta::assert_snapshot!(outcome.message, @r#"validation failed: (root) : "command" property is missing and required, given {"timeout":0}"#);
    let unknown = juju.run_action("exporter/0", "juju-run", json!({}));
    assert!(matches!(unknown, Err(SimulatorError::NoAction { .. })));
}

#[test]
fn juju_2_calls_it_juju_run() {
    let charm = idle_charm();
    let mut juju = builder().juju_version(JujuVersion::new(2, 9, 52)).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let params = json!({"command": "echo $JUJU_ACTION_NAME", "timeout": 0});
    let outcome = juju.run_action("exporter/0", "juju-run", params.clone()).unwrap();
    assert_eq!(Value::Object(outcome.results), json!({"Code": "0", "Stdout": "juju-run\n"}));
    assert!(juju.run_action("exporter/0", "juju-exec", params).is_err());
}
