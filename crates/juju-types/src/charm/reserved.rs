//! The names that Juju keeps for itself.

use crate::charm::spot::Spot;

/// Reports the name of a `kind` of thing, such as an endpoint, that Juju keeps
/// for itself. A charm whose own name starts with `juju-` may use them.
pub(super) fn refuse_reserved(spot: &Spot<'_>, kind: &str, name: &str, charm_name: &str) {
    let is_reserved = name == "juju" || name.starts_with("juju-");
    if is_reserved && !charm_name.starts_with("juju-") {
        spot.fault(format_args!("Juju keeps the {kind} name `{name}` for itself"));
    }
}
