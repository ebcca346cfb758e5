//! A response of a unit at the other side.

use std::fmt;
use std::ops::Deref;

use crate::endpoint::related_unit::RelatedUnit;
use crate::request::Request;
use crate::request::request_id::RequestId;

/// A response of a unit at the other side to a request of this unit: the
/// author's own value, and who has responded.
pub struct ReceivedResponse<R: Request> {
    id: RequestId,
    unit: RelatedUnit,
    response: R::Response,
}

impl<R: Request> ReceivedResponse<R> {
    pub(crate) fn new(id: &RequestId, unit: &RelatedUnit, response: R::Response) -> Self {
        Self { id: id.clone(), unit: unit.clone(), response }
    }

    /// Returns the id of the request.
    pub fn request_id(&self) -> &RequestId {
        &self.id
    }

    /// Returns the unit that has responded.
    pub fn unit(&self) -> &RelatedUnit {
        &self.unit
    }

    /// Returns the value alone.
    pub fn into_inner(self) -> R::Response {
        self.response
    }
}

impl<R: Request> Deref for ReceivedResponse<R> {
    type Target = R::Response;

    fn deref(&self) -> &R::Response {
        &self.response
    }
}

impl<R: Request> fmt::Debug for ReceivedResponse<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The fields may be secret.
        write!(f, "ReceivedResponse({} of {:?})", self.id, self.unit)
    }
}
