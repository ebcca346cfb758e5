use std::collections::BTreeMap;
use std::fmt;

use crate::go::Value;

/// The cloud of a model, as `credential-get` shows it to trusted applications.
///
/// ```
/// use juju_simulator::{Cloud, Simulator};
///
/// let cloud = Cloud::new("lxd", "localhost")
///     .region("default")
///     .endpoint("https://10.0.0.1:8443")
///     .credential("certificate", [("client-cert", "cert"), ("client-key", "key")]);
/// assert!(!format!("{cloud:?}").contains("\"key\""));
/// let juju = Simulator::builder().cloud(cloud).build();
/// assert!(juju.status().to_string().contains("localhost/default"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "`SimulatorBuilder::cloud` takes it"]
pub struct Cloud {
    kind: String,
    name: String,
    region: String,
    endpoint: String,
    identity_endpoint: String,
    storage_endpoint: String,
    credential: Option<Credential>,
    ca_certificates: Vec<String>,
    skips_tls_verify: bool,
    hosts_controller: bool,
}

impl Cloud {
    /// Begins with a cloud of a type such as `lxd`, and without a credential.
    pub fn new(cloud_type: &str, name: &str) -> Self {
        Self {
            kind: cloud_type.to_owned(),
            name: name.to_owned(),
            region: String::new(),
            endpoint: String::new(),
            identity_endpoint: String::new(),
            storage_endpoint: String::new(),
            credential: None,
            ca_certificates: Vec::new(),
            skips_tls_verify: false,
            hosts_controller: false,
        }
    }

    /// Sets the region that the model is in.
    pub fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// Sets the URL of the cloud.
    pub fn endpoint(mut self, endpoint: &str) -> Self {
        endpoint.clone_into(&mut self.endpoint);
        self
    }

    /// Sets the URL by which one logs in.
    pub fn identity_endpoint(mut self, endpoint: &str) -> Self {
        endpoint.clone_into(&mut self.identity_endpoint);
        self
    }

    /// Sets the URL of the cloud's storage.
    pub fn storage_endpoint(mut self, endpoint: &str) -> Self {
        endpoint.clone_into(&mut self.storage_endpoint);
        self
    }

    /// Sets the credential of the model: its type, such as `certificate`, and
    /// its attributes.
    pub fn credential<K: Into<String>, V: Into<String>>(
        mut self,
        auth_type: &str,
        attributes: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let attributes = attributes.into_iter().map(|(key, value)| (key.into(), value.into()));
        let auth_type = auth_type.to_owned();
        self.credential = Some(Credential { auth_type, attributes: attributes.collect() });
        self
    }

    /// Adds the certificate of an authority that the cloud's own one is from.
    pub fn ca_certificate(mut self, certificate: &str) -> Self {
        self.ca_certificates.push(certificate.to_owned());
        self
    }

    /// Says that certificates of the cloud are not to be checked.
    pub fn skip_tls_verify(mut self) -> Self {
        self.skips_tls_verify = true;
        self
    }

    /// Says that the controller is in the cloud, too.
    pub fn controller_cloud(mut self) -> Self {
        self.hosts_controller = true;
        self
    }

    /// Returns how `juju status` shows the cloud.
    pub(crate) fn with_region(&self) -> String {
        if self.region.is_empty() {
            return self.name.clone();
        }
        format!("{}/{}", self.name, self.region)
    }

    /// Returns what `credential-get` prints. Nothing that is empty or false is
    /// shown, but for type and name.
    pub(crate) fn to_value(&self) -> Value {
        let mut fields: Vec<(String, Value)> = Vec::new();
        let mut add = |name: &str, value: Value| fields.push((name.to_owned(), value));
        add("type", self.kind.as_str().into());
        add("name", self.name.as_str().into());
        let texts = [
            ("region", &self.region),
            ("endpoint", &self.endpoint),
            ("identity-endpoint", &self.identity_endpoint),
            ("storage-endpoint", &self.storage_endpoint),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            add(name, text.as_str().into());
        }
        if let Some(credential) = &self.credential {
            add("credential", credential.to_value());
        }
        if !self.ca_certificates.is_empty() {
            add("cacertificates", self.ca_certificates.iter().map(String::as_str).collect());
        }
        let flags = [
            ("skip-tls-verify", self.skips_tls_verify),
            ("is-controller-cloud", self.hosts_controller),
        ];
        for (name, _) in flags.into_iter().filter(|(_, flag)| *flag) {
            add(name, true.into());
        }
        Value::Map(fields)
    }
}

#[derive(Clone, Eq, PartialEq)]
struct Credential {
    auth_type: String,
    attributes: BTreeMap<String, String>,
}

impl Credential {
    fn to_value(&self) -> Value {
        let mut fields = vec![("auth-type".to_owned(), self.auth_type.as_str().into())];
        if !self.attributes.is_empty() {
            fields.push(("attrs".to_owned(), Value::texts(&self.attributes)));
        }
        Value::Map(fields)
    }
}

/// Keeps the secrets of the credential out of logs and panic messages.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("auth_type", &self.auth_type)
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_which_attributes_there_are_but_not_their_values() {
        let cloud = Cloud::new("lxd", "localhost").credential("certificate", [("key", "s3cret")]);
        let text = format!("{cloud:?}");
        assert!(text.contains(r#"auth_type: "certificate", attributes: ["key"]"#), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
}
