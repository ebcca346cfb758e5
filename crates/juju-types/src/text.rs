//! What the nouns share: their conversions to and from text, and the rules
//! that more than one kind of name obeys.
//!
//! A rule is a phrase that completes the sentence "invalid … name `x`: …".

/// Implements the conversions to and from `String` that serde goes through.
macro_rules! string_conversions {
    ($noun:ty) => {
        impl From<$noun> for String {
            fn from(noun: $noun) -> Self {
                noun.to_string()
            }
        }

        impl TryFrom<String> for $noun {
            type Error = <$noun as std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}
pub(crate) use string_conversions;

/// Implements what every noun has that is a tuple struct of one `String`.
macro_rules! text_noun {
    ($noun:ident) => {
        impl $noun {
            /// Returns the text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $noun {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $noun {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        $crate::text::string_conversions!($noun);
    };
}
pub(crate) use text_noun;

/// Implements equality, order and hash of a noun by what its method `key`
/// returns, for nouns that can be written in more than one way.
macro_rules! compare_by_key {
    ($noun:ty) => {
        impl PartialEq for $noun {
            fn eq(&self, other: &Self) -> bool {
                self.key() == other.key()
            }
        }

        impl Eq for $noun {}

        impl PartialOrd for $noun {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $noun {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.key().cmp(&other.key())
            }
        }

        impl std::hash::Hash for $noun {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.key().hash(state);
            }
        }
    };
}
pub(crate) use compare_by_key;

/// Checks the form that applications, charms and storages have in common.
pub(crate) fn check_dashed_name(name: &str) -> Result<(), &'static str> {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err("it must start with a lower-case letter");
    }
    if name.contains(|c: char| !is_lowercase_or_digit(c) && c != '-') {
        return Err("only lower-case letters, digits and dashes are allowed");
    }
    if name.split('-').any(|part| !part.contains(|c: char| c.is_ascii_lowercase())) {
        return Err("each part between dashes needs a letter");
    }
    Ok(())
}

/// Checks that a name can be a file name, for names that Juju itself leaves
/// nearly free.
pub(crate) fn check_file_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("it must not be empty");
    }
    if name == "." || name == ".." || name.contains('/') {
        return Err("it must be one component of a path");
    }
    if name.contains(char::is_control) {
        return Err("control characters are not allowed");
    }
    Ok(())
}

/// Reads a number as Juju writes it: decimal, without sign or leading zeros.
pub(crate) fn parse_number(text: &str) -> Option<u32> {
    let digits_only = text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits_only && !leading_zero { text.parse().ok() } else { None }
}

pub(crate) fn is_lowercase_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Returns the messages with which a noun refuses each of the texts.
#[cfg(test)]
#[track_caller]
pub(crate) fn refusals<T>(texts: &[&str]) -> String
where
    T: std::fmt::Debug + std::str::FromStr<Err: std::fmt::Display>,
{
    let refusal = |text: &&str| match text.parse::<T>() {
        Ok(noun) => panic!("`{text}` was read as {noun:?}"),
        Err(error) => error.to_string(),
    };
    texts.iter().map(refusal).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::parse_number;

    #[test]
    fn reads_numbers_only_as_juju_writes_them() {
        assert_eq!(parse_number("0"), Some(0));
        assert_eq!(parse_number("4294967295"), Some(u32::MAX));
        for text in ["", "00", "07", "+1", "-1", "1 ", "4294967296", "１"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
