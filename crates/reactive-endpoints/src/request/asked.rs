//! What a unit asks.

use juju_types::RelationId;
use python_json::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::endpoint::related_unit::RelatedUnit;
use crate::failure::Result;
use crate::request::answers::Answers;
use crate::request::request_fields::RequestFields;
use crate::request::request_id::RequestId;
use crate::state::data_digest::key_of;

/// What a unit asks, whether or not it can be read: who asks, under which id,
/// and which version of it this is.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) answers: Answers,
    pub(crate) id: RequestId,
    /// The key of the setting.
    pub(crate) key: String,
    pub(crate) unit: RelatedUnit,
    pub(crate) version: Digest,
}

impl Asked {
    pub(crate) fn relation_id(&self) -> &RelationId {
        self.unit.relation().relation_id()
    }

    /// Returns the key of the row with the digest by which the flag `changed`
    /// follows the setting, as Python has it.
    pub(crate) fn seen_key(&self) -> String {
        let relation = self.unit.relation();
        let endpoint = relation.endpoint_name();
        let (id, name) = (relation.relation_id(), self.unit.unit_name());
        key_of(&format!("endpoint.{endpoint}.{id}.{name}.{}", self.key))
    }

    /// Tells whether this unit has published a response, to whatever version.
    pub(crate) fn has_response(&self) -> Result<bool> {
        let published = self.unit.relation().to_publish()?;
        // Python takes a response back by making it null.
        Ok(published.get_raw(&self.id.response_key()).is_some_and(|text| text != "null"))
    }

    pub(crate) fn is_new(&self) -> Result<bool> {
        Ok(!self.has_response()? || !self.answers.contains(self)?)
    }

    /// Returns what this unit has published as the response.
    pub(crate) fn response<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        let published = self.unit.relation().to_publish()?;
        let Some(text) = published.get_raw(&self.id.response_key()) else { return Ok(None) };
        let read = RequestFields::read(&text)
            .and_then(|fields| fields.map(RequestFields::parse).transpose());
        Ok(read.unwrap_or_else(|defect| {
            let relation = self.relation_id();
            tracing::warn!(
                "cannot read the own response `{}` in relation `{relation}`: {defect}",
                self.id
            );
            None
        }))
    }

    pub(crate) fn respond<T: Serialize>(&self, response: &T) -> Result {
        let published = self.unit.relation().to_publish()?;
        let key = self.id.response_key();
        let fields = RequestFields::of(response).map_err(|source| published.error(&key, source))?;
        published.set_raw(&key, fields.to_string());
        // An answer that is the same as before changes a flag all the same.
        published.touch();
        self.answers.note(self)
    }
}
