//! The name of an endpoint, with its type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use juju_types::EndpointName;

use crate::endpoint::binding::Binding;
use crate::endpoint::interface::Interface;
use crate::flag::Flag;
use crate::handler::hook_pattern::HookPattern;

/// The name of an endpoint of the charm, checked when the charm is compiled,
/// with the [`Interface`] that stands behind it.
///
/// ```
/// use reactive_endpoints::{Endpoint, EndpointKey};
///
/// const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
/// assert_eq!(DB.joined().as_str(), "endpoint.db.joined");
/// assert_eq!(DB.changed_key("port").as_str(), "endpoint.db.changed.port");
/// ```
///
/// A name that Juju would refuse does not compile:
///
/// ```compile_fail
/// use reactive_endpoints::{Endpoint, EndpointKey};
///
/// const DB: EndpointKey<Endpoint> = EndpointKey::new("Db");
/// ```
pub struct EndpointKey<E> {
    name: &'static str,
    interface: PhantomData<fn() -> E>,
}

impl<E: Interface> EndpointKey<E> {
    /// Makes a constant of a name.
    ///
    /// # Panics
    ///
    /// Fails to compile, in a constant, if Juju allows no endpoint of that name.
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(
            !bytes.is_empty() && bytes[0].is_ascii_lowercase(),
            "the name of an endpoint starts with a lower-case letter"
        );
        let mut index = 0;
        let mut after_separator = false;
        while index < bytes.len() {
            let is_separator = bytes[index] == b'-' || bytes[index] == b'_';
            assert!(
                bytes[index].is_ascii_lowercase() || bytes[index].is_ascii_digit() || is_separator,
                "only lower-case letters, digits, dashes and underscores are allowed"
            );
            assert!(!(is_separator && after_separator), "dashes and underscores stand alone");
            after_separator = is_separator;
            index += 1;
        }
        assert!(!after_separator, "dashes and underscores stand between letters or digits");
        Self { name, interface: PhantomData }
    }

    /// Returns the name.
    ///
    /// # Panics
    ///
    /// Never: the name was checked when the key was made.
    pub fn name(self) -> EndpointName {
        self.name.parse().expect("the name was checked when the key was made")
    }

    /// Returns a flag of the endpoint: `endpoint.NAME.` with `rest` behind it,
    /// or `rest` with the name of the endpoint in the place of each
    /// `{endpoint_name}`, if there is one.
    pub fn flag(self, rest: &str) -> Flag {
        Flag::of_endpoint(expand_name(self.name, rest), Some(self.binding()))
    }

    /// Returns the flag that is set while there are remote units.
    pub fn joined(self) -> Flag {
        self.flag("joined")
    }

    /// Returns the flag that is set when data of a unit have changed. The charm
    /// clears it.
    pub fn changed(self) -> Flag {
        self.flag("changed")
    }

    /// Returns the flag that is set when a key of a unit's data has changed.
    /// The charm clears it.
    pub fn changed_key(self, key: &str) -> Flag {
        self.flag(&format!("changed.{key}"))
    }

    /// Returns the flag that is set when a unit departs. The charm clears it;
    /// while there are other units, so does the next hook.
    pub fn departed(self) -> Flag {
        self.flag("departed")
    }

    /// Returns the flag that is set when a key has vanished from a unit's data,
    /// for which Python has none. The charm clears it.
    ///
    /// It is kept only for a charm that has a handler or a trigger that waits
    /// for it, as nobody else would clear it; to look at it with
    /// [`Context::is_set`](crate::Context::is_set) alone is not enough.
    pub fn removed(self) -> Flag {
        self.flag("removed")
    }

    /// Returns the flag that is set when this key has vanished from a unit's
    /// data, for which Python has none. The charm clears it. It is kept for those
    /// who wait for it, as [`removed`](Self::removed) is.
    pub fn removed_key(self, key: &str) -> Flag {
        self.flag(&format!("removed.{key}"))
    }

    /// Returns the flag that is set when data of a remote application have
    /// changed, for which Python has none. The charm clears it. It is kept for
    /// those who wait for it, as [`removed`](Self::removed) is.
    pub fn app_changed(self) -> Flag {
        self.flag("app-changed")
    }

    /// Returns the flag that is set when a key of a remote application's data
    /// has changed, for which Python has none. The charm clears it. It is kept for
    /// those who wait for it, as [`removed`](Self::removed) is.
    pub fn app_changed_key(self, key: &str) -> Flag {
        self.flag(&format!("app-changed.{key}"))
    }

    /// Returns the flag that is set when anything has changed: when a unit has
    /// come or gone, or the data of a unit or an application have a new, another
    /// or no value any more. Python has none. The charm clears it. It is kept for
    /// those who wait for it, as [`removed`](Self::removed) is.
    pub fn updated(self) -> Flag {
        self.flag("updated")
    }

    /// Returns the hooks of the endpoint: all whose name ends with one of
    /// `created`, `joined`, `changed`, `departed`, `broken`.
    ///
    /// # Panics
    ///
    /// Never: the pattern is well formed.
    pub fn hooks(self) -> HookPattern {
        let pattern = format!("{}-relation-{{created,joined,changed,departed,broken}}", self.name);
        pattern.parse().expect("the pattern is well formed")
    }

    pub(crate) const fn as_str(self) -> &'static str {
        self.name
    }

    pub(crate) const fn binding(self) -> Binding {
        Binding::of::<E>(Cow::Borrowed(self.name))
    }
}

/// Completes the name of a flag of an endpoint.
pub(crate) fn expand_name(endpoint: &str, flag: &str) -> String {
    const PLACE: &str = "{endpoint_name}";
    if flag.contains(PLACE) {
        flag.replace(PLACE, endpoint)
    } else {
        format!("endpoint.{endpoint}.{flag}")
    }
}

impl<E> Clone for EndpointKey<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for EndpointKey<E> {}

impl<E> fmt::Debug for EndpointKey<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointKey({:?})", self.name)
    }
}

impl<E> fmt::Display for EndpointKey<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::expand_name;

    #[test]
    fn a_flag_is_prefixed_unless_it_names_the_endpoint_itself() {
        assert_eq!(expand_name("db", "joined"), "endpoint.db.joined");
        assert_eq!(expand_name("db", "{endpoint_name}.connected"), "db.connected");
        assert_eq!(expand_name("db", "x.{endpoint_name}.{other}"), "x.db.{other}");
    }
}
