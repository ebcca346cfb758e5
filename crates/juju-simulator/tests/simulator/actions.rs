//! Actions.

use juju_simulator::{ActionStatus, Simulator};
use juju_types::JujuVersion;
use serde_json::json;

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

const ACTIONS: &str = "
restart:
  params:
    force: {type: boolean, default: false}
    count: {type: integer}
    target:
      type: object
      properties:
        host: {type: string}
        port: {type: integer, default: 80}
  required: [count]
  additionalProperties: false
open: {}
";

/// A charm whose hooks do nothing.
fn charm(action: &str) -> TestCharm {
    TestCharm::new(&format!("[ -n \"$JUJU_ACTION_NAME\" ] || exit 0\n{action}"))
        .file("actions.yaml", ACTIONS)
}

#[test]
fn an_action_sees_its_parameters_and_gives_results() {
    let charm = charm(
        "juju-log \"$(action-get --format=json)\"
        echo printed; echo complained >&2
        action-log half way
        action-set a.b=1 a.c='x y' done=yes",
    );
    let mut juju = deployed(&charm);
    let outcome = juju.run_action("exporter/0", "restart", json!({"count": 3})).unwrap();
    assert_eq!(outcome.status, ActionStatus::Completed);
    assert_eq!(outcome.log, ["half way"]);
    assert_eq!(
        serde_json::Value::Object(outcome.results),
        json!({
            "a": {"b": "1", "c": "x y"},
            "done": "yes",
            "return-code": 0,
            "stdout": "printed\n",
            "stderr": "complained\n",
        })
    );
    insta::assert_snapshot!(last(&juju), @r#"
    exporter/0 restart
      action-get --format=json
      juju-log '{"count":3,"force":false,"target":{"port":80}}'
      action-log half way
      action-set a.b=1 'a.c=x y' done=yes
      * result: a.b = 1
      * result: a.c = x y
      * result: done = yes
      | INFO unit.exporter/0.juju-log {"count":3,"force":false,"target":{"port":80}}
      | DEBUG unit.exporter/0.restart printed
      | WARNING unit.exporter/0.restart complained
    "#);
}

#[test]
fn juju_2_names_results_otherwise_and_output_that_is_no_text_is_encoded() {
    let charm = charm(r"printf '\xff\xfe'");
    let run = |version| {
        let mut juju = builder().juju_version(version).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        serde_json::Value::Object(
            juju.run_action("exporter/0", "open", json!(null)).unwrap().results,
        )
    };
    assert_eq!(
        run(JujuVersion::new(2, 9, 52)),
        json!({"Code": "0", "Stdout": "//4=", "StdoutEncoding": "base64"})
    );
    assert_eq!(
        run(JujuVersion::new(3, 6, 28)),
        json!({"return-code": 0, "stdout": "//4=", "stdout-encoding": "base64"})
    );
}

#[test]
fn parameters_that_do_not_fit_start_nothing() {
    let charm = charm("exit 0");
    let mut juju = deployed(&charm);
    let before = juju.operations().len();
    let mut refusal = |params| {
        let outcome = juju.run_action("exporter/0", "restart", params).unwrap();
        assert_eq!(outcome.status, ActionStatus::Failed);
        outcome.message
    };
    insta::assert_snapshot!(refusal(json!({})), @r#"validation failed: (root) : "count" property is missing and required, given {}"#);
    insta::assert_snapshot!(refusal(json!({"count": "two"})), @r#"validation failed: (root).count : must be of type integer, given "two""#);
    insta::assert_snapshot!(
        refusal(json!({"count": 1.5, "nope": 1, "target": {"host": 1}})),
        @r#"validation failed: (root) : additional property "nope" is not allowed, given {"count":1.5,"nope":1,"target":{"host":1}}; (root).count : must be of type integer, given 1.5; (root).target.host : must be of type string, given 1"#
    );
    insta::assert_snapshot!(refusal(json!([1])), @"validation failed: (root) : must be of type object, given [1]");
    assert_eq!(juju.operations().len(), before);
}

#[test]
fn undeclared_parameters_pass_before_juju_4_unless_the_charm_says_otherwise() {
    let charm = charm("action-get");
    let message = |version| {
        let mut juju = builder().juju_version(version).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_action("exporter/0", "open", json!({"more": 1})).unwrap().message
    };
    assert_eq!(message(JujuVersion::new(3, 6, 28)), "");
    assert!(message(JujuVersion::new(4, 0, 15)).contains("additional property \"more\""));
}

#[test]
fn a_failed_action_drops_what_was_kept_back_and_leaves_the_unit_alone() {
    let charm = charm("open-port 80; action-set k=v; exit 3");
    let mut juju = deployed(&charm);
    let outcome = juju.run_action("exporter/0", "open", json!({})).unwrap();
    assert_eq!((outcome.status, outcome.message.as_str()), (ActionStatus::Failed, "exit status 3"));
    assert_eq!(serde_json::Value::Object(outcome.results), json!({"k": "v", "return-code": 3}));
    assert!(juju.status().unit("exporter/0").unwrap().ports.is_empty());
    assert_eq!(workload(&juju, "exporter/0"), "unknown");
}

#[test]
fn action_fail_keeps_what_was_kept_back() {
    let charm = charm("open-port 80; action-fail 'no disk'");
    let mut juju = deployed(&charm);
    let outcome = juju.run_action("exporter/0", "open", json!({})).unwrap();
    assert_eq!((outcome.status, outcome.message.as_str()), (ActionStatus::Failed, "no disk"));
    assert_eq!(juju.status().unit("exporter/0").unwrap().ports.len(), 1);
}

#[test]
fn an_action_runs_while_a_hook_has_failed() {
    let charm = TestCharm::new("[ \"$JUJU_HOOK_NAME\" != start ]").file("actions.yaml", ACTIONS);
    let mut juju = deployed(&charm);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "start""#);
    let outcome = juju.run_action("exporter/0", "open", json!({})).unwrap();
    assert_eq!(outcome.status, ActionStatus::Completed);
    assert_eq!(names(&juju)[3..], ["start", "open"]);
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "start""#);
}

#[test]
fn an_action_without_a_program_has_failed() {
    let charm = TestCharm::without_dispatch()
        .program("hooks/install", "exit 0")
        .file("actions.yaml", ACTIONS);
    let mut juju = deployed(&charm);
    let outcome = juju.run_action("exporter/0", "open", json!({})).unwrap();
    assert_eq!(outcome.message, r#"action not implemented on unit "exporter/0""#);
}

#[test]
fn ids_of_actions_count_up() {
    let charm = charm("echo $JUJU_ACTION_UUID $JUJU_ACTION_TAG $JUJU_DISPATCH_PATH");
    let mut juju: Simulator = deployed(&charm);
    juju.run_action("exporter/0", "open", json!({})).unwrap();
    let outcome = juju.run_action("exporter/0", "open", json!({})).unwrap();
    assert_eq!(
        (outcome.id, outcome.results["stdout"].as_str()),
        (2, Some("2 action-2 actions/open\n"))
    );
}
