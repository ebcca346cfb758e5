//! `network-get` and `unit-get`.

use juju_hook_env::{Address, UnitAddress};

use crate::support::{juju, recorded, shown};

#[test]
fn network_get_reads_every_address() {
    let (juju, agent) = juju([
        ("network-get db --format=json", recorded("general", "network-get db --format=json")),
        (
            "network-get db --format=json -r db:0",
            recorded("general", "network-get -r db:0 db --format=json"),
        ),
    ]);
    let network = juju.network_get(&"db".parse().unwrap()).unwrap();
    insta::assert_debug_snapshot!(network, @r#"
    Network {
        bind_addresses: [
            BindAddress {
                mac_address: Some(
                    "00:16:3e:00:00:01",
                ),
                interface_name: Some(
                    "eth0",
                ),
                addresses: [
                    NetworkAddress {
                        value: Ip(
                            10.1.2.3,
                        ),
                        host_name: None,
                        subnet: Some(
                            Subnet {
                                address: 10.1.2.0,
                                prefix_length: 24,
                            },
                        ),
                    },
                ],
            },
        ],
        egress_subnets: [
            Subnet {
                address: 10.1.2.3,
                prefix_length: 32,
            },
        ],
        ingress_addresses: [
            Ip(
                10.1.2.3,
            ),
        ],
    }
    "#);
    assert_eq!(network.bind_address(), network.ingress_address());
    assert_eq!(network.ingress_ip(), Some([10, 1, 2, 3].into()));

    let towards = juju.network_get_for(&"db".parse().unwrap(), &"db:0".parse().unwrap()).unwrap();
    assert_eq!(towards, network);
    insta::assert_snapshot!(agent.transcript(), @"
    network-get db --format=json
    network-get db --format=json -r db:0
    ");
}

#[test]
fn network_get_finds_no_binding() {
    let call = "network-get nosuch --format=json";
    let (juju, _) = juju([(call, recorded("general", call))]);
    insta::assert_snapshot!(
        shown(juju.network_get(&"nosuch".parse().unwrap())),
        @r#"NotFound: `network-get` found nothing: no network config found for binding "nosuch""#
    );
}

#[test]
fn network_get_finds_no_relation() {
    let refused = recorded("general", "network-get -r db:9 db");
    let (juju, _) = juju([("network-get db --format=json -r db:9", refused)]);
    insta::assert_snapshot!(
        shown(juju.network_get_for(&"db".parse().unwrap(), &"db:9".parse().unwrap())),
        @r#"NotFound: `network-get` found nothing: invalid value "db:9" for option -r: relation not found"#
    );
}

#[test]
fn unit_get_reads_both_addresses() {
    let answer = || recorded("general", "unit-get --format=json private-address");
    let (juju, agent) = juju([
        ("unit-get private-address --format=json", answer()),
        ("unit-get public-address --format=json", answer()),
    ]);
    let address = Address::Ip([10, 1, 2, 3].into());
    assert_eq!(juju.unit_get(UnitAddress::Private).unwrap(), address);
    assert_eq!(juju.unit_get(UnitAddress::Public).unwrap(), address);
    insta::assert_snapshot!(agent.transcript(), @"
    unit-get private-address --format=json
    unit-get public-address --format=json
    ");
}

#[test]
fn unit_get_passes_on_a_refusal() {
    let call = "unit-get public-address --format=json";
    let (juju, _) = juju([(call, recorded("general", "unit-get bogus"))]);
    insta::assert_snapshot!(
        shown(juju.unit_get(UnitAddress::Public)),
        @r#"BadArgument: cannot call `unit-get`: unknown setting "bogus""#
    );
}
