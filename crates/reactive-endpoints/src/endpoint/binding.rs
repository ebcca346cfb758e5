//! Which interface stands behind the name of an endpoint.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use juju_types::RelationRole;

use crate::endpoint::Endpoint;
use crate::endpoint::endpoint_handlers::{EndpointHandler, EndpointHandlers};
use crate::endpoint::interface::Interface;
use crate::failure::Result;
use crate::flag::trigger::Trigger;

/// The name of an endpoint, and the interface that stands behind it.
#[derive(Clone)]
pub(crate) struct Binding {
    pub(crate) name: Cow<'static, str>,
    pub(crate) interface: Option<&'static str>,
    pub(crate) role: Option<RelationRole>,
    pub(crate) type_name: fn() -> &'static str,
    pub(crate) triggers: fn(&Endpoint) -> Vec<Trigger>,
    pub(crate) handlers: fn(&Binding) -> Vec<EndpointHandler>,
    pub(crate) bind: fn(Endpoint) -> Rc<dyn Bound>,
}

impl Binding {
    pub(crate) const fn of<E: Interface>(name: Cow<'static, str>) -> Self {
        Self {
            name,
            interface: E::INTERFACE,
            role: E::ROLE,
            type_name: std::any::type_name::<E>,
            triggers: E::triggers,
            handlers: EndpointHandlers::<E>::collect,
            bind: |endpoint| Rc::new(Of(Rc::new(E::new(endpoint)))),
        }
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binding({}: {})", self.name, (self.type_name)())
    }
}

/// An endpoint of some interface.
pub(crate) trait Bound: fmt::Debug {
    fn manage_flags(&self) -> Result;

    /// Returns the `Rc<E>`.
    fn as_any(&self) -> &dyn Any;
}

#[derive(Debug)]
struct Of<E>(Rc<E>);

impl<E: Interface> Bound for Of<E> {
    fn manage_flags(&self) -> Result {
        self.0.manage_flags()
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}
