//! The credential of the cloud.

use juju_simulator::{Cloud, Deployment, Simulator};

use crate::charm::{TestCharm, builder, last};

const ASK: &str = "[ $JUJU_HOOK_NAME != config-changed ] || credential-get --format=$FORMAT; true";

fn said(juju: &Simulator) -> String {
    let changed =
        juju.operations().iter().rev().find(|ran| ran.kind.to_string() == "config-changed");
    let lines = changed.unwrap().log.iter().map(|line| line.message.clone());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn only_a_trusted_application_sees_the_credential() {
    let charm = TestCharm::new(ASK);
    let cloud = Cloud::new("lxd", "localhost")
        .region("default")
        .endpoint("https://10.0.0.1:8443")
        .identity_endpoint("https://10.0.0.1:5000")
        .storage_endpoint("https://10.0.0.1:6000")
        .credential("certificate", [("client-cert", "cert"), ("client-key", "key")])
        .ca_certificate("ca")
        .skip_tls_verify()
        .controller_cloud();
    let mut juju = builder().cloud(cloud).charm_variable("FORMAT", "json").build();
    juju.deploy_with(Deployment::new(charm.path(), "web").trust()).unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(said(&juju), @r#"{"type":"lxd","name":"localhost","region":"default","endpoint":"https://10.0.0.1:8443","identity-endpoint":"https://10.0.0.1:5000","storage-endpoint":"https://10.0.0.1:6000","credential":{"auth-type":"certificate","attrs":{"client-cert":"cert","client-key":"key"}},"cacertificates":["ca"],"skip-tls-verify":true,"is-controller-cloud":true}"#);
    juju.remove_trust("web").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(said(&juju), "ERROR cannot access cloud credentials: permission denied");
    assert!(last(&juju).exit.is_success());
}

#[test]
fn a_cloud_without_a_credential_is_only_named() {
    let charm = TestCharm::new(ASK);
    let mut juju = builder().charm_variable("FORMAT", "yaml").build();
    juju.deploy_with(Deployment::new(charm.path(), "web").trust()).unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(said(&juju), @"
    type: simulated
    name: simulated
    region: nowhere
    ");
}
