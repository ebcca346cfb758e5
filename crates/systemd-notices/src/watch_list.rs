//! The units that are watched for one charm.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::service::Service;
use crate::systemd_unit_name::SystemdUnitName;
use crate::watched_service::{WatchedService, WatchedServiceError};

/// The units that are watched for one charm, in the order in which the charm
/// names them. No unit is in it twice, and no two have the same alias.
///
/// Its text is the file through which the charm tells the daemon: one line for
/// each unit, and comments after `#`.
///
/// ```
/// use systemd_notices::{Service, WatchList};
///
/// let list = WatchList::new([Service::new("nginx"), Service::new("a.timer").alias("tick")])?;
/// assert_eq!(list.to_string().parse(), Ok(list));
/// # Ok::<(), systemd_notices::WatchListError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct WatchList(Vec<WatchedService>);

impl WatchList {
    /// Checks `services`.
    ///
    /// # Errors
    ///
    /// Returns an error if a name or an alias is not valid, if a unit is named
    /// twice, or if two units would have events of the same name.
    pub fn new(
        services: impl IntoIterator<Item = impl Into<Service>>,
    ) -> Result<Self, WatchListError> {
        let services = services.into_iter().map(|service| service.into().try_into());
        Self::check(services.collect::<Result<_, _>>().map_err(Fault::Service)?)
    }

    /// Goes through the units in order.
    pub fn iter(&self) -> impl Iterator<Item = &WatchedService> {
        self.0.iter()
    }

    fn check(services: Vec<WatchedService>) -> Result<Self, WatchListError> {
        let mut by_alias = BTreeMap::new();
        let mut units = BTreeSet::new();
        for service in &services {
            if !units.insert(service.unit()) {
                return Err(Fault::Twice(service.unit().clone()).into());
            }
            if let Some(first) = by_alias.insert(service.alias(), service.unit()) {
                let units = [first.clone(), service.unit().clone()];
                return Err(Fault::SameEvents { alias: service.alias().to_string(), units }.into());
            }
        }
        Ok(Self(services))
    }
}

impl fmt::Display for WatchList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# The charm writes this file. Unit, alias, events besides started and stopped."
        )?;
        self.0.iter().try_for_each(|service| writeln!(f, "{service}"))
    }
}

impl FromStr for WatchList {
    type Err = WatchListError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self::check(lines.map(str::parse).collect::<Result<_, _>>().map_err(Fault::Service)?)
    }
}

/// The services cannot be watched together, or the text is no [`WatchList`];
/// the message quotes the culprits and says which rule they break.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct WatchListError(#[from] Fault);

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Fault {
    #[error(
        "`{}` and `{}` would both have events named `service-{alias}-…`: give one an alias of its own",
        units[0], units[1]
    )]
    SameEvents { alias: String, units: [SystemdUnitName; 2] },
    #[error(transparent)]
    Service(WatchedServiceError),
    #[error("`{0}` is watched twice")]
    Twice(SystemdUnitName),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::WatchList;
    use crate::service::Service;

    fn refusal(services: &[Service]) -> String {
        WatchList::new(services.iter().cloned()).unwrap_err().to_string()
    }

    #[test]
    fn is_a_file_that_a_person_can_read() {
        let list = WatchList::new([
            Service::new("nginx"),
            Service::new("snap.postgresql.daemon").alias("my_db").with_failed().with_restarted(),
            Service::new("backup.timer").with_restarted(),
        ])
        .unwrap();
        insta::assert_snapshot!(list, @r"
        # The charm writes this file. Unit, alias, events besides started and stopped.
        nginx.service nginx
        snap.postgresql.daemon.service my-db failed restarted
        backup.timer backup-timer restarted
        ");
        assert_eq!(list.to_string().parse(), Ok(list));
    }

    #[test]
    fn refuses_what_cannot_be_told_apart() {
        let new = Service::new;
        let refusals = [
            refusal(&[new("a.b"), new("c"), new("a-b")]),
            refusal(&[new("backup.timer"), new("x").alias("backup_timer")]),
            refusal(&[new("web"), new("web.service").alias("other")]),
            refusal(&[new("a+b")]),
            refusal(&[new("web@1"), new("x").alias("…")]),
        ];
        insta::assert_snapshot!(refusals.join("\n"), @r"
        `a.b.service` and `a-b.service` would both have events named `service-a-b-…`: give one an alias of its own
        `backup.timer` and `x.service` would both have events named `service-backup-timer-…`: give one an alias of its own
        `web.service` is watched twice
        invalid name of a systemd unit `a+b`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid alias of a service `…`: it needs an ASCII letter or a digit
        ");
    }

    #[test]
    fn refuses_lines_that_it_does_not_write() {
        let refusal = |line: &str| line.parse::<WatchList>().unwrap_err().to_string();
        let refusals = ["web.service", "web.service web often", "web.service  web", " # x", "a A"];
        insta::assert_snapshot!(refusals.map(refusal).join("\n"), @r"
        invalid line `web.service`: it must be a unit, its alias, and any of `failed` and `restarted`, with one blank between them
        invalid line `web.service web often`: it must be a unit, its alias, and any of `failed` and `restarted`, with one blank between them
        invalid alias of a service ``: it needs an ASCII letter or a digit
        invalid name of a systemd unit ``: something must stand before the suffix
        invalid alias of a service `A`: only lower-case letters, digits and single dashes between them are allowed
        ");
    }

    proptest! {
        #[test]
        fn what_it_prints_parses_back(names in proptest::collection::vec(r"[a-zA-Z0-9:_.\\@-]{1,9}", 0..9)) {
            if let Ok(list) = WatchList::new(names) {
                prop_assert_eq!(list.to_string().parse(), Ok(list));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = text.parse::<WatchList>();
        }
    }
}
