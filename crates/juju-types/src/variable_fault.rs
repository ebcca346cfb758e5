//! What is wrong with a variable.

use std::fmt;

/// What is wrong with one variable of the charm's process.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct VariableFault {
    /// The name of the variable.
    pub variable: String,
    /// Its value, empty if it is missing.
    pub value: String,
    /// The rule it breaks, as a phrase that quotes the value if there is one.
    pub rule: String,
}

impl VariableFault {
    /// Says that `value` of `variable` breaks `rule`.
    pub fn new(
        variable: impl Into<String>,
        value: impl Into<String>,
        rule: impl Into<String>,
    ) -> Self {
        Self { variable: variable.into(), value: value.into(), rule: rule.into() }
    }
}

impl fmt::Display for VariableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.variable, self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::VariableFault;

    #[test]
    fn names_the_variable_and_the_rule() {
        let fault = VariableFault::new("JUJU_UNIT_NAME", "", "it must be set");
        insta::assert_snapshot!(fault, @"`JUJU_UNIT_NAME`: it must be set");
    }
}
