//! The settings of a job that is being built.

use std::collections::BTreeMap;
use std::time::Duration;

use python_json::Value;
use serde::Serialize;

use crate::job_defect::JobDefect;
use crate::place::Place;
use crate::prometheus_duration::PrometheusDuration;

/// The settings of a job that is being built. What cannot be right is kept in
/// mind until [`finish`](Self::finish).
#[derive(Clone, Default, PartialEq)]
pub(crate) struct JobSettings {
    settings: BTreeMap<String, Value>,
    /// The first thing that was given and cannot be right.
    defect: Option<JobDefect>,
}

/// The settings by which Prometheus says who it is, of which a job has one.
const CREDENTIALS: [&str; 5] =
    ["authorization", "basic_auth", "bearer_token", "bearer_token_file", "oauth2"];

impl JobSettings {
    /// Takes all settings from anything that is serialised as a mapping.
    pub(crate) fn of(settings: &impl Serialize) -> Self {
        let mut this = Self::default();
        match value_of(settings) {
            Some(Value::Object(mut settings)) => {
                // The name is given beside.
                settings.remove("job_name");
                this.settings = settings;
            }
            _ => this.note(JobDefect::new("job_data", "it must be a mapping")),
        }
        this
    }

    pub(crate) fn put(&mut self, key: impl Into<String>, value: Value) {
        self.settings.insert(key.into(), value);
    }

    pub(crate) fn put_text(&mut self, key: &str, text: impl Into<String>) {
        self.put(key, Value::String(text.into()));
    }

    /// Puts anything that has a form in JSON.
    pub(crate) fn put_any(&mut self, key: &str, value: &impl Serialize) {
        match value_of(value) {
            Some(value) => self.put(key, value),
            None => self.note(Place::Job.key(key).defect("it has no form in JSON")),
        }
    }

    pub(crate) fn put_duration(&mut self, key: &'static str, duration: Duration) {
        match PrometheusDuration::exactly(duration) {
            Some(duration) if !duration.is_zero() => self.put_text(key, duration.to_string()),
            _ => self.note(JobDefect::new(key, "it must be whole milliseconds, and not zero")),
        }
    }

    /// Puts the credential in the place of any other.
    pub(crate) fn put_credential(&mut self, key: &str, value: Value) {
        self.settings.retain(|key, _| !CREDENTIALS.contains(&key.as_str()));
        self.put(key, value);
    }

    /// Adds to a list.
    pub(crate) fn add(&mut self, key: &'static str, item: Value) {
        match self.settings.entry(key.to_owned()).or_insert_with(empty_list) {
            Value::Array(items) => items.push(item),
            _ => self.note(JobDefect::new(key, "it must be a list")),
        }
    }

    /// Adds a parameter of the URL.
    pub(crate) fn add_param(&mut self, name: String, value: String) {
        let params = self.settings.entry("params".to_owned());
        let values = match params.or_insert_with(|| Value::Object(BTreeMap::new())) {
            Value::Object(params) => Some(params.entry(name).or_insert_with(empty_list)),
            _ => None,
        };
        match values {
            Some(Value::Array(values)) => values.push(Value::String(value)),
            _ => self.note(JobDefect::new("params", "it must be a mapping to lists")),
        }
    }

    /// Keeps in mind what is wrong.
    pub(crate) fn note(&mut self, defect: JobDefect) {
        self.defect.get_or_insert(defect);
    }

    /// Returns the settings, or the first thing that cannot be right.
    pub(crate) fn finish(self) -> Result<BTreeMap<String, Value>, JobDefect> {
        self.defect.map_or(Ok(self.settings), Err)
    }
}

/// Makes a value of anything that has a form in JSON.
fn value_of(value: &impl Serialize) -> Option<Value> {
    python_json::to_string(value).ok()?.parse().ok()
}

fn empty_list() -> Value {
    Value::Array(Vec::new())
}
