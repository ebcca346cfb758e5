//! What the metadata says of a resource.

use crate::charm::spot::Spot;

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

        let description = fields.text("description");
        let kind = match fields.get("type") {
            None => "file",
            Some(kind) => read_kind(&kind)?,
        };
        if kind == "oci-image" {
            // It is of no use here, but has to be text.
            fields.text("filename");
            return Some(Self { description, kind: ResourceKind::OciImage });
        }
        let filename = read_filename(&fields.required("filename")?)?;
        Some(Self { description, kind: ResourceKind::File { filename } })
    }
}

fn read_kind<'a>(spot: &Spot<'a>) -> Option<&'a str> {
    let kind = spot.text()?;
    if !["file", "oci-image"].contains(&kind) {
        spot.fault(format_args!(
            "invalid resource type `{kind}`: it must be `file` or `oci-image`"
        ));
        return None;
    }
    Some(kind)
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
