//! A value in one of the charm's files, with all it takes to complain about it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::charm::charm_fault::CharmFault;
use crate::charm::fields::Fields;
use crate::charm::findings::Findings;
use crate::yaml::{Node, Place, Resolved, Value, join_index, join_key};

/// A value, where it is, and where to report what is wrong with it.
///
/// Each method that reads answers `None` after it has reported why.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    findings: &'a Findings,
    file: &'static str,
    /// Where the key is, or the item of a list; an entry of a mapping is found
    /// by its key.
    place: Place,
    path: String,
    node: &'a Node,
}

impl<'a> Spot<'a> {
    /// Stands at the root of a file.
    pub(super) fn root(findings: &'a Findings, file: &'static str, node: &'a Node) -> Self {
        Self { findings, file, place: Place::TOP, path: String::new(), node }
    }

    pub(super) fn fault(&self, message: impl fmt::Display) {
        let message = message.to_string();
        self.findings.fault(CharmFault::new(self.file, self.place, &self.path, &message));
    }

    pub(super) fn warn(&self, message: impl fmt::Display) {
        let message = message.to_string();
        self.findings.warning(CharmFault::new(self.file, self.place, &self.path, &message));
    }

    pub(super) fn node(&self) -> &'a Node {
        self.node
    }

    pub(super) fn is_null(&self) -> bool {
        self.resolved() == Some(Resolved::Null)
    }

    pub(super) fn is_scalar(&self) -> bool {
        matches!(self.node.value, Value::Scalar(_))
    }

    /// Returns what a scalar means.
    pub(super) fn resolved(&self) -> Option<Resolved<'a>> {
        match &self.node.value {
            Value::Scalar(scalar) => Some(scalar.resolve()),
            _ => None,
        }
    }

    /// Returns the text, if there is one, and says nothing if there is none.
    pub(super) fn quiet_text(&self) -> Option<&'a str> {
        match self.resolved() {
            Some(Resolved::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Reads text, where Juju takes nothing else for it.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.quiet_text().or_else(|| self.expected("text"))
    }

    /// Reads text, where Juju takes a number or a boolean for its text as well.
    pub(super) fn any_text(&self) -> Option<&'a str> {
        match &self.node.value {
            Value::Scalar(scalar) => Some(scalar.as_str()),
            _ => self.expected("text"),
        }
    }

    /// Reads text that has a rule of its own.
    pub(super) fn parse<T>(&self) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.parse_text(self.text()?)
    }

    /// Reads `text`, which stands here, by a rule of its own.
    pub(super) fn parse_text<T>(&self, text: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        text.parse().map_err(|error| self.fault(error)).ok()
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        match self.resolved() {
            Some(Resolved::Boolean(boolean)) => Some(boolean),
            // Juju also takes these texts, as Go's `strconv.ParseBool` does.
            Some(Resolved::Text("1" | "t" | "T" | "true" | "True" | "TRUE")) => Some(true),
            Some(Resolved::Text("0" | "f" | "F" | "false" | "False" | "FALSE")) => Some(false),
            _ => self.expected("`true` or `false`"),
        }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match self.resolved() {
            Some(Resolved::Int(number)) => Some(number),
            // Juju also takes a number in quotes.
            Some(Resolved::Text(text)) if text.parse::<i64>().is_ok() => text.parse().ok(),
            _ => self.expected("a whole number"),
        }
    }

    /// Reads a whole number that is not negative.
    pub(super) fn count(&self) -> Option<u32> {
        let number = self.integer()?;
        let count = u32::try_from(number).ok();
        if count.is_none() {
            self.fault(format_args!(
                "invalid number `{number}`: it must be from 0 to {}",
                u32::MAX
            ));
        }
        count
    }

    /// Reads a list; one that is none is reported and taken for empty.
    pub(super) fn items(&self) -> Vec<Self> {
        let Value::Sequence(items) = &self.node.value else {
            self.expected::<()>("a list");
            return Vec::new();
        };
        let items = items.iter().enumerate();
        items
            .map(|(index, node)| self.at(join_index(&self.path, index), node.place, node))
            .collect()
    }

    /// Reads a list of texts.
    pub(super) fn texts(&self) -> Vec<String> {
        self.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    /// Reads a mapping.
    pub(super) fn fields(&self) -> Option<Fields<'a>> {
        match &self.node.value {
            Value::Mapping(entries) => Some(Fields::new(self.clone(), entries)),
            _ => self.expected("a mapping"),
        }
    }

    /// Returns the entries, and says nothing if this is no mapping.
    pub(super) fn entries(&self) -> Vec<(&'a str, Self)> {
        match &self.node.value {
            Value::Mapping(entries) => Fields::new(self.clone(), entries).iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the value of `key`, and says nothing if this is no mapping.
    pub(super) fn entry(&self, key: &str) -> Option<Self> {
        match &self.node.value {
            Value::Mapping(entries) => Fields::new(self.clone(), entries).get(key),
            _ => None,
        }
    }

    /// Reads a mapping from names that have a rule of their own.
    pub(super) fn named<K, V>(&self, read: impl Fn(&Self) -> Option<V>) -> BTreeMap<K, V>
    where
        K: FromStr<Err: fmt::Display> + Ord,
    {
        let Some(fields) = self.fields() else { return BTreeMap::new() };
        let pairs = fields.iter().filter_map(|(name, spot)| {
            let name = spot.parse_text(name);
            let value = read(&spot);
            Some((name?, value?))
        });
        pairs.collect()
    }

    /// Stands at the value of `key`, which stands at `place` in this mapping.
    pub(super) fn below(&self, key: &str, place: Place, node: &'a Node) -> Self {
        self.at(join_key(&self.path, key), place, node)
    }

    fn at(&self, path: String, place: Place, node: &'a Node) -> Self {
        Self { findings: self.findings, file: self.file, place, path, node }
    }

    /// Reports that something else stands here than `wanted`.
    pub(super) fn expected<T>(&self, wanted: &str) -> Option<T> {
        let hint = match self.resolved() {
            Some(
                Resolved::Boolean(_)
                | Resolved::Float(_)
                | Resolved::Int(_)
                | Resolved::LargeInt(_),
            ) if wanted == "text" => "; put it in quotes",
            _ => "",
        };
        self.fault(format_args!("expected {wanted}, found {}{hint}", describe(self.node)));
        None
    }
}

fn describe(node: &Node) -> String {
    let scalar = match &node.value {
        Value::Mapping(_) => return "a mapping".to_owned(),
        Value::Sequence(_) => return "a list".to_owned(),
        Value::Scalar(scalar) => scalar,
    };
    let kind = match scalar.resolve() {
        Resolved::Null => return "nothing".to_owned(),
        Resolved::Boolean(_) => "boolean",
        Resolved::Float(_) | Resolved::Int(_) | Resolved::LargeInt(_) => "number",
        Resolved::Text(_) => "text",
    };
    format!("the {kind} `{}`", scalar.as_str())
}
