//! Reads variables one by one.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use juju_types::VariableFault;

/// Reads variables and remembers every fault, so that one run reports all.
///
/// A method that returns `None` where it should have read something has
/// remembered why.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    variables: &'a BTreeMap<String, String>,
    faults: Vec<VariableFault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(variables: &'a BTreeMap<String, String>) -> Self {
        Self { variables, faults: Vec::new() }
    }

    /// Returns the faults found so far.
    pub(super) fn into_faults(self) -> Vec<VariableFault> {
        self.faults
    }

    /// Adds a fault, unless one of the same variable is known.
    pub(super) fn fault(&mut self, fault: VariableFault) {
        if self.faults.iter().all(|known| known.variable != fault.variable) {
            self.faults.push(fault);
        }
    }

    /// Returns the value of a variable, where empty is the same as absent.
    pub(super) fn text(&self, variable: &str) -> Option<&'a str> {
        self.variables.get(variable).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn owned(&self, variable: &str) -> Option<String> {
        self.text(variable).map(str::to_owned)
    }

    pub(super) fn path(&self, variable: &str) -> Option<PathBuf> {
        self.text(variable).map(PathBuf::from)
    }

    /// Returns the value of a variable that may be absent.
    pub(super) fn optional<T>(&mut self, variable: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.parse(variable, self.text(variable)?)
    }

    /// Returns the value of a variable that must be there.
    pub(super) fn required<T>(&mut self, variable: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        if self.text(variable).is_none() {
            self.fault(VariableFault::new(variable, "", "it must be set"));
        }
        self.optional(variable)
    }

    pub(super) fn parse<T>(&mut self, variable: &str, value: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        match value.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(VariableFault::new(variable, value, error.to_string()));
                None
            }
        }
    }

    /// Returns a number that a variable may hold.
    pub(super) fn number<T: FromStr>(&mut self, variable: &str) -> Option<T> {
        let value = self.text(variable)?;
        let number = value.parse().ok();
        if number.is_none() {
            let rule = format!("`{value}` is not a number, or is out of range");
            self.fault(VariableFault::new(variable, value, rule));
        }
        number
    }
}
