//! The UUID of a model.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::text::string_conversions;

/// The UUID of a model, such as `cdac5656-2423-4388-8f30-41854b4cca7d`.
///
/// Only the form that Juju writes is read: with dashes, in lower case.
///
/// ```
/// use juju_types::ModelUuid;
///
/// let model: ModelUuid = "cdac5656-2423-4388-8f30-41854b4cca7d".parse()?;
/// assert_eq!(model.uuid().get_version_num(), 4);
/// # Ok::<(), juju_types::ParseModelUuidError>(())
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ModelUuid(Uuid);

string_conversions!(ModelUuid);

impl ModelUuid {
    /// Returns the UUID as a value of the `uuid` crate, for example to make
    /// other UUIDs from it.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for ModelUuid {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for ModelUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for ModelUuid {
    type Err = ParseModelUuidError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The uuid crate reads other forms too, which Juju refuses.
        match Uuid::try_parse(text) {
            Ok(uuid) if uuid.hyphenated().to_string() == text => Ok(Self(uuid)),
            _ => Err(ParseModelUuidError { text: text.to_owned() }),
        }
    }
}

/// The text is no [`ModelUuid`]; the message quotes it and says what it should look like.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid model uuid `{text}`: \
     it must be 8-4-4-4-12 lower-case hexadecimal digits with dashes between them"
)]
pub struct ParseModelUuidError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::ModelUuid;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["cdac5656242343888f3041854b4cca7d", "CDAC5656-2423-4388-8F30-41854B4CCA7D"];
        insta::assert_snapshot!(refusals::<ModelUuid>(&texts), @r"
        invalid model uuid `cdac5656242343888f3041854b4cca7d`: it must be 8-4-4-4-12 lower-case hexadecimal digits with dashes between them
        invalid model uuid `CDAC5656-2423-4388-8F30-41854B4CCA7D`: it must be 8-4-4-4-12 lower-case hexadecimal digits with dashes between them
        ");
    }
}
