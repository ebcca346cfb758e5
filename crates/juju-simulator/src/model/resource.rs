use juju_types::ResourceKind;

/// A resource of an application.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// What it is called on the unit; an image has no name.
    pub(crate) file_name: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Resource {
    /// Makes a resource of a kind that the charm defines.
    pub(crate) fn new(kind: &ResourceKind, content: Vec<u8>) -> Self {
        let file_name = match kind {
            ResourceKind::File { filename } => Some(filename.clone()),
            _ => None,
        };
        Self { file_name, content }
    }
}
