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
use crate::needs::Needs;
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
/// Each application has a share of its own, so that none can use up what others
/// need: whether a job fits depends on the jobs of its own application only.
///
/// ```
/// use prometheus_manual_interface::{JobRequest, JobSet, PrometheusVersion};
///
/// let mut jobs = JobSet::new(PrometheusVersion::new(2, 42, 0)).reserve(["prometheus"]);
/// let data = r#"{"scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#;
/// let mut request = JobRequest::new("node", data.parse()?);
/// request.ca_cert = Some("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----".to_owned());
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
    /// What the jobs of each application need.
    needs: BTreeMap<String, Needs>,
}

impl JobSet {
    /// How many bytes a job may have, as it is configured and with its
    /// certificates.
    pub const MAX_JOB_SIZE: usize = ScrapeConfig::LARGEST;

    /// How many bytes all jobs of an application may have, so counted.
    pub const MAX_APPLICATION_SIZE: usize = Needs::OF_APPLICATION.size;

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
            needs: BTreeMap::new(),
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
    /// version of Prometheus would not take it, a certificate or key is not
    /// [the PEM](CertificateKind::check) that it should be, another job has its
    /// name, or it is too large, alone or with all others of its application. The
    /// set is as it was.
    pub fn add(&mut self, id: &JobId, unit: &str, request: &JobRequest) -> Result<(), JobDefect> {
        let name = self.naming.name(&request.job_name, id, unit);
        if self.reserved.contains(&name) || self.jobs.contains_key(&name) {
            let rule = format!("there is another job of the name `{}`", shortened(&name));
            return Err(JobDefect::new("job_name", rule));
        }
        request.check_pem()?;
        let [ca, cert, key] = CertificateKind::ALL
            .map(|kind| request.pem(kind).map(|contents| CertificateFile::new(kind, contents)));
        let path = |file: &Option<CertificateFile>| file.as_ref().map(|file| self.path_of(file));
        let files = JobFiles {
            ca_file: path(&ca),
            cert_file: path(&cert),
            key_file: path(&key),
            local_files: self.local_files,
        };
        let job = request.render(&name, &files)?;
        let (version, scrape_interval) = (self.version, self.scrape_interval);
        let mut needs = job.check_for(Consumer::Known { version, scrape_interval })?;
        let files: Vec<CertificateFile> = [ca, cert, key].into_iter().flatten().collect();
        needs.size += files.iter().map(|file| file.contents().len()).sum::<usize>();
        if needs.size > Self::MAX_JOB_SIZE {
            return Err(Place::Job.defect(format!("{TOO_LARGE} with its certificates")));
        }
        // Whoever operates an application can add units to it at will, so that a
        // share for each unit would be none.
        let application = unit.split('/').next().unwrap_or(unit);
        let of_others = self.needs.get(application).copied().unwrap_or_default();
        let needs = of_others.plus(needs);
        needs.check_of_application()?;

        self.needs.insert(application.to_owned(), needs);
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
    use crate::fake_pem::fake_pem;

    fn set() -> JobSet {
        JobSet::new(PrometheusVersion::new(2, 42, 0)).naming(JobNaming::OfUnit)
    }

    fn request(name: &str) -> JobRequest {
        JobRequest::new(name, r#"{"scheme": "https"}"#.parse().unwrap())
    }

    fn id() -> JobId {
        "id".parse().unwrap()
    }

    fn ca() -> String {
        fake_pem("CERTIFICATE", "authority")
    }

    fn names(set: &JobSet) -> Vec<&str> {
        set.jobs().map(ScrapeConfig::job_name).collect()
    }

    #[test]
    fn the_first_of_two_jobs_of_a_name_stays() {
        let mut jobs = set().reserve(["b-0-node"]);
        jobs.add(&id(), "a/0", &request("node")).unwrap();
        let mut second = request("node");
        second.ca_cert = Some(ca());
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
            request.ca_cert = Some(ca());
            request.client_cert = Some(fake_pem("CERTIFICATE", "client"));
            request.client_key = Some(fake_pem("PRIVATE KEY", unit));
            jobs.add(&id(), unit, &request).unwrap();
        }
        let files: Vec<_> = jobs.files().map(|file| &file.name()[..8]).collect();
        insta::assert_snapshot!(files.join(" "), @"ca-56dde cert-244 key-1c9e key-2e95");
        let job = jobs.jobs().next().unwrap();
        insta::assert_snapshot!(job.settings()["tls_config"], @r#"{"ca_file": "/certificates/ca-56dde4873da6b9d7afb7efa13bbe465bf458b5d28ce623a73104b8a39485b56c.crt", "cert_file": "/certificates/cert-24494a1a28ec4c2c8ad21a73c8c102f43c0a19e672286233d822ad4e3e545aa8.crt", "key_file": "/certificates/key-1c9eff4e711bd547df246c4b0eef7c43edbe6104dcd63842598fa76724566662.key"}"#);
    }

    #[test]
    fn a_job_that_is_too_large_is_refused() {
        let mut large = request("node");
        large.ca_cert = Some("x".repeat(JobSet::MAX_JOB_SIZE) + "\n" + &ca());
        let error = set().add(&id(), "a/0", &large).unwrap_err();
        insta::assert_snapshot!(error, @"`scrape_config`: it is larger than 1 MiB with its certificates");
    }

    #[test]
    fn an_application_that_asks_for_too_much_has_no_effect_on_another() {
        let mut jobs = set();
        let mut large = request("node");
        large.ca_cert = Some("x".repeat(JobSet::MAX_JOB_SIZE - 700) + "\n" + &ca());
        let refused =
            (0..).find_map(|number| jobs.add(&id(), &format!("a/{number}"), &large).err());
        insta::assert_snapshot!(refused.unwrap(), @"`scrape_configs`: the jobs of one application must not be larger than 32 MiB together");
        assert_eq!(jobs.jobs().count(), 32);
        // What is small still fits, and another application has all of its share.
        jobs.add(&id(), "a/99", &request("node")).unwrap();
        let added = (0..33).filter(|it| jobs.add(&id(), &format!("b/{it}"), &large).is_ok());
        assert_eq!(added.count(), 32);
    }

    #[test]
    fn regular_expressions_are_counted_over_the_jobs_of_an_application() {
        let mut jobs = set();
        let rule = r#"{"action": "drop", "regex": ".{1000}", "source_labels": ["a"]}"#;
        let rules = vec![rule; 100].join(", ");
        let data = format!(r#"{{"relabel_configs": [{rules}]}}"#);
        let request = JobRequest::new("node", data.parse().unwrap());
        let refused =
            (0..).find_map(|number| jobs.add(&id(), &format!("a/{number}"), &request).err());
        insta::assert_snapshot!(refused.unwrap(), @"`scrape_configs`: the regular expressions in all jobs of one application are too large");
        assert_eq!(jobs.jobs().count(), 25);
        jobs.add(&id(), "b/0", &request).unwrap();
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
    fn a_job_whose_certificate_or_key_prometheus_could_not_read_is_refused() {
        fn secret() -> String {
            "t0p-secret".to_owned()
        }
        let mut jobs = set();
        let mut error = |change: fn(&mut JobRequest)| {
            let mut request = request("node").with_ca_cert(ca());
            request = request.with_client(ca(), fake_pem("PRIVATE KEY", "client"));
            change(&mut request);
            jobs.add(&id(), "a/0", &request).unwrap_err().to_string()
        };
        insta::assert_snapshot!(error(|it| it.ca_cert = Some(secret())), @"`ca_cert`: it must have the certificate of an authority as PEM");
        insta::assert_snapshot!(error(|it| it.client_cert = Some(secret())), @"`client_cert`: it must have a certificate as PEM");
        insta::assert_snapshot!(error(|it| it.client_key = Some(secret())), @"`client_key`: it must have a private key as PEM");
        insta::assert_snapshot!(error(|it| it.client_key = it.ca_cert.clone()), @"`client_key`: it must have a private key as PEM");
        // The others stay, and more can come.
        jobs.add(&id(), "b/0", &request("node").with_ca_cert(ca())).unwrap();
        assert_eq!((names(&jobs), jobs.files().count()), (vec!["b-0-node"], 1));
    }

    #[test]
    fn does_not_show_secrets() {
        let mut jobs = set();
        let mut request = JobRequest::new("node", r#"{"bearer_token": "s3cret"}"#.parse().unwrap());
        request.client_key = Some(fake_pem("PRIVATE KEY", "s3cret"));
        jobs.add(&id(), "a/0", &request).unwrap();
        assert!(!format!("{jobs:?}").contains("s3cret"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_text_of_a_peer_leads_out_of_the_folder(name: String, unit: String, pem: String) {
            let mut jobs = set();
            let cert = format!("-{pem}\n{}", ca());
            let key = format!("-{pem}\n{}", fake_pem("PRIVATE KEY", "client"));
            let request = request(&format!("node{name}")).with_ca_cert(cert.clone());
            let request = request.with_client(cert, key);
            jobs.add(&id(), &unit, &request).unwrap();
            prop_assert_eq!(jobs.files().count(), 3);
            for file in jobs.files() {
                prop_assert!(file.name().bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
                prop_assert!(!file.name().starts_with('.'));
            }
        }
    }
}
