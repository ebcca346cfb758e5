//! The name by which rustc knows a kind of machine.

use std::{fmt, str::FromStr};

use juju_types::Architecture;
use thiserror::Error;

/// A target of rustc on which a charm can run, such as
/// `x86_64-unknown-linux-musl`.
///
/// ```
/// use cargo_charm::Triple;
/// use juju_types::Architecture;
///
/// let triple: Triple = "aarch64-unknown-linux-musl".parse()?;
/// assert_eq!(triple.architecture(), Architecture::Arm64);
///
/// assert!("wasm32-unknown-unknown".parse::<Triple>().is_err());
/// # Ok::<(), cargo_charm::ParseTripleError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Triple {
    text: String,
    architecture: Architecture,
}

impl Triple {
    /// Returns the architecture as Juju and Debian call it.
    pub fn architecture(&self) -> Architecture {
        self.architecture
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Tells whether the C library is musl, which is made to be linked
    /// statically.
    pub(crate) fn is_musl(&self) -> bool {
        self.text.contains("-musl")
    }

    /// Returns the targets that suit an architecture, the best first.
    pub(crate) fn candidates(architecture: Architecture) -> Vec<Self> {
        let cpu = match architecture {
            Architecture::Amd64 => "x86_64",
            Architecture::Arm64 => "aarch64",
            Architecture::Ppc64el => "powerpc64le",
            Architecture::Riscv64 => "riscv64gc",
            Architecture::S390x => "s390x",
            // Debian's name is the best guess for what Juju may learn to run.
            other => other.as_str(),
        };
        // Nobody distributes Rust's library for musl on s390x.
        let libraries: &[&str] =
            if architecture == Architecture::S390x { &["gnu"] } else { &["musl", "gnu"] };
        libraries
            .iter()
            .map(|library| Self { text: format!("{cpu}-unknown-linux-{library}"), architecture })
            .collect()
    }
}

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Triple {
    type Err = ParseTripleError;

    fn from_str(triple: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseTripleError { triple: triple.to_owned(), rule };
        let architecture = architecture_of(triple).ok_or_else(|| reject(Rule::Architecture))?;
        let has_plain_characters =
            triple.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let is_linux = triple.split('-').skip(1).any(|part| part == "linux");
        if !is_linux || !has_plain_characters {
            return Err(reject(Rule::Linux));
        }
        Ok(Self { text: triple.to_owned(), architecture })
    }
}

/// Returns the architecture of a target, also of one that is not Linux.
pub(crate) fn architecture_of(triple: &str) -> Option<Architecture> {
    match triple.split('-').next()? {
        "x86_64" => Some(Architecture::Amd64),
        "aarch64" => Some(Architecture::Arm64),
        "powerpc64le" => Some(Architecture::Ppc64el),
        "s390x" => Some(Architecture::S390x),
        cpu if cpu.starts_with("riscv64") => Some(Architecture::Riscv64),
        _ => None,
    }
}

/// The text is no [`Triple`]; the message quotes it and says which rule it
/// breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid target `{triple}`: {rule}")]
pub struct ParseTripleError {
    triple: String,
    rule: Rule,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Rule {
    Architecture,
    Linux,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Architecture => {
                "a charm runs on x86_64, aarch64, powerpc64le, riscv64 or s390x machines"
            }
            Self::Linux => {
                "a charm runs on Linux, so it is to look like `x86_64-unknown-linux-musl`"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_the_architecture() {
        let of = |text: &str| text.parse::<Triple>().unwrap().architecture();
        assert_eq!(of("x86_64-unknown-linux-gnu"), Architecture::Amd64);
        assert_eq!(of("riscv64gc-unknown-linux-musl"), Architecture::Riscv64);
        assert_eq!(of("s390x-unknown-linux-gnu"), Architecture::S390x);
    }

    #[test]
    fn refuses_what_is_not_linux_on_an_architecture_of_juju() {
        let error = |text: &str| text.parse::<Triple>().unwrap_err().to_string();
        assert_eq!(
            error("i686-unknown-linux-gnu"),
            "invalid target `i686-unknown-linux-gnu`: \
             a charm runs on x86_64, aarch64, powerpc64le, riscv64 or s390x machines"
        );
        assert_eq!(
            error("x86_64-apple-darwin"),
            "invalid target `x86_64-apple-darwin`: \
             a charm runs on Linux, so it is to look like `x86_64-unknown-linux-musl`"
        );
    }

    #[test]
    fn prefers_musl() {
        let of = |architecture: Architecture| {
            Triple::candidates(architecture).iter().map(Triple::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            of(Architecture::Ppc64el),
            ["powerpc64le-unknown-linux-musl", "powerpc64le-unknown-linux-gnu"]
        );
        assert_eq!(of(Architecture::S390x), ["s390x-unknown-linux-gnu"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(text in "(x86_64|aarch64|s390x)-[a-z]{1,4}-linux-[a-z]{1,6}") {
            prop_assert_eq!(text.parse::<Triple>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<Triple>();
        }
    }
}
