//! The id of a request.

use std::fmt;
use std::str::FromStr;

use juju_hook_env::HookEnv;
use juju_types::{ModelUuid, RelationId};
use sha1::{Digest as _, Sha1};
use thiserror::Error;
use uuid::{Builder, Uuid};

use crate::request::RequestOwner;

/// The id of a request. It is a UUID if this crate or Python has made it, and
/// may be another text if the charm at the other side has a way of its own.
///
/// ```
/// use reactive_endpoints::RequestId;
///
/// let id: RequestId = "prod_exporter".parse()?;
/// assert_eq!(id.to_string(), "prod_exporter");
/// # Ok::<(), reactive_endpoints::ParseRequestIdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RequestId(String);

impl RequestId {
    /// The keys of requests begin with it.
    pub(crate) const REQUEST_PREFIX: &'static str = "request_";

    /// The keys of responses begin with it.
    pub(crate) const RESPONSE_PREFIX: &'static str = "response_";

    /// How many bytes an id may have.
    const MAX_LENGTH: usize = 255;

    /// Makes an id that nobody else has.
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// Makes the id that a request of that key has in a relation: a UUID of
    /// version 5, which is the same in each run. `attempt` tells apart those of
    /// one key.
    pub(crate) fn of_key(
        env: &HookEnv,
        owner: RequestOwner,
        relation: &RelationId,
        key: &str,
        attempt: usize,
    ) -> Self {
        let owner = match owner {
            RequestOwner::Application => env.unit().application().to_string(),
            RequestOwner::Unit => env.unit().to_string(),
        };
        let model = env.model_uuid().map_or(Uuid::nil(), ModelUuid::uuid);
        let name = format!("{owner}\n{}\n{attempt}\n{key}", relation.number());
        let digest = Sha1::new().chain_update(model.as_bytes()).chain_update(name).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(Builder::from_sha1_bytes(bytes).into_uuid().to_string())
    }

    /// Returns the key of the setting that the request is in.
    pub(crate) fn request_key(&self) -> String {
        format!("{}{self}", Self::REQUEST_PREFIX)
    }

    /// Returns the key of the setting that its response is in.
    pub(crate) fn response_key(&self) -> String {
        format!("{}{self}", Self::RESPONSE_PREFIX)
    }
}

impl AsRef<str> for RequestId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for RequestId {
    type Err = ParseRequestIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseRequestIdError { id: id.to_owned(), rule };
        if id.is_empty() {
            return Err(reject("it must not be empty"));
        }
        if id.len() > Self::MAX_LENGTH {
            return Err(reject("it must not be longer than 255 bytes"));
        }
        if id.contains(char::is_control) {
            return Err(reject("control characters are not allowed"));
        }
        Ok(Self(id.to_owned()))
    }
}

/// The text is no [`RequestId`]; the message quotes it and says which rule it
/// breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid request id `{}`: {rule}", id.escape_debug())]
pub struct ParseRequestIdError {
    id: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(unit: &str, owner: RequestOwner, relation: u32, key: &str) -> Uuid {
        let env = HookEnv::from_pairs([
            ("JUJU_CHARM_DIR", "/charm"),
            ("JUJU_CONTEXT_ID", "1"),
            ("JUJU_MODEL_NAME", "prod"),
            ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
            ("JUJU_UNIT_NAME", unit),
            ("JUJU_VERSION", "3.6.28"),
        ]);
        let relation = relation.to_string().parse().unwrap();
        RequestId::of_key(&env.unwrap(), owner, &relation, key, 0).as_ref().parse().unwrap()
    }

    #[test]
    fn quotes_the_text_and_the_rule() {
        let error = |id: &str| id.parse::<RequestId>().unwrap_err().to_string();
        insta::assert_snapshot!(error(""), @"invalid request id ``: it must not be empty");
        insta::assert_snapshot!(error("a\nb"), @r"invalid request id `a\nb`: control characters are not allowed");
        assert!(error(&"a".repeat(256)).ends_with("it must not be longer than 255 bytes"));
    }

    #[test]
    fn a_key_gives_the_same_id_in_each_run_and_another_one_elsewhere() {
        let unit = |unit: &str, relation, key| id_of(unit, RequestOwner::Unit, relation, key);
        let id = unit("app/0", 7, "node");
        assert_eq!(id.get_version_num(), 5);
        // What `uuid.uuid5` of Python makes of the same name.
        assert_eq!(id.to_string(), "9f7330d1-b440-5968-8185-18d1e1c440c5");
        assert_ne!(id, unit("app/1", 7, "node"));
        assert_ne!(id, unit("app/0", 8, "node"));
        assert_ne!(id, unit("app/0", 7, "nodes"));
        let application = |unit| id_of(unit, RequestOwner::Application, 7, "node");
        assert_eq!(application("app/0"), application("app/1"));
        assert_ne!(application("app/0"), id);
    }
}
