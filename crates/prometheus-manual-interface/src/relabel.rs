//! What becomes of labels.

use std::collections::BTreeMap;

use python_json::Value;

/// What becomes of targets, metrics or their labels: an item of
/// [`relabel_configs`] or `metric_relabel_configs`.
///
/// Regular expressions are [RE2], and must match the whole.
///
/// ```
/// use prometheus_manual_interface::{Job, Relabel};
///
/// let job = Job::new("node")
///     .target("10.0.0.5:9100")
///     .metric_relabel(Relabel::drop(["__name__"], "go_.*"))
///     .relabel(Relabel::replace(["__address__"], "host").regex("(.*):.*").replacement("$1"));
/// ```
///
/// [RE2]: https://github.com/google/re2/wiki/Syntax
/// [`relabel_configs`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
#[derive(Clone, Debug, PartialEq)]
pub struct Relabel {
    settings: BTreeMap<&'static str, Value>,
}

impl Relabel {
    /// Drops what does not match: the values of the labels, with `;` between
    /// them.
    pub fn keep(
        source_labels: impl IntoIterator<Item: Into<String>>,
        regex: impl Into<String>,
    ) -> Self {
        Self::new("keep").source_labels(source_labels).regex(regex)
    }

    /// Drops what matches.
    pub fn drop(
        source_labels: impl IntoIterator<Item: Into<String>>,
        regex: impl Into<String>,
    ) -> Self {
        Self::new("drop").source_labels(source_labels).regex(regex)
    }

    /// Sets a label to the values of others, or to a
    /// [`replacement`](Self::replacement), where they match.
    pub fn replace(
        source_labels: impl IntoIterator<Item: Into<String>>,
        target_label: impl Into<String>,
    ) -> Self {
        Self::new("replace").source_labels(source_labels).text("target_label", target_label)
    }

    /// Sets a label.
    pub fn set(target_label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new("replace").text("target_label", target_label).replacement(value)
    }

    /// Sets a label to a number below `modulus` that is made of the values of
    /// others.
    pub fn hashmod(
        source_labels: impl IntoIterator<Item: Into<String>>,
        target_label: impl Into<String>,
        modulus: u64,
    ) -> Self {
        let mut relabel = Self::new("hashmod").source_labels(source_labels);
        relabel.settings.insert("modulus", Value::Integer(modulus.into()));
        relabel.text("target_label", target_label)
    }

    /// Copies the labels whose names match to new names, `$1` or a
    /// [`replacement`](Self::replacement).
    pub fn labelmap(regex: impl Into<String>) -> Self {
        Self::new("labelmap").regex(regex)
    }

    /// Removes the labels whose names match.
    pub fn labeldrop(regex: impl Into<String>) -> Self {
        Self::new("labeldrop").regex(regex)
    }

    /// Removes the labels whose names do not match.
    pub fn labelkeep(regex: impl Into<String>) -> Self {
        Self::new("labelkeep").regex(regex)
    }

    /// Sets what must match, in place of anything.
    #[must_use]
    pub fn regex(self, regex: impl Into<String>) -> Self {
        self.text("regex", regex)
    }

    /// Sets what is put in, in place of the first group `$1`.
    #[must_use]
    pub fn replacement(self, replacement: impl Into<String>) -> Self {
        self.text("replacement", replacement)
    }

    /// Sets what stands between the values of labels, in place of `;`.
    #[must_use]
    pub fn separator(self, separator: impl Into<String>) -> Self {
        self.text("separator", separator)
    }

    fn new(action: &str) -> Self {
        Self { settings: BTreeMap::new() }.text("action", action)
    }

    fn source_labels(mut self, labels: impl IntoIterator<Item: Into<String>>) -> Self {
        let labels = labels.into_iter().map(|label| Value::String(label.into()));
        self.settings.insert("source_labels", Value::Array(labels.collect()));
        self
    }

    fn text(mut self, key: &'static str, text: impl Into<String>) -> Self {
        self.settings.insert(key, Value::String(text.into()));
        self
    }

    pub(crate) fn into_value(self) -> Value {
        let settings = self.settings.into_iter();
        Value::Object(settings.map(|(key, value)| (key.to_owned(), value)).collect())
    }
}
