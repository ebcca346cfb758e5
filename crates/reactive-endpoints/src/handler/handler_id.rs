//! Which handler is meant.

/// The position of a handler among those of its charm, in the order of their
/// registration.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct HandlerId(pub(crate) usize);
