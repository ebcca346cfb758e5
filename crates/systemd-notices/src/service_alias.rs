//! The name of a service within the names of its events.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{shown, string_conversions};

/// The name of a service within the names of its events, such as `web` in
/// `service-web-started`.
///
/// Lower-case letters and digits, in parts between single dashes.
/// [`derive`](Self::derive) makes one of any text.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ServiceAlias(String);

string_conversions!(ServiceAlias);

impl ServiceAlias {
    /// Makes an alias of `text`: letters become lower case, whatever is
    /// neither an ASCII letter nor a digit becomes a dash, several of them
    /// one, and none stays at either end.
    ///
    /// ```
    /// use systemd_notices::ServiceAlias;
    ///
    /// assert_eq!(ServiceAlias::derive("nginx")?.as_str(), "nginx");
    /// assert_eq!(ServiceAlias::derive("my_App@eu.west")?.as_str(), "my-app-eu-west");
    /// assert!(ServiceAlias::derive("-").is_err());
    /// # Ok::<(), systemd_notices::ParseServiceAliasError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if `text` has neither a letter nor a digit.
    pub fn derive(text: &str) -> Result<Self, ParseServiceAliasError> {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            let rule = "it needs an ASCII letter or a digit";
            return Err(ParseServiceAliasError { alias: shown(text), rule });
        }
        Ok(Self(parts.join("-").to_ascii_lowercase()))
    }

    /// Returns the text of the alias.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceAlias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ServiceAlias {
    type Err = ParseServiceAliasError;

    fn from_str(alias: &str) -> Result<Self, Self::Err> {
        let derived = Self::derive(alias)?;
        if derived.0 == alias {
            return Ok(derived);
        }
        let rule = "only lower-case letters, digits and single dashes between them are allowed";
        Err(ParseServiceAliasError { alias: shown(alias), rule })
    }
}

/// The text is no [`ServiceAlias`]; the message quotes it and says which rule
/// it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid alias of a service `{alias}`: {rule}")]
pub struct ParseServiceAliasError {
    alias: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ServiceAlias;

    #[test]
    fn derives_an_alias_of_any_name() {
        for (text, alias) in [
            ("nginx", "nginx"),
            ("UPPER", "upper"),
            ("snap.lxd.daemon", "snap-lxd-daemon"),
            ("with_under__score", "with-under-score"),
            (r"inst@a\x2db", "inst-a-x2db"),
            ("-.mount", "mount"),
            ("389ds", "389ds"),
            ("wéb", "w-b"),
        ] {
            assert_eq!(ServiceAlias::derive(text).unwrap().as_str(), alias);
        }
    }

    #[test]
    fn quotes_the_text_and_the_rule() {
        let refusal = |text: &str| text.parse::<ServiceAlias>().unwrap_err().to_string();
        let refusals = ["", "_", "Web", "a--b", "-a", "a-", "a_b"].map(refusal).join("\n");
        insta::assert_snapshot!(refusals, @r"
        invalid alias of a service ``: it needs an ASCII letter or a digit
        invalid alias of a service `_`: it needs an ASCII letter or a digit
        invalid alias of a service `Web`: only lower-case letters, digits and single dashes between them are allowed
        invalid alias of a service `a--b`: only lower-case letters, digits and single dashes between them are allowed
        invalid alias of a service `-a`: only lower-case letters, digits and single dashes between them are allowed
        invalid alias of a service `a-`: only lower-case letters, digits and single dashes between them are allowed
        invalid alias of a service `a_b`: only lower-case letters, digits and single dashes between them are allowed
        ");
    }

    proptest! {
        #[test]
        fn what_is_derived_parses(text: String) {
            if let Ok(alias) = ServiceAlias::derive(&text) {
                prop_assert_eq!(&alias.to_string().parse::<ServiceAlias>().unwrap(), &alias);
            }
            let _ = text.parse::<ServiceAlias>();
        }
    }
}
