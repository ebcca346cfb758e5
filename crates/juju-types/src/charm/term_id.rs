//! The id of terms that a user must agree to.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The id of terms that a user must agree to before deploying a charm, such as
/// `name`, `owner/name/3` or `cs:owner/name`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TermId(String);

impl TermId {
    /// Returns the text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TermId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TermId {
    type Err = ParseTermIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_term(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseTermIdError { text: text.to_owned() })
        }
    }
}

/// The text is no [`TermId`]; the message quotes it and says what it should look like.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid term `{text}`: it must look like `[TENANT:][OWNER/]NAME[/REVISION]`")]
pub struct ParseTermIdError {
    text: String,
}

fn is_term(text: &str) -> bool {
    let (tenant, id) = match text.split_once(':') {
        Some((tenant, id)) => (Some(tenant), id),
        None => (None, text),
    };
    let parts: Vec<&str> = id.split('/').collect();
    let is_valid = match *parts {
        [name] => is_name(name),
        [name, revision] if is_number(revision) => is_name(name),
        [owner, name] => is_owner(owner) && is_name(name),
        [owner, name, revision] => is_owner(owner) && is_name(name) && is_number(revision),
        _ => false,
    };
    is_valid && tenant.is_none_or(|tenant| tenant.is_empty() || is_name(tenant))
}

/// Lower-case words of letters and digits with single dashes between them, two
/// characters at least, a letter first.
fn is_name(text: &str) -> bool {
    text.len() >= 2
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.split('-').all(|word| !word.is_empty())
}

/// A user of Juju, perhaps with a domain; an empty one is none.
fn is_owner(text: &str) -> bool {
    text.is_empty()
        || text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+-@".contains(c))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::TermId;

    #[test]
    fn accepts_the_forms_of_juju() {
        for text in [
            "enterprise",
            "canonical/enterprise",
            "enterprise/3",
            "a.b@c/terms-1/27",
            "cs:me/terms",
        ] {
            assert_eq!(text.parse::<TermId>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "a",
            "Post a picture",
            "terms-",
            "te--rms",
            "me/terms/x",
            "a/b/1/2",
            "-me/terms",
            "X:terms",
        ] {
            assert!(text.parse::<TermId>().is_err(), "{text}");
        }
        insta::assert_snapshot!(
            "My terms".parse::<TermId>().unwrap_err(),
            @"invalid term `My terms`: it must look like `[TENANT:][OWNER/]NAME[/REVISION]`"
        );
    }
}
