//! The credential of the cloud.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of the credential: all of it.
#[derive(Debug, Default)]
pub(super) struct Memos {
    spec: Memo<(), CloudSpec>,
}

/// The cloud that the model lives in, and how to log in to it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CloudSpec {
    /// The type of cloud, such as `lxd` or `ec2`.
    pub kind: String,
    /// The name of the cloud, such as `localhost`.
    pub name: String,
    /// The region.
    pub region: Option<String>,
    /// The URL of the cloud's API.
    pub endpoint: Option<String>,
    /// The URL of its API for identities.
    pub identity_endpoint: Option<String>,
    /// The URL of its API for storage.
    pub storage_endpoint: Option<String>,
    /// How to log in.
    pub credential: Option<CloudCredential>,
    /// The certificates to trust, in PEM.
    pub ca_certificates: Vec<String>,
    /// Whether the API's certificate is not to be checked.
    pub skip_tls_verify: bool,
    /// Whether Juju's controller lives in the same cloud.
    pub is_controller_cloud: bool,
}

impl CloudSpec {
    /// Describes the cloud `name` of type `kind` of which nothing else is known.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            region: None,
            endpoint: None,
            identity_endpoint: None,
            storage_endpoint: None,
            credential: None,
            ca_certificates: Vec::new(),
            skip_tls_verify: false,
            is_controller_cloud: false,
        }
    }
}

/// How to log in to a cloud. `Debug` does not show the attributes' values.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct CloudCredential {
    /// The way to log in, such as `certificate` or `userpass`.
    pub auth_type: String,
    /// What that takes, such as `client-cert`.
    pub attributes: BTreeMap<String, String>,
    /// The names of attributes that Juju has held back.
    pub redacted: Vec<String>,
}

impl CloudCredential {
    /// Describes a credential without attributes.
    pub fn new(auth_type: impl Into<String>) -> Self {
        Self { auth_type: auth_type.into(), attributes: BTreeMap::new(), redacted: Vec::new() }
    }
}

impl fmt::Debug for CloudCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudCredential")
            .field("auth_type", &self.auth_type)
            .field("attributes", &self.attributes.keys())
            .field("redacted", &self.redacted)
            .finish()
    }
}

impl Juju {
    /// Returns the cloud and its credential, for applications that the user
    /// trusts with it (`juju trust`).
    ///
    /// Wraps the hook tool [`credential-get`]. It is asked once in a hook.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::PermissionDenied`] if the application is not
    /// trusted.
    ///
    /// [`credential-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/credential-get/
    pub fn credential_get(&self) -> Result<CloudSpec, ToolError> {
        self.credential.spec.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::CredentialGet, ["--format=json"]);
            let spec: CloudSpecJson = self.ask_json(&call, "an object that describes a cloud")?;
            Ok(spec.into())
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct CloudSpecJson {
    r#type: String,
    name: String,
    region: Option<String>,
    endpoint: Option<String>,
    identity_endpoint: Option<String>,
    storage_endpoint: Option<String>,
    credential: Option<CredentialJson>,
    #[serde(rename = "cacertificates")]
    ca_certificates: Option<Vec<String>>,
    #[serde(default)]
    skip_tls_verify: bool,
    #[serde(default)]
    is_controller_cloud: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct CredentialJson {
    auth_type: String,
    attrs: Option<BTreeMap<String, String>>,
    redacted: Option<Vec<String>>,
}

impl From<CloudSpecJson> for CloudSpec {
    fn from(spec: CloudSpecJson) -> Self {
        Self {
            kind: spec.r#type,
            name: spec.name,
            region: spec.region,
            endpoint: spec.endpoint,
            identity_endpoint: spec.identity_endpoint,
            storage_endpoint: spec.storage_endpoint,
            credential: spec.credential.map(|credential| CloudCredential {
                auth_type: credential.auth_type,
                attributes: credential.attrs.unwrap_or_default(),
                redacted: credential.redacted.unwrap_or_default(),
            }),
            ca_certificates: spec.ca_certificates.unwrap_or_default(),
            skip_tls_verify: spec.skip_tls_verify,
            is_controller_cloud: spec.is_controller_cloud,
        }
    }
}
