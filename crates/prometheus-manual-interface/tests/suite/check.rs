//! Whether a charm with these endpoints and its YAML agree.

use juju_types::Charm as CharmDefinition;
use prometheus_manual_interface::{LeaderOnly, PrometheusManualProvides, PrometheusManualRequires};
use reactive_endpoints::{Charm, EndpointKey};

use crate::model::files;

const PROMETHEUS: EndpointKey<PrometheusManualProvides<LeaderOnly>> =
    EndpointKey::new("prometheus");
const JOBS: EndpointKey<PrometheusManualRequires> = EndpointKey::new("manual-jobs");

/// Returns what does not fit, one fault a line.
fn faults(metadata: &str) -> String {
    let charm = Charm::new(()).endpoint(PROMETHEUS).endpoint(JOBS);
    match charm.check(&CharmDefinition::from_files(&files(metadata)).unwrap()) {
        Ok(()) => String::new(),
        Err(faults) => faults.iter().map(String::as_str).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn each_side_wants_its_role_and_its_interface() {
    assert_eq!(
        faults(
            "provides: {prometheus: {interface: prometheus-manual}}\n\
             requires: {manual-jobs: {interface: prometheus-manual}}\n"
        ),
        ""
    );
    let faults = faults(
        "provides: {prometheus: {interface: prometheus_scrape}, \
                    manual-jobs: {interface: prometheus-manual}}\n",
    );
    let starts: Vec<&str> =
        faults.lines().filter_map(|fault| fault.split(", and").next()).collect();
    assert_eq!(
        starts,
        [
            "the endpoint `manual-jobs` has the role `provider`",
            "the endpoint `prometheus` has the interface `prometheus_scrape`",
        ]
    );
}
