//! Ports of a machine.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use throwaway_machine::ThrowawayMachine;

#[test]
fn a_service_that_listens_inside_is_reached_from_the_host_and_from_nowhere_else() {
    let socket = "[Socket]\nListenStream=127.0.0.1:9100\nAccept=yes\n";
    let service = "[Service]\nExecStart=cat\nStandardInput=socket\n";
    let [echo, silent] = [true, false].map(|echoes| {
        let builder = ThrowawayMachine::builder()
            .file("/etc/systemd/system/echo.socket", socket, 0o644)
            .file("/etc/systemd/system/echo@.service", service, 0o644);
        let machine = builder.boot().unwrap();
        if echoes {
            let start = ["systemctl", "start", "echo.socket"];
            let _ = machine.run(start).unwrap().success().unwrap();
        }
        machine
    });

    let mut stream = echo.connect(9100).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"hello").unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"hello");

    assert_eq!(silent.connect(9100).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn a_listener_that_is_bound_in_its_network_is_seen_inside() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 80)).unwrap();
    let listener = machine.in_network(bind).unwrap();
    let hello = "echo hello >/dev/tcp/127.0.0.1/80";
    let _ = machine.run(["bash", "-c", hello]).unwrap().success().unwrap();
    let mut said = String::new();
    listener.accept().unwrap().0.read_to_string(&mut said).unwrap();
    assert_eq!(said, "hello\n");
}

#[test]
fn sees_no_network_but_its_own() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let links = machine.run(["ls", "/sys/class/net"]).unwrap();
    assert_eq!(links.stdout(), "lo\n");
}
