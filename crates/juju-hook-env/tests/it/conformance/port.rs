//! The tools for ports.

use juju_types::PortRange;

use crate::support::{juju, recorded, refusal, shown, success};

const OPENED: &str = "opened-ports --endpoints --format=json";

#[test]
fn opened_ports_reads_ports_and_endpoints() {
    let (juju, agent) = juju([(OPENED, recorded("general", OPENED))]);
    let ports: Vec<_> = juju
        .opened_ports()
        .unwrap()
        .into_iter()
        .map(|port| format!("{} {:?}", port.range, port.scope))
        .collect();
    assert_eq!(
        ports,
        [
            "icmp AllEndpoints",
            "80/tcp AllEndpoints",
            "8080/tcp AllEndpoints",
            "9000/tcp Endpoints({EndpointName(\"db\")})",
            "8000-8005/udp AllEndpoints",
        ]
    );
    insta::assert_snapshot!(agent.transcript(), @"opened-ports --endpoints --format=json");
}

#[test]
fn opened_ports_notices_that_the_hook_is_over() {
    let refused = recorded("general", "JUJU_CONTEXT_ID=wrong relation-ids db");
    let (juju, _) = juju([(OPENED, refused)]);
    insta::assert_snapshot!(
        shown(juju.opened_ports()),
        @r#"NoContext: `opened-ports` was called outside a hook: bad request: wrong context ID; got "wrong""#
    );
}

#[test]
fn open_port_takes_ports_ranges_and_icmp() {
    let answer = || recorded("general", "open-port 8080");
    let (juju, agent) = juju([
        (OPENED, success("[]")),
        ("open-port 8080/tcp", answer()),
        ("open-port 8000-8005/udp", answer()),
        ("open-port icmp", answer()),
        (
            "open-port --endpoints db 9000/tcp",
            recorded("general", "open-port --endpoints db 9000/tcp"),
        ),
    ]);
    juju.open_port(8080).unwrap();
    juju.open_port("8000-8005/udp".parse::<PortRange>().unwrap()).unwrap();
    juju.open_port(PortRange::icmp()).unwrap();
    juju.open_port_of(&"db".parse().unwrap(), 9000).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    open-port 8080/tcp
    open-port 8000-8005/udp
    open-port icmp
    open-port --endpoints db 9000/tcp
    ");
}

#[test]
fn open_port_meets_a_conflict() {
    let refused = recorded("general", "open-port 8081-8090 ; open-port 8085");
    let (juju, _) = juju([(OPENED, success("[]")), ("open-port 8085/tcp", refused)]);
    insta::assert_snapshot!(
        shown(juju.open_port(8085)),
        @r#"Conflict: `open-port` meets a conflict: cannot open 8085/tcp (unit "myapp/0"): port range conflicts with 8081-8090/tcp (unit "myapp/0") requested earlier"#
    );
}

#[test]
fn close_port_closes_what_is_open() {
    let (juju, agent) = juju([
        (OPENED, recorded("general", OPENED)),
        ("close-port 80/tcp", recorded("general", "close-port 80")),
        ("close-port --endpoints db 9000/tcp", recorded("general", "close-port 80")),
    ]);
    juju.close_port(80).unwrap();
    juju.close_port_of(&"db".parse().unwrap(), 9000).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port 80/tcp
    close-port --endpoints db 9000/tcp
    ");
}

#[test]
fn close_port_passes_on_a_refusal() {
    let refused = refusal(2, "ERROR port range bounds must be between 1 and 65535, got 0-0\n");
    let (juju, _) = juju([(OPENED, success(r#"["80/tcp (*)"]"#)), ("close-port 80/tcp", refused)]);
    insta::assert_snapshot!(
        shown(juju.close_port(80)),
        @"BadArgument: cannot call `close-port`: port range bounds must be between 1 and 65535, got 0-0"
    );
}
