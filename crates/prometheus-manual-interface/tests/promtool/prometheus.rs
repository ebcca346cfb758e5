//! The real Prometheus, on a port of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/debian-packages/prometheus/usr/bin/prometheus"
);

/// A Prometheus, which ends when it is dropped.
pub(crate) struct Prometheus(Child);

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has Prometheus run with so many jobs, and returns those that it cannot ask the
/// targets of, with the reason.
pub(crate) fn unusable(config: &Path, jobs: usize) -> BTreeMap<String, String> {
    let folder = config.parent().unwrap();
    let log = folder.join("log");
    let mut prometheus = start(config, &folder.join("data"), &log);
    loop {
        let ended = prometheus.0.try_wait().unwrap();
        let said = fs::read_to_string(&log).unwrap();
        assert!(ended.is_none(), "Prometheus has ended: {said}");
        if pools(&said) == Some(jobs) {
            return said.lines().filter_map(failure).collect();
        }
        thread::sleep(Duration::from_millis(100));
    }
}

#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
fn start(config: &Path, data: &Path, log: &Path) -> Prometheus {
    let arguments = [
        format!("--config.file={}", config.display()),
        format!("--storage.tsdb.path={}", data.display()),
        // Whichever is free.
        "--web.listen-address=127.0.0.1:0".to_owned(),
    ];
    let log = fs::File::create(log).unwrap();
    let child = Command::new(PROGRAM).args(arguments).stdout(Stdio::null()).stderr(log).spawn();
    Prometheus(child.expect("Prometheus starts: `cargo xtask debian-packages` fetches it"))
}

/// Returns for how many jobs it has tried already to prepare asking.
fn pools(log: &str) -> Option<usize> {
    let (_, said) = log.split_once("msg=\"Listening on\" address=127.0.0.1:")?;
    let port: String = said.chars().take_while(char::is_ascii_digit).collect();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse().unwrap())).ok()?;
    write!(stream, "GET /metrics HTTP/1.0\r\n\r\n").ok()?;
    let mut metrics = String::new();
    stream.read_to_string(&mut metrics).ok()?;
    let number =
        |line: &str| line.strip_prefix("prometheus_target_scrape_pools_total ")?.parse().ok();
    metrics.lines().find_map(number)
}

/// Returns the job that a line of the log is about, and what is wrong with it.
fn failure(line: &str) -> Option<(String, String)> {
    let (_, said) = line.split_once("msg=\"error creating new scrape pool\" err=")?;
    let (reason, job) = said.rsplit_once(" scrape_pool=")?;
    Some((job.to_owned(), reason.to_owned()))
}
