use std::collections::BTreeMap;

use juju_types::{CharmConfig, ConfigOption, ConfigType, ConfigValue};

use crate::go;

/// The config of an application: what the charm declares, and what the user has set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    options: BTreeMap<String, Declared>,
    settings: BTreeMap<String, ConfigValue>,
}

/// The value of each option, if it has one.
pub(crate) type ConfigValues = BTreeMap<String, Option<ConfigValue>>;

impl Config {
    pub(crate) fn new(declared: &CharmConfig) -> Self {
        Self { options: options_of(declared), settings: BTreeMap::new() }
    }

    /// Sets an option to a value that is stated, or to none. An option that
    /// the charm does not declare is as if it did.
    pub(crate) fn state(&mut self, option: &str, value: Option<ConfigValue>) {
        let kind = value.as_ref().map_or(ConfigType::String, type_of);
        let undeclared = || Declared { kind, default: None };
        let declared = self.options.entry(option.to_owned()).or_insert_with(undeclared);
        let value = value.map(|value| convert(value, declared.kind));
        match value.filter(|value| declared.default.as_ref() != Some(value)) {
            Some(value) => self.settings.insert(option.to_owned(), value),
            None => self.settings.remove(option),
        };
    }

    /// Sets options from text, all of them or none.
    pub(crate) fn set(&mut self, texts: &[(String, String)]) -> Result<(), ConfigRefusal> {
        let mut values = Vec::new();
        for (name, text) in texts {
            values.push((name.clone(), parse(name, self.option(name)?.kind, text)?));
        }
        self.settings.extend(values);
        Ok(())
    }

    /// Gives options their defaults back, all of them or none.
    pub(crate) fn reset(&mut self, names: &[String]) -> Result<(), ConfigRefusal> {
        for name in names {
            self.option(name)?;
        }
        self.settings.retain(|name, _| !names.contains(name));
        Ok(())
    }

    /// Takes over what another version of the charm declares. Settings that no
    /// longer fit are dropped.
    pub(crate) fn declare(&mut self, declared: &CharmConfig) {
        self.options = options_of(declared);
        let options = &self.options;
        self.settings.retain(|name, value| {
            options.get(name).is_some_and(|option| option.kind == type_of(value))
        });
    }

    pub(crate) fn values(&self) -> ConfigValues {
        let value = |(name, option): (&String, &Declared)| {
            let value = self.settings.get(name).or(option.default.as_ref());
            (name.clone(), value.cloned())
        };
        self.options.iter().map(value).collect()
    }

    /// Returns the options that nobody has set.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = &str> {
        self.options.keys().map(String::as_str).filter(|name| !self.settings.contains_key(*name))
    }

    fn option(&self, name: &str) -> Result<&Declared, ConfigRefusal> {
        let unknown = || ConfigRefusal::UnknownOption { option: name.to_owned() };
        self.options.get(name).ok_or_else(unknown)
    }
}

/// What matters here of an option in `config.yaml`.
#[derive(Clone, Debug)]
struct Declared {
    kind: ConfigType,
    default: Option<ConfigValue>,
}

/// Why a setting is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ConfigRefusal {
    UnknownOption { option: String },
    WrongType { option: String, expected: ConfigType, text: String },
}

fn options_of(config: &CharmConfig) -> BTreeMap<String, Declared> {
    let option = |(name, option): (&str, &ConfigOption)| {
        (name.to_owned(), Declared { kind: option.kind, default: option.default.clone() })
    };
    config.options().map(option).collect()
}

fn type_of(value: &ConfigValue) -> ConfigType {
    match value {
        ConfigValue::Boolean(_) => ConfigType::Boolean,
        ConfigValue::Float(_) => ConfigType::Float,
        ConfigValue::Int(_) => ConfigType::Int,
        ConfigValue::Secret(_) => ConfigType::Secret,
        ConfigValue::String(_) => ConfigType::String,
    }
}

/// Gives a value the type that the charm declares, where JSON has no such type.
fn convert(value: ConfigValue, kind: ConfigType) -> ConfigValue {
    match (value, kind) {
        #[expect(clippy::cast_precision_loss, reason = "JSON has only one kind of number")]
        (ConfigValue::Int(number), ConfigType::Float) => ConfigValue::Float(number as f64),
        (ConfigValue::String(uri), ConfigType::Secret) => ConfigValue::Secret(uri),
        (value, _) => value,
    }
}

/// Reads a setting as Juju does, that is, as Go's `strconv` does.
fn parse(option: &str, expected: ConfigType, text: &str) -> Result<ConfigValue, ConfigRefusal> {
    let value = match expected {
        ConfigType::Boolean => go::parse_bool(text).map(ConfigValue::Boolean),
        ConfigType::Float => text.parse().ok().map(ConfigValue::Float),
        ConfigType::Int => text.parse().ok().map(ConfigValue::Int),
        ConfigType::Secret => Some(ConfigValue::Secret(text.to_owned())),
        ConfigType::String => Some(ConfigValue::String(text.to_owned())),
    };
    let refusal = || {
        let (option, text) = (option.to_owned(), text.to_owned());
        ConfigRefusal::WrongType { option, expected, text }
    };
    value.ok_or_else(refusal)
}
