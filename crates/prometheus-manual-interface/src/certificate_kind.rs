//! What a job can send.

/// What a job can send as PEM, and its settings name as files.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a request has no other fields for PEM")]
pub enum CertificateKind {
    /// The certificate of the authority to check the targets with.
    Authority,
    /// The certificate to show to the targets, with those behind it.
    Client,
    /// The key of that certificate.
    Key,
}

impl CertificateKind {
    pub(crate) const ALL: [Self; 3] = [Self::Authority, Self::Client, Self::Key];

    /// Returns the setting of a `tls_config` that names its file.
    pub(crate) fn setting(self) -> &'static str {
        match self {
            Self::Authority => "ca_file",
            Self::Client => "cert_file",
            Self::Key => "key_file",
        }
    }

    /// Returns the settings of a `tls_config` that name it or hold it.
    pub(crate) fn settings(self) -> [&'static str; 3] {
        match self {
            Self::Authority => ["ca_file", "ca", "ca_ref"],
            Self::Client => ["cert_file", "cert", "cert_ref"],
            Self::Key => ["key_file", "key", "key_ref"],
        }
    }

    /// Returns what stands for the path of its file in a job.
    pub(crate) fn placeholder(self) -> &'static str {
        match self {
            Self::Authority => "__ca_file__",
            Self::Client => "__cert_file__",
            Self::Key => "__key_file__",
        }
    }

    /// Returns the field of a request that it is sent in.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Authority => "ca_cert",
            Self::Client => "client_cert",
            Self::Key => "client_key",
        }
    }
}
