//! The endpoint that responds to requests.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;

use crate::endpoint::Endpoint;
use crate::endpoint::interface::Interface;
use crate::failure::Result;
use crate::request::Request;
use crate::request::malformed_request::MalformedRequest;
use crate::request::received_request::ReceivedRequest;
use crate::request::received_requests::ReceivedRequests;

/// An endpoint that responds to the [requests](Request) of the units at the
/// other side.
///
/// It keeps two flags, which are true in every hook, and right after a
/// response: `endpoint.NAME.has_requests`, and `endpoint.NAME.new_requests`
/// while there are requests that this unit has not responded to.
///
/// A request that is changed is new again. A request that is gone, with its
/// unit or alone, has its response taken back. What a unit says that cannot be
/// read is logged, is among the [`malformed_requests`](Self::malformed_requests),
/// and hides no other request.
///
/// ```
/// # use reactive_endpoints::testing::{self, CertRequest, Cert};
/// use reactive_endpoints::{Context, EndpointKey, ResponderEndpoint, Result};
///
/// const CERTS: EndpointKey<ResponderEndpoint<CertRequest>> = EndpointKey::new("certs");
///
/// /// Runs when `CERTS.flag("new_requests")` is set.
/// fn sign(cx: &Context) -> Result {
///     for request in cx.endpoint(CERTS).new_requests()? {
///         request.respond(&Cert { cert: format!("a cert for {}", request.common_name) })?;
///     }
///     Ok(())
/// }
///
/// # testing::asked(CERTS, |cx| {
/// assert!(cx.is_set(CERTS.flag("new_requests")));
/// sign(cx)?;
/// assert!(!cx.is_set(CERTS.flag("new_requests")));
///
/// let request = cx.endpoint(CERTS).find(|request| request.common_name == "example.org")?;
/// assert_eq!(request.unwrap().response()?.unwrap().cert, "a cert for example.org");
/// # Ok(())
/// # });
/// ```
///
/// A type of one's own that wraps it looks like [this](crate::RequesterEndpoint#wrapping-it).
pub struct ResponderEndpoint<R> {
    endpoint: Endpoint,
    received: OnceCell<ReceivedRequests<R>>,
}

impl<R: Request> ResponderEndpoint<R> {
    /// Returns all requests, also those that were responded to, in the order of
    /// their ids.
    ///
    /// Two units may use the same id: then there are two requests, by the
    /// number of the relation and the unit, and in one relation they share one
    /// response.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn all_requests(&self) -> Result<Vec<ReceivedRequest<R>>> {
        Ok(self.received()?.requests.clone())
    }

    /// Returns the requests that this unit has not responded to, or not since
    /// they were changed.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn new_requests(&self) -> Result<Vec<ReceivedRequest<R>>> {
        let mut new = Vec::new();
        for request in &self.received()?.requests {
            if request.is_new()? {
                new.push(request.clone());
            }
        }
        Ok(new)
    }

    /// Returns the requests that cannot be read.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn malformed_requests(&self) -> Result<&[MalformedRequest<R>]> {
        Ok(&self.received()?.malformed)
    }

    /// Returns the first request of that id.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn get(&self, id: impl AsRef<str>) -> Result<Option<ReceivedRequest<R>>> {
        self.find(|request| request.request_id().as_ref() == id.as_ref())
    }

    /// Returns the first request that is as wanted.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn find(
        &self,
        mut is_wanted: impl FnMut(&ReceivedRequest<R>) -> bool,
    ) -> Result<Option<ReceivedRequest<R>>> {
        Ok(self.received()?.requests.iter().find(|request| is_wanted(request)).cloned())
    }

    /// Returns all requests that are as wanted.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn find_all(
        &self,
        mut is_wanted: impl FnMut(&ReceivedRequest<R>) -> bool,
    ) -> Result<Vec<ReceivedRequest<R>>> {
        let requests = self.received()?.requests.iter();
        Ok(requests.filter(|request| is_wanted(request)).cloned().collect())
    }

    fn received(&self) -> Result<&ReceivedRequests<R>> {
        if let Some(known) = self.received.get() {
            return Ok(known);
        }
        let loaded = ReceivedRequests::load(&self.endpoint)?;
        Ok(self.received.get_or_init(|| loaded))
    }
}

impl<R: Request> Interface for ResponderEndpoint<R> {
    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, received: OnceCell::new() }
    }

    fn manage_flags(&self) -> Result {
        let has_requests = !self.received()?.requests.is_empty();
        let has_new = !self.new_requests()?.is_empty();
        self.toggle_flag("has_requests", has_requests);
        self.toggle_flag("new_requests", has_new);
        Ok(())
    }
}

impl<R> Deref for ResponderEndpoint<R> {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        &self.endpoint
    }
}

impl<R> fmt::Debug for ResponderEndpoint<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponderEndpoint({})", self.endpoint.endpoint_name())
    }
}
