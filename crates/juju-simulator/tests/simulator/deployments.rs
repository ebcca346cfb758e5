//! All that a deployment can be told, and units that share a machine.

use juju_simulator::{Deployment, Simulator};
use juju_types::{CharmFiles, UnitName};

use crate::charm::{TestCharm, builder, last, names};

const METADATA: &str = "
name: web
summary: s
description: d
requires: {db: {interface: sql}}
storage:
  data: {type: filesystem, multiple: {range: 1-3}}
  cache: {type: filesystem}
resources:
  software: {type: file, filename: software.zip}
";

const LOGGER: &str = "name: logger\nsummary: s\ndescription: d\nsubordinate: true\nrequires: {host: {interface: juju-info, scope: container}}\n";

fn charm(dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch)
        .file("metadata.yaml", METADATA)
        .config("  port: {type: int, default: 80}\n  name: {type: string}\n")
}

fn messages(juju: &Simulator, unit: &str) -> Vec<String> {
    let of_unit = juju.operations().iter().filter(|ran| ran.unit.to_string() == unit);
    of_unit.flat_map(|ran| ran.log.iter().map(|line| line.message.clone())).collect()
}

fn texts(units: &[UnitName]) -> Vec<String> {
    units.iter().map(ToString::to_string).collect()
}

#[test]
fn a_deployment_brings_config_resources_storage_and_units_from_the_first_hook_on() {
    let charm = charm(
        "[ $JUJU_HOOK_NAME != install ] ||
            juju-log \"$(config-get port) $(config-get name) $(cat $(resource-get software)) $(echo $(storage-list)) on $JUJU_MACHINE_ID\"",
    );
    let mut juju = builder().build();
    juju.add_machine("ubuntu@24.04").unwrap();
    let deployment = Deployment::new(charm.path(), "web")
        .units(2)
        .to("0")
        .config("port", 9100)
        .config("name", "wiki")
        .resource("software", "zipped")
        .storage("data", "loop,2,1G");
    let units = juju.deploy_with(deployment).unwrap();
    assert_eq!(texts(&units), ["web/0", "web/1"]);
    juju.run_until_idle().unwrap();
    assert_eq!(messages(&juju, "web/0"), ["9100 wiki zipped cache/0 data/1 data/2 on 0"]);
    assert_eq!(messages(&juju, "web/1"), ["9100 wiki zipped cache/3 data/4 data/5 on 1"]);
}

#[test]
fn an_application_can_wait_for_its_first_unit() {
    let charm = charm("exit 0");
    let mut juju = builder().build();
    assert_eq!(juju.deploy_with(Deployment::new(charm.path(), "web").units(0)).unwrap(), []);
    juju.run_until_idle().unwrap();
    assert_eq!(juju.status().application("web").unwrap().scale, 0);
    assert_eq!(names(&juju), [""; 0]);

    juju.add_unit("web").unwrap();
    juju.run_until_idle().unwrap();
    assert!(juju.status().unit("web/0").unwrap().is_leader);
    juju.remove_application("web").unwrap();
    juju.run_until_idle().unwrap();

    juju.deploy_with(Deployment::new(charm.path(), "web").units(0)).unwrap();
    juju.remove_application("web").unwrap();
    juju.run_until_idle().unwrap();
    assert!(juju.status().application("web").is_none());
}

#[test]
fn a_subordinate_and_a_function_are_deployed_with_options_too() {
    let logger = TestCharm::new("[ $JUJU_HOOK_NAME != install ] || juju-log $(config-get level)")
        .file("metadata.yaml", LOGGER)
        .config("  level: {type: string}\n");
    let files = CharmFiles::read(|name| {
        let text = "{name: web, summary: s, description: d}";
        Ok::<_, ()>((name == "metadata.yaml").then(|| text.to_owned()))
    });
    let mut juju = builder().build();
    let web = Deployment::in_process(&files.unwrap(), "web", |_variables| 0).units(2);
    assert_eq!(juju.deploy_with(web).unwrap().len(), 2);
    let logger = Deployment::new(logger.path(), "logger").config("level", "INFO");
    assert_eq!(juju.deploy_with(logger).unwrap(), []);
    juju.integrate("logger", "web").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(messages(&juju, "logger/1"), ["INFO"]);
}

#[test]
fn units_on_one_machine_share_its_address_and_its_ports() {
    let charm = charm(
        "case $JUJU_HOOK_NAME in
            start) juju-log \"$JUJU_MACHINE_ID $(unit-get private-address)\"; open-port 80 ;;
        esac",
    );
    let mut juju = builder().build();
    juju.deploy(charm.path(), "web").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(juju.add_unit_to("web", "0").unwrap().to_string(), "web/1");
    juju.deploy_with(Deployment::new(charm.path(), "other").to("0")).unwrap();
    juju.run_until_idle().unwrap();

    assert_eq!(messages(&juju, "web/0"), ["0 10.0.0.11"]);
    assert_eq!(
        messages(&juju, "web/1"),
        [
            "0 10.0.0.11",
            r#"ERROR cannot open 80/tcp (unit "web/1"): port range conflicts with 80/tcp (unit "web/0")"#
        ]
    );
    insta::assert_snapshot!(juju.status(), @r#"
    Model    Controller  Cloud/Region       Version  SLA          Timestamp
    testing  simulator   simulated/nowhere  3.6.28   unsupported  00:00:00Z

    App    Version  Status  Scale  Charm  Channel  Rev  Exposed  Message
    other           error       1  web               0  no       hook failed: "start"
    web             error       2  web               0  no       hook failed: "start"

    Unit      Workload  Agent  Machine  Public address  Ports   Message
    other/0*  error     idle   0        10.0.0.11               hook failed: "start"
    web/0*    unknown   idle   0        10.0.0.11       80/tcp
    web/1     error     idle   0        10.0.0.11               hook failed: "start"

    Machine  State    Address    Inst id        Base          AZ  Message
    0        started  10.0.0.11  juju-b965f4-0  ubuntu@24.04      Running
    "#);
}

#[test]
fn a_machine_goes_with_its_last_unit() {
    let charm = charm("exit 0");
    let mut juju = builder().build();
    juju.add_machine("ubuntu@24.04").unwrap();
    juju.deploy_with(Deployment::new(charm.path(), "web").units(2).to("0").to("0")).unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(
        juju.remove_machine("0").unwrap_err(),
        @r#"machine 0 has unit "web/0" assigned: remove the unit first"#
    );
    juju.remove_unit("web/0").unwrap();
    juju.run_until_idle().unwrap();
    assert!(juju.status().to_string().contains("10.0.0.11"));
    juju.remove_unit("web/1").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(juju.remove_machine("0").unwrap_err(), @"machine 0 not found");

    let machine = juju.add_machine("ubuntu@24.04").unwrap();
    assert_eq!(machine.to_string(), "1");
    juju.remove_machine("1").unwrap();
    assert!(juju.remove_machine("1").is_err());
}

#[test]
fn what_cannot_be_deployed_is_refused_and_changes_nothing() {
    let (web, logger) = (charm("exit 0"), TestCharm::new("").file("metadata.yaml", LOGGER));
    let mut juju = builder().build();
    juju.add_machine("ubuntu@22.04").unwrap();
    let before = juju.status().to_string();
    let web = || Deployment::new(web.path(), "web");
    let mut refusal = |deployment: Deployment| {
        let error = juju.deploy_with(deployment.config("port", 1)).unwrap_err();
        assert_eq!(juju.status().to_string(), before);
        error
    };
    insta::assert_snapshot!(refusal(web().config("nope", 1)), @r#"unknown option "nope""#);
    insta::assert_snapshot!(refusal(web().config("port", "x")), @r#"option "port" expected int, got "x""#);
    insta::assert_snapshot!(refusal(web().resource("nope", "")), @r#"unrecognized resource "nope""#);
    insta::assert_snapshot!(refusal(web().storage("nope", "1")), @r#"charm "web" has no store called "nope""#);
    insta::assert_snapshot!(refusal(web().storage("data", "4")), @r#"charm "web" store "data": at most 3 instances supported, 4 specified"#);
    insta::assert_snapshot!(refusal(web().storage("data", "0")), @r#"cannot parse storage directive "0": the count must be greater than zero"#);
    insta::assert_snapshot!(refusal(web().bind("nope=alpha")), @r#"unknown endpoint "nope" not valid"#);
    insta::assert_snapshot!(refusal(web().bind("db=nope")), @r#"space "nope" not found"#);
    insta::assert_snapshot!(refusal(web().to("7")), @"machine 7 not found");
    insta::assert_snapshot!(refusal(web().to("0")), @r#"base does not match: unit has "ubuntu@24.04", machine 0 has "ubuntu@22.04""#);
    insta::assert_snapshot!(refusal(web().units(1).to("0").to("0")), @"2 machines are named for 1 units: ask for more units");
    insta::assert_snapshot!(refusal(web().base("ubuntu@22.04")), @r#"base "ubuntu@22.04" is not supported by the charm, supported bases are: ubuntu@24.04"#);
    insta::assert_snapshot!(refusal(web().base("ubuntu")), @"invalid base `ubuntu`: it must be `NAME@CHANNEL`");

    let logger = || Deployment::new(logger.path(), "logger");
    let error = juju.deploy_with(logger().units(1)).unwrap_err();
    insta::assert_snapshot!(error, @r#"cannot use --num-units or --to with subordinate application "logger""#);
    assert!(juju.deploy_with(logger().to("0")).is_err());
    assert_eq!(juju.status().to_string(), before);
}

#[test]
fn a_base_of_the_charm_can_be_chosen() {
    let charm = charm("exit 0").file(
        "manifest.yaml",
        "bases: [{name: ubuntu, channel: '24.04'}, {name: ubuntu, channel: '22.04'}]\n",
    );
    let mut juju = builder().build();
    juju.deploy_with(Deployment::new(charm.path(), "web").base("ubuntu@22.04")).unwrap();
    assert!(juju.status().to_string().contains("ubuntu@22.04"));
    juju.add_machine("ubuntu@24.04").unwrap();
    assert!(juju.add_unit_to("web", "1").is_err());
    assert_eq!(juju.add_unit_to("web", "0").unwrap().to_string(), "web/1");
}

#[test]
fn trust_comes_and_goes_with_a_config_changed() {
    let charm = charm("exit 0");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "web").unwrap();
    juju.run_until_idle().unwrap();
    for change in [Simulator::trust, Simulator::remove_trust] {
        let before = juju.operations().len();
        change(&mut juju, "web").unwrap();
        change(&mut juju, "web").unwrap();
        juju.run_until_idle().unwrap();
        assert_eq!(names(&juju)[before..], ["config-changed"]);
    }
    assert!(last(&juju).exit.is_success());
    assert!(juju.trust("nope").is_err());
}
