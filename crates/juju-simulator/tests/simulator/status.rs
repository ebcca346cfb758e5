//! What `juju status` shows.

use juju_types::JujuVersion;

use crate::charm::{TestCharm, builder};

#[test]
fn the_tables_are_those_of_juju_status() {
    let charm = TestCharm::new(
        "application-version-set 1.5.0
        case $JUJU_UNIT_NAME in
            */0) status-set active; open-port 9100; open-port 53/udp; open-port 8000-8005 ;;
            *) [ $JUJU_HOOK_NAME != start ] ;;
        esac",
    );
    let mut juju = builder().model_name("demo".parse().unwrap()).build();
    insta::assert_snapshot!(juju.status(), @"
    Model  Controller  Cloud/Region       Version  SLA          Timestamp
    demo   simulator   simulated/nowhere  3.6.28   unsupported  00:00:00Z
    ");
    juju.deploy(charm.path(), "exporter").unwrap();
    insta::assert_snapshot!(juju.status(), @"
    Model  Controller  Cloud/Region       Version  SLA          Timestamp
    demo   simulator   simulated/nowhere  3.6.28   unsupported  00:00:00Z

    App       Version  Status   Scale  Charm     Channel  Rev  Exposed  Message
    exporter           waiting    0/1  exporter             0  no       waiting for machine

    Unit         Workload  Agent       Machine  Public address  Ports  Message
    exporter/0*  waiting   allocating  0        10.0.0.11              waiting for machine

    Machine  State    Address    Inst id        Base          AZ  Message
    0        started  10.0.0.11  juju-b965f4-0  ubuntu@24.04      Running
    ");
    juju.run_until_idle().unwrap();
    juju.add_unit("exporter").unwrap();
    juju.run_until_idle().unwrap();
    insta::assert_snapshot!(juju.status(), @r#"
    Model  Controller  Cloud/Region       Version  SLA          Timestamp
    demo   simulator   simulated/nowhere  3.6.28   unsupported  00:00:00Z

    App       Version  Status  Scale  Charm     Channel  Rev  Exposed  Message
    exporter  1.5.0    error       2  exporter             0  no       hook failed: "start"

    Unit         Workload  Agent  Machine  Public address  Ports                      Message
    exporter/0*  active    idle   0        10.0.0.11       8000-8005,9100/tcp 53/udp
    exporter/1   error     idle   1        10.0.0.12                                  hook failed: "start"

    Machine  State    Address    Inst id        Base          AZ  Message
    0        started  10.0.0.11  juju-b965f4-0  ubuntu@24.04      Running
    1        started  10.0.0.12  juju-b965f4-1  ubuntu@24.04      Running
    "#);
    let status = juju.status();
    let unit = status.unit("exporter/0").unwrap();
    assert!(unit.is_leader);
    assert_eq!(unit.ports.len(), 3);
    assert_eq!(unit.machine, "0".parse().ok());
    assert_eq!(status.application("exporter").unwrap().version, "1.5.0");
    assert_eq!(status.units().count(), 2);
    assert_eq!(status.applications().count(), 1);
}

#[test]
fn the_leader_speaks_for_the_application() {
    let charm =
        TestCharm::new("status-set active; status-set --application blocked 'no quorum'; true");
    let mut juju = builder().juju_version(JujuVersion::new(4, 0, 15)).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let status = juju.status();
    assert_eq!(status.application("exporter").unwrap().status.to_string(), "blocked: no quorum");
    // Service levels are gone in Juju 4.
    assert!(!status.to_string().contains("SLA"));
}
