//! Both example charms, packed, as units of a simulated model on a machine with
//! a real systemd: a real node exporter, and a real Prometheus that scrapes it.
//!
//! This needs root, a systemd and Debian's packages, so plain `cargo test` leaves
//! it out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "../tool_program/mod.rs"]
mod tool_program;

mod authority;
mod mallory;
mod packages;
mod server;
mod site;

use juju_simulator::{Fault, Retry};
use serde_json::json;

use crate::authority::Authority;
use crate::mallory::Mallory;
use crate::server::Server;
use crate::site::Site;

/// The number of a metric that the exporter always has.
const METRIC: &str = "node_load1";

#[test]
fn a_target_is_up_and_its_metrics_are_there() {
    let (mut site, prometheus) = Site::related();
    site.wait_until_up(prometheus, &["http://10.0.0.11:9100/metrics"]);
    assert_eq!(prometheus.query(&site, METRIC).len(), 1);
    site.juju.update_status("prometheus/0").unwrap();
    assert_eq!(site.workload("prometheus/0"), "active: 1 job, 1 of 1 targets up");
    assert_eq!(site.workload("exporter/0"), "active");
}

#[test]
fn two_exporters_and_two_prometheis_share_a_machine() {
    let mut site = Site::new();
    site.deploy_exporter("exporter", 9100);
    site.deploy_exporter("second", 9200);
    site.deploy_prometheus("prometheus", 9090);
    site.deploy_prometheus("other", 9999);
    site.integrate("exporter", "prometheus");
    site.integrate("second", "prometheus");
    site.integrate("exporter", "other");

    let [first, other] = [9090, 9999].map(Server::new);
    let (one, two) = ("http://10.0.0.11:9100/metrics", "http://10.0.0.11:9200/metrics");
    site.wait_until_up(first, &[one, two]);
    site.wait_until_up(other, &[one]);

    // With its application, a job goes from both, and nothing else does.
    let starts = first.starts(&site);
    site.juju.remove_application("exporter").unwrap();
    site.settle();
    site.wait_until_up(first, &[two]);
    site.wait_until_up(other, &[]);
    assert_eq!(first.starts(&site), starts);
    assert!(!site.is_active("exporter-0-node-exporter"));
    assert!(site.is_active("second-0-node-exporter"));
}

#[test]
fn certificates_go_with_a_job_and_vanish_with_it() {
    let (mut site, prometheus) = Site::related();
    assert!(site.certificates("prometheus-0").is_empty());

    let authority = Authority::new();
    site.juju.configure("exporter", authority.options("10.0.0.11")).unwrap();
    site.settle();
    site.wait_until_up(prometheus, &["https://10.0.0.11:9100/metrics"]);
    let certificates = site.certificates("prometheus-0");
    let kinds: Vec<_> = certificates.iter().map(|line| line.split('-').next().unwrap()).collect();
    assert_eq!(kinds, ["644 prometheus ca", "644 prometheus cert", "600 prometheus key"]);
    // Nobody without the client's certificate is let in.
    assert!(site.run_failing(["curl", "--insecure", "https://10.0.0.11:9100/metrics"]));

    // Other certificates are other files, and the old ones are gone.
    let other = Authority::new();
    site.juju.configure("exporter", other.options("10.0.0.11")).unwrap();
    site.settle();
    site.wait_until_up(prometheus, &["https://10.0.0.11:9100/metrics"]);
    let renewed = site.certificates("prometheus-0");
    assert_eq!(renewed.len(), 3);
    assert!(renewed.iter().all(|line| !certificates.contains(line)));

    site.juju.remove_application("exporter").unwrap();
    site.settle();
    site.wait_until_up(prometheus, &[]);
    assert!(site.certificates("prometheus-0").is_empty());
    site.assert_no_key_was_told();
}

#[test]
fn what_prometheus_refuses_at_the_reload_is_taken_back() {
    let mut site = Site::new();
    site.deploy_exporter("exporter", 9100);
    site.deploy_prometheus("prometheus", 9090);
    site.integrate("exporter", "prometheus");
    let options = Authority::new().options("10.0.0.11");
    site.juju.configure("exporter", options.clone()).unwrap();
    site.settle();
    let prometheus = Server::new(9090);
    let url = "https://10.0.0.11:9100/metrics";
    site.wait_until_up(prometheus, &[url]);
    let certificates = site.certificates("prometheus-0");

    // Each is good PEM, but they do not belong together.
    let stranger = Authority::new().options("10.0.0.11");
    let is_key = |(option, _): &&(&str, String)| *option == "client-key";
    site.juju.configure("exporter", stranger.iter().filter(is_key).cloned()).unwrap();
    site.settle();
    let message = "blocked: Prometheus refuses the configuration that promtool takes; the one before is in force";
    assert_eq!(site.workload("prometheus/0"), message);
    assert_eq!(site.certificates("prometheus-0"), certificates);
    site.wait_until_up(prometheus, &[url]);

    site.juju.configure("exporter", options.iter().filter(is_key).cloned()).unwrap();
    site.settle();
    assert_eq!(site.workload("prometheus/0"), "active: 1 job, 1 of 1 targets up");
    site.wait_until_up(prometheus, &[url]);
    site.assert_no_key_was_told();
}

#[test]
fn a_target_moves_with_the_port_of_its_exporter() {
    let (mut site, prometheus) = Site::related();
    site.wait_until_up(prometheus, &["http://10.0.0.11:9100/metrics"]);
    let starts = prometheus.starts(&site);

    site.juju.configure("exporter", [("port", "9300")]).unwrap();
    site.settle();
    site.wait_until_up(prometheus, &["http://10.0.0.11:9300/metrics"]);
    // It has read its configuration again, and was not started again.
    assert_eq!(prometheus.starts(&site), starts);

    // What is wrong changes nothing.
    site.juju.configure("exporter", [("port", "0")]).unwrap();
    site.settle();
    assert_eq!(site.workload("exporter/0"), "blocked: port: 0 is not in 1-65535");
    site.wait_until_up(prometheus, &["http://10.0.0.11:9300/metrics"]);
}

#[test]
fn a_hook_that_is_killed_in_the_middle_is_made_up_for() {
    let (mut site, prometheus) = Site::related();
    site.wait_until_up(prometheus, &["http://10.0.0.11:9100/metrics"]);

    let faults =
        [Fault::KillAtCall(4), Fault::KillAfterCall(8), Fault::KillAtExit, Fault::FailFlush];
    for (port, fault) in (9400_u16..).zip(faults) {
        site.juju.configure("exporter", [("port", port.to_string())]).unwrap();
        // The hook of Prometheus that sees the new job.
        site.run_until("exporter/0", "config-changed");
        site.juju.inject("prometheus/0", fault.clone()).unwrap();
        site.run_until("prometheus/0", "manual-jobs-relation-changed");
        let killed = site.juju.operations().last().unwrap();
        assert!(!killed.exit.is_success(), "{killed}");
        site.juju.resolve("prometheus/0", Retry::Yes).unwrap();
        site.settle();
        site.wait_until_up(prometheus, &[&format!("http://10.0.0.11:{port}/metrics")]);
        assert_eq!(site.responses("prometheus/0"), [r#"{"reason": null, "success": true}"#]);
    }
}

#[test]
fn a_malicious_request_harms_nobody_else() {
    let (mut site, prometheus) = Site::related();
    let good = "http://10.0.0.11:9100/metrics";
    site.wait_until_up(prometheus, &[good]);

    let targets = json!([{"targets": ["10.0.0.11:9100"]}]);
    let mallory = Mallory::deploy(&mut site);
    mallory.ask(&mut site, &[
        ("shadow", json!({"static_configs": targets, "authorization": {"credentials_file": "/etc/shadow"}})),
        ("keys", json!({"static_configs": targets, "tls_config": {"ca_file": "/etc/prometheus/prometheus-0/prometheus.yml"}})),
        ("soon", json!({"static_configs": targets, "scrape_interval": "soon"})),
        ("yaml", json!({"static_configs": targets, "x\n- job_name: y": 1})),
        ("prometheus", json!({"static_configs": 7})),
        ("regex", json!({"static_configs": targets, "relabel_configs": [{"regex": "("}]})),
        // Only Debian's own promtool knows that it was left out.
        ("kuma", json!({"kuma_sd_configs": [{"server": "http://10.0.0.11:5676"}]})),
        ("../../../tmp/x", json!({"static_configs": [{"targets": ["10.0.0.11:9100/../x"]}]})),
        ("null", json!(null)),
    ]);
    let answers = Mallory::answers(&site);
    assert_eq!(answers.len(), 9);
    assert!(answers.iter().all(|(_, answer)| answer["success"] == false), "{answers:?}");
    site.wait_until_up(prometheus, &[good]);
    assert!(
        site.workload("prometheus/0").starts_with("active: 1 job, 1 of 1 targets up; refused: ")
    );

    // Its good job is used beside the others that are not.
    mallory.ask(
        &mut site,
        &[
            ("fine", json!({"static_configs": [{"targets": ["10.0.0.11:9090"]}]})),
            ("soon", json!({"static_configs": targets, "scrape_interval": "soon"})),
        ],
    );
    site.wait_until_up(prometheus, &["http://10.0.0.11:9090/metrics", good]);
}

#[test]
fn an_exporter_that_stops_is_noticed_at_once_and_so_is_its_return() {
    let mut site = Site::new();
    site.deploy_exporter("exporter", 9100);
    assert_eq!(site.workload("exporter/0"), "active");
    let service = "exporter-0-node-exporter";

    site.run(["systemctl", "stop", service]);
    site.wait_for_workload("exporter/0", "blocked: exporter-0-node-exporter is not running");
    site.run(["systemctl", "start", service]);
    site.wait_for_workload("exporter/0", "active");

    // The reason is told if there is one, until systemd has started it anew,
    // which is to take its time.
    let slow = format!("/etc/systemd/system/{service}.service.d/slow.conf");
    site.machine.write(&slow, "[Service]\nRestartSec=5s\n").unwrap();
    site.run(["systemctl", "daemon-reload"]);
    site.run(["systemctl", "kill", "--signal=KILL", service]);
    site.wait_for_workload(
        "exporter/0",
        "blocked: exporter-0-node-exporter is not running: signal",
    );
    site.wait_for_workload("exporter/0", "active");
    site.assert_no_library_was_loaded("juju-exporter-0-systemd-notices");

    site.juju.remove_application("exporter").unwrap();
    site.settle();
    assert!(!site.is_active("juju-exporter-0-systemd-notices"));
}

#[test]
fn another_leader_changes_nothing() {
    let (mut site, prometheus) = Site::related();
    let unit = site.add_unit_elsewhere("exporter");
    let urls = ["http://10.0.0.11:9100/metrics", "http://10.0.0.12:9100/metrics"];
    site.wait_until_up(prometheus, &urls);
    let before = (site.responses("prometheus/0"), prometheus.config(&site));

    site.juju.set_leader(&unit).unwrap();
    site.settle();
    for unit in ["exporter/0", &unit, "prometheus/0"] {
        site.juju.update_status(unit).unwrap();
    }
    site.settle();
    assert_eq!((site.responses("prometheus/0"), prometheus.config(&site)), before);
    site.wait_until_up(prometheus, &urls);
}
