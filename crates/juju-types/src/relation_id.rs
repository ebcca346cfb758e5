//! The id of a relation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::endpoint_name::EndpointName;
use crate::text::{compare_by_key, parse_number, string_conversions};

/// The id of a relation: a number, with or without the endpoint it is seen
/// from, such as `7` or `db:7`.
///
/// Only the number identifies the relation; Juju does not even look at the
/// endpoint. So equality, order and hash go by the number.
///
/// ```
/// use juju_types::RelationId;
///
/// let relation: RelationId = "db:7".parse()?;
/// assert_eq!(relation.number(), 7);
/// assert_eq!(relation, "7".parse()?);
/// # Ok::<(), juju_types::ParseRelationIdError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct RelationId {
    endpoint: Option<EndpointName>,
    number: u32,
}

compare_by_key!(RelationId);
string_conversions!(RelationId);

impl RelationId {
    /// Names the relation `number`, seen from `endpoint`.
    pub fn new(endpoint: EndpointName, number: u32) -> Self {
        Self { endpoint: Some(endpoint), number }
    }

    /// Returns the endpoint that the id was written with.
    pub fn endpoint(&self) -> Option<&EndpointName> {
        self.endpoint.as_ref()
    }

    /// Returns the number of the relation, unique in the model.
    pub fn number(&self) -> u32 {
        self.number
    }

    fn key(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for RelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(endpoint) = &self.endpoint {
            write!(f, "{endpoint}:")?;
        }
        self.number.fmt(f)
    }
}

impl FromStr for RelationId {
    type Err = ParseRelationIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseRelationIdError { id: id.to_owned(), rule };
        let (endpoint, number) = match id.split_once(':') {
            Some((endpoint, number)) => {
                let endpoint = endpoint
                    .parse()
                    .map_err(|_| reject("a valid endpoint name must stand before `:`"))?;
                (Some(endpoint), number)
            }
            None => (None, id),
        };
        let number = parse_number(number).ok_or_else(|| {
            reject("it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros")
        })?;
        Ok(Self { endpoint, number })
    }
}

/// The text is no [`RelationId`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid relation id `{id}`: {rule}")]
pub struct ParseRelationIdError {
    id: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::RelationId;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "db", "db:07", "Db:7", ":7"];
        insta::assert_snapshot!(refusals::<RelationId>(&texts), @r"
        invalid relation id ``: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros
        invalid relation id `db`: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros
        invalid relation id `db:07`: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros
        invalid relation id `Db:7`: a valid endpoint name must stand before `:`
        invalid relation id `:7`: a valid endpoint name must stand before `:`
        ");
    }

    #[test]
    fn compares_by_the_number_only() {
        let db = RelationId::new("db".parse().unwrap(), 7);
        let bare: RelationId = "7".parse().unwrap();
        let ten: RelationId = "app:10".parse().unwrap();
        assert_eq!(db, bare);
        assert!(db < ten);
        assert_eq!(HashSet::from([db, bare]).len(), 1);
    }

    #[test]
    fn keeps_the_endpoint_it_was_written_with() {
        let db: RelationId = "db:7".parse().unwrap();
        assert_eq!(db.endpoint().unwrap().as_str(), "db");
        assert_eq!("7".parse::<RelationId>().unwrap().endpoint(), None);
    }
}
