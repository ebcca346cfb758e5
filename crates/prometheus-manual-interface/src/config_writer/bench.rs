//! A machine to write to in tests, in a temporary folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::process::{getgid, getuid};
use tempfile::TempDir;

use crate::config_writer::ConfigWriter;
use crate::fake_pem::fake_pem;
use crate::job_naming::JobNaming;
use crate::job_request::JobRequest;
use crate::job_set::JobSet;
use crate::prometheus_version::PrometheusVersion;

/// A machine with Prometheus's folder and its user.
pub(crate) struct Bench {
    root: TempDir,
}

pub(crate) const CERTIFICATES: &str = "etc/prometheus/job-certificates";
pub(crate) const CONFIG: &str = "etc/prometheus/prometheus.yml";

impl Bench {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("etc/prometheus")).unwrap();
        // Only root can give files away.
        let (user, group) = match getuid().as_raw() {
            0 => (65_534, 65_533),
            user => (user, getgid().as_raw()),
        };
        let passwd = format!("prometheus:x:{user}:{group}::/:/bin/sh\n");
        fs::write(root.path().join("etc/passwd"), passwd).unwrap();
        fs::write(root.path().join("etc/group"), format!("prometheus:x:{group}:\n")).unwrap();
        Self { root }
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn writer(&self) -> ConfigWriter {
        self.own(ConfigWriter::new("/etc/prometheus/prometheus.yml"))
    }

    pub(crate) fn own(&self, writer: ConfigWriter) -> ConfigWriter {
        writer.owner("prometheus", "prometheus").below(self.root.path())
    }

    /// Writes jobs with the usual writer, and returns whether they differ.
    pub(crate) fn write(&self, jobs: &JobSet) -> bool {
        self.writer().stage(jobs).unwrap().commit().unwrap()
    }

    /// Returns all that is in Prometheus's folder, with modes, owners and
    /// contents. Digests in names are shortened.
    pub(crate) fn tree(&self) -> String {
        let mut tree = String::new();
        list(&self.at("etc/prometheus"), 0, &mut tree);
        tree
    }

    /// Returns what changes when a file or folder is written or replaced.
    pub(crate) fn stamps(&self) -> BTreeMap<PathBuf, [i64; 4]> {
        let folders = ["etc/prometheus", CERTIFICATES].map(|path| self.at(path));
        let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let paths = files.map(|entry| entry.unwrap().path()).chain(folders.clone());
        let stamp = |path: PathBuf| {
            let data = path.symlink_metadata().ok()?;
            let inode = i64::try_from(data.ino()).unwrap();
            Some((path, [inode, data.ctime(), data.ctime_nsec(), data.mtime_nsec()]))
        };
        paths.filter_map(stamp).collect()
    }

    pub(crate) fn config(&self) -> String {
        fs::read_to_string(self.at(CONFIG)).unwrap_or_default()
    }

    /// Returns the names in the folder of the certificates.
    pub(crate) fn certificates(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.at(CERTIFICATES)) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

/// Returns a set with a job of each unit, whose certificates hold these words.
pub(crate) fn jobs<const N: usize>(units: [(&str, &str); N]) -> JobSet {
    let mut jobs = JobSet::new(PrometheusVersion::new(2, 43, 0)).naming(JobNaming::OfUnit);
    for (unit, word) in units {
        let data = r#"{"scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#;
        let mut request = JobRequest::new("node", data.parse().unwrap());
        request.ca_cert = Some(fake_pem("CERTIFICATE", "the authority"));
        request.client_cert = Some(fake_pem("CERTIFICATE", &format!("certificate {word}")));
        request.client_key = Some(fake_pem("PRIVATE KEY", &format!("secret {word}")));
        jobs.add(&"id".parse().unwrap(), unit, &request).unwrap();
    }
    jobs
}

/// Shortens the digests in a text.
pub(crate) fn shorten(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        match word.get(4..64) {
            Some(_) => write!(short, "{}…{}", &word[..4], &word[64..]).unwrap(),
            None => short.push_str(word),
        }
    }
    short
}

fn list(folder: &Path, depth: usize, tree: &mut String) {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    for path in entries {
        let data = path.symlink_metadata().unwrap();
        let indent = "    ".repeat(depth);
        let name = shorten(path.file_name().unwrap().to_str().unwrap());
        let slash = if data.is_dir() { "/" } else { "" };
        writeln!(tree, "{indent}{name}{slash} {:04o}", data.mode() & 0o7777).unwrap();
        if data.is_dir() {
            list(&path, depth + 1, tree);
        } else if data.is_file() {
            for line in shorten(&fs::read_to_string(&path).unwrap()).lines() {
                writeln!(tree, "{indent}    | {line}").unwrap();
            }
        }
    }
}
