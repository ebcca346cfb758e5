//! A platform of `charmcraft.yaml`.

use crate::charm::spot::Spot;
use crate::yaml::Value;
use crate::{Architecture, CharmBase};

/// An entry of `platforms`: where a package is built, and for what.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Platform {
    /// What the package runs on.
    pub build_for: BuildTarget,
    /// What it can be built on.
    pub build_on: Vec<BuildTarget>,
}

/// An architecture, and perhaps a base: `amd64` or `ubuntu@24.04:amd64`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BuildTarget {
    /// An architecture that charmcraft knows, which Juju need not support, or
    /// `all`.
    pub architecture: String,
    /// The base, in a project for several bases.
    pub base: Option<CharmBase>,
}

impl Platform {
    pub(super) fn read(label: &str, spot: &Spot<'_>) -> Option<Self> {
        if spot.is_null() {
            let target = BuildTarget::read(label, spot)?;
            target.refuse_all(spot);
            return Some(Self { build_for: target.clone(), build_on: vec![target] });
        }
        let fields = spot.fields()?;
        fields.refuse_unknown(&["build-for", "build-on"]);

        let build_on = fields.required("build-on").map(|list| {
            let targets = read_targets(&list);
            for target in &targets {
                target.refuse_all(&list);
            }
            targets
        });
        let build_for = match fields.get("build-for") {
            // A label may say it all.
            None if BuildTarget::parse(label).is_some() => BuildTarget::read(label, spot),
            None => {
                fields.required("build-for");
                None
            }
            Some(list) => {
                let mut targets = read_targets(&list);
                if targets.len() > 1 {
                    list.fault("a platform is built for one architecture");
                }
                targets.pop()
            }
        };
        Some(Self { build_for: build_for?, build_on: build_on? })
    }
}

impl BuildTarget {
    fn read(text: &str, spot: &Spot<'_>) -> Option<Self> {
        let Some(target) = Self::parse(text) else {
            spot.fault(format_args!(
                "invalid platform `{text}`: it must look like `amd64` or `ubuntu@24.04:amd64`, \
                 or have `build-on` and `build-for`"
            ));
            return None;
        };
        if target.architecture != ALL && target.architecture.parse::<Architecture>().is_err() {
            spot.warn(format_args!(
                "Juju does not support the architecture `{}`",
                target.architecture
            ));
        }
        Some(target)
    }

    fn refuse_all(&self, spot: &Spot<'_>) {
        if self.architecture == ALL {
            spot.fault("`all` is an architecture to build for, and none to build on");
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (base, architecture) = match text.rsplit_once(':') {
            Some((base, architecture)) => (Some(base.parse().ok()?), architecture),
            None => (None, text),
        };
        if !ARCHITECTURES.contains(&architecture) && architecture != ALL {
            return None;
        }
        Some(Self { architecture: architecture.to_owned(), base })
    }
}

/// Reads one target, or a list of at least one.
fn read_targets(spot: &Spot<'_>) -> Vec<BuildTarget> {
    let spots = match &spot.node().value {
        Value::Sequence(_) => spot.items(),
        _ => vec![spot.clone()],
    };
    if spots.is_empty() {
        spot.fault("name an architecture");
    }
    spots.iter().filter_map(|spot| BuildTarget::read(spot.text()?, spot)).collect()
}

/// The architectures that charmcraft builds for.
const ARCHITECTURES: [&str; 6] = ["amd64", "arm64", "armhf", "ppc64el", "riscv64", "s390x"];

/// What a package is for that has nothing of any architecture in it.
pub(super) const ALL: &str = "all";
