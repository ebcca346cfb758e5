//! What a charm assumes of the model that it is deployed to.

use std::str::FromStr;

use crate::JujuVersion;
use crate::charm::spot::Spot;
use crate::yaml::Value;

/// One entry of `assumes`. All entries of that list must hold.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these three forms and no other")]
pub enum Assumption {
    /// Everything in the list holds.
    AllOf(Vec<Self>),
    /// Something in the list holds.
    AnyOf(Vec<Self>),
    /// The model has a feature.
    Feature(AssumedFeature),
}

/// A feature that a model may have, in some versions.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AssumedFeature {
    /// The name: Juju knows `juju` and `k8s-api`.
    pub name: String,
    /// The versions that will do; `None` is all of them.
    pub version: Option<AssumedVersion>,
}

/// The versions of a feature that will do. Juju writes the versions of every
/// feature like its own; numbers that are left out are 0.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these two comparisons and no other")]
pub enum AssumedVersion {
    /// This one or a later one.
    AtLeast(JujuVersion),
    /// An earlier one.
    Below(JujuVersion),
}

impl Assumption {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        if let Value::Mapping(_) = spot.node().value {
            return Self::read_group(spot);
        }
        let text = spot.text()?;
        let Some(feature) = AssumedFeature::parse(text) else {
            spot.fault(format_args!(
                "invalid assumption `{text}`: it must look like `FEATURE`, `FEATURE >= VERSION` \
                 or `FEATURE < VERSION`"
            ));
            return None;
        };
        if !["juju", "k8s-api"].contains(&&*feature.name) {
            spot.warn(format_args!(
                "no model has the feature `{}`: Juju knows `juju` and `k8s-api`",
                feature.name
            ));
        }
        Some(Self::Feature(feature))
    }

    fn read_group(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        let mut groups = fields.iter();
        let (Some((key @ ("all-of" | "any-of"), list)), None) = (groups.next(), groups.next())
        else {
            spot.fault("expected a feature, or either `all-of` or `any-of` with a list");
            return None;
        };
        let assumptions = list.items().iter().filter_map(Self::read).collect();
        Some(if key == "all-of" { Self::AllOf(assumptions) } else { Self::AnyOf(assumptions) })
    }
}

impl AssumedFeature {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        let is_name = name.len() >= 2
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && !name.contains(|c: char| c.is_ascii_uppercase());
        if !is_name {
            return None;
        }
        let rest = rest.trim();
        let version = if rest.is_empty() {
            None
        } else if let Some(version) = rest.strip_prefix(">=") {
            Some(AssumedVersion::AtLeast(parse_version(version.trim())?))
        } else {
            Some(AssumedVersion::Below(parse_version(rest.strip_prefix('<')?.trim())?))
        };
        Some(Self { name: name.to_owned(), version })
    }
}

/// Reads a version of which only the first number is needed.
fn parse_version(text: &str) -> Option<JujuVersion> {
    let missing =
        if text.contains('-') { 0 } else { 2_usize.saturating_sub(text.matches('.').count()) };
    JujuVersion::from_str(&format!("{text}{}", ".0".repeat(missing))).ok()
}

#[cfg(test)]
mod tests {
    use super::{AssumedFeature, AssumedVersion};

    #[test]
    fn reads_features_with_and_without_versions() {
        let feature = |name: &str, version| Some(AssumedFeature { name: name.to_owned(), version });
        let at_least = |version: &str| Some(AssumedVersion::AtLeast(version.parse().unwrap()));
        let below = |version: &str| Some(AssumedVersion::Below(version.parse().unwrap()));

        assert_eq!(AssumedFeature::parse("k8s-api"), feature("k8s-api", None));
        assert_eq!(AssumedFeature::parse(" juju "), feature("juju", None));
        assert_eq!(AssumedFeature::parse("juju >= 3"), feature("juju", at_least("3.0.0")));
        assert_eq!(AssumedFeature::parse("juju>=3.4"), feature("juju", at_least("3.4.0")));
        assert_eq!(AssumedFeature::parse("juju < 4.0.1"), feature("juju", below("4.0.1")));
        assert_eq!(AssumedFeature::parse("juju < 4.0-rc1"), feature("juju", below("4.0-rc1")));
    }

    #[test]
    fn refuses_other_comparisons_and_versions() {
        for text in [
            "",
            "j",
            "Juju",
            "3",
            "juju-",
            "juju == 3",
            "juju > 3",
            "juju >=",
            "juju 3",
            "juju >= x",
            "juju >= 3.",
            "juju >= 3 < 4",
            "juju <= 3",
            "ju ju",
            "ju\u{e9}",
        ] {
            assert_eq!(AssumedFeature::parse(text), None, "{text}");
        }
    }
}
