//! How text that came from outside is shown in messages.

/// The most characters of a culprit that a message quotes.
const LONGEST: usize = 80;

/// Returns `text` as a message can quote it: without control characters, and
/// shortened, because what comes from a bus or a file has no limit of its own.
pub(crate) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String =
        characters.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

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

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn escapes_and_shortens() {
        assert_eq!(shown("a`b\n\u{1b}"), "a`b\\n\\u{1b}");
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shown(&"é".repeat(81)), "é".repeat(80) + "…");
    }
}
