//! What has become of a unit.

use std::fmt;
use std::str::FromStr;

use juju_types::EventName;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::service_alias::ServiceAlias;
use crate::text::{shown, string_conversions};

/// What has become of a unit, as the charm is told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum NoticeEvent {
    /// It has failed; only if [asked for](crate::Service::with_failed).
    Failed,
    /// It has come up anew; only if [asked for](crate::Service::with_restarted).
    Restarted,
    /// It has become active.
    Started,
    /// It is no longer active.
    Stopped,
}

string_conversions!(NoticeEvent);

impl NoticeEvent {
    /// Returns the name that a charm knows this event by, for the unit that
    /// `alias` stands for: `service-<alias>-started`.
    #[expect(clippy::missing_panics_doc, reason = "the name is always valid")]
    pub fn event_name(self, alias: &ServiceAlias) -> EventName {
        format!("service-{alias}-{self}").parse().expect("no hook of Juju ends like this")
    }
}

impl fmt::Display for NoticeEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Failed => "failed",
            Self::Restarted => "restarted",
            Self::Started => "started",
            Self::Stopped => "stopped",
        })
    }
}

impl FromStr for NoticeEvent {
    type Err = ParseNoticeEventError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "failed" => Ok(Self::Failed),
            "restarted" => Ok(Self::Restarted),
            "started" => Ok(Self::Started),
            "stopped" => Ok(Self::Stopped),
            _ => Err(ParseNoticeEventError(shown(text))),
        }
    }
}

/// The text is no [`NoticeEvent`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid event of a notice `{0}`: it must be `failed`, `restarted`, `started` or `stopped`"
)]
pub struct ParseNoticeEventError(String);
