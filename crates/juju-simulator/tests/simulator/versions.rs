//! What a charm sees of the version of Juju. `VERSIONS.md` has the whole list.

use std::collections::BTreeMap;
use std::time::Duration;

use juju_simulator::{Deployment, Simulator};
use juju_types::{Event, JujuVersion};

use crate::charm::{TestCharm, builder, last, names};

const METADATA: &str = "
name: exporter
summary: s
description: d
requires: {db: {interface: sql}}
storage: {data: {type: filesystem}}
";

fn charm(dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch).file("metadata.yaml", METADATA)
}

fn version(text: &str) -> JujuVersion {
    text.parse().unwrap()
}

/// Deploys a charm whose `install` is the script, and returns what was said.
fn said_in_install(juju: &str, script: &str) -> String {
    let charm = charm(&format!("[ $JUJU_HOOK_NAME = install ] || exit 0\n{script}"));
    let mut juju = builder().juju_version(version(juju)).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    said(&juju, "install")
}

fn said(juju: &Simulator, hook: &str) -> String {
    let ran = juju.operations().iter().rev().find(|ran| ran.kind.to_string() == hook);
    let lines = ran.unwrap().log.iter().map(|line| line.message.clone());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn tools_come_and_go() {
    let tools = "for tool in leader-get secret-get relation-model-get; do
        type $tool > /dev/null 2>&1 && echo $tool
    done; true";
    assert_eq!(said_in_install("2.9.52", tools), "leader-get");
    assert_eq!(said_in_install("3.0.0", tools), "leader-get\nsecret-get");
    assert_eq!(said_in_install("3.6.28", tools), "leader-get\nsecret-get\nrelation-model-get");
    assert_eq!(said_in_install("4.0.15", tools), "secret-get\nrelation-model-get");
}

#[test]
fn port_0_is_a_port_since_3_0() {
    let open = "open-port 0; opened-ports";
    assert_eq!(
        said_in_install("2.9.52", open),
        "ERROR port range bounds must be between 1 and 65535, got 0-0"
    );
    assert_eq!(said_in_install("3.0.0", open), "0/tcp");
}

#[test]
fn an_endpoint_that_the_charm_does_not_have_is_just_not_bound_since_4_0() {
    assert_eq!(
        said_in_install("3.6.28", "network-get nope; true"),
        r#"ERROR undefined for unit charm: endpoint "nope" not valid"#
    );
    assert_eq!(
        said_in_install("4.0.15", "network-get nope; true"),
        r#"ERROR no network config found for binding "nope""#
    );
}

#[test]
fn a_binding_without_an_address_to_bind_to_has_others_since_4_0() {
    let state = r#"{"unit": "exporter/0", "network": {
        "db": {"ingress-addresses": ["100.1.2.3"], "egress-subnets": ["192.168.1.0/24"]},
        "juju-info": {"bind-addresses": [{"addresses": [{"value": "10.0.0.1"}]}]}
    }}"#;
    let said = |juju: &str| {
        let charm = charm(
            "network-get db --format=json
            network-get db --bind-address
            network-get db --primary-address
            network-get juju-info --ingress-address; true",
        );
        let mut juju = builder().juju_version(version(juju)).build();
        juju.restore(charm.path(), &state.parse().unwrap()).unwrap();
        juju.run_hook("exporter/0", &Event::UpdateStatus).unwrap();
        said(&juju, "update-status")
    };
    insta::assert_snapshot!(said("3.6.28"), @r#"
    ERROR no network config found for binding "db"
    ERROR no network config found for binding "db"
    ERROR no network config found for binding "db"
    ERROR no addresses attached to space for binding "juju-info"
    "#);
    insta::assert_snapshot!(said("4.0.15"), @r#"
    {"egress-subnets":["192.168.1.0/24"],"ingress-addresses":["100.1.2.3"]}
    ERROR no bind address attached to space for binding "db"
    ERROR no primary address attached to space for binding "db"
    ERROR no ingress address attached to space for binding "juju-info"
    "#);
}

#[test]
fn what_is_too_large_exceeds_a_quota_since_4_0() {
    let write = "state-set $(printf 'k%.0s' {1..257})=v
        head -c 65537 /dev/zero | tr '\\0' x > value; (printf 'k: '; cat value) | state-set --file -
        true";
    insta::assert_snapshot!(said_in_install("3.6.28", write), @"
    ERROR max allowed key length (256) exceeded
    ERROR max allowed value length (65536) exceeded
    ");
    insta::assert_snapshot!(said_in_install("4.0.15", write), @"
    ERROR max allowed key length (256): quota limit exceeded
    ERROR max allowed value length (65536): quota limit exceeded
    ");
}

#[test]
fn one_side_of_a_relation_can_publish_16_mib_since_4_0() {
    let charm = charm("relation-set -r db:0 b=y");
    let exit = |juju: &str, published: usize| {
        // With the key `a`, and what the hook adds, it is 3 bytes more.
        let state = serde_json::json!({"unit": "exporter/0", "relations": [{
            "id": 0, "endpoint": "db", "role": "requirer", "remote_app": "sql",
            "local_unit_data": {"a": "x".repeat(published)},
        }]});
        let mut juju = builder().juju_version(version(juju)).build();
        juju.restore(charm.path(), &state.to_string().parse().unwrap()).unwrap();
        juju.run_hook("exporter/0", &Event::UpdateStatus).unwrap();
        last(&juju).exit.to_string()
    };
    let max = 16 * 1024 * 1024;
    assert_eq!(exit("3.6.28", max), "exit status 0");
    assert_eq!(exit("4.0.15", max - 3), "exit status 0");
    assert_eq!(
        exit("4.0.15", max - 2),
        "exit status 0, but cannot flush: max allowed total size (16777216): quota limit exceeded"
    );
}

#[test]
fn relation_data_hold_the_private_address_up_to_3_6() {
    let peers =
        "name: exporter\nsummary: s\ndescription: d\npeers: {cluster: {interface: gossip}}\n";
    let charm = TestCharm::new(
        "case $JUJU_HOOK_NAME in
            update-status) relation-get -r cluster:0 - exporter/0 ;;
        esac",
    )
    .file("metadata.yaml", peers);
    let said = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        juju.set_address("0", "10.0.3.3").unwrap();
        juju.run_until_idle().unwrap();
        juju.update_status("exporter/0").unwrap();
        said(&juju, "update-status")
    };
    insta::assert_snapshot!(said("3.6.28"), @"
    egress-subnets: 10.0.3.3/32
    ingress-address: 10.0.3.3
    private-address: 10.0.3.3
    ");
    insta::assert_snapshot!(said("4.0.15"), @"
    egress-subnets: 10.0.3.3/32
    ingress-address: 10.0.3.3
    ");
}

#[test]
fn leader_settings_changed_is_run_up_to_3_6() {
    let hooks = |juju: &str| {
        let charm = charm("exit 0");
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy_with(Deployment::new(charm.path(), "exporter").units(2)).unwrap();
        juju.run_until_idle().unwrap();
        juju.set_leader("exporter/1").unwrap();
        juju.run_until_idle().unwrap();
        let all = names(&juju);
        all.iter().filter(|name| *name == "leader-settings-changed").count()
    };
    assert_eq!(hooks("2.9.52"), 2);
    assert_eq!(hooks("3.6.28"), 2);
    assert_eq!(hooks("4.0.15"), 0);
}

#[test]
fn secrets_are_rotated_since_3_0_2() {
    let charm = charm("[ $JUJU_HOOK_NAME != start ] || secret-add key=value --rotate=hourly");
    let rotations = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.advance(Duration::from_mins(61)).unwrap();
        names(&juju).iter().filter(|name| *name == "secret-rotate").count()
    };
    assert_eq!(rotations("3.0.1"), 0);
    assert_eq!(rotations("3.0.2"), 1);
}

#[test]
fn the_relation_that_is_broken_is_hidden_since_3_4_4() {
    let database = "name: sql\nsummary: s\ndescription: d\nprovides: {db: {interface: sql}}\n";
    let database = TestCharm::new("exit 0").file("metadata.yaml", database);
    let web = charm("[ $JUJU_HOOK_NAME != db-relation-broken ] || relation-ids db");
    let said = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(web.path(), "web").unwrap();
        juju.deploy(database.path(), "sql").unwrap();
        juju.integrate("web", "sql").unwrap();
        juju.run_until_idle().unwrap();
        juju.remove_relation("web", "sql").unwrap();
        juju.run_until_idle().unwrap();
        said(&juju, "db-relation-broken")
    };
    assert_eq!(said("3.4.3"), "db:0");
    assert_eq!(said("3.4.4"), "");
    assert_eq!(said("3.5.0"), "db:0");
    assert_eq!(said("3.5.1"), "");
}

#[test]
fn a_secret_that_is_not_granted_is_refused_in_other_words_since_4_0() {
    let charm = charm(
        "case $JUJU_HOOK_NAME in
            start) [ $JUJU_UNIT_NAME = owner/0 ] && secret-add --owner unit key=value > $ID || true ;;
            update-status) secret-get $(cat $ID); true ;;
        esac",
    );
    let said = |juju: &str| {
        let folder = tempfile::tempdir().unwrap();
        let id = folder.path().join("id");
        let mut juju = builder()
            .juju_version(version(juju))
            .charm_variable("ID", id.to_str().unwrap())
            .build();
        juju.deploy(charm.path(), "owner").unwrap();
        juju.deploy(charm.path(), "reader").unwrap();
        juju.run_until_idle().unwrap();
        juju.update_status("reader/0").unwrap();
        said(&juju, "update-status")
    };
    assert_eq!(said("3.6.28"), "ERROR permission denied");
    assert_eq!(said("4.0.15"), r#"ERROR "reader/0" is not allowed to read this secret"#);
}

#[test]
fn a_secret_can_be_larger_with_each_limit() {
    let add = "head -c $SIZE /dev/zero | tr '\\0' x > value; secret-add key#file=$PWD/value > id && echo ok; true";
    let said = |juju: &str, size: usize| said_in_install(juju, &format!("SIZE={size}; {add}"));
    for (juju, size) in [("3.0.0", 5 * 1024), ("3.3.2", 8 * 1024), ("3.6.9", 750_000)] {
        assert_eq!(said(juju, size), "ok", "{juju}");
        assert!(
            said(juju, size + 1).contains("secret content for key \"key\" too large"),
            "{juju}"
        );
    }
}

#[test]
fn who_may_read_a_secret_is_told_since_3_3() {
    let database = "name: sql\nsummary: s\ndescription: d\nprovides: {db: {interface: sql}}\n";
    let database = TestCharm::new("exit 0").file("metadata.yaml", database);
    let web = charm(
        "case $JUJU_HOOK_NAME in
            db-relation-created) secret-grant $(secret-add key=value --label=l) ;;
            update-status) secret-info-get --label=l ;;
        esac",
    );
    let has_access = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(web.path(), "web").unwrap();
        juju.deploy(database.path(), "sql").unwrap();
        juju.integrate("web", "sql").unwrap();
        juju.run_until_idle().unwrap();
        juju.update_status("web/0").unwrap();
        said(&juju, "update-status").contains("target: application-sql")
    };
    assert!(!has_access("3.2.4"));
    assert!(has_access("3.3.0"));
}

/// Returns the variables of Juju's own in three hooks, each with its hook.
fn variables(juju: &str) -> String {
    let charm = charm(
        "case $JUJU_HOOK_NAME in
            data-storage-attached | install | pre-series-upgrade)
                env | grep -o ^JUJU_[A-Z_]* | sed \"s/^/$JUJU_HOOK_NAME /\" >> $SEEN ;;
        esac",
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seen");
    let mut juju = builder()
        .juju_version(version(juju))
        .charm_variable("SEEN", file.to_str().unwrap())
        .build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let upgrade = Event::PreSeriesUpgrade {
        base: Some("ubuntu@24.04".parse().unwrap()),
        series: Some("noble".to_owned()),
    };
    juju.run_hook("exporter/0", &upgrade).unwrap();
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn variables_come_and_go() {
    let versions = [
        "2.9.0", "2.9.1", "3.0.0", "3.0.1", "3.6.9", "3.6.10", "3.6.28", "4.0.0", "4.0.5", "4.0.6",
    ];
    let seen = BTreeMap::from(versions.map(|juju| (juju, variables(juju))));
    // Each with the first version that has it and the one before.
    for (variable, first, before) in [
        ("data-storage-attached JUJU_STORAGE_ID", "2.9.1", "2.9.0"),
        ("data-storage-attached JUJU_STORAGE_KIND", "2.9.1", "2.9.0"),
        ("data-storage-attached JUJU_STORAGE_LOCATION", "2.9.1", "2.9.0"),
        ("pre-series-upgrade JUJU_TARGET_SERIES", "2.9.1", "2.9.0"),
        ("pre-series-upgrade JUJU_TARGET_BASE", "3.0.1", "3.0.0"),
        ("install JUJU_CHARM_TRACE_CONFIG_CA_CERT", "4.0.6", "4.0.5"),
        ("install JUJU_CHARM_TRACE_CONFIG_GRPC", "4.0.6", "4.0.5"),
        ("install JUJU_CHARM_TRACE_CONFIG_HTTP", "4.0.6", "4.0.5"),
        // What has gone: the last version that has it and the one after.
        ("install JUJU_METER_INFO", "3.6.9", "3.6.10"),
        ("install JUJU_METER_STATUS", "3.6.9", "3.6.10"),
        ("install JUJU_SLA", "3.6.28", "4.0.0"),
        ("pre-series-upgrade JUJU_TARGET_BASE", "3.6.28", "4.0.0"),
        ("pre-series-upgrade JUJU_TARGET_SERIES", "3.6.28", "4.0.0"),
    ] {
        let has = |juju: &str| seen[juju].lines().any(|line| line == variable);
        assert!(has(first), "{variable} in {first}");
        assert!(!has(before), "{variable} in {before}");
    }
}

#[test]
fn results_of_actions_have_lower_case_keys_since_3_0() {
    let charm = charm("echo out; echo err >&2").file("actions.yaml", "do-it: {}\n");
    let results = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        let outcome = juju.run_action("exporter/0", "do-it", serde_json::Value::Null).unwrap();
        serde_json::to_string(&outcome.results).unwrap()
    };
    assert_eq!(results("2.9.52"), r#"{"Code":"0","Stderr":"err\n","Stdout":"out\n"}"#);
    assert_eq!(results("3.0.0"), r#"{"return-code":0,"stderr":"err\n","stdout":"out\n"}"#);
}

#[test]
fn undeclared_parameters_are_refused_since_4_0() {
    let charm = charm("action-get colour")
        .file("actions.yaml", "paint: {params: {size: {type: integer}}}\n");
    let status = |juju: &str| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        let params = serde_json::json!({"colour": "red"});
        juju.run_action("exporter/0", "paint", params).unwrap().status.to_string()
    };
    assert_eq!(status("3.6.28"), "completed");
    assert_eq!(status("4.0.15"), "failed");
}

#[test]
fn charms_are_refused_for_what_a_version_does_not_know() {
    let secret = TestCharm::new("exit 0").config("  password: {type: secret}\n");
    let baseless = TestCharm::new("exit 0");
    std::fs::remove_file(baseless.path().join("manifest.yaml")).unwrap();
    let deploy = |juju: &str, charm: &TestCharm| {
        let mut juju = builder().juju_version(version(juju)).build();
        juju.deploy(charm.path(), "exporter")
    };
    insta::assert_snapshot!(
        deploy("3.2.4", &secret).unwrap_err(),
        @r#"invalid config: option "password" has unknown type "secret""#
    );
    assert!(deploy("3.3.0", &secret).is_ok());
    assert!(deploy("3.6.28", &baseless).is_ok());
    insta::assert_snapshot!(
        deploy("4.0.0", &baseless).unwrap_err(),
        @"charm metadata without bases in manifest not valid"
    );
}
