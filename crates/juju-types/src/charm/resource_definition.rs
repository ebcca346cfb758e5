//! What the metadata says of a resource.

use crate::charm::spot::Spot;
use crate::yaml::Value;

/// A resource of a charm, as `resources` defines it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ResourceDefinition {
    /// What it is for.
    pub description: Option<String>,
    /// A file or an image.
    pub kind: ResourceKind,
}

/// What a resource is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResourceKind {
    /// A file.
    File {
        /// What the file is called on the unit.
        filename: String,
    },
    /// An OCI image, for a container.
    OciImage,
}

impl ResourceDefinition {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["description", "filename", "type", "upstream-source"]);

        let description = fields.get("description").and_then(|description| description.text());
        let filename = fields.get("filename");
        let kind = match fields.get("type") {
            None => "file",
            Some(kind) => kind.text()?,
        };
        let kind = match kind {
            "file" => ResourceKind::File { filename: read_filename(&fields.required("filename")?)? },
            "oci-image" => {
                if let Some(filename) = filename {
                    filename.text();
                }
                ResourceKind::OciImage
            }
            kind => {
                fields.get("type")?.fault(format_args!(
                    "invalid resource type `{kind}`: it must be `file` or `oci-image`"
                ));
                return None;
            }
        };
        Some(Self { description: description.map(str::to_owned), kind })
    }

    /// Tells whether `spot` defines an image, without a word if it does not.
    pub(super) fn is_image(spot: &Spot<'_>) -> bool {
        let Value::Mapping(entries) = &spot.node().value else { return false };
        entries.iter().any(|entry| match &entry.value.value {
            Value::Scalar(kind) => entry.key == "type" && kind.as_str() == "oci-image",
            _ => false,
        })
    }
}

fn read_filename(spot: &Spot<'_>) -> Option<String> {
    let filename = spot.text()?;
    if filename.is_empty() {
        spot.fault("a file needs a name");
    } else if filename.contains('/') {
        spot.fault(format_args!("invalid file name `{filename}`: `/` is not allowed"));
    }
    Some(filename.to_owned())
}
