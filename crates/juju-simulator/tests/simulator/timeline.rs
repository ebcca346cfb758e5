//! What has run, when and why.

use std::time::Duration;

use juju_simulator::Fault;
use juju_types::Event;
use serde_json::Value;

use crate::charm::{TestCharm, builder};

#[test]
fn a_life_is_told_with_its_reasons_and_its_data() {
    let provider =
        TestCharm::new("case $JUJU_DISPATCH_PATH in */config-changed) state-set a=b ;; esac")
            .config("  port: {type: int, default: 1}\n  host: {type: string}\n")
            .file(
                "metadata.yaml",
                "name: web\nsummary: s\ndescription: d\nprovides: {web: {interface: http}}\n",
            );
    let client = TestCharm::new(
        "case $JUJU_DISPATCH_PATH in\n*-joined) echo 'port: 80' | relation-set --file - ;;\n\
         */update-status) config-get --format=json ;; esac",
    )
    .file(
        "metadata.yaml",
        "name: app\nsummary: s\ndescription: d\nrequires: {site: {interface: http}}\n",
    );
    let mut juju = builder().build();
    juju.deploy(provider.path(), "web").unwrap();
    juju.deploy(client.path(), "app").unwrap();
    juju.run_until_idle().unwrap();
    juju.integrate("web", "app").unwrap();
    juju.run_until_idle().unwrap();
    let first = juju.operations().len();
    juju.configure("web", [("port", "2")]).unwrap();
    juju.inject("web/0", Fault::KillAtExit).unwrap();
    juju.run_until_idle().unwrap();
    juju.advance(Duration::from_secs(5)).unwrap();
    juju.run_hook("app/0", &Event::UpdateStatus).unwrap();
    juju.remove_relation("web", "app").unwrap();
    juju.run_until_idle().unwrap();
    let text = juju.timeline().to_string();
    insta::assert_snapshot!(text, @r"
    0:00:00 app/0 install (unit added)
      * status: waiting: waiting for machine -> maintenance: installing charm software
    0:00:00 app/0 leader-elected (leader changed)
    0:00:00 app/0 config-changed (follows install)
    0:00:00 app/0 start (follows config-changed)
      * status: maintenance: installing charm software -> unknown
    0:00:00 web/0 install (unit added)
      * status: waiting: waiting for machine -> maintenance: installing charm software
    0:00:00 web/0 leader-elected (leader changed)
    0:00:00 web/0 config-changed (follows install)
      state-set a=b
      * state: a = b
    0:00:00 web/0 start (follows config-changed)
      * status: maintenance: installing charm software -> unknown
    0:00:00 app/0 site-relation-created (related)
      * site:0 unit: egress-subnets = 10.0.0.12/32
      * site:0 unit: ingress-address = 10.0.0.12
      * site:0 unit: private-address = 10.0.0.12
    0:00:00 web/0 web-relation-created (related)
      * web:0 unit: egress-subnets = 10.0.0.11/32
      * web:0 unit: ingress-address = 10.0.0.11
      * web:0 unit: private-address = 10.0.0.11
    0:00:00 app/0 site-relation-joined (web/0 has joined)
      relation-set --file - < 9 bytes
        < port: 80
      * site:0 unit: port = 80
    0:00:00 app/0 site-relation-changed (follows site-relation-joined)
    0:00:00 web/0 web-relation-joined (app/0 has joined)
    0:00:00 web/0 web-relation-changed (follows web-relation-joined)
    0:00:00 web/0 config-changed (config changed: port): ended by signal 9
      ! killed at its exit
      state-set a=b
    0:00:05 web/0 config-changed (failed before)
      state-set a=b
    0:00:05 app/0 update-status (asked for)
      config-get --format=json
        > {}
      | DEBUG unit.app/0.update-status {}
    0:00:05 app/0 site-relation-departed (relation removed)
    0:00:05 app/0 site-relation-broken (relation removed)
    0:00:05 web/0 web-relation-departed (relation removed)
    0:00:05 web/0 web-relation-broken (relation removed)
    ");

    let json = juju.timeline().to_json();
    let retried = &json[first + 1];
    assert_eq!(retried["unit"], "web/0");
    assert_eq!(retried["cause"], serde_json::json!({"why": "retry", "failures": 1}));
    assert_eq!(retried["at_seconds"], 5.0);
    assert!(retried["took_seconds"].as_f64().is_some_and(|took| took > 0.0));
    assert_eq!(json[first]["succeeded"], Value::Bool(false));
}

#[test]
fn the_values_of_secrets_are_not_told() {
    let charm = TestCharm::new("id=$(secret-add password=hunter2)\nsecret-get $id > value");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "app").unwrap();
    juju.run_next().unwrap();
    let told = format!("{}{}", juju.timeline(), juju.timeline().to_json());
    assert!(told.contains("secret-get") && !told.contains("hunter2"), "{told}");
}
