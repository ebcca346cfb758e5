//! From a request to what Prometheus is configured with.

use crate::file_fields::FileFields;
use crate::job_defect::JobDefect;
use crate::job_files::JobFiles;
use crate::job_request::JobRequest;
use crate::scrape_config::ScrapeConfig;
use crate::scrape_settings::scrape_settings;

impl JobRequest {
    /// Makes what Prometheus is configured with.
    ///
    /// ```
    /// use prometheus_manual_interface::{JobFiles, JobRequest};
    ///
    /// let request: JobRequest = python_json::from_str(
    ///     r#"{
    ///         "job_name": "node",
    ///         "job_data": {
    ///             "scheme": "https",
    ///             "static_configs": [{"targets": ["10.0.0.5:9100"]}],
    ///             "tls_config": {"ca_file": "__ca_file__"}
    ///         },
    ///         "ca_cert": "-----BEGIN CERTIFICATE-----…"
    ///     }"#,
    /// )?;
    /// let files = JobFiles::default().with_ca_file("/etc/prometheus/jobs/node.ca.pem");
    /// let config = request.render("exporter-0-node", &files)?;
    /// assert_eq!(
    ///     config.settings()["tls_config"].to_string(),
    ///     r#"{"ca_file": "/etc/prometheus/jobs/node.ca.pem"}"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Certificates
    ///
    /// A job names the files of the certificates that it sends by placeholders,
    /// which are replaced by the paths in `files`:
    ///
    /// - in each `tls_config`, wherever it is, `ca_file`, `cert_file` and
    ///   `key_file` that are null, empty, or any `__name__`;
    /// - in each other setting that names a file, such as `credentials_file`:
    ///   `__ca_file__`, `__cert_file__` and `__key_file__`.
    ///
    /// Other paths are left, or refused as [`JobFiles::local_files`] has it.
    ///
    /// The job's own `tls_config` need not name them: what was sent is added,
    /// but for `ca_file` where `insecure_skip_verify` is true. There need not
    /// be one at all if the scheme is `https`.
    ///
    /// # Shapes
    ///
    /// Producers write the same in more than one way, all of which are taken:
    ///
    /// - `job_data` is a mapping, or a mapping as JSON;
    /// - `scheme`, `tls_config` and such settings are in it or beside it;
    /// - `targets` is a list, or a text with commas or space between them;
    /// - a null `tls_config` is none;
    /// - the placeholder for the client's certificate is in `cert_file`, or in
    ///   `client_file`, of which Prometheus knows nothing.
    ///
    /// # Differences from Python
    ///
    /// Python's `to_json`, which [`compat::to_json`](crate::compat::to_json)
    /// has as it is,
    ///
    /// - looks at the `tls_config` of the job and of service discoveries only,
    ///   and at no other setting that names a file;
    /// - replaces paths that are no placeholders;
    /// - does nothing about a certificate that is sent without a key;
    /// - within a service discovery never sets `cert_file` unless there is a
    ///   `client_file`, which it leaves there;
    /// - adds `ca_file` even next to `insecure_skip_verify`;
    /// - raises an exception for what is null or no mapping, and so puts the
    ///   charm into an error that its operator cannot resolve.
    ///
    /// # Errors
    ///
    /// Returns a defect, which the producer can be answered, if
    ///
    /// - the request has no name or no `job_data`, or a field that cannot be
    ///   what it is;
    /// - a placeholder stands for what was not sent;
    /// - a `tls_config` is no mapping, or names a certificate without its key
    ///   or a key without its certificate;
    /// - the job names files of the machine, and
    ///   [`LocalFiles::Refuse`](crate::LocalFiles::Refuse) is chosen.
    pub fn render(&self, job_name: &str, files: &JobFiles) -> Result<ScrapeConfig, JobDefect> {
        if job_name.is_empty() {
            return Err(JobDefect::new("job_name", "it must not be empty"));
        }
        let mut settings = scrape_settings(self)?;
        FileFields(files).fill(&mut settings)?;
        Ok(ScrapeConfig::new(job_name, settings))
    }
}
