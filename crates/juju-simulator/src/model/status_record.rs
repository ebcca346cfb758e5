use jiff::Timestamp;
use juju_types::{ApplicationName, StatusKind, StatusValue};

use super::{Model, Unit};
use crate::status_text::StatusText;

/// A status, and since when it holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct StatusRecord {
    pub(crate) text: StatusText,
    pub(crate) since: Timestamp,
}

impl Model {
    /// Makes a status that holds from now on.
    pub(crate) fn status(&self, value: impl Into<StatusValue>, message: &str) -> StatusRecord {
        StatusRecord { text: StatusText::new(value, message), since: self.now }
    }

    /// Returns the status of an application: what the leader has set, or the
    /// worst of its units.
    pub(crate) fn application_status(&self, application: &ApplicationName) -> StatusText {
        let set =
            self.applications.get(application).and_then(|application| application.status.clone());
        if let Some(set) = set {
            return set.text;
        }
        let statuses = self.units_of(application).map(Unit::shown_status);
        let worst = statuses.reduce(|worst, next| {
            if severity(&next.value) > severity(&worst.value) { next } else { worst }
        });
        worst.unwrap_or_else(|| StatusText::new(StatusValue::Unknown, ""))
    }
}

/// Tells how much more a status matters than others.
fn severity(status: &StatusValue) -> u32 {
    match status {
        StatusValue::Error => 6,
        StatusValue::Set(StatusKind::Blocked) => 5,
        StatusValue::Set(StatusKind::Maintenance) => 4,
        StatusValue::Set(StatusKind::Waiting) => 3,
        StatusValue::Set(StatusKind::Active) => 2,
        StatusValue::Terminated => 1,
        _ => 0,
    }
}
