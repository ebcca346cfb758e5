//! How long it takes to put the jobs of many units on disk for Prometheus, and
//! to find that nothing has changed.
//!
//! `cargo xtask bench` runs it, with temporary files in memory. Time is that for
//! which it kept a processor busy: the clock would count what else runs.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use prometheus_manual_interface::{ConfigWriter, JobId, JobRequest, JobSet, PrometheusVersion};
use rustix::time::{ClockId, clock_gettime};

#[path = "../../crates/prometheus-manual-interface/tests/fake_pem/mod.rs"]
mod fake_pem;

use crate::fake_pem::fake_pem;

const SIZES: [usize; 3] = [50, 500, 5000];
const ROUNDS: usize = 5;

/// A job among a hundred times as many may take so much longer.
const GOAL: f64 = 2.0;

fn main() -> ExitCode {
    println!("jobs with certificates on disk, median of {ROUNDS}");
    let measured = SIZES.map(|size| {
        let measured = Measured::median(size);
        println!("  {measured}");
        measured
    });
    let [smallest, .., largest] = measured;
    let growths = [
        ("is written", largest.write, smallest.write),
        ("is found unchanged", largest.again, smallest.again),
    ];
    let met = growths.map(|(what, large, small)| {
        let jobs = |size: usize| f64::from(u32::try_from(size).unwrap());
        let per_job = large.as_secs_f64() / jobs(largest.size);
        let growth = per_job / (small.as_secs_f64() / jobs(smallest.size));
        println!("  a job {what} in {growth:.2} times the time (goal: at most {GOAL} times)");
        growth <= GOAL
    });
    if met == [true; 2] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long it takes to get so many jobs on disk, from their requests on.
struct Measured {
    size: usize,
    /// When nothing is there.
    write: Duration,
    /// When all is there, and nothing is written.
    again: Duration,
    /// When one job of them changes its certificate.
    change: Duration,
}

impl Measured {
    fn median(size: usize) -> Self {
        let rounds: Vec<_> = (0..ROUNDS).map(|_| Self::new(size)).collect();
        let median = |time: fn(&Self) -> Duration| {
            let mut times: Vec<_> = rounds.iter().map(time).collect();
            times.sort();
            times[ROUNDS / 2]
        };
        let (write, again) = (median(|round| round.write), median(|round| round.again));
        Self { size, write, again, change: median(|round| round.change) }
    }

    fn new(size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut requests = requests(size);
        let write = time(|| assert!(put_on_disk(folder.path(), &requests)));
        let stamps = stamps(folder.path());
        // The folders, the configuration, the certificate of the authority, and
        // what each job has.
        assert_eq!(stamps.len(), 4 + 2 * size);
        let again = time(|| assert!(!put_on_disk(folder.path(), &requests)));
        assert!(stamps == self::stamps(folder.path()), "something was written");
        let first = requests.first_entry().unwrap().into_mut();
        first.client_key = Some(pem("PRIVATE KEY", "another key"));
        let change = time(|| assert!(put_on_disk(folder.path(), &requests)));
        Self { size, write, again, change }
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = self.size;
        let each = |time: Duration| {
            let micros = time.as_secs_f64() * 1e6 / f64::from(u32::try_from(size).unwrap());
            format!("{:8.1} ms ({micros:6.1} µs a job)", time.as_secs_f64() * 1e3)
        };
        write!(
            f,
            "{size:5} jobs: written in {}, unchanged in {}, one changed in {}",
            each(self.write),
            each(self.again),
            each(self.change)
        )
    }
}

/// Puts the jobs of these requests on disk, and returns whether they differ.
fn put_on_disk(folder: &Path, requests: &BTreeMap<usize, JobRequest>) -> bool {
    let certificates = folder.join("certificates");
    let mut jobs = JobSet::new(PrometheusVersion::new(2, 42, 0))
        .certificates_in(certificates.to_str().unwrap());
    for (number, request) in requests {
        let id: JobId = format!("{number:08}").parse().unwrap();
        jobs.add(&id, &format!("exporter/{number}"), request).unwrap();
    }
    ConfigWriter::new(folder.join("prometheus.yml")).stage(&jobs).unwrap().commit().unwrap()
}

fn requests(size: usize) -> BTreeMap<usize, JobRequest> {
    (0..size).map(|number| (number, request(number))).collect()
}

/// Returns what a unit asks for: a job with the certificate of an authority that
/// all have, and with a certificate and a key of its own.
fn request(number: usize) -> JobRequest {
    let data = format!(
        r#"{{"metrics_path": "/metrics", "scheme": "https", "scrape_interval": "30s",
            "static_configs": [{{"labels": {{"juju_unit": "exporter/{number}"}},
                "targets": ["10.0.{}.{}:9100"]}}],
            "tls_config": {{"ca_file": "__ca_file__", "cert_file": "__cert_file__",
                "key_file": "__key_file__"}}}}"#,
        number / 250,
        number % 250
    );
    let mut request = JobRequest::new("node", data.parse().unwrap());
    request.ca_cert = Some(pem("CERTIFICATE", "authority"));
    request.client_cert = Some(pem("CERTIFICATE", &format!("certificate {number}")));
    request.client_key = Some(pem("PRIVATE KEY", &format!("key {number}")));
    request
}

/// Returns something of the size of a certificate.
fn pem(label: &str, words: &str) -> String {
    format!(
        "{}{}",
        "What a certificate says of itself, as text before it.\n".repeat(24),
        fake_pem(label, words)
    )
}

/// Returns what changes when a file or folder is written or replaced.
fn stamps(folder: &Path) -> BTreeMap<PathBuf, [i64; 3]> {
    let folders = [folder.to_owned(), folder.join("certificates")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|entry| entry.unwrap().path()).chain([folder.to_owned()]);
    let stamp = |path: PathBuf| {
        let data = path.symlink_metadata().unwrap();
        let inode = i64::try_from(data.ino()).unwrap();
        (path, [inode, data.ctime(), data.ctime_nsec()])
    };
    paths.map(stamp).collect()
}

fn time(run: impl FnOnce()) -> Duration {
    let start = busy_time();
    run();
    busy_time().saturating_sub(start)
}

fn busy_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}
