//! From requests on the wire to jobs of Prometheus, without any framework.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod differences;
#[path = "../fake_pem/mod.rs"]
mod fake_pem;
mod files;
mod hostile;
mod job;
mod recordings;
mod shapes;

use prometheus_manual_interface::{JobDefect, JobFiles, JobRequest};

const CA: &str = "/jobs/ca.pem";
const CERT: &str = "/jobs/cert.pem";
const KEY: &str = "/jobs/key.pem";

/// Files of all certificates.
fn all_files() -> JobFiles {
    JobFiles::default().with_ca_file(CA).with_client_files(CERT, KEY)
}

/// Makes a request of its `job_data`.
fn request(data: &str) -> JobRequest {
    JobRequest::new("node", data.parse().unwrap())
}

/// Renders `job_data`, and returns the settings.
fn render(data: &str, files: &JobFiles) -> Result<String, JobDefect> {
    let config = request(data).render("node-1", files)?;
    Ok(python_json::to_string(config.settings()).unwrap())
}

#[track_caller]
fn check(data: &str, files: &JobFiles, rendered: &str) {
    assert_eq!(render(data, files).unwrap(), rendered);
}

#[track_caller]
fn check_defect(data: &str, files: &JobFiles, defect: &str) {
    assert_eq!(render(data, files).unwrap_err().to_string(), defect);
}
