use juju_types::{ResourceDefinition, ResourceKind};
use serde::{Deserialize, Serialize};

use crate::model::Resource;

/// A resource, whose content is a text.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct ResourceState {
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    pub(super) content: String,
}

impl ResourceState {
    /// States content; the rest follows from the charm's definition.
    pub(super) fn new(content: String) -> Self {
        Self { kind: None, path: None, content }
    }

    pub(super) fn of(resource: &Resource) -> Self {
        let kind = if resource.file_name.is_some() { "file" } else { "oci-image" };
        Self {
            kind: Some(kind.to_owned()),
            path: resource.file_name.clone(),
            content: String::from_utf8_lossy(&resource.content).into_owned(),
        }
    }

    pub(super) fn to_resource(&self, defined: Option<&ResourceDefinition>) -> Resource {
        let file_name = match (&self.kind, defined.map(|defined| &defined.kind)) {
            (Some(kind), _) => self.path.clone().filter(|_| kind == "file"),
            (None, Some(ResourceKind::File { filename })) => Some(filename.clone()),
            (None, _) => None,
        };
        Resource { file_name, content: self.content.clone().into_bytes() }
    }
}
