//! A state as text, and the difference of two.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::UnitState;
use super::relation_state::{RelationState, Settings};
use super::secret_state::SecretState;
use crate::change::Shown;

/// One thing that is not as usual: what it is about, and what is so. What has
/// no value is a fact by itself.
type Fact = (String, Option<String>);

impl fmt::Display for UnitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.unit())?;
        for fact in self.facts() {
            writeln!(f, "{}", Line(&fact))?;
        }
        Ok(())
    }
}

impl UnitState {
    /// Returns what is different later, a line for each difference: `+` before
    /// what is new, `-` before what is gone, and both values of what is
    /// another one. Equal states, as far as they are shown, give an empty text.
    ///
    /// The values of secrets are not compared: other values are another revision.
    pub fn difference(&self, later: &Self) -> String {
        let (before, after) = (self.facts(), later.facts());
        let known = |facts: &[Fact]| facts.iter().cloned().collect::<BTreeMap<_, _>>();
        let (known_before, known_after) = (known(&before), known(&after));
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let old = before.iter().filter_map(|fact| {
            let (about, value) = fact;
            match known_after.get(about) {
                Some(now) if now == value => None,
                Some(now) => Some(format!("{about}: {} -> {}\n", text(value), text(now))),
                None => Some(format!("- {}\n", Line(fact))),
            }
        });
        let new = after.iter().filter(|(about, _)| !known_before.contains_key(about));
        old.chain(new.map(|fact| format!("+ {}\n", Line(fact)))).collect()
    }

    fn facts(&self) -> Vec<Fact> {
        let state = &self.0;
        let mut facts = Vec::new();
        let mut add = |about: String, value: Option<String>| facts.push((about, value));
        if state.leader {
            add("leader".to_owned(), None);
        }
        if let Some(status) = self.status() {
            add("status".to_owned(), Some(status.to_string()));
        }
        if let Some(status) = self.application_status() {
            add("application status".to_owned(), Some(status.to_string()));
        }
        if !state.workload_version.is_empty() {
            add("version".to_owned(), Some(shown(&state.workload_version)));
        }
        for (option, value) in &state.config {
            if !value.is_null() && !state.defaults.contains(option) {
                let value = match value {
                    Value::String(text) => shown(text),
                    other => other.to_string(),
                };
                add(format!("config {option}"), Some(value));
            }
        }
        for (range, endpoint) in self.open_ports() {
            let endpoint = endpoint.map(|endpoint| format!(" ({endpoint})")).unwrap_or_default();
            add(format!("port {range}{endpoint}"), None);
        }
        for (key, value) in &state.charm_state {
            add(format!("state {key}"), Some(shown(value)));
        }
        for (key, value) in &state.leader_settings {
            add(format!("leader setting {key}"), Some(shown(value)));
        }
        for storage in &state.storage {
            add(format!("storage {}", storage.id()), None);
        }
        for added in &state.storage_added {
            add(format!("storage added {}", added.name), Some(added.constraints.count.to_string()));
        }
        for (name, resource) in &state.resources {
            add(format!("resource {name}"), Some(format!("{} bytes", resource.content.len())));
        }
        for (unit, status) in &state.app_units {
            add(format!("unit {unit}"), Some(status.text().to_string()));
        }
        for relation in &state.relations {
            self.add_relation(relation, &mut facts);
        }
        for secret in &state.secrets {
            add_secret(secret, &mut facts);
        }
        facts
    }

    fn add_relation(&self, relation: &RelationState, facts: &mut Vec<Fact>) {
        let own = self.unit();
        let relation_name = format!("relation {}", relation.id());
        let remote = relation.application().filter(|remote| *remote != own.application());
        let remote = remote.map_or_else(|| "peers".to_owned(), ToString::to_string);
        facts.push((relation_name.clone(), Some(remote.clone())));
        let mut add = |party: &str, data: &Settings| {
            let about = format!("{relation_name} {party}");
            for (key, value) in data {
                facts.push((format!("{about} {key}"), Some(shown(value))));
            }
        };
        add(&remote, relation.application_data());
        add(own.application().as_str(), relation.own_application_data());
        add(&own.to_string(), relation.own_data());
        for (unit, data) in &relation.remote_units {
            add(&unit.to_string(), data);
        }
        let silent = relation.units().filter(|unit| relation.remote_units[*unit].is_empty());
        facts.extend(silent.map(|unit| (format!("{relation_name} {unit}"), None)));
        let gone = relation.remote_units.keys();
        let gone = gone.filter(|unit| !relation.units().any(|member| member == *unit));
        facts.extend(gone.map(|unit| (format!("{relation_name} {unit}"), Some("gone".to_owned()))));
    }
}

fn add_secret(secret: &SecretState, facts: &mut Vec<Fact>) {
    let about = format!("secret {}", secret.id().id());
    facts.push((about.clone(), Some(secret.owner().to_owned())));
    let mut add = |what: &str, value: &str| {
        if !value.is_empty() {
            facts.push((format!("{about} {what}"), Some(shown(value))));
        }
    };
    add("label", secret.label());
    add("description", secret.description());
    add("rotation", secret.rotate.as_deref().unwrap_or_default());
    add("revision", &format!("{} ({})", secret.revision(), secret.keys().join(", ")));
    add("granted", if secret.is_granted() { "to this unit" } else { "" });
    add("reader's label", secret.reader_label());
    let tracked = secret.tracked_revision().map(|revision| revision.to_string());
    add("tracked revision", &tracked.unwrap_or_default());
}

fn shown(value: &str) -> String {
    Shown(value).to_string()
}

struct Line<'a>(&'a Fact);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (about, value) = self.0;
        match value {
            Some(value) => write!(f, "{about}: {value}"),
            None => f.write_str(about),
        }
    }
}
