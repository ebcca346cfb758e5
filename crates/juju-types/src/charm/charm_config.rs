//! The options of a charm.

use std::collections::BTreeMap;

use crate::charm::config_option::ConfigOption;
use crate::charm::spot::Spot;

/// The options that users can set, as `config.yaml` or the key `config` of
/// `charmcraft.yaml` defines them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CharmConfig {
    options: BTreeMap<String, ConfigOption>,
}

impl CharmConfig {
    /// Returns the option called `name`.
    pub fn option(&self, name: &str) -> Option<&ConfigOption> {
        self.options.get(name)
    }

    /// Returns the options and their names, ordered by name.
    pub fn options(&self) -> impl Iterator<Item = (&str, &ConfigOption)> {
        self.options.iter().map(|(name, option)| (&**name, option))
    }

    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        if spot.is_null() {
            spot.fault("the file is empty; list the `options`, or remove it");
            return None;
        }
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["options"]);
        let options = fields.required("options")?;
        if options.is_null() {
            return Some(Self::default());
        }
        let options = options.fields()?;
        let options = options
            .iter()
            .filter_map(|(name, spot)| Some((name.to_owned(), ConfigOption::read(&spot)?)));
        Some(Self { options: options.collect() })
    }
}
