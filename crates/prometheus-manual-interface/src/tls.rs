//! How targets are asked over TLS.

use std::collections::BTreeMap;
use std::fmt;

use python_json::Value;

use crate::certificate_kind::CertificateKind;
use crate::job_defect::JobDefect;
use crate::job_request::JobRequest;

/// How targets are asked over TLS, for [`Job::tls`](crate::Job::tls). The
/// certificates are sent with the job, and the consumer writes them to files.
///
/// ```
/// use prometheus_manual_interface::{Job, Tls};
///
/// let ca = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
/// let job = Job::new("node").target("10.0.0.5:9100").tls(Tls::new().ca_cert(ca));
/// let request = job.build()?;
/// assert_eq!(
///     request.job_data.to_string(),
///     r#"{"scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9100"]}], "tls_config": {"ca_file": "__ca_file__"}}"#
/// );
/// assert_eq!(request.ca_cert.as_deref(), Some(ca));
/// # Ok::<(), prometheus_manual_interface::JobDefect>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Tls {
    ca_cert: Option<String>,
    client: Option<(String, String)>,
    settings: BTreeMap<String, Value>,
}

impl Tls {
    /// Begins with what the machine of Prometheus trusts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the targets with the certificate of an authority, as PEM.
    #[must_use]
    pub fn ca_cert(mut self, pem: impl Into<String>) -> Self {
        self.ca_cert = Some(pem.into());
        self.name(CertificateKind::Authority)
    }

    /// Shows a certificate to the targets, and has its key, both as PEM.
    #[must_use]
    pub fn client(mut self, cert: impl Into<String>, key: impl Into<String>) -> Self {
        self.client = Some((cert.into(), key.into()));
        self.name(CertificateKind::Client).name(CertificateKind::Key)
    }

    /// Expects this name in the targets' certificates, in place of that of the
    /// host.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.settings.insert("server_name".to_owned(), Value::String(name.into()));
        self
    }

    /// Does not check the targets' certificates.
    #[must_use]
    pub fn insecure_skip_verify(mut self) -> Self {
        self.settings.insert("insecure_skip_verify".to_owned(), Value::Bool(true));
        self
    }

    fn name(mut self, file: CertificateKind) -> Self {
        let placeholder = Value::String(file.placeholder().to_owned());
        self.settings.insert(file.setting().to_owned(), placeholder);
        self
    }

    pub(crate) fn settings(&self) -> Value {
        Value::Object(self.settings.clone())
    }

    /// Puts the certificates into a request.
    pub(crate) fn send(self, mut request: JobRequest) -> Result<JobRequest, JobDefect> {
        if let Some(ca_cert) = self.ca_cert {
            request = request.with_ca_cert(ca_cert);
        }
        if let Some((cert, key)) = self.client {
            request = request.with_client(cert, key);
        }
        request.check_pem()?;
        Ok(request)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's key is a secret; the settings are names and switches.
        f.debug_struct("Tls").field("settings", &self.settings).finish_non_exhaustive()
    }
}
