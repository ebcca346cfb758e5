//! The walk through a job beside its schema.

use std::cell::Cell;

use python_json::Value;

use crate::check::consumer::Consumer;
use crate::check::regex;
use crate::check::schema::{Field, Kind, Section};
use crate::check::settings::{Settings, text};
use crate::file_fields::is_placeholder;
use crate::job_defect::JobDefect;
use crate::needs::Needs;
use crate::place::Place;
use crate::scrape_config::{ScrapeConfig, TOO_LARGE};
use crate::shortened::quoted;

/// What a value takes beside its text: indentation, quotes and the like.
const VALUE: usize = 16;

/// What a character takes that has to be escaped, as `\U0001F600`.
const ESCAPED: usize = 10;

/// How large all regular expressions of a job may be together, in instructions
/// of Go's matcher. One takes about 40 bytes of Prometheus's memory.
const LARGEST_REGEXES: usize = 250_000;

/// Keys of maps longer than this may be no keys for Prometheus's YAML reader,
/// which looks no farther than 1024 bytes for the `:`, when they are escaped.
const LONGEST_KEY: usize = 100;

/// Checks values against the schema. The schema has no cycle, so that it also
/// bounds how deep the walk goes.
#[derive(Debug)]
pub(crate) struct Inspector {
    consumer: Consumer,
    size_left: Cell<usize>,
    regexes_left: Cell<usize>,
}

impl Inspector {
    pub(crate) fn new(consumer: Consumer) -> Self {
        let size_left = Cell::new(ScrapeConfig::LARGEST);
        Self { consumer, size_left, regexes_left: Cell::new(LARGEST_REGEXES) }
    }

    /// Returns what all that it has seen needs.
    pub(crate) fn needs(&self) -> Needs {
        Needs {
            size: ScrapeConfig::LARGEST - self.size_left.get(),
            regexes: LARGEST_REGEXES - self.regexes_left.get(),
        }
    }

    pub(crate) fn section(
        &self,
        settings: &Settings,
        section: &Section,
        place: &Place<'_>,
    ) -> Result<(), JobDefect> {
        for (key, value) in settings {
            let place = place.key(key);
            self.spend(key)?;
            match section.field(key) {
                Some(field) => self.field(value, field, &place)?,
                None => return Err(place.defect("Prometheus knows no such key")),
            }
        }
        section.check_rules(settings, place)
    }

    fn field(&self, value: &Value, field: &Field, place: &Place<'_>) -> Result<(), JobDefect> {
        if let Consumer::Known { version, .. } = self.consumer {
            field.check_version(version, place)?;
        }
        match value {
            // It leaves the setting unset.
            Value::Null if field.never_null => Err(place.defect("it must not be null")),
            Value::Null => Ok(()),
            Value::String(text) if text.is_empty() && field.required => {
                Err(place.defect("it must not be empty"))
            }
            Value::Array(list) if list.is_empty() && field.required => {
                Err(place.defect("it must not be empty"))
            }
            value => self.value(value, field.kind, place),
        }
    }

    fn value(&self, value: &Value, kind: Kind, place: &Place<'_>) -> Result<(), JobDefect> {
        let rule = match (kind, value) {
            (Kind::Bool, Value::Bool(_)) | (Kind::Number, Value::Integer(_) | Value::Float(_)) => {
                return self.spend("");
            }
            (Kind::Bool, _) => "it must be `true` or `false`",
            (Kind::Number, _) => "it must be a number",
            (Kind::Integer(first, last), value) => return self.integer(value, first, last, place),
            (Kind::List(kind), Value::Array(list)) => return self.list(list, *kind, place),
            (Kind::List(_), _) => "it must be a list",
            (Kind::Map(key, kind), Value::Object(map)) => return self.map(map, key, *kind, place),
            (Kind::Section(section), Value::Object(settings)) => {
                self.spend("")?;
                return self.section(settings, section, place);
            }
            (Kind::Map(..) | Kind::Section(_), _) => "it must be a map",
            (Kind::Text | Kind::Formed(_) | Kind::OneOf(_) | Kind::File | Kind::Regex, value) => {
                match text(value) {
                    Some(text) => return self.text(&text, kind, place),
                    None => "it must be text",
                }
            }
        };
        Err(place.defect(rule))
    }

    fn integer(
        &self,
        value: &Value,
        first: i64,
        last: u64,
        place: &Place<'_>,
    ) -> Result<(), JobDefect> {
        self.spend("")?;
        let range = i128::from(first)..=i128::from(last);
        let number = match value {
            Value::Integer(integer) => i128::try_from(integer).ok(),
            _ => return Err(place.defect("it must be a whole number")),
        };
        match number.filter(|number| range.contains(number)) {
            Some(_) => Ok(()),
            None => Err(place.defect(format!("it must be from {first} to {last}"))),
        }
    }

    fn list(&self, list: &[Value], kind: Kind, place: &Place<'_>) -> Result<(), JobDefect> {
        self.spend("")?;
        list.iter()
            .enumerate()
            .try_for_each(|(index, value)| self.value(value, kind, &place.item(index)))
    }

    fn map(
        &self,
        map: &Settings,
        check_key: fn(&str) -> Result<(), String>,
        kind: Kind,
        place: &Place<'_>,
    ) -> Result<(), JobDefect> {
        self.spend("")?;
        map.iter().try_for_each(|(key, value)| {
            let place = place.key(key);
            self.spend(key)?;
            if key.len() > LONGEST_KEY {
                return Err(
                    place.defect(format!("a key must not be longer than {LONGEST_KEY} bytes"))
                );
            }
            check_key(key).map_err(|rule| place.defect(rule))?;
            self.value(value, kind, &place)
        })
    }

    fn text(&self, text: &str, kind: Kind, place: &Place<'_>) -> Result<(), JobDefect> {
        self.spend(text)?;
        match kind {
            Kind::Formed(check) => check(text).map_err(|rule| place.defect(rule)),
            Kind::OneOf(texts) if !texts.contains(&text) => {
                let texts = texts.join("`, `");
                Err(place.defect(format!("{} is none of `{texts}`", quoted(text))))
            }
            Kind::File => self.file(text, place),
            Kind::Regex => {
                let size = regex::size(text).map_err(|rule| place.defect(rule))?;
                let left = self.regexes_left.get().checked_sub(size);
                let too_large =
                    || place.defect("it makes the regular expressions of the job too large");
                self.regexes_left.set(left.ok_or_else(too_large)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Counts a value, or a key, with its text.
    fn spend(&self, text: &str) -> Result<(), JobDefect> {
        let length = |c: char| if matches!(c, ' '..='~') { 1 } else { ESCAPED };
        let size = VALUE + text.chars().map(length).sum::<usize>();
        let left = self.size_left.get().checked_sub(size);
        self.size_left.set(left.ok_or_else(|| Place::Job.defect(TOO_LARGE))?);
        Ok(())
    }

    /// Whether the file is there is for the one to find out who writes it.
    fn file(&self, name: &str, place: &Place<'_>) -> Result<(), JobDefect> {
        if name.contains('\0') {
            return Err(place.defect("the name of a file has no NUL"));
        }
        match self.consumer {
            // It becomes another name, or the setting goes.
            Consumer::Unknown if name.is_empty() || is_placeholder(name) => Ok(()),
            _ if name.is_empty() => Err(place.defect("it must not be empty")),
            _ if is_placeholder(name) => {
                let rule = format!("nothing was sent for the placeholder {}", quoted(name));
                Err(place.defect(rule))
            }
            _ => Ok(()),
        }
    }
}
