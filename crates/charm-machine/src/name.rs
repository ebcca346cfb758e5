//! What the names of this crate share: one error, and their conversions to
//! and from text.

use thiserror::Error;

/// The text is no name of this kind; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid {kind} `{name}`: {rule}")]
pub struct ParseNameError {
    kind: &'static str,
    name: String,
    rule: &'static str,
}

impl ParseNameError {
    /// Reports that `name` breaks a rule, which completes the sentence
    /// "invalid … name `x`: …".
    pub(crate) fn new(kind: &'static str, name: &str, rule: &'static str) -> Self {
        Self { kind, name: name.to_owned(), rule }
    }
}

/// Implements what every name has that is a tuple struct of one `String`.
macro_rules! text_name {
    ($name:ident) => {
        impl $name {
            /// Returns the text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::name::ParseNameError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}
pub(crate) use text_name;
