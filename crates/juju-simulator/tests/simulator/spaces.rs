//! Network spaces: which addresses a unit and its relations have.

use juju_simulator::{Deployment, Simulator};

use crate::charm::{TestCharm, builder, last, names};

const WEB: &str = "name: web\nsummary: s\ndescription: d\nrequires: {db: {interface: sql}}\nextra-bindings: {admin: null}\n";
const DATABASE: &str =
    "name: database\nsummary: s\ndescription: d\nprovides: {server: {interface: sql}}\n";

/// Says which addresses it has when its status is updated.
const SAY: &str = "
    if [ $JUJU_HOOK_NAME = update-status ]; then
        for binding in db admin juju-info; do
            juju-log \"$binding $(network-get $binding --bind-address) $(network-get $binding --egress-subnets)\"
        done
        juju-log \"private $(unit-get private-address)\"
    fi";

/// Shows what reaches it.
const SHOW: &str = "
    case $JUJU_HOOK_NAME in
        server-relation-changed)
            [ -z $JUJU_REMOTE_UNIT ] ||
                juju-log \"$(relation-get ingress-address) $(relation-get private-address) $(relation-get egress-subnets)\" ;;
    esac";

fn charm(metadata: &str, dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch).file("metadata.yaml", metadata)
}

fn said(juju: &Simulator) -> Vec<&str> {
    last(juju).log.iter().map(|line| line.message.as_str()).collect()
}

/// A model in which `web` is bound to three spaces, and related.
fn related(web: &TestCharm, database: &TestCharm) -> Simulator {
    let mut juju = builder().build();
    juju.add_space("internal", ["192.168.7.0/24"]).unwrap();
    juju.add_space("dmz", ["fd00:1::/64"]).unwrap();
    let bound = Deployment::new(web.path(), "web").bind("db=internal").bind("admin=dmz");
    juju.deploy_with(bound).unwrap();
    juju.deploy(database.path(), "database").unwrap();
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn network_get_answers_by_binding() {
    let (web, database) = (charm(WEB, SAY), charm(DATABASE, ""));
    let mut juju = related(&web, &database);
    juju.update_status("web/0").unwrap();
    assert_eq!(
        said(&juju),
        [
            "db 192.168.7.11 192.168.7.11/32",
            "admin fd00:1::b fd00:1::b/128",
            "juju-info 10.0.0.11 10.0.0.11/32",
            "private 10.0.0.11"
        ]
    );
    let web = charm(WEB, "[ $JUJU_HOOK_NAME != upgrade-charm ] || network-get db");
    juju.refresh(web.path(), "web").unwrap();
    juju.run_until_idle().unwrap();
    let upgrade = juju.operations().iter().find(|ran| ran.kind.to_string() == "upgrade-charm");
    let printed: Vec<&str> =
        upgrade.unwrap().log.iter().map(|line| line.message.as_str()).collect();
    insta::assert_snapshot!(printed.join("\n"), @r#"
    bind-addresses:
    - mac-address: 00:16:3e:00:00:03
      interface-name: eth2
      addresses:
      - hostname: ""
        value: 192.168.7.11
        cidr: 192.168.7.0/24
        address: 192.168.7.11
      macaddress: 00:16:3e:00:00:03
      interfacename: eth2
    egress-subnets:
    - 192.168.7.11/32
    ingress-addresses:
    - 192.168.7.11
    "#);
}

#[test]
fn relation_data_follow_the_binding_and_the_address() {
    let (web, database) = (charm(WEB, ""), charm(DATABASE, SHOW));
    let mut juju = related(&web, &database);
    let changed =
        juju.operations().iter().find(|ran| ran.kind.to_string() == "server-relation-changed");
    assert_eq!(
        changed.unwrap().log[0].message,
        "server:0: 192.168.7.11 192.168.7.11 192.168.7.11/32"
    );

    let before = juju.operations().len();
    juju.set_address("0", "192.168.7.99").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(juju.operations()[before], @"
    web/0 config-changed
      * db:0 unit: egress-subnets = 192.168.7.99/32
      * db:0 unit: ingress-address = 192.168.7.99
      * db:0 unit: private-address = 192.168.7.99
    ");
    assert_eq!(names(&juju)[before..], ["config-changed", "server-relation-changed"]);
    assert_eq!(said(&juju), ["server:0: 192.168.7.99 192.168.7.99 192.168.7.99/32"]);

    let before = juju.operations().len();
    juju.bind("web", "db=alpha").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[before..], ["config-changed", "server-relation-changed"]);
    assert_eq!(said(&juju), ["server:0: 10.0.0.11 10.0.0.11 10.0.0.11/32"]);

    // An address on which nothing depends is told to the unit alone.
    let before = juju.operations().len();
    juju.set_address("0", "fd00:1::1").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[before..], ["config-changed"]);
}

#[test]
fn a_machine_that_moves_takes_its_units_with_it() {
    let web = charm(WEB, SAY);
    let mut juju = builder().build();
    juju.deploy_with(Deployment::new(web.path(), "web")).unwrap();
    juju.run_until_idle().unwrap();
    juju.set_address("0", "10.0.7.7").unwrap();
    juju.update_status("web/0").unwrap();
    assert_eq!(said(&juju)[3], "private 10.0.7.7");
    assert_eq!(juju.status().unit("web/0").unwrap().public_address, "10.0.7.7");
}

#[test]
fn a_default_space_is_for_all_that_is_not_bound_by_name() {
    let web = charm(WEB, SAY);
    let mut juju = builder().build();
    juju.add_space("dmz", ["192.168.7.0/24"]).unwrap();
    juju.deploy_with(Deployment::new(web.path(), "web").bind("dmz db=alpha")).unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("web/0").unwrap();
    assert_eq!(
        said(&juju),
        [
            "db 10.0.0.11 10.0.0.11/32",
            "admin 192.168.7.11 192.168.7.11/32",
            "juju-info 192.168.7.11 192.168.7.11/32",
            "private 192.168.7.11"
        ]
    );
}

#[test]
fn a_space_without_room_has_no_address() {
    let web = charm(WEB, "[ $JUJU_HOOK_NAME != install ] || network-get db");
    let mut juju = builder().build();
    juju.add_space("full", ["192.168.7.0/29"]).unwrap();
    juju.deploy_with(Deployment::new(web.path(), "web").bind("db=full")).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(said(&juju), [r#"ERROR no network config found for binding "db""#]);
}

#[test]
fn spaces_that_cannot_be_are_refused() {
    let mut juju = builder().build();
    juju.add_space("dmz", ["192.168.0.0/16"]).unwrap();
    let mut refusal = |space: &str, subnets: &[&str]| juju.add_space(space, subnets).unwrap_err();
    insta::assert_snapshot!(refusal("a_b", &[]), @"invalid space name `a_b`: only lower-case letters, digits and dashes are allowed");
    insta::assert_snapshot!(refusal("alpha", &[]), @r#"space "alpha" already exists"#);
    insta::assert_snapshot!(refusal("new", &["10.1.1.1/24"]), @r#""10.1.1.1/24" is not a valid CIDR: it must look like `10.1.0.0/24`, with only zeros behind the prefix"#);
    insta::assert_snapshot!(refusal("new", &["192.168.7.0/24"]), @"subnet 192.168.7.0/24 overlaps with subnet 192.168.0.0/16");
    insta::assert_snapshot!(refusal("new", &["10.9.0.0/16", "10.9.1.0/24"]), @"subnet 10.9.1.0/24 overlaps with subnet 10.9.0.0/16");
    // The same subnet moves.
    juju.add_space("other", ["192.168.0.0/16"]).unwrap();

    juju.add_machine("ubuntu@24.04").unwrap();
    insta::assert_snapshot!(juju.set_address("0", "172.16.0.1").unwrap_err(), @"address 172.16.0.1 is in no subnet of any space: add a space with its subnet");
    insta::assert_snapshot!(juju.set_address("0", "here").unwrap_err(), @r#""here" is not an IP address"#);
    assert!(juju.set_address("1", "10.0.0.1").is_err());
    assert!(juju.bind("nope", "dmz").is_err());
}
