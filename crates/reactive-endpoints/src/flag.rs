//! The name of a flag.

pub(crate) mod flag_groups;
pub(crate) mod flag_watch;
pub(crate) mod flags;
pub(crate) mod interest;
pub(crate) mod trigger;

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use thiserror::Error;

use crate::endpoint::binding::Binding;

/// The name of a flag, checked when the charm is compiled.
///
/// A flag is a fact that the charm has set and not cleared yet, such as
/// `exporter.configured`. Handlers run because of flags; see
/// [`Charm::when`](crate::Charm::when).
///
/// ```
/// use reactive_endpoints::Flag;
///
/// const CONFIGURED: Flag = Flag::new("exporter.configured");
/// assert_eq!(CONFIGURED.as_str(), "exporter.configured");
/// ```
///
/// A name that breaks the rules does not compile:
///
/// ```compile_fail
/// use reactive_endpoints::Flag;
///
/// const CONFIGURED: Flag = Flag::new("exporter configured");
/// ```
///
/// The flags of an endpoint are made by its [`EndpointKey`](crate::EndpointKey).
#[derive(Clone)]
pub struct Flag {
    name: Cow<'static, str>,
    /// Who keeps it up to date, if it is the flag of an endpoint.
    binding: Option<Binding>,
}

impl Flag {
    /// Makes a constant of a name.
    ///
    /// # Panics
    ///
    /// Fails to compile, in a constant, if the name is empty or has a blank or
    /// a control character in it.
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "a flag needs a name");
        let bytes = name.as_bytes();
        let mut index = 0;
        while index < bytes.len() {
            assert!(
                bytes[index] > b' ' && bytes[index] != 0x7f,
                "the name of a flag has neither blanks nor control characters"
            );
            index += 1;
        }
        Self { name: Cow::Borrowed(name), binding: None }
    }

    /// Makes the flag of an endpoint that is kept up to date by `binding`.
    pub(crate) fn of_endpoint(name: String, binding: Option<Binding>) -> Self {
        Self { name: Cow::Owned(name), binding }
    }

    /// Makes a flag of a name that follows from data, such as the key of a
    /// setting: it may hold anything.
    pub(crate) fn of_data(name: String) -> Self {
        Self { name: Cow::Owned(name), binding: None }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    pub(crate) fn binding(&self) -> Option<&Binding> {
        self.binding.as_ref()
    }
}

impl FromStr for Flag {
    type Err = ParseFlagError;

    /// Reads a name at run time. Blanks are allowed here, as Python allows
    /// them: the name may be another program's.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseFlagError { name: name.to_owned(), rule };
        if name.is_empty() {
            return Err(reject("it must not be empty"));
        }
        if name.contains(char::is_control) {
            return Err(reject("control characters are not allowed"));
        }
        Ok(Self::of_data(name.to_owned()))
    }
}

/// The text is no [`Flag`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid flag `{}`: {rule}", name.escape_debug())]
pub struct ParseFlagError {
    name: String,
    rule: &'static str,
}

impl AsRef<str> for Flag {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl Borrow<str> for Flag {
    fn borrow(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flag({:?})", self.name)
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl PartialEq for Flag {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Flag {}

impl PartialOrd for Flag {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Flag {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

impl Hash for Flag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let error = |name: &str| name.parse::<Flag>().unwrap_err().to_string();
        insta::assert_snapshot!(error(""), @"invalid flag ``: it must not be empty");
        insta::assert_snapshot!(error("a\nb"), @r"invalid flag `a\nb`: control characters are not allowed");
        assert_eq!("layer.x fetched".parse::<Flag>().unwrap().as_str(), "layer.x fetched");
    }
}
