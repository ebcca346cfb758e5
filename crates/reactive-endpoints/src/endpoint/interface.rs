//! One side of an interface.

use juju_types::RelationRole;
use std::fmt::Debug;

use crate::endpoint::Endpoint;
use crate::endpoint::endpoint_handlers::EndpointHandlers;
use crate::failure::Result;
use crate::flag::trigger::Trigger;

/// One side of an interface: what an endpoint can do, which flags it keeps, and
/// which handlers it brings along.
///
/// A type of this kind is what Python has as a subclass of `Endpoint`. A value
/// is made in each run for each endpoint that the charm has it for.
///
/// ```
/// use std::ops::Deref;
///
/// use juju_types::RelationRole;
/// use reactive_endpoints::{Endpoint, EndpointKey, Interface, Result};
///
/// /// The side of `http` that serves.
/// #[derive(Debug)]
/// struct HttpProvides(Endpoint);
///
/// impl Interface for HttpProvides {
///     const INTERFACE: Option<&'static str> = Some("http");
///     const ROLE: Option<RelationRole> = Some(RelationRole::Provider);
///
///     fn new(endpoint: Endpoint) -> Self {
///         Self(endpoint)
///     }
///
///     fn manage_flags(&self) -> Result {
///         self.toggle_flag("available", self.is_joined()?);
///         Ok(())
///     }
/// }
///
/// impl Deref for HttpProvides {
///     type Target = Endpoint;
///
///     fn deref(&self) -> &Endpoint {
///         &self.0
///     }
/// }
///
/// impl HttpProvides {
///     fn serve(&self, port: u16) -> Result {
///         for relation in &self.relations()? {
///             relation.to_publish()?.set("port", &port)?;
///         }
///         Ok(())
///     }
/// }
///
/// const WEBSITE: EndpointKey<HttpProvides> = EndpointKey::new("website");
/// assert_eq!(WEBSITE.flag("available").as_str(), "endpoint.website.available");
/// ```
pub trait Interface: Debug + Sized + 'static {
    /// The interface, if it is a certain one.
    const INTERFACE: Option<&'static str> = None;

    /// The role of the endpoints, if it is a certain one.
    const ROLE: Option<RelationRole> = None;

    /// Makes it for one endpoint.
    fn new(endpoint: Endpoint) -> Self;

    /// Returns the triggers of this endpoint. They are registered before any
    /// flag is kept up to date.
    fn triggers(_endpoint: &Endpoint) -> Vec<Trigger> {
        Vec::new()
    }

    /// Sets and clears the flags that this side keeps, after the automatic
    /// ones.
    ///
    /// It is called whenever somebody looks at a flag of the endpoint, in every
    /// hook, and again after what is published was changed. So what such flags
    /// say is true at any time, and costs nothing when nobody asks.
    ///
    /// # Errors
    ///
    /// An error ends the run; so does a status, as there is no handler that
    /// could end with it.
    fn manage_flags(&self) -> Result {
        Ok(())
    }

    /// Registers the handlers of this side.
    fn handlers(_handlers: &mut EndpointHandlers<Self>) {}
}

impl Interface for Endpoint {
    fn new(endpoint: Endpoint) -> Self {
        endpoint
    }
}
