//! Reads variables of the charm's process one by one.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::variable_fault::VariableFault;

/// Reads variables and remembers every fault, so that one run reports all.
///
/// A method that returns `None` where it should have read something has
/// remembered why.
pub(crate) struct VariableReader<'a> {
    variables: &'a BTreeMap<String, String>,
    faults: Vec<VariableFault>,
}

impl<'a> VariableReader<'a> {
    pub(crate) fn new(variables: &'a BTreeMap<String, String>) -> Self {
        Self { variables, faults: Vec::new() }
    }

    /// Returns every fault that was found.
    pub(crate) fn into_faults(self) -> Vec<VariableFault> {
        self.faults
    }

    /// Returns the value of a variable, where empty is the same as absent.
    pub(crate) fn text(&self, variable: &str) -> Option<&'a str> {
        self.variables.get(variable).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Reads a variable that may be absent.
    pub(crate) fn optional<T>(&mut self, variable: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.parse(variable, self.text(variable)?)
    }

    /// Reads a variable without which `hook` has no meaning.
    pub(crate) fn required<T>(&mut self, hook: &str, variable: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let Some(value) = self.text(variable) else {
            self.report(variable, "", format!("it must be set for `{hook}`"));
            return None;
        };
        self.parse(variable, value)
    }

    /// Reads `value`, which is all or part of what `variable` says.
    pub(crate) fn parse<T>(&mut self, variable: &str, value: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        value.parse().map_err(|error: T::Err| self.report(variable, value, error.to_string())).ok()
    }

    /// Remembers that `value` of `variable` breaks `rule`.
    pub(crate) fn report(&mut self, variable: &str, value: &str, rule: String) {
        self.faults.push(VariableFault::new(variable, value, rule));
    }
}
