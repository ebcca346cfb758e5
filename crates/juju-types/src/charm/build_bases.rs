//! An entry of `bases` in `charmcraft.yaml`.

use crate::charm::known_bases::is_legacy;
use crate::charm::manifest::warn_of_foreign;
use crate::charm::spot::Spot;
use crate::charm::supported_base::SupportedBase;

/// Where a package is built, and what it runs on, in the old form of
/// `charmcraft.yaml`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BuildBases {
    /// What it can be built on.
    pub build_on: Vec<SupportedBase>,
    /// What it runs on.
    pub run_on: Vec<SupportedBase>,
}

impl BuildBases {
    /// Reads a base for both purposes, or `build-on` and `run-on`.
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        if fields.get("name").is_some() {
            fields.refuse_unknown(&["architectures", "channel", "name"]);
            let base = read_base(spot)?;
            return Some(Self { build_on: vec![base.clone()], run_on: vec![base] });
        }
        fields.refuse_unknown(&["build-on", "run-on"]);
        let list = |key| {
            fields.required(key);
            fields.items(key).iter().filter_map(read_base).collect()
        };
        Some(Self { build_on: list("build-on"), run_on: list("run-on") })
    }
}

fn read_base(spot: &Spot<'_>) -> Option<SupportedBase> {
    let base = SupportedBase::read(spot)?;
    if !is_legacy(&base.base) {
        spot.fault(format_args!(
            "the base `{}` cannot be given in `bases`; use `base` and `platforms`",
            base.base
        ));
    }
    warn_of_foreign(spot, &base);
    Some(base)
}
