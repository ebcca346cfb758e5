//! What the author asks to pack for.

use std::{fmt, str::FromStr};

use juju_types::Architecture;
use thiserror::Error;

use crate::{ParseTripleError, Triple};

/// What a charm is to be packed for: an architecture, or exactly one target of
/// rustc.
///
/// ```
/// use cargo_charm::PackTarget;
/// use juju_types::Architecture;
///
/// let target: PackTarget = "arm64".parse()?;
/// assert_eq!(target.architecture(), Architecture::Arm64);
///
/// let target: PackTarget = "x86_64-unknown-linux-musl".parse()?;
/// assert_eq!(target.architecture(), Architecture::Amd64);
/// # Ok::<(), cargo_charm::ParsePackTargetError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PackTarget {
    /// An architecture by Debian's name. The musl target is taken where it is
    /// installed, else the GNU one.
    Architecture(Architecture),
    /// This target and no other.
    Triple(Triple),
}

impl PackTarget {
    /// Returns the architecture of the machines that the charm will run on.
    pub fn architecture(&self) -> Architecture {
        match self {
            Self::Architecture(architecture) => *architecture,
            Self::Triple(triple) => triple.architecture(),
        }
    }
}

impl fmt::Display for PackTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Architecture(architecture) => architecture.fmt(f),
            Self::Triple(triple) => triple.fmt(f),
        }
    }
}

impl FromStr for PackTarget {
    type Err = ParsePackTargetError;

    fn from_str(target: &str) -> Result<Self, Self::Err> {
        if let Ok(architecture) = target.parse() {
            return Ok(Self::Architecture(architecture));
        }
        if !target.contains('-') {
            let target = target.to_owned();
            return Err(ParsePackTargetError(Reason::Architecture { target }));
        }
        let triple = target.parse().map_err(|error| ParsePackTargetError(Reason::Triple(error)))?;
        Ok(Self::Triple(triple))
    }
}

/// The text is no [`PackTarget`]; the message quotes it and says which rule it
/// breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct ParsePackTargetError(Reason);

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Reason {
    #[error(
        "invalid target `{target}`: it is neither an architecture \
         (amd64, arm64, ppc64el, riscv64, s390x) nor a target of rustc"
    )]
    Architecture { target: String },
    #[error(transparent)]
    Triple(ParseTripleError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_an_architecture_or_a_triple() {
        assert_eq!("s390x".parse(), Ok(PackTarget::Architecture(Architecture::S390x)));
        let triple = "aarch64-unknown-linux-gnu";
        assert_eq!(triple.parse(), Ok(PackTarget::Triple(triple.parse().unwrap())));
    }

    #[test]
    fn refuses_anything_else() {
        assert_eq!(
            "x86".parse::<PackTarget>().unwrap_err().to_string(),
            "invalid target `x86`: it is neither an architecture \
             (amd64, arm64, ppc64el, riscv64, s390x) nor a target of rustc"
        );
        assert!("x86-64".parse::<PackTarget>().is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(text in "amd64|riscv64|x86_64-[a-z]{1,4}-linux-[a-z]{1,6}") {
            prop_assert_eq!(text.parse::<PackTarget>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<PackTarget>();
        }
    }
}
