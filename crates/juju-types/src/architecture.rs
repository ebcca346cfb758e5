//! The architectures that Juju supports.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// An architecture by Debian's name for it, as `manifest.yaml` lists them.
///
/// ```
/// use juju_types::Architecture;
///
/// let architecture: Architecture = "arm64".parse()?;
/// assert_eq!(architecture, Architecture::Arm64);
/// # Ok::<(), juju_types::ParseArchitectureError>(())
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum Architecture {
    /// 64-bit x86.
    Amd64,
    /// 64-bit Arm.
    Arm64,
    /// 64-bit PowerPC, little endian.
    Ppc64el,
    /// 64-bit RISC-V.
    Riscv64,
    /// IBM Z.
    S390x,
}

string_conversions!(Architecture);

impl Architecture {
    /// Returns the architecture that this program was compiled for, or nothing
    /// if Juju does not run on it.
    pub fn current() -> Option<Self> {
        if cfg!(target_arch = "x86_64") {
            Some(Self::Amd64)
        } else if cfg!(target_arch = "aarch64") {
            Some(Self::Arm64)
        } else if cfg!(all(target_arch = "powerpc64", target_endian = "little")) {
            Some(Self::Ppc64el)
        } else if cfg!(target_arch = "riscv64") {
            Some(Self::Riscv64)
        } else if cfg!(target_arch = "s390x") {
            Some(Self::S390x)
        } else {
            None
        }
    }

    /// Returns Debian's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
            Self::Ppc64el => "ppc64el",
            Self::Riscv64 => "riscv64",
            Self::S390x => "s390x",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Architecture {
    type Err = ParseArchitectureError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "amd64" => Ok(Self::Amd64),
            "arm64" => Ok(Self::Arm64),
            "ppc64el" => Ok(Self::Ppc64el),
            "riscv64" => Ok(Self::Riscv64),
            "s390x" => Ok(Self::S390x),
            _ => Err(ParseArchitectureError { name: name.to_owned() }),
        }
    }
}

/// The text is no [`Architecture`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid architecture `{name}`: it must be `amd64`, `arm64`, `ppc64el`, `riscv64` or `s390x`"
)]
pub struct ParseArchitectureError {
    name: String,
}

#[cfg(test)]
mod tests {
    use super::Architecture;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<Architecture>(&["x86_64"]), @"invalid architecture `x86_64`: it must be `amd64`, `arm64`, `ppc64el`, `riscv64` or `s390x`");
    }

    #[test]
    fn knows_what_it_was_compiled_for() {
        let expected = match std::env::consts::ARCH {
            "x86_64" => Some(Architecture::Amd64),
            "aarch64" => Some(Architecture::Arm64),
            "riscv64" => Some(Architecture::Riscv64),
            "s390x" => Some(Architecture::S390x),
            // The name does not tell the two byte orders apart.
            "powerpc64" => Architecture::current(),
            _ => None,
        };
        assert_eq!(Architecture::current(), expected);
    }
}
