//! Handlers that an interface brings along.

use std::fmt;
use std::marker::PhantomData;

use crate::condition::Condition;
use crate::context::Context;
use crate::endpoint::binding::Binding;
use crate::endpoint::endpoint_key::expand_name;
use crate::endpoint::interface::Interface;
use crate::failure::Result;
use crate::flag::Flag;
use crate::handler::events::Events;
use crate::handler::hook_pattern::HookPattern;
use crate::handler::{When, short_name};

/// The handlers that an [`Interface`] brings along, for one endpoint.
///
/// ```
/// # use std::ops::Deref;
/// # use reactive_endpoints::{Context, Endpoint, EndpointHandlers, Interface, Result};
/// #[derive(Debug)]
/// struct Http(Endpoint);
///
/// impl Interface for Http {
///     fn new(endpoint: Endpoint) -> Self {
///         Self(endpoint)
///     }
///
///     fn handlers(handlers: &mut EndpointHandlers<Self>) {
///         handlers.when(handlers.flag("changed"), Self::read_ports);
///     }
/// }
/// # impl Deref for Http {
/// #     type Target = Endpoint;
/// #     fn deref(&self) -> &Endpoint {
/// #         &self.0
/// #     }
/// # }
///
/// impl Http {
///     fn read_ports(&self, _: &Context) -> Result {
///         self.clear_flag("changed");
///         Ok(())
///     }
/// }
/// ```
#[derive(Debug)]
pub struct EndpointHandlers<E> {
    binding: Binding,
    handlers: Vec<EndpointHandler>,
    interface: PhantomData<fn() -> E>,
}

/// A handler of an endpoint, for any charm.
pub(crate) struct EndpointHandler {
    pub(crate) name: String,
    pub(crate) when: When,
    pub(crate) action: Box<dyn Fn(&Context) -> Result>,
}

impl<E: Interface> EndpointHandlers<E> {
    pub(crate) fn collect(binding: &Binding) -> Vec<EndpointHandler> {
        let mut handlers =
            Self { binding: binding.clone(), handlers: Vec::new(), interface: PhantomData };
        E::handlers(&mut handlers);
        handlers.handlers
    }

    /// Returns the name of the endpoint.
    pub fn endpoint_name(&self) -> &str {
        &self.binding.name
    }

    /// Returns a flag of the endpoint; `{endpoint_name}` in it stands for the
    /// name of the endpoint, and otherwise `endpoint.NAME.` comes before it.
    pub fn flag(&self, flag: &str) -> Flag {
        Flag::of_endpoint(expand_name(&self.binding.name, flag), Some(self.binding.clone()))
    }

    /// Returns the hook of the endpoint with that end, such as `joined`.
    pub fn relation_hook(&self, end: &str) -> HookPattern {
        HookPattern::of_name(&format!("{}-relation-{end}", self.binding.name))
    }

    /// Registers a handler that runs whenever a condition holds.
    pub fn when<F: Fn(&E, &Context) -> Result + 'static>(
        &mut self,
        condition: impl Into<Condition>,
        handler: F,
    ) {
        self.add(When::Flags(condition.into()), handler);
    }

    /// Registers a handler of events.
    ///
    /// # Panics
    ///
    /// Panics if one of the events is an action.
    pub fn on<F: Fn(&E, &Context) -> Result + 'static>(
        &mut self,
        events: impl Into<Events>,
        handler: F,
    ) {
        self.add(When::Event(events.into().0), handler);
    }

    fn add<F: Fn(&E, &Context) -> Result + 'static>(&mut self, when: When, handler: F) {
        let endpoint = self.binding.name.to_string();
        let name = format!("{} ({endpoint})", short_name::<F>());
        let action =
            Box::new(move |cx: &Context| handler(&*cx.endpoints().get::<E>(cx, &endpoint), cx));
        self.handlers.push(EndpointHandler { name, when, action });
    }
}

impl fmt::Debug for EndpointHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointHandler")
            .field("name", &self.name)
            .field("when", &self.when)
            .finish_non_exhaustive()
    }
}
