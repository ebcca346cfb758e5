//! The user that a charm runs as.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The user that a Kubernetes charm runs as, from Juju 3.6 on.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum CharmUser {
    /// A user without any rights.
    NonRoot,
    /// The user root.
    Root,
    /// A user that may use `sudo`.
    Sudoer,
}

impl fmt::Display for CharmUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NonRoot => "non-root",
            Self::Root => "root",
            Self::Sudoer => "sudoer",
        })
    }
}

impl FromStr for CharmUser {
    type Err = ParseCharmUserError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "non-root" => Ok(Self::NonRoot),
            "root" => Ok(Self::Root),
            "sudoer" => Ok(Self::Sudoer),
            _ => Err(ParseCharmUserError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`CharmUser`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid charm user `{word}`: it must be `non-root`, `root` or `sudoer`")]
pub struct ParseCharmUserError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::CharmUser;

    #[test]
    fn gives_back_what_was_parsed() {
        for word in ["non-root", "root", "sudoer"] {
            assert_eq!(word.parse::<CharmUser>().unwrap().to_string(), word);
        }
    }

    #[test]
    fn quotes_another_word() {
        insta::assert_snapshot!(
            "toor".parse::<CharmUser>().unwrap_err(),
            @"invalid charm user `toor`: it must be `non-root`, `root` or `sudoer`"
        );
    }
}
