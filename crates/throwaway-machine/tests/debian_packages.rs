//! The packages that `cargo xtask debian-packages` fetches run on a machine.
//!
//! This needs root, a systemd and the packages, so plain `cargo test` leaves it
//! out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    io::{Read, Write},
    path::Path,
    time::Duration,
};

use throwaway_machine::ThrowawayMachine;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn the_node_exporter_shows_the_name_of_the_machine() {
    let machine = machine_with("prometheus-node-exporter");
    let page = || get(&machine, 9100, "/metrics");
    machine.wait_until("it has pages", LIMIT, || page().is_some()).unwrap();
    let page = page().unwrap();
    assert!(page.contains(r#"nodename="juju-7""#), "{page}");
}

#[test]
fn prometheus_answers_and_reads_its_configuration_again() {
    let machine = machine_with("prometheus");
    let page = |path| get(&machine, 9090, path);
    let is_ready = || page("/-/ready").is_some_and(|page| page.contains("200 OK"));
    machine.wait_until("it is ready", LIMIT, is_ready).unwrap();

    let config = "scrape_configs:\n- job_name: read-again\n";
    machine.write("/etc/prometheus/prometheus.yml", config).unwrap();
    let check = ["promtool", "check", "config", "/etc/prometheus/prometheus.yml"];
    let _ = machine.run(check).unwrap().success().unwrap();
    let _ = machine.run(["systemctl", "reload", "prometheus.service"]).unwrap().success().unwrap();
    let has_read = || page("/api/v1/status/config").is_some_and(|page| page.contains("read-again"));
    machine.wait_until("it has read the new configuration", LIMIT, has_read).unwrap();
}

/// Boots a machine, and installs a package, which starts its service.
fn machine_with(package: &str) -> ThrowawayMachine {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let archive = target.join("debian-packages/archive");
    let machine =
        ThrowawayMachine::builder().host_name("juju-7").apt_archive(archive).boot().unwrap();
    let _ = machine.run(["apt-get", "update"]).unwrap().success().unwrap();
    let install = ["apt-get", "install", "--yes", "--no-install-recommends", package];
    let _ = machine.run(install).unwrap().success().unwrap();
    machine
}

/// Returns the answer of a server on the machine, once it listens.
fn get(machine: &ThrowawayMachine, port: u16, path: &str) -> Option<String> {
    let mut stream = machine.connect(port).ok()?;
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    Some(answer)
}
