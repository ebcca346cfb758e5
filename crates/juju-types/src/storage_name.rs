//! The name of a storage of a charm.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{check_dashed_name, text_noun};

/// The name of a storage in a charm's metadata, such as `data`.
///
/// It has the form of an application name. One instance of it is a
/// [`StorageId`](crate::StorageId).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct StorageName(String);

text_noun!(StorageName);

impl FromStr for StorageName {
    type Err = ParseStorageNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check_dashed_name(name)
            .map_err(|rule| ParseStorageNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`StorageName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid storage name `{name}`: {rule}")]
pub struct ParseStorageNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::StorageName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<StorageName>(&["my_data"]), @"invalid storage name `my_data`: only lower-case letters, digits and dashes are allowed");
    }
}
