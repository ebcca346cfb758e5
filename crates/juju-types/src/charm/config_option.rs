//! What `config.yaml` says of an option.

use crate::charm::config_type::ConfigType;
use crate::charm::spot::Spot;
use crate::yaml::Resolved;

/// An option that users can set on an application, as `config.yaml` defines it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConfigOption {
    /// The value until a user sets another one; without it there is none.
    pub default: Option<ConfigValue>,
    /// What it is for.
    pub description: Option<String>,
    /// What its value is.
    pub kind: ConfigType,
}

/// A value of a config option.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a variant for each `ConfigType`")]
pub enum ConfigValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A number with a fraction.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// The URI of a secret, or empty.
    Secret(String),
    /// Text.
    String(String),
}

impl ConfigOption {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let plain = Self { default: None, description: None, kind: ConfigType::String };
        // Juju takes a name without a definition for a string.
        if spot.is_null() {
            return Some(plain);
        }
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["default", "description", "type"]);

        let kind = match fields.get("type") {
            None => Some(ConfigType::String),
            Some(kind) => read_type(&kind),
        };
        let description = fields.get("description").filter(|description| !description.is_null());
        let description = description.and_then(|description| description.any_text());
        let default = fields.get("default").filter(|default| !default.is_null());
        Some(Self {
            default: default.and_then(|default| ConfigValue::read(&default, kind?)),
            description: description.map(str::to_owned),
            kind: kind?,
        })
    }
}

impl ConfigValue {
    fn read(spot: &Spot<'_>, kind: ConfigType) -> Option<Self> {
        match kind {
            ConfigType::Boolean => spot.boolean().map(Self::Boolean),
            ConfigType::Float => read_float(spot).map(Self::Float),
            ConfigType::Int => spot.integer().map(Self::Int),
            ConfigType::Secret => read_secret(spot).map(Self::Secret),
            ConfigType::String => spot.text().map(|text| Self::String(text.to_owned())),
        }
    }
}

fn read_type(spot: &Spot<'_>) -> Option<ConfigType> {
    if spot.is_null() {
        return Some(ConfigType::String);
    }
    spot.parse_text(spot.any_text()?)
}

fn read_float(spot: &Spot<'_>) -> Option<f64> {
    match spot.resolved() {
        Some(Resolved::Float(float)) => Some(float),
        // Juju takes no whole number for a float.
        Some(Resolved::Int(number)) => {
            spot.fault(format_args!("expected a number with a fraction, such as `{number}.0`"));
            None
        }
        _ => spot.expected("a number with a fraction"),
    }
}

fn read_secret(spot: &Spot<'_>) -> Option<String> {
    let text = spot.text()?;
    if !text.is_empty() && !text.starts_with("secret:") {
        spot.fault(format_args!("invalid secret `{text}`: it must start with `secret:`"));
    }
    Some(text.to_owned())
}
