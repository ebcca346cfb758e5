/// A resource of an application.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// What it is called on the unit; an image has no name.
    pub(crate) file_name: Option<String>,
    pub(crate) content: Vec<u8>,
}
