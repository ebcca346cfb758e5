//! The id of one storage instance.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::storage_name::StorageName;
use crate::text::{parse_number, string_conversions};

/// The id of one instance of a storage, such as `data/0`.
///
/// Ids are ordered by name, then by number.
///
/// ```
/// use juju_types::StorageId;
///
/// let storage: StorageId = "data/0".parse()?;
/// assert_eq!(storage.name().as_str(), "data");
/// # Ok::<(), juju_types::ParseStorageIdError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct StorageId {
    // The order of the fields is the order of ids.
    name: StorageName,
    number: u32,
}

string_conversions!(StorageId);

impl StorageId {
    /// Names the instance `number` of the storage `name`.
    pub fn new(name: StorageName, number: u32) -> Self {
        Self { name, number }
    }

    /// Returns the name that the charm's metadata gives the storage.
    pub fn name(&self) -> &StorageName {
        &self.name
    }

    /// Returns the number of the instance, unique in the model.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for StorageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name, self.number)
    }
}

impl FromStr for StorageId {
    type Err = ParseStorageIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseStorageIdError { id: id.to_owned(), rule };
        let (name, number) =
            id.split_once('/').ok_or_else(|| reject("it must be `NAME/NUMBER`"))?;
        let name =
            name.parse().map_err(|_| reject("a valid storage name must stand before `/`"))?;
        let number = parse_number(number)
            .ok_or_else(|| reject("a number without leading zeros must stand after `/`"))?;
        Ok(Self { name, number })
    }
}

/// The text is no [`StorageId`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid storage id `{id}`: {rule}")]
pub struct ParseStorageIdError {
    id: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::StorageId;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["data", "my_data/0", "data/x"];
        insta::assert_snapshot!(refusals::<StorageId>(&texts), @r"
        invalid storage id `data`: it must be `NAME/NUMBER`
        invalid storage id `my_data/0`: a valid storage name must stand before `/`
        invalid storage id `data/x`: a number without leading zeros must stand after `/`
        ");
    }

    #[test]
    fn orders_by_name_then_by_number() {
        let two = StorageId::new("data".parse().unwrap(), 2);
        let ten: StorageId = "data/10".parse().unwrap();
        assert!(two < ten);
        assert_eq!(ten.number(), 10);
    }
}
