//! How the config differs from what it was.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use python_json::Value;
use serde::de::DeserializeOwned;

use crate::failure::Result;

/// The options of a charm with their values; null where there is none.
pub(crate) type Options = BTreeMap<String, Value>;

/// How the config differs from what it was in the last run that looked at it
/// and succeeded. [`Context::config_changes`](crate::Context::config_changes)
/// returns it.
#[derive(Clone)]
pub struct ConfigChanges(Rc<Inner>);

struct Inner {
    now: Options,
    before: Option<Options>,
}

impl ConfigChanges {
    pub(crate) fn new(now: Options, before: Option<Options>) -> Self {
        Self(Rc::new(Inner { now, before }))
    }

    /// Tells whether the value of an option is not what it was. In the first
    /// run of all, each option has changed.
    pub fn changed(&self, option: &str) -> bool {
        let Some(now) = self.0.now.get(option) else { return false };
        let Some(before) = &self.0.before else { return true };
        !is_same(now, before.get(option).unwrap_or(&Value::Null))
    }

    /// Returns the options whose values are not what they were, in order.
    pub fn changed_options(&self) -> impl Iterator<Item = &str> {
        self.0.now.keys().map(String::as_str).filter(|option| self.changed(option))
    }

    /// Returns what the value of an option was, or `None` if it had none.
    ///
    /// # Errors
    ///
    /// Returns an error if that value does not fit `T`.
    pub fn previous<T: DeserializeOwned>(&self, option: &str) -> Result<Option<T>> {
        let before = self.0.before.as_ref().and_then(|before| before.get(option));
        match before {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Ok(Some(python_json::from_value(value.clone())?)),
        }
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.now
    }
}

impl fmt::Debug for ConfigChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let changed: Vec<&str> = self.changed_options().collect();
        f.debug_struct("ConfigChanges").field("changed", &changed).finish_non_exhaustive()
    }
}

/// Tells whether two values are equal as Python compares them: `1` is `1.0`.
/// Juju shows a whole number for a float.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Integer(whole), Value::Float(float))
        | (Value::Float(float), Value::Integer(whole)) => {
            whole.to_string().parse() == Ok(f64::from(*float))
        }
        _ => one == other,
    }
}
