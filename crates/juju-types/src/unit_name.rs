//! The name of a unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::application_name::ApplicationName;
use crate::text::{parse_number, string_conversions};

/// The name of one unit of an application, such as `postgresql/3`.
///
/// Units are ordered by application, then by number.
///
/// ```
/// use juju_types::UnitName;
///
/// let unit: UnitName = "postgresql/3".parse()?;
/// assert_eq!(unit.application().as_str(), "postgresql");
/// assert_eq!(unit.number(), 3);
/// assert!(unit < "postgresql/10".parse()?);
/// # Ok::<(), juju_types::ParseUnitNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct UnitName {
    // The order of the fields is the order of units.
    application: ApplicationName,
    number: u32,
}

string_conversions!(UnitName);

impl UnitName {
    /// Names the unit `number` of `application`.
    pub fn new(application: ApplicationName, number: u32) -> Self {
        Self { application, number }
    }

    /// Returns the application that the unit belongs to.
    pub fn application(&self) -> &ApplicationName {
        &self.application
    }

    /// Returns the number of the unit, which Juju never uses again within the
    /// life of the application.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns the unit's tag, such as `unit-postgresql-3`: the name of its
    /// folder below `/var/lib/juju/agents`.
    pub fn tag(&self) -> String {
        format!("unit-{}-{}", self.application, self.number)
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.application, self.number)
    }
}

impl FromStr for UnitName {
    type Err = ParseUnitNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseUnitNameError { name: name.to_owned(), rule };
        let (application, number) =
            name.split_once('/').ok_or_else(|| reject("it must be `APPLICATION/NUMBER`"))?;
        let application = application
            .parse()
            .map_err(|_| reject("a valid application name must stand before `/`"))?;
        let number = parse_number(number)
            .ok_or_else(|| reject("a number without leading zeros must stand after `/`"))?;
        Ok(Self { application, number })
    }
}

/// The text is no [`UnitName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid unit name `{name}`: {rule}")]
pub struct ParseUnitNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::UnitName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["app", "App/0", "app/00", "app/0/1", "app/4294967296"];
        insta::assert_snapshot!(refusals::<UnitName>(&texts), @r"
        invalid unit name `app`: it must be `APPLICATION/NUMBER`
        invalid unit name `App/0`: a valid application name must stand before `/`
        invalid unit name `app/00`: a number without leading zeros must stand after `/`
        invalid unit name `app/0/1`: a number without leading zeros must stand after `/`
        invalid unit name `app/4294967296`: a number without leading zeros must stand after `/`
        ");
    }

    #[test]
    fn orders_by_application_then_by_number() {
        let mut units =
            ["b/1", "a/10", "a-b/0", "a/2"].map(|name| name.parse::<UnitName>().unwrap());
        units.sort();
        assert_eq!(units.map(|unit| unit.to_string()), ["a/2", "a/10", "a-b/0", "b/1"]);
    }

    #[test]
    fn has_a_tag() {
        let unit = UnitName::new("my-app".parse().unwrap(), 3);
        assert_eq!(unit.to_string(), "my-app/3");
        assert_eq!(unit.tag(), "unit-my-app-3");
    }
}
