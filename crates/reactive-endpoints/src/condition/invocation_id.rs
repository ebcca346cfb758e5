//! What a handler that runs once is known by.

use std::fmt;

/// The id of something that is done once on a unit.
///
/// [`once`](crate::once) and [`Context::was_invoked`] take it.
/// Python's id of a handler holds the file and the line of its function, so
/// that it ran again after an upgrade; here it is a name of the author's own.
/// What a Python charm has done under its id is taken as done, too:
///
/// ```
/// use reactive_endpoints::InvocationId;
///
/// let id = InvocationId::new("create-schema").formerly("reactive/db.py:31:create_schema");
/// assert_eq!(id.to_string(), "create-schema");
/// ```
///
/// [`Context::was_invoked`]: crate::Context::was_invoked
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct InvocationId {
    name: String,
    former: Vec<String>,
}

impl InvocationId {
    /// Makes an id of a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), former: Vec::new() }
    }

    /// Adds an id under which the same was known before.
    #[must_use]
    pub fn formerly(mut self, id: impl Into<String>) -> Self {
        self.former.push(id.into());
        self
    }

    /// Returns the keys of its rows, the present one first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        let names = [&self.name].into_iter().chain(&self.former);
        names.map(|name| format!("reactive.invoked.{name}"))
    }
}

impl From<&str> for InvocationId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<&Self> for InvocationId {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

impl fmt::Display for InvocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}
