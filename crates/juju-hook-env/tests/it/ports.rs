//! Ports as a whole: these, and no others.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use juju_hook_env::{HookTool, Juju, PortChanges, ScriptedAgent};
use juju_types::PortRange;
use proptest::prelude::*;

use crate::support::{env, juju, refusal, shown, success};

/// Juju with these ports open, and an agent that agrees to everything.
fn with_open(ports: &str) -> (Juju, ScriptedAgent) {
    let agent = ScriptedAgent::new()
        .answer("opened-ports --endpoints --format=json", ports)
        .otherwise(|_| Some(Ok(success(""))));
    (Juju::new(&env(), agent.clone()), agent)
}

fn range(text: &str) -> PortRange {
    text.parse().unwrap()
}

fn texts(ranges: &[PortRange]) -> Vec<String> {
    ranges.iter().map(ToString::to_string).collect()
}

#[test]
fn sends_the_difference() {
    let (juju, agent) = with_open(r#"["icmp (*)","80/tcp (*)","9000/tcp (db)","53/udp (a, b)"]"#);
    let changes =
        juju.set_ports([range("80/tcp"), range("53/udp"), range("8000-8005/tcp")]).unwrap();
    assert_eq!(texts(&changes.closed), ["icmp", "9000/tcp"]);
    assert_eq!(texts(&changes.opened), ["8000-8005/tcp", "53/udp"]);
    assert!(changes.waiting.is_empty());
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port icmp
    close-port --endpoints db 9000/tcp
    open-port 8000-8005/tcp
    open-port 53/udp
    ");
}

#[test]
fn sends_nothing_the_second_time() {
    let (juju, agent) = with_open("[]");
    juju.set_ports([9100]).unwrap();
    let before = agent.calls().len();
    assert_eq!(juju.set_ports([9100]).unwrap(), PortChanges::default());
    juju.open_port(9100).unwrap();
    juju.close_port(80).unwrap();
    assert_eq!(agent.calls().len(), before);
}

#[test]
fn closes_what_this_hook_opened_also_where_juju_does_not_show_it() {
    // The agent of this test shows no changes of the hook, like that of 2.9.
    let (juju, agent) = with_open("[]");
    juju.set_ports([80]).unwrap();
    juju.set_ports([] as [u16; 0]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    open-port 80/tcp
    close-port 80/tcp
    ");
}

#[test]
fn takes_numbers_and_options_of_numbers() {
    let (juju, agent) = with_open("[]");
    juju.set_ports(Some(443)).unwrap();
    juju.set_ports(None::<u16>).unwrap();
    assert_eq!(agent.calls().len(), 3);
}

#[test]
fn refuses_ports_that_overlap() {
    let (juju, agent) = with_open("[]");
    insta::assert_snapshot!(
        shown(juju.set_ports([range("85/tcp"), range("80-90/tcp"), range("85/udp")])),
        @"BadArgument: cannot call `open-port`: the ports `80-90/tcp` and `85/tcp` overlap"
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn a_range_waits_for_the_one_it_replaces() {
    let (juju, agent) = with_open(r#"["80-90/tcp (*)"]"#);
    let changes = juju.set_ports([85, 95]).unwrap();
    assert_eq!(texts(&changes.closed), ["80-90/tcp"]);
    assert_eq!(texts(&changes.opened), ["95/tcp"]);
    assert_eq!(texts(&changes.waiting), ["85/tcp"]);
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port 80-90/tcp
    open-port 95/tcp
    ");
}

#[test]
fn a_range_need_not_wait_for_one_of_the_same_hook() {
    let (juju, _) = with_open("[]");
    juju.set_ports([range("80-90/tcp")]).unwrap();
    assert!(juju.set_ports([85]).unwrap().waiting.is_empty());
}

#[test]
fn what_was_closed_can_be_opened_again() {
    let (juju, agent) = with_open(r#"["80/tcp (*)"]"#);
    juju.close_port(80).unwrap();
    assert_eq!(texts(&juju.set_ports([80]).unwrap().opened), ["80/tcp"]);
    assert_eq!(agent.calls().len(), 3);
}

#[test]
fn closing_a_part_of_a_range_is_not_passed_over() {
    let words = "ERROR cannot close 85/tcp (unit \"myapp/0\"): port range conflicts with 80-90/tcp (unit \"myapp/0\")\n";
    let (juju, _) = juju([
        ("opened-ports --endpoints --format=json", success(r#"["80-90/tcp (*)"]"#)),
        ("close-port 85/tcp", refusal(1, words)),
        ("close-port --endpoints web 85/tcp", refusal(1, words)),
    ]);
    let conflict = r#"Conflict: `close-port` meets a conflict: cannot close 85/tcp (unit "myapp/0"): port range conflicts with 80-90/tcp (unit "myapp/0")"#;
    assert_eq!(shown(juju.close_port(85)), conflict);
    assert_eq!(shown(juju.close_port_of(&"web".parse().unwrap(), 85)), conflict);
    assert_eq!(juju.opened_ports().unwrap().len(), 1);
}

#[test]
fn sets_the_ports_of_one_endpoint() {
    let (juju, agent) =
        with_open(r#"["80/tcp (*)","443/tcp (web)","8443/tcp (db, web)","9000/tcp (db)"]"#);
    let web = "web".parse().unwrap();
    let changes = juju.set_ports_of(&web, [80, 8443, 9000]).unwrap();
    assert_eq!(texts(&changes.closed), ["443/tcp"]);
    assert_eq!(texts(&changes.opened), ["9000/tcp"]);
    juju.set_ports_of(&web, [] as [u16; 0]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port --endpoints web 443/tcp
    open-port --endpoints web 9000/tcp
    close-port --endpoints web 8443/tcp
    close-port --endpoints web 9000/tcp
    ");

    let open: Vec<_> = juju
        .opened_ports()
        .unwrap()
        .iter()
        .map(|port| format!("{} {:?}", port.range, port.scope))
        .collect();
    assert_eq!(
        open,
        [
            "80/tcp AllEndpoints",
            "8443/tcp Endpoints({EndpointName(\"db\")})",
            "9000/tcp Endpoints({EndpointName(\"db\")})"
        ]
    );
}

#[test]
fn asks_juju_again_when_only_juju_can_know() {
    let (juju, agent) = with_open(r#"["80/tcp (*)"]"#);
    juju.close_port_of(&"web".parse().unwrap(), 80).unwrap();
    juju.opened_ports().unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port --endpoints web 80/tcp
    opened-ports --endpoints --format=json
    ");
}

#[test]
fn asking_again_does_not_bring_back_what_was_closed() {
    // The agent of this test shows no changes of the hook, like that of 2.9.
    let (juju, agent) = with_open(r#"["80/tcp (*)","443/tcp (*)"]"#);
    juju.close_port(443).unwrap();
    juju.close_port_of(&"web".parse().unwrap(), 80).unwrap();
    juju.open_port(443).unwrap();
    juju.open_port(443).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port 443/tcp
    close-port --endpoints web 80/tcp
    opened-ports --endpoints --format=json
    open-port 443/tcp
    ");
}

#[test]
fn what_was_closed_for_one_endpoint_can_be_opened_again() {
    let (juju, agent) = with_open(r#"["80/tcp (*)"]"#);
    let web = "web".parse().unwrap();
    juju.close_port_of(&web, 80).unwrap();
    juju.open_port_of(&web, 80).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    close-port --endpoints web 80/tcp
    opened-ports --endpoints --format=json
    open-port --endpoints web 80/tcp
    ");
}

#[test]
fn opening_for_all_takes_in_what_was_open_for_one() {
    let (juju, agent) = with_open(r#"["80/tcp (web)"]"#);
    juju.open_port_of(&"web".parse().unwrap(), 80).unwrap();
    juju.open_port(80).unwrap();
    juju.open_port_of(&"db".parse().unwrap(), 80).unwrap();
    juju.close_port(80).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    opened-ports --endpoints --format=json
    open-port 80/tcp
    close-port 80/tcp
    ");
}

#[test]
fn says_what_it_cannot_read() {
    for line in ["80/tcp (", "80/tcp (*", "80/tcp (Web)", "x"] {
        let (juju, _) = with_open(&format!("[{line:?}]"));
        let error = juju.opened_ports().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "cannot read what `opened-ports` printed: expected a list of ports, each with its endpoints, got `{line}`"
            )
        );
    }
}

/// An agent that does open and close, and shows what is open.
fn opening_agent() -> (ScriptedAgent, Arc<Mutex<BTreeSet<PortRange>>>) {
    let opened = Arc::new(Mutex::new(BTreeSet::new()));
    let ports = opened.clone();
    let agent = ScriptedAgent::new().otherwise(move |call| {
        let mut ports = ports.lock().unwrap();
        let range = range(call.args.last().map_or("", String::as_str));
        let is_new = match call.tool {
            HookTool::OpenPort => ports.insert(range),
            HookTool::ClosePort => ports.remove(&range),
            _ => false,
        };
        assert!(is_new, "{call} changes nothing");
        Some(Ok(success("")))
    });
    (agent.answer("opened-ports --endpoints --format=json", "[]"), opened)
}

fn any_range() -> impl Strategy<Value = PortRange> {
    (1_u16..20, 0_u16..5, any::<bool>()).prop_map(|(first, more, is_tcp)| {
        range(&format!("{first}-{}/{}", first + more, if is_tcp { "tcp" } else { "udp" }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_set_is_what_is_open(
        rounds in proptest::collection::vec(proptest::collection::vec(any_range(), 0..4), 1..5),
    ) {
        let (agent, opened) = opening_agent();
        let juju = Juju::new(&env(), agent);
        let mut expected = BTreeSet::new();
        for wanted in rounds {
            // Ranges that overlap are refused, and nothing changes.
            if juju.set_ports(wanted.iter().copied()).is_ok() {
                expected = wanted.into_iter().collect();
            }
            prop_assert_eq!(&*opened.lock().unwrap(), &expected);
        }
    }
}
