//! What is asked for: a scrape job.

use std::collections::BTreeMap;
use std::fmt;

use python_json::{SerializeError, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::certificate_kind::CertificateKind;
use crate::databag::Databag;
use crate::job_defect::JobDefect;
use crate::job_id::JobId;

/// A request for a scrape job, as it is on the wire.
///
/// It is written as Python writes it, with all fields. It is read from whatever
/// others write: a field may be missing or null, and the fields that are not
/// among these are kept in [`other`](Self::other), and written again.
///
/// ```
/// use prometheus_manual_interface::{JobId, JobRequest};
/// use python_json::Value;
///
/// let data: Value = r#"{"static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#.parse()?;
/// let request = JobRequest::new("node", data).with_ca_cert("-----BEGIN CERTIFICATE-----…");
/// let id: JobId = "ab8da742-e73c-4996-9563-c7887fcef153".parse()?;
///
/// let (key, text) = request.to_setting(&id)?;
/// assert_eq!(key, "request_ab8da742-e73c-4996-9563-c7887fcef153");
/// let read = JobRequest::read_all(&[(key, text)].into());
/// assert_eq!(read.by_id[&id], request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct JobRequest {
    /// The certificate of the authority to check the targets with, as PEM.
    pub ca_cert: Option<String>,
    /// The certificate to show to the targets, as PEM.
    pub client_cert: Option<String>,
    /// The key of that certificate, as PEM.
    pub client_key: Option<String>,
    /// The settings of the job, as in a [`scrape_config`].
    ///
    /// [`scrape_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    pub job_data: Value,
    /// The name that the job should have.
    pub job_name: String,
    /// What else was sent, and fields above that were sent as what they cannot
    /// be, such as a certificate that is a list.
    pub other: BTreeMap<String, Value>,
}

impl JobRequest {
    /// The fields that are text.
    pub(crate) const TEXTS: [&'static str; 4] =
        ["ca_cert", "client_cert", "client_key", "job_name"];

    /// The field that a setting has beside.
    const ID: &'static str = "request_id";

    /// Makes a request without certificates.
    pub fn new(job_name: impl Into<String>, job_data: Value) -> Self {
        Self {
            ca_cert: None,
            client_cert: None,
            client_key: None,
            job_data,
            job_name: job_name.into(),
            other: BTreeMap::new(),
        }
    }

    /// Has the targets be checked with the certificate of an authority, as PEM.
    #[must_use]
    pub fn with_ca_cert(mut self, pem: impl Into<String>) -> Self {
        self.ca_cert = Some(pem.into());
        self
    }

    /// Has a certificate and its key be used towards the targets, as PEM.
    #[must_use]
    pub fn with_client(mut self, cert: impl Into<String>, key: impl Into<String>) -> Self {
        self.client_cert = Some(cert.into());
        self.client_key = Some(key.into());
        self
    }

    /// Reads all requests that a unit has published in a relation.
    ///
    /// As for Python, the id is the one among the fields of a request, whatever
    /// its key is, and a setting that is `null` is a request taken back: none.
    pub fn read_all(settings: &BTreeMap<String, String>) -> Databag<Self> {
        Databag::read(settings, JobId::REQUEST_PREFIX, Some(Self::ID))
    }

    /// Returns the key and the text of the setting to publish.
    ///
    /// # Errors
    ///
    /// Returns an error if [`job_data`](Self::job_data) or
    /// [`other`](Self::other) is nested too deeply to be read again.
    pub fn to_setting(&self, id: &JobId) -> Result<(String, String), SerializeError> {
        let mut fields = self.fields();
        fields.insert(Self::ID, Field::Text(Some(id.as_ref())));
        Ok((id.request_key(), python_json::to_string(&fields)?))
    }

    /// Checks whether Prometheus could use the certificates and the key.
    pub(crate) fn check_pem(&self) -> Result<(), JobDefect> {
        CertificateKind::ALL.into_iter().try_for_each(|kind| match self.pem(kind) {
            Some(pem) => {
                kind.check(pem).map_err(|error| JobDefect::new(kind.field(), error.to_string()))
            }
            None => Ok(()),
        })
    }

    /// Returns what was sent of a kind.
    pub(crate) fn pem(&self, kind: CertificateKind) -> Option<&str> {
        match kind {
            CertificateKind::Authority => self.ca_cert.as_deref(),
            CertificateKind::Client => self.client_cert.as_deref(),
            CertificateKind::Key => self.client_key.as_deref(),
        }
    }

    fn fields(&self) -> BTreeMap<&str, Field<'_>> {
        let other = self.other.iter().map(|(key, value)| (key.as_str(), Field::Value(value)));
        let mut fields: BTreeMap<&str, Field<'_>> = other.collect();
        let name = Some(&self.job_name).filter(|name| !name.is_empty());
        let texts =
            [self.ca_cert.as_ref(), self.client_cert.as_ref(), self.client_key.as_ref(), name];
        for (field, text) in Self::TEXTS.into_iter().zip(texts) {
            if text.is_some() || !fields.contains_key(field) {
                fields.insert(field, Field::Text(text.map(String::as_str)));
            }
        }
        fields.insert("job_data", Field::Value(&self.job_data));
        fields
    }
}

/// A field, to be written.
#[derive(Serialize)]
#[serde(untagged)]
enum Field<'a> {
    Text(Option<&'a str>),
    Value(&'a Value),
}

impl Serialize for JobRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JobRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut other = BTreeMap::<String, Value>::deserialize(deserializer)?;
        let job_data = other.remove("job_data").unwrap_or_default();
        let [ca_cert, client_cert, client_key, job_name] =
            Self::TEXTS.map(|field| take_text(&mut other, field));
        let job_name = job_name.unwrap_or_default();
        Ok(Self { ca_cert, client_cert, client_key, job_data, job_name, other })
    }
}

/// Takes a text out of the fields; what is empty is none.
fn take_text(fields: &mut BTreeMap<String, Value>, field: &str) -> Option<String> {
    match fields.remove(field)? {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        value => {
            fields.insert(field.to_owned(), value);
            None
        }
    }
}

impl fmt::Debug for JobRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All else may be secret.
        f.debug_struct("JobRequest").field("job_name", &self.job_name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, written: &str) {
        let request: JobRequest = python_json::from_str(text).unwrap();
        assert_eq!(python_json::to_string(&request).unwrap(), written);
        assert_eq!(python_json::from_str::<JobRequest>(written).unwrap(), request);
    }

    #[test]
    fn is_written_with_all_fields_whatever_was_missing() {
        check(
            r#"{"job_name": "ü", "client_key": ""}"#,
            r#"{"ca_cert": null, "client_cert": null, "client_key": null, "job_data": null, "job_name": "\u00fc"}"#,
        );
    }

    #[test]
    fn keeps_what_it_does_not_know_and_what_cannot_be() {
        let port = "9".repeat(60);
        check(
            &format!(r#"{{"ca_cert": ["A"], "job_data": "{{}}", "job_name": 7, "port": {port}}}"#),
            &format!(
                r#"{{"ca_cert": ["A"], "client_cert": null, "client_key": null, "job_data": "{{}}", "job_name": 7, "port": {port}}}"#
            ),
        );
    }

    #[test]
    fn shows_nothing_but_its_name() {
        let data = r#"{"bearer_token": "hidden"}"#.parse().unwrap();
        let request =
            JobRequest::new("node", data).with_ca_cert("hidden").with_client("hidden", "hidden");
        insta::assert_snapshot!(format!("{request:?}"), @r#"JobRequest { job_name: "node", .. }"#);
    }
}
