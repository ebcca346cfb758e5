//! The bases that charmcraft knows.

use crate::CharmBase;
use crate::charm::spot::Spot;

/// Reads a base that charmcraft knows.
pub(super) fn read_base(spot: &Spot<'_>) -> Option<CharmBase> {
    let base = spot.parse()?;
    refuse_unknown(spot, &base);
    Some(base)
}

/// Reads a base to build on.
pub(super) fn read_build_base(spot: &Spot<'_>) -> Option<String> {
    let text = spot.text()?;
    if text != "ubuntu@devel" {
        refuse_unknown(spot, &spot.parse_text(text)?);
    }
    Some(text.to_owned())
}

/// Reports a base that charmcraft does not know.
pub(super) fn refuse_unknown(spot: &Spot<'_>, base: &CharmBase) {
    let name = base.to_string();
    let known = [LEGACY.as_slice(), LATER.as_slice()].concat();
    if !known.contains(&&*name) {
        spot.fault(format_args!(
            "charmcraft does not know the base `{name}`; it must be one of {}",
            known.join(", ")
        ));
    }
}

/// Tells whether a base may be given in the old form, `bases`.
pub(super) fn is_legacy(base: &CharmBase) -> bool {
    LEGACY.contains(&&*base.to_string())
}

/// Tells whether a base is not released, so that it needs a `build-base`.
pub(super) fn is_in_development(base: &CharmBase) -> bool {
    IN_DEVELOPMENT.contains(&&*base.to_string())
}

const LEGACY: [&str; 4] = ["almalinux@9", "ubuntu@18.04", "ubuntu@20.04", "ubuntu@22.04"];
const LATER: [&str; 5] =
    ["ubuntu@24.04", "ubuntu@25.04", "ubuntu@25.10", "ubuntu@26.04", "ubuntu@26.10"];

// As of charmcraft 4.4.
const IN_DEVELOPMENT: [&str; 3] = ["ubuntu@25.04", "ubuntu@25.10", "ubuntu@26.10"];
