//! What a configuration may hold, as data.

use crate::check::rule::Rule;
use crate::check::settings::Settings;
use crate::job_defect::JobDefect;
use crate::place::Place;
use crate::prometheus_version::PrometheusVersion;

/// A map with known keys.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) fields: &'static [Field],
    /// Sections whose fields and rules hold here too.
    pub(crate) inline: &'static [&'static Section],
    pub(crate) rules: &'static [Rule],
}

impl Section {
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        let own = self.fields.iter().find(|field| field.name == name);
        own.or_else(|| self.inline.iter().find_map(|section| section.field(name)))
    }

    /// Checks what must hold between the fields.
    pub(crate) fn check_rules(
        &self,
        settings: &Settings,
        place: &Place<'_>,
    ) -> Result<(), JobDefect> {
        for inline in self.inline {
            inline.check_rules(settings, place)?;
        }
        let is_missing = |field: &&Field| field.required && !settings.contains_key(field.name);
        if let Some(field) = self.fields.iter().find(is_missing) {
            return Err(place.key(field.name).defect("it is missing"));
        }
        self.rules.iter().try_for_each(|rule| rule.check(settings, place))
    }
}

/// A key, and what may be under it.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Whether null, which leaves other settings unset, does harm here.
    pub(crate) never_null: bool,
    /// The first version that knows the key, if later than 2.42.
    pub(crate) since: Option<PrometheusVersion>,
    /// The first version that no longer knows it.
    pub(crate) until: Option<PrometheusVersion>,
    /// Whether Debian builds Prometheus without it.
    pub(crate) debian_lacks: bool,
}

impl Field {
    pub(crate) const fn required(self) -> Self {
        Self { required: true, never_null: true, ..self }
    }

    pub(crate) const fn never_null(self) -> Self {
        Self { never_null: true, ..self }
    }

    pub(crate) const fn since(self, major: u32, minor: u32) -> Self {
        Self { since: Some(PrometheusVersion::new(major, minor, 0)), ..self }
    }

    pub(crate) const fn until(self, major: u32, minor: u32) -> Self {
        Self { until: Some(PrometheusVersion::new(major, minor, 0)), ..self }
    }

    pub(crate) const fn debian_lacks(self) -> Self {
        Self { debian_lacks: true, ..self }
    }

    /// Checks that this version knows the key.
    pub(crate) fn check_version(
        &self,
        version: PrometheusVersion,
        place: &Place<'_>,
    ) -> Result<(), JobDefect> {
        let rule = match (self.since, self.until) {
            (Some(since), _) if version < since => {
                format!("Prometheus has it since {since}, and this is {version}")
            }
            (_, Some(until)) if version >= until => {
                format!("Prometheus no longer has it since {until}, and this is {version}")
            }
            _ if self.debian_lacks && version.is_of_debian() => {
                format!("Debian builds Prometheus without this discovery, and this is {version}")
            }
            _ => return Ok(()),
        };
        Err(place.defect(rule))
    }
}

pub(crate) const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
        never_null: false,
        since: None,
        until: None,
        debian_lacks: false,
    }
}

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Bool,
    /// A whole number, from the first to the last.
    Integer(i64, u64),
    Number,
    /// Any text. Prometheus takes numbers and booleans for their text.
    Text,
    /// A text that a function takes. What it says otherwise tells no more of
    /// the text than may be told.
    Formed(fn(&str) -> Result<(), String>),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// The name of a file.
    File,
    Regex,
    List(&'static Kind),
    /// A map whose keys the function takes.
    Map(fn(&str) -> Result<(), String>, &'static Kind),
    Section(&'static Section),
}

pub(crate) const ANY_KEY: fn(&str) -> Result<(), String> = |_| Ok(());
pub(crate) const LIMIT: Kind = Kind::Integer(0, u64::MAX);
pub(crate) const PORT: Kind = Kind::Integer(0, 65535);
pub(crate) const TEXTS: Kind = Kind::List(&Kind::Text);
