//! A machine charm that installs and runs Prometheus.

fn main() {}
