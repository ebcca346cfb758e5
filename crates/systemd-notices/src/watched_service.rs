//! A unit that is watched, and how it is told.

use std::fmt;
use std::str::FromStr;

use juju_types::EventName;
use thiserror::Error;

use crate::notice_event::NoticeEvent;
use crate::service::Service;
use crate::service_alias::{ParseServiceAliasError, ServiceAlias};
use crate::systemd_unit_name::{ParseSystemdUnitNameError, SystemdUnitName};
use crate::text::shown;

/// A unit that is watched, and how it is told: a [`Service`], checked.
///
/// Its text is the line of a [`WatchList`](crate::WatchList): the unit, the
/// alias, and the events that it tells besides `started` and `stopped`.
///
/// ```
/// use systemd_notices::{NoticeEvent, Service, WatchedService};
///
/// let service = WatchedService::try_from(Service::new("web@1").with_failed())?;
/// assert_eq!(service.to_string(), "web@1.service web-1 failed");
/// assert_eq!(service.event_name(NoticeEvent::Failed).as_str(), "service-web-1-failed");
/// assert!(!service.tells(NoticeEvent::Restarted));
/// # Ok::<(), systemd_notices::WatchedServiceError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct WatchedService {
    unit: SystemdUnitName,
    alias: ServiceAlias,
    failed: bool,
    restarted: bool,
}

impl WatchedService {
    /// Returns the unit that is watched.
    pub fn unit(&self) -> &SystemdUnitName {
        &self.unit
    }

    /// Returns what stands for the unit in the names of its events.
    pub fn alias(&self) -> &ServiceAlias {
        &self.alias
    }

    /// Tells whether the charm has asked for `event`. It always hears of
    /// started and stopped.
    pub fn tells(&self, event: NoticeEvent) -> bool {
        match event {
            NoticeEvent::Failed => self.failed,
            NoticeEvent::Restarted => self.restarted,
            NoticeEvent::Started | NoticeEvent::Stopped => true,
        }
    }

    /// Returns the name that the charm knows `event` of this unit by.
    pub fn event_name(&self, event: NoticeEvent) -> EventName {
        event.event_name(&self.alias)
    }
}

impl TryFrom<Service> for WatchedService {
    type Error = WatchedServiceError;

    fn try_from(service: Service) -> Result<Self, Self::Error> {
        let unit: SystemdUnitName = service.name.parse().map_err(Fault::Unit)?;
        let alias = service.alias.as_deref().unwrap_or_else(|| unit.short());
        let alias = ServiceAlias::derive(alias).map_err(Fault::Alias)?;
        Ok(Self { unit, alias, failed: service.failed, restarted: service.restarted })
    }
}

impl fmt::Display for WatchedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.unit, self.alias)?;
        for event in [NoticeEvent::Failed, NoticeEvent::Restarted] {
            if self.tells(event) {
                write!(f, " {event}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for WatchedService {
    type Err = WatchedServiceError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let reject = || Fault::Line(shown(line));
        let mut words = line.split(' ');
        let unit = words.next().ok_or_else(reject)?.parse().map_err(Fault::Unit)?;
        let alias = words.next().ok_or_else(reject)?.parse().map_err(Fault::Alias)?;
        let mut service = Self { unit, alias, failed: false, restarted: false };
        for word in words {
            match word {
                "failed" => service.failed = true,
                "restarted" => service.restarted = true,
                _ => return Err(reject().into()),
            }
        }
        Ok(service)
    }
}

/// A [`Service`], or a line that describes one, cannot be watched; the message
/// quotes the culprit and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct WatchedServiceError(#[from] Fault);

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Fault {
    #[error(transparent)]
    Alias(ParseServiceAliasError),
    #[error(
        "invalid line `{0}`: it must be a unit, its alias, and any of `failed` and `restarted`, \
         with one blank between them"
    )]
    Line(String),
    #[error(transparent)]
    Unit(ParseSystemdUnitNameError),
}
