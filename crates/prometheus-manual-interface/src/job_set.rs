//! The jobs that are used together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::certificate_file::CertificateFile;
use crate::certificate_kind::CertificateKind;
use crate::check::consumer::Consumer;
use crate::job_defect::JobDefect;
use crate::job_files::{JobFiles, LocalFiles};
use crate::job_id::JobId;
use crate::job_naming::JobNaming;
use crate::job_request::JobRequest;
use crate::place::Place;
use crate::prometheus_duration::PrometheusDuration;
use crate::prometheus_version::PrometheusVersion;
use crate::scrape_config::{ScrapeConfig, TOO_LARGE};
use crate::shortened::shortened;

/// The jobs that are used together by one Prometheus, with their certificates.
///
/// It depends on nothing but what was added, and in which order: of two jobs
/// that come to have the same name, the one that was added first stays. So add
/// them in an order that does not change, such as that of relations and units.
///
/// ```
/// use prometheus_manual_interface::{JobRequest, JobSet, PrometheusVersion};
///
/// let mut jobs = JobSet::new(PrometheusVersion::new(2, 42, 0)).reserve(["prometheus"]);
/// let data = r#"{"scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#;
/// let mut request = JobRequest::new("node", data.parse()?);
/// request.ca_cert = Some("-----BEGIN CERTIFICATE-----…".to_owned());
/// jobs.add(&"6f6b".parse()?, "exporter/0", &request)?;
///
/// let names: Vec<_> = jobs.jobs().map(|job| job.job_name()).collect();
/// assert_eq!(names, ["node-6f6b"]);
/// assert_eq!(jobs.files().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JobSet {
    version: PrometheusVersion,
    scrape_interval: PrometheusDuration,
    naming: JobNaming,
    local_files: LocalFiles,
    certificate_folder: String,
    reserved: BTreeSet<String>,
    jobs: BTreeMap<String, ScrapeConfig>,
    /// By name.
    files: BTreeMap<String, CertificateFile>,
    /// How many bytes the jobs have together, each with its certificates.
    size: usize,
}

impl JobSet {
    /// How many bytes a job may have, as it is configured and with its
    /// certificates.
    pub const MAX_JOB_SIZE: usize = ScrapeConfig::LARGEST;

    /// How many bytes all jobs may have.
    pub const MAX_SIZE: usize = 64 << 20;

    /// Makes a set without jobs for this version of Prometheus. Jobs are named as
    /// Python names them, by [`JobNaming::WithId`].
    pub fn new(version: PrometheusVersion) -> Self {
        Self {
            version,
            scrape_interval: Consumer::DEFAULT_INTERVAL,
            naming: JobNaming::WithId,
            local_files: LocalFiles::Refuse,
            certificate_folder: "/etc/prometheus/job-certificates".to_owned(),
            reserved: BTreeSet::new(),
            jobs: BTreeMap::new(),
            files: BTreeMap::new(),
            size: 0,
        }
    }

    /// Says how often targets are scraped whose jobs do not say it: the
    /// `scrape_interval` that the configuration has in its section `global`. A
    /// job that takes longer than that is refused. Without it, the interval is
    /// Prometheus's own, a minute.
    #[must_use]
    pub fn scrape_interval(self, interval: PrometheusDuration) -> Self {
        // For Prometheus, 0 is none.
        let is_set = !interval.is_zero();
        let scrape_interval = if is_set { interval } else { Consumer::DEFAULT_INTERVAL };
        Self { scrape_interval, ..self }
    }

    /// Names jobs in this way.
    #[must_use]
    pub fn naming(self, naming: JobNaming) -> Self {
        Self { naming, ..self }
    }

    /// Says what becomes of jobs that name files of this machine; otherwise they
    /// are refused.
    #[must_use]
    pub fn local_files(self, local_files: LocalFiles) -> Self {
        Self { local_files, ..self }
    }

    /// Has the certificates of jobs in this folder, which is for nothing else.
    /// Without it, they are in `/etc/prometheus/job-certificates`.
    #[must_use]
    pub fn certificates_in(self, folder: impl Into<String>) -> Self {
        Self { certificate_folder: folder.into(), ..self }
    }

    /// Keeps these names for jobs of the charm's own.
    #[must_use]
    pub fn reserve<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.reserved.extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds the job that `unit` asks for by this request.
    ///
    /// # Errors
    ///
    /// Returns what is wrong, for whoever asks, if the job cannot be used: this
    /// version of Prometheus would not take it, another job has its name, or it
    /// is too large, alone or with all others. The set is as it was.
    pub fn add(&mut self, id: &JobId, unit: &str, request: &JobRequest) -> Result<(), JobDefect> {
        let name = self.naming.name(&request.job_name, id, unit);
        if self.reserved.contains(&name) || self.jobs.contains_key(&name) {
            let rule = format!("there is another job of the name `{}`", shortened(&name));
            return Err(JobDefect::new("job_name", rule));
        }
        let file = |kind, contents: &Option<String>| {
            contents.as_deref().map(|contents| CertificateFile::new(kind, contents))
        };
        let ca = file(CertificateKind::Authority, &request.ca_cert);
        let cert = file(CertificateKind::Client, &request.client_cert);
        let key = file(CertificateKind::Key, &request.client_key);
        let path = |file: &Option<CertificateFile>| file.as_ref().map(|file| self.path_of(file));
        let files = JobFiles {
            ca_file: path(&ca),
            cert_file: path(&cert),
            key_file: path(&key),
            local_files: self.local_files,
        };
        let job = request.render(&name, &files)?;
        let (version, scrape_interval) = (self.version, self.scrape_interval);
        let size = job.check_for(Consumer::Known { version, scrape_interval })?;
        let files: Vec<CertificateFile> = [ca, cert, key].into_iter().flatten().collect();
        let size = size + files.iter().map(|file| file.contents().len()).sum::<usize>();
        if size > Self::MAX_JOB_SIZE {
            return Err(Place::Job.defect(format!("{TOO_LARGE} with its certificates")));
        }
        if self.size + size > Self::MAX_SIZE {
            return Err(JobDefect::new(
                "scrape_configs",
                "all jobs are larger than 64 MiB together",
            ));
        }

        self.size += size;
        self.files.extend(files.into_iter().map(|file| (file.name().to_owned(), file)));
        self.jobs.insert(name, job);
        Ok(())
    }

    /// Returns the version of Prometheus that the jobs are for.
    pub fn version(&self) -> PrometheusVersion {
        self.version
    }

    /// Returns the jobs, sorted by name.
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = &ScrapeConfig> {
        self.jobs.values()
    }

    /// Returns the folder in which the jobs look for their certificates.
    pub fn certificate_folder(&self) -> &Path {
        Path::new(&self.certificate_folder)
    }

    /// Returns the files of that folder, sorted by name.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &CertificateFile> {
        self.files.values()
    }

    fn path_of(&self, file: &CertificateFile) -> String {
        format!("{}/{}", self.certificate_folder, file.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set() -> JobSet {
        JobSet::new(PrometheusVersion::new(2, 42, 0)).naming(JobNaming::OfUnit)
    }

    fn request(name: &str) -> JobRequest {
        JobRequest::new(name, r#"{"scheme": "https"}"#.parse().unwrap())
    }

    fn id() -> JobId {
        "id".parse().unwrap()
    }

    fn names(set: &JobSet) -> Vec<&str> {
        set.jobs().map(ScrapeConfig::job_name).collect()
    }

    #[test]
    fn the_first_of_two_jobs_of_a_name_stays() {
        let mut jobs = set().reserve(["b-0-node"]);
        jobs.add(&id(), "a/0", &request("node")).unwrap();
        let mut second = request("node");
        second.ca_cert = Some("pem".to_owned());
        let mut error = |unit| jobs.add(&id(), unit, &second).unwrap_err().to_string();
        insta::assert_snapshot!(error("a/0"), @"`job_name`: there is another job of the name `a-0-node`");
        insta::assert_snapshot!(error("b/0"), @"`job_name`: there is another job of the name `b-0-node`");
        assert_eq!(names(&jobs), ["a-0-node"]);
        assert_eq!(jobs.files().count(), 0);
    }

    #[test]
    fn jobs_are_sorted_by_name_whatever_the_order() {
        let mut jobs = set();
        for unit in ["b/10", "b/2", "a/0"] {
            jobs.add(&id(), unit, &request("node")).unwrap();
        }
        assert_eq!(names(&jobs), ["a-0-node", "b-10-node", "b-2-node"]);
    }

    #[test]
    fn jobs_share_the_files_of_what_is_the_same() {
        let mut jobs = set().certificates_in("/certificates");
        for unit in ["a/0", "a/1"] {
            let mut request = request("node");
            request.ca_cert = Some("ca".to_owned());
            request.client_cert = Some("cert".to_owned());
            request.client_key = Some(format!("key of {unit}"));
            jobs.add(&id(), unit, &request).unwrap();
        }
        let files: Vec<_> = jobs.files().map(|file| &file.name()[..8]).collect();
        insta::assert_snapshot!(files.join(" "), @"ca-69590 cert-062 key-49bc key-e50b");
        let job = jobs.jobs().next().unwrap();
        insta::assert_snapshot!(job.settings()["tls_config"], @r#"{"ca_file": "/certificates/ca-6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126.crt", "cert_file": "/certificates/cert-06298432e8066b29e2223bcc23aa9504b56ae508fabf3435508869b9c3190e22.crt", "key_file": "/certificates/key-e50b08cf423d8eae25c02aac56555768e4e560e344f2381f23b7cb9ac40b24df.key"}"#);
    }

    #[test]
    fn a_job_that_is_too_large_is_refused() {
        let mut large = request("node");
        large.ca_cert = Some("x".repeat(JobSet::MAX_JOB_SIZE));
        let error = set().add(&id(), "a/0", &large).unwrap_err();
        insta::assert_snapshot!(error, @"`scrape_config`: it is larger than 1 MiB with its certificates");
    }

    #[test]
    fn jobs_that_are_too_large_together_are_refused() {
        let mut jobs = set();
        let mut large = request("node");
        large.ca_cert = Some("x".repeat(JobSet::MAX_JOB_SIZE - 500));
        let refused =
            (0..).find_map(|number| jobs.add(&id(), &format!("a/{number}"), &large).err());
        insta::assert_snapshot!(refused.unwrap(), @"`scrape_configs`: all jobs are larger than 64 MiB together");
        assert_eq!(jobs.jobs().count(), 64);
        jobs.add(&id(), "small/0", &request("node")).unwrap();
    }

    #[test]
    fn a_job_that_takes_longer_than_the_interval_of_all_is_refused() {
        let mut request = request("node");
        request.job_data = r#"{"scrape_timeout": "20s"}"#.parse().unwrap();
        let add = |interval: &str| {
            let mut jobs = set().scrape_interval(interval.parse().unwrap());
            jobs.add(&id(), "a/0", &request).map_err(|defect| defect.to_string())
        };
        assert_eq!(add("20s"), Ok(()));
        insta::assert_snapshot!(add("15s").unwrap_err(), @"`scrape_timeout`: it must not be longer than the interval, which is `15s`");
        // None is a minute.
        assert_eq!(add("0s"), Ok(()));
    }

    #[test]
    fn does_not_show_secrets() {
        let mut jobs = set();
        let mut request = JobRequest::new("node", r#"{"bearer_token": "s3cret"}"#.parse().unwrap());
        request.client_key = Some("s3cret".to_owned());
        jobs.add(&id(), "a/0", &request).unwrap();
        assert!(!format!("{jobs:?}").contains("s3cret"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_text_of_a_peer_leads_out_of_the_folder(name: String, unit: String, pem: String) {
            let mut jobs = set();
            let request = request(&format!("node{name}")).with_ca_cert(format!("-{pem}"));
            let request = request.with_client(format!("-{pem}"), format!("-{pem}"));
            jobs.add(&id(), &unit, &request).unwrap();
            prop_assert_eq!(jobs.files().count(), 3);
            for file in jobs.files() {
                prop_assert!(file.name().bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
                prop_assert!(!file.name().starts_with('.'));
            }
        }
    }
}
