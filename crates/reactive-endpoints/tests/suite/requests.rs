//! Requests and responses, between two applications in a simulated model.

pub(crate) mod model;
mod requester;
mod responder;
mod sync;
