//! A request of a unit at the other side.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use juju_hook_env::{Address, Subnet};

use crate::endpoint::related_unit::RelatedUnit;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::request::Request;
use crate::request::asked::Asked;
use crate::request::request_id::RequestId;

/// A request of a unit at the other side: the author's own value, and who asks.
///
/// [`ResponderEndpoint`](crate::ResponderEndpoint) has them. What this side
/// asks itself is a [`CreatedRequest`](crate::CreatedRequest), which cannot be
/// responded to. Clones are the same request.
pub struct ReceivedRequest<R>(Rc<Inner<R>>);

struct Inner<R> {
    asked: Asked,
    request: R,
}

impl<R: Request> ReceivedRequest<R> {
    pub(crate) fn new(asked: Asked, request: R) -> Self {
        Self(Rc::new(Inner { asked, request }))
    }

    /// Responds to the request as it is, or replaces the response.
    ///
    /// The request is not new any more, until it changes. The response is sent
    /// at the end of the run; a run that fails has not responded.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`](crate::PublishError) if the response cannot
    /// be written as a JSON object, and a
    /// [`ToolError`](juju_hook_env::ToolError) if what is published already
    /// cannot be read.
    pub fn respond(&self, response: &R::Response) -> Result {
        self.0.asked.respond(response)
    }

    /// Returns what this unit has responded, be it to an earlier version of the
    /// request.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if what is published
    /// cannot be read.
    pub fn response(&self) -> Result<Option<R::Response>> {
        self.0.asked.response()
    }

    /// Tells whether this unit has not responded to the request yet, or not
    /// since it was changed.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if what is published
    /// cannot be read.
    pub fn is_new(&self) -> Result<bool> {
        self.0.asked.is_new()
    }
}

impl<R> ReceivedRequest<R> {
    /// Returns the id. Only within one unit is it sure to be unique.
    pub fn request_id(&self) -> &RequestId {
        &self.0.asked.id
    }

    /// Returns the unit that asks.
    pub fn unit(&self) -> &RelatedUnit {
        &self.0.asked.unit
    }

    /// Returns the relation.
    pub fn relation(&self) -> &Relation {
        self.unit().relation()
    }

    /// Returns the address to reach the unit at that asks, if it is known.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn ingress_address(&self) -> Result<Option<Address>> {
        Ok(self.unit().received()?.ingress_address())
    }

    /// Returns the subnets that the traffic of the unit comes from that asks.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn egress_subnets(&self) -> Result<Vec<Subnet>> {
        Ok(self.unit().received()?.egress_subnets())
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.0.asked
    }
}

impl<R> Deref for ReceivedRequest<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.0.request
    }
}

impl<R> Clone for ReceivedRequest<R> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<R> fmt::Debug for ReceivedRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The fields may be secret.
        write!(f, "ReceivedRequest({} of {:?})", self.request_id(), self.unit())
    }
}
