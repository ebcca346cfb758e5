//! The files that a job's certificates are in.

use crate::certificate_kind::CertificateKind;

/// Where the consumer keeps the certificates of a request: the paths that a job
/// gets when it is [rendered](crate::JobRequest::render).
///
/// A path stands for a certificate that was sent; the consumer has written it,
/// or will.
///
/// ```
/// use prometheus_manual_interface::{JobFiles, LocalFiles};
///
/// let files = JobFiles::default()
///     .with_ca_file("/etc/prometheus/jobs/node.ca.pem")
///     .with_local_files(LocalFiles::Refuse);
/// assert_eq!(files.key_file, None);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct JobFiles {
    /// Where [`ca_cert`](crate::JobRequest::ca_cert) is.
    pub ca_file: Option<String>,
    /// Where [`client_cert`](crate::JobRequest::client_cert) is.
    pub cert_file: Option<String>,
    /// Where [`client_key`](crate::JobRequest::client_key) is.
    pub key_file: Option<String>,
    /// What becomes of a job that names other files.
    pub local_files: LocalFiles,
}

impl JobFiles {
    /// Says where the certificate of the authority is.
    #[must_use]
    pub fn with_ca_file(mut self, path: impl Into<String>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// Says where the certificate of the client and its key are.
    #[must_use]
    pub fn with_client_files(
        mut self,
        cert_file: impl Into<String>,
        key_file: impl Into<String>,
    ) -> Self {
        self.cert_file = Some(cert_file.into());
        self.key_file = Some(key_file.into());
        self
    }

    /// Says what becomes of a job that names other files.
    #[must_use]
    pub fn with_local_files(mut self, local_files: LocalFiles) -> Self {
        self.local_files = local_files;
        self
    }

    pub(crate) fn path(&self, kind: CertificateKind) -> Option<&str> {
        match kind {
            CertificateKind::Authority => self.ca_file.as_deref(),
            CertificateKind::Client => self.cert_file.as_deref(),
            CertificateKind::Key => self.key_file.as_deref(),
        }
    }
}

/// What becomes of a job that names files of the consumer's machine: paths that
/// stand for nothing that was sent with it.
///
/// Prometheus opens them as its own user and sends what is in some of them to
/// the targets, which the producer names too. So a producer that nobody trusts
/// could have the keys of other jobs this way, or whatever Prometheus can read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum LocalFiles {
    /// It gets them, as it always did: operators agree with producers on
    /// files.
    #[default]
    Leave,
    /// It is a [`JobDefect`](crate::JobDefect).
    Refuse,
}
