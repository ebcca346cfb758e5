//! What one side of a relation asks of the other.

pub(crate) mod answers;
pub(crate) mod asked;
pub(crate) mod created_request;
pub(crate) mod malformed_request;
pub(crate) mod received_request;
pub(crate) mod received_requests;
pub(crate) mod received_response;
pub(crate) mod reports;
pub(crate) mod request_fields;
pub(crate) mod request_id;
pub(crate) mod request_match;
pub(crate) mod requester_endpoint;
pub(crate) mod responder_endpoint;

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What one side of a relation asks of the other, and is answered with a
/// [`Response`](Self::Response): a struct of the author's own.
///
/// On the wire a request is one setting of the unit that asks, `request_ID`,
/// and its response one of the unit that answers, `response_ID`. Both are JSON
/// objects of the struct's fields, in the bytes that Python writes; the request
/// has a field `request_id` more, which the struct does not declare.
///
/// Fields that the struct does not have are passed over when it is read, unless
/// it keeps them with `#[serde(flatten)]`. A field that may be missing says so
/// to serde.
///
/// # Example
///
/// ```
/// use std::borrow::Cow;
///
/// use reactive_endpoints::Request;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, Serialize)]
/// struct CertRequest {
///     common_name: String,
///     #[serde(default)]
///     sans: Vec<String>,
/// }
///
/// #[derive(Deserialize, Serialize)]
/// struct Cert {
///     key: String,
///     cert: String,
/// }
///
/// impl Request for CertRequest {
///     type Response = Cert;
///
///     fn key(&self) -> Option<Cow<'_, str>> {
///         Some(self.common_name.as_str().into())
///     }
/// }
/// ```
///
/// # Differences from Python
///
/// What is on the wire is the same, and either side can be Python's. But:
///
/// - Requests belong to an endpoint and a relation. With Python, two endpoints
///   of one interface wipe each other's, and `find` passes over the relation.
/// - What is created and what is received are two types, [`CreatedRequest`] and
///   [`ReceivedRequest`]: `is_created` and `is_received` are asked of nobody.
/// - A request can be taken back, and [`sync`] does it. A request that Python
///   has made null is none.
/// - A changed request is new again. For that the responder keeps a digest of
///   each request that it has answered in its state, as
///   `charmwright.answered.RELATION.ID`. A response that a Python charm has
///   left counts for the request as that charm last saw it. A *requester*
///   cannot tell: until a new response comes, it has the one from before.
/// - A response goes with its request. Of several units that respond, each has
///   its own, and the lowest number is the first.
/// - A request that cannot be read is reported, and neither ends the hook nor
///   hides others. The same id in two units is two requests.
/// - The flags are true in every hook and at once, and `all_responses` is not
///   set while there are no requests.
/// - A random id is given only to a request without a [key](Self::key).
///
/// [`CreatedRequest`]: crate::CreatedRequest
/// [`ReceivedRequest`]: crate::ReceivedRequest
/// [`sync`]: crate::RequesterEndpoint::sync
pub trait Request: DeserializeOwned + Serialize + 'static {
    /// What the request is answered with.
    type Response: DeserializeOwned + Serialize + 'static;

    /// Whose request it is, when its id is made of its key.
    const OWNER: RequestOwner = RequestOwner::Unit;

    /// Returns what stays the same when the request changes, such as its name.
    ///
    /// A request is found again by its key in its relation, and its id is made
    /// of it: the same in each run, and another one in each relation. A request
    /// without a key is found only by one that is equal to it, and its id is
    /// random.
    fn key(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// Whose request it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "nobody else is in a relation")]
pub enum RequestOwner {
    /// It is the application's. One unit asks for all, and when another one
    /// does it in its place, the id is still the same.
    Application,
    /// It is the unit's own. Each unit that asks has its own id.
    Unit,
}
