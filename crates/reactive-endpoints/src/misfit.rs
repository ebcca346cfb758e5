//! Why data do not fit a type.

use std::fmt::Display;

use thiserror::Error;

/// Why data do not fit a type, without a word of the data, which may be secret:
/// errors end up in logs and statuses.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub(crate) struct Misfit(String);

impl Misfit {
    /// What is said of a text that is no JSON.
    pub(crate) const NOT_JSON: &str = "it is not JSON";

    /// Takes from the error of a deserializer what the type says.
    pub(crate) fn of(error: &impl Display) -> Self {
        let text = error.to_string();
        let of_the_type = text.starts_with("missing field `") || text == Self::NOT_JSON;
        Self(match text.rsplit_once(", expected ") {
            _ if of_the_type => text,
            // The words of serde: what is expected comes last.
            Some((_, expected)) => format!("expected {expected}"),
            None => "it does not fit".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::IpAddr;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Fast,
        Slow,
    }

    #[derive(Debug, Deserialize)]
    struct Login {
        #[expect(dead_code, reason = "nobody comes that far")]
        password: String,
    }

    #[test]
    fn says_what_the_type_wants_and_nothing_of_the_data() {
        fn misfit<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
            Misfit::of(&serde_json::from_str::<T>(text).unwrap_err()).to_string()
        }
        insta::assert_snapshot!(misfit::<u16>(r#""hunter2""#), @"expected u16 at line 1 column 9");
        insta::assert_snapshot!(misfit::<u16>(r#""a, expected secret""#), @"expected u16 at line 1 column 20");
        insta::assert_snapshot!(misfit::<u8>("70000"), @"expected u8 at line 1 column 5");
        insta::assert_snapshot!(misfit::<Mode>(r#""hunter2""#), @"expected `fast` or `slow` at line 1 column 9");
        insta::assert_snapshot!(misfit::<Login>("{}"), @"missing field `password` at line 1 column 2");
        insta::assert_snapshot!(misfit::<IpAddr>(r#""hunter2""#), @"it does not fit");
        insta::assert_snapshot!(misfit::<BTreeMap<String, u8>>("hunter2"), @"it does not fit");
    }
}
