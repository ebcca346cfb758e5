//! The packages that `cargo xtask debian-packages` fetches run on a machine.
//!
//! This needs root, a systemd and the packages, so plain `cargo test` leaves it
//! out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{path::Path, time::Duration};

use throwaway_machine::ThrowawayMachine;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn the_node_exporter_shows_the_name_of_the_machine() {
    let machine = machine_with("prometheus-node-exporter");
    let page = || machine.http_get(9100, "/metrics");
    machine.wait_until("it has pages", LIMIT, || page().is_ok()).unwrap();
    let page = page().unwrap();
    assert!(page.contains(r#"nodename="juju-7""#), "{page}");
}

#[test]
fn prometheus_answers_and_reads_its_configuration_again() {
    let machine = machine_with("prometheus");
    let page = |path| machine.http_get(9090, path);
    machine.wait_until("it is ready", LIMIT, || page("/-/ready").is_ok()).unwrap();
    assert!(page("/no-such-page").is_err());

    let config = "scrape_configs:\n- job_name: read-again\n";
    machine.write("/etc/prometheus/prometheus.yml", config).unwrap();
    let check = ["promtool", "check", "config", "/etc/prometheus/prometheus.yml"];
    let _ = machine.run(check).unwrap().success().unwrap();
    let _ = machine.run(["systemctl", "reload", "prometheus.service"]).unwrap().success().unwrap();
    let has_read = || page("/api/v1/status/config").is_ok_and(|page| page.contains("read-again"));
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
