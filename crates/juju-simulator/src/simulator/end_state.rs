//! The state of a whole model, to be compared with that of another run.

use serde_json::Value;

use super::Simulator;
use crate::unit_state::UnitState;

impl Simulator {
    /// Returns the units whose hook has failed, each in a line with its error.
    pub(crate) fn units_in_error(&self) -> String {
        let failed = self.model.units.values().filter(|unit| unit.progress.failed.is_some());
        let lines = failed.map(|unit| format!("{} {}", unit.name, unit.shown_status()));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns the state of the model as a text that does not depend on how
    /// often something was tried: without ids and temporary folders.
    pub(crate) fn end_state(&self) -> String {
        let units = self.model.units.values().filter(|unit| !unit.is_extra);
        let states = units.map(|unit| end_state_of(&UnitState::of(&self.model, &unit.name)));
        let mut text = self.status().to_string();
        text.extend(states);
        if let Some(agents) = &self.agents {
            text = text.replace(&*agents.root().to_string_lossy(), "…");
        }
        self.name_secrets(text)
    }

    /// Names secrets by their order in place of their ids.
    fn name_secrets(&self, text: String) -> String {
        let mut secrets: Vec<_> =
            self.model.secrets.iter().map(|(id, secret)| (format!("{secret:?}"), id)).collect();
        secrets.sort();
        let ids = secrets.into_iter().map(|(_, id)| id);
        (1..)
            .zip(ids)
            .fold(text, |text, (number, id)| text.replace(id, &format!("secret-{number}")))
    }
}

fn end_state_of(unit: &UnitState) -> String {
    let mut state = serde_json::to_value(unit).expect("a state can be written as JSON");
    if let Some(state) = state.as_object_mut() {
        // Only the last one is there, with its number.
        state.remove("action");
    }
    if let Some(secrets) = state.get_mut("secrets").and_then(Value::as_array_mut) {
        secrets.sort_by_cached_key(|secret| {
            let mut secret = secret.clone();
            secret.as_object_mut().and_then(|secret| secret.remove("id"));
            secret.to_string()
        });
    }
    format!("\n{}\n{state:#}\n", unit.unit())
}
