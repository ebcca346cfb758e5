//! An interface for all endpoints of its role and interface.

use std::borrow::Cow;

use juju_types::RelationRole;

use crate::endpoint::binding::Binding;
use crate::endpoint::interface::Interface;

/// An interface that stands behind all endpoints of its role and interface,
/// whatever their names are.
pub(crate) struct InterfaceBinding {
    pub(crate) interface: &'static str,
    pub(crate) role: RelationRole,
    /// How many handlers were registered before it.
    pub(crate) place: usize,
    binding: fn(Cow<'static, str>) -> Binding,
}

impl InterfaceBinding {
    pub(crate) fn of<E: Interface>(place: usize) -> Self {
        const {
            assert!(
                E::INTERFACE.is_some() && E::ROLE.is_some(),
                "an interface for all endpoints of a kind needs `INTERFACE` and `ROLE`"
            );
        }
        let (Some(interface), Some(role)) = (E::INTERFACE, E::ROLE) else {
            unreachable!("it was checked when the charm was compiled")
        };
        Self { interface, role, place, binding: Binding::of::<E> }
    }

    /// Returns how a hook pattern names all of these endpoints.
    pub(crate) fn pattern(&self) -> String {
        let role = match self.role {
            RelationRole::Peer => "peers",
            RelationRole::Provider => "provides",
            RelationRole::Requirer => "requires",
        };
        format!("{{{role}:{}}}", self.interface)
    }

    pub(crate) fn bind_to(&self, endpoint: String) -> Binding {
        (self.binding)(Cow::Owned(endpoint))
    }
}
