//! A place in a text.

/// A line and a column, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// The beginning of the text, for what is true of a file as a whole.
    pub(crate) const TOP: Self = Self { line: 1, column: 1 };
}
