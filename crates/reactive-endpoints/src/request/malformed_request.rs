//! A request that cannot be read.

use std::fmt;
use std::marker::PhantomData;

use crate::endpoint::related_unit::RelatedUnit;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::request::Request;
use crate::request::asked::Asked;
use crate::request::request_fields::{Defect, shortened};
use crate::request::request_id::RequestId;

/// A request of a unit at the other side that cannot be read. The others of the
/// same unit are not touched by that.
///
/// Its `Display` says which request it is and what is wrong, and never what is
/// in it, which may be a secret:
/// ``cannot read the request `1` of unit `app/0` in relation `jobs:3`: `name` is
/// missing``.
pub struct MalformedRequest<R> {
    /// Who asks, unless there is no id to respond to.
    asked: Option<Asked>,
    /// The key of the setting.
    key: String,
    unit: RelatedUnit,
    defect: Defect,
    request: PhantomData<fn() -> R>,
}

impl<R> MalformedRequest<R> {
    pub(crate) fn new(asked: Option<Asked>, key: &str, unit: &RelatedUnit, defect: Defect) -> Self {
        let (key, unit) = (key.to_owned(), unit.clone());
        Self { asked, key, unit, defect, request: PhantomData }
    }

    /// Returns the id, if it has a valid one of its own.
    pub fn request_id(&self) -> Option<&RequestId> {
        self.asked.as_ref().map(|asked| &asked.id)
    }

    /// Returns the unit that asks.
    pub fn unit(&self) -> &RelatedUnit {
        &self.unit
    }

    /// Returns the relation.
    pub fn relation(&self) -> &Relation {
        self.unit.relation()
    }

    pub(crate) fn asked(&self) -> Option<&Asked> {
        self.asked.as_ref()
    }
}

impl<R: Request> MalformedRequest<R> {
    /// Responds all the same, such as with a refusal, if there is an
    /// [id](Self::request_id) to respond to.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`](crate::PublishError) if the response cannot
    /// be written as a JSON object, and a
    /// [`ToolError`](juju_hook_env::ToolError) if what is published already
    /// cannot be read.
    pub fn respond(&self, response: &R::Response) -> Result {
        self.asked.as_ref().map_or(Ok(()), |asked| asked.respond(response))
    }
}

impl<R> fmt::Display for MalformedRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = shortened(self.key.strip_prefix(RequestId::REQUEST_PREFIX).unwrap_or(&self.key));
        let (unit, relation) = (self.unit.unit_name(), self.relation().relation_id());
        let defect = &self.defect;
        write!(
            f,
            "cannot read the request `{name}` of unit `{unit}` in relation `{relation}`: {defect}"
        )
    }
}

impl<R> fmt::Debug for MalformedRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MalformedRequest({self})")
    }
}
