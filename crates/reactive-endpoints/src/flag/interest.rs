//! Which flags somebody looks at.

use std::collections::BTreeSet;

use crate::flag::Flag;

/// The flags that the handlers and triggers of a charm look at.
///
/// Flags that Python does not have are kept only for those who ask for them:
/// nobody else would clear them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interest(BTreeSet<String>);

impl Interest {
    pub(crate) fn add(&mut self, flag: &Flag) {
        self.0.insert(flag.as_str().to_owned());
    }

    pub(crate) fn contains(&self, flag: &str) -> bool {
        self.0.contains(flag)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Tells whether somebody looks at a flag that begins so.
    pub(crate) fn contains_prefix(&self, prefix: &str) -> bool {
        let next = self.0.range(prefix.to_owned()..).next();
        next.is_some_and(|flag| flag.starts_with(prefix))
    }
}
