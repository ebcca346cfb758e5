//! The name of an event that Juju does not define.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::container_name::ContainerName;
use crate::storage_name::StorageName;
use crate::text::{check_file_name, text_noun};

/// The name of an event that Juju does not define, such as
/// `service-exporter-stopped`.
///
/// Any text that can be the name of a file in `hooks/`, unless it alone
/// already means a hook of Juju: `install`, `data-storage-attached` or
/// `web-pebble-ready`. A name such as `db-relation-changed` is valid, because
/// without the variables of a relation it is none of Juju's hooks; see
/// [`Event::from_variables`](crate::Event::from_variables).
///
/// ```
/// use juju_types::EventName;
///
/// assert!("service-exporter-stopped".parse::<EventName>().is_ok());
/// assert!("install".parse::<EventName>().is_err());
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct EventName(String);

text_noun!(EventName);

impl FromStr for EventName {
    type Err = ParseEventNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseEventNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`EventName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid event name `{name}`: {rule}")]
pub struct ParseEventNameError {
    name: String,
    rule: &'static str,
}

fn check(name: &str) -> Result<(), &'static str> {
    check_file_name(name)?;
    if is_hook_of_juju(name) {
        return Err("Juju itself has a hook of this name");
    }
    Ok(())
}

/// Tells whether a name alone, without any variable, means a hook of Juju.
fn is_hook_of_juju(name: &str) -> bool {
    let storage =
        name.strip_suffix("-storage-attached").or_else(|| name.strip_suffix("-storage-detaching"));
    let container = name.strip_suffix("-pebble-ready");
    CHARM_WIDE_HOOKS.contains(&name)
        || storage.is_some_and(|storage| storage.parse::<StorageName>().is_ok())
        || container.is_some_and(|container| container.parse::<ContainerName>().is_ok())
}

/// The hooks that are about the charm as a whole. (`leader-deposed` is in
/// Juju's lists too, but no version runs it.)
const CHARM_WIDE_HOOKS: [&str; 17] = [
    "collect-metrics",
    "config-changed",
    "install",
    "leader-elected",
    "leader-settings-changed",
    "meter-status-changed",
    "post-series-upgrade",
    "pre-series-upgrade",
    "remove",
    "secret-changed",
    "secret-expired",
    "secret-remove",
    "secret-rotate",
    "start",
    "stop",
    "update-status",
    "upgrade-charm",
];

#[cfg(test)]
mod tests {
    use super::EventName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = [
            "",
            "install",
            "data-storage-attached",
            "data-storage-detaching",
            "web-pebble-ready",
            "a/b",
        ];
        insta::assert_snapshot!(refusals::<EventName>(&texts), @r"
        invalid event name ``: it must not be empty
        invalid event name `install`: Juju itself has a hook of this name
        invalid event name `data-storage-attached`: Juju itself has a hook of this name
        invalid event name `data-storage-detaching`: Juju itself has a hook of this name
        invalid event name `web-pebble-ready`: Juju itself has a hook of this name
        invalid event name `a/b`: it must be one component of a path
        ");
    }

    #[test]
    fn allows_names_that_only_look_like_hooks() {
        for name in
            ["db-relation-changed", "-pebble-ready", "My-storage-attached", "leader-deposed"]
        {
            assert!(name.parse::<EventName>().is_ok(), "{name}");
        }
    }
}
