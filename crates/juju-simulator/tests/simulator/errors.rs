//! What the model refuses, and in which words.

use juju_simulator::{DeployError, Retry};
use serde_json::json;

use crate::charm::{TestCharm, builder, deployed};

#[test]
fn config_is_refused_in_jujus_words() {
    let charm = TestCharm::new("exit 0").config(
        "  port: {type: int}\n  ratio: {type: float}\n  tls: {type: boolean}\n  name: {type: string}\n",
    );
    let mut juju = deployed(&charm);
    let mut refusal =
        |option: &str, value: &str| juju.configure("exporter", [(option, value)]).unwrap_err();
    insta::assert_snapshot!(refusal("port", "many"), @r#"option "port" expected int, got "many""#);
    insta::assert_snapshot!(refusal("port", "1.5"), @r#"option "port" expected int, got "1.5""#);
    insta::assert_snapshot!(refusal("ratio", ""), @r#"option "ratio" expected float, got """#);
    insta::assert_snapshot!(refusal("tls", "yes"), @r#"option "tls" expected boolean, got "yes""#);
    insta::assert_snapshot!(refusal("nope", "1"), @r#"unknown option "nope""#);
    for (option, value) in
        [("port", "-1"), ("ratio", "1"), ("tls", "T"), ("tls", "False"), ("name", "")]
    {
        juju.configure("exporter", [(option, value)]).unwrap();
    }
    insta::assert_snapshot!(juju.reset_config("exporter", ["nope"]).unwrap_err(), @r#"unknown option "nope""#);
}

#[test]
fn what_is_not_there_is_not_found() {
    let charm = TestCharm::new("exit 0");
    let mut juju = deployed(&charm);
    let settings = [("port", "1")];
    insta::assert_snapshot!(juju.configure("nope", settings).unwrap_err(), @r#"application "nope" not found"#);
    insta::assert_snapshot!(juju.remove_application("NOPE").unwrap_err(), @r#"application "NOPE" not found"#);
    insta::assert_snapshot!(juju.add_unit("nope").unwrap_err(), @r#"application "nope" not found"#);
    insta::assert_snapshot!(juju.refresh(charm.path(), "nope").unwrap_err(), @r#"application "nope" not found"#);
    insta::assert_snapshot!(juju.update_status("exporter/7").unwrap_err(), @r#"unit "exporter/7" not found"#);
    insta::assert_snapshot!(juju.set_leader("exporter").unwrap_err(), @r#"unit "exporter" not found"#);
    insta::assert_snapshot!(
        juju.run_action("exporter/0", "nope", json!({})).unwrap_err(),
        @r#"action "nope" not defined on unit "exporter/0""#
    );
    insta::assert_snapshot!(
        juju.resolve("exporter/0", Retry::Yes).unwrap_err(),
        @r#"unit "exporter/0" is not in an error state"#
    );
    insta::assert_snapshot!(
        juju.run_hook("exporter/0", &juju_types::Event::Action("restart".parse().unwrap())).unwrap_err(),
        @r#""restart" is an action and no hook: run it as one"#
    );
    assert!(juju.charm_dir("exporter/7").is_none());
    assert!(juju.unit_state("exporter/7").is_none());
}

#[test]
fn names_are_checked_before_anything_is_deployed() {
    let charm = TestCharm::new("exit 0");
    let mut juju = deployed(&charm);
    insta::assert_snapshot!(
        juju.deploy(charm.path(), "exporter").unwrap_err(),
        @r#"cannot add application "exporter": application already exists"#
    );
    assert!(matches!(juju.deploy(charm.path(), "app-2"), Err(DeployError::Name(_))));
    juju.remove_application("exporter").unwrap();
    assert!(matches!(juju.add_unit("exporter"), Err(DeployError::NoApplication { .. })));
}

#[test]
fn an_action_of_a_unit_that_goes_first_is_lost() {
    let charm = TestCharm::new("exit 0").file("actions.yaml", "act: {}\n");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.remove_application("exporter").unwrap();
    insta::assert_snapshot!(
        juju.run_action("exporter/0", "act", json!({})).unwrap_err(),
        @r#"action "act" of unit "exporter/0" has not run: the unit is gone"#
    );
}
