//! How a handler ends that cannot go on.

use std::error::Error;
use std::fmt;

use juju_types::Status;

/// What the parts of a charm return.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Why a handler could not go on: there is a status to show, or something has
/// failed.
///
/// - **A status** ([`blocked`], [`waiting`], [`maintenance`], or
///   [`OrStatus`] on an error) ends this handler and no other. The run goes
///   on and commits: flags and published data that the handler has changed
///   before stay changed. The status is shown at the end of the run, unless
///   another one is worse. Nothing that the handler was due to acknowledge
///   (a changed file, a `once`) is acknowledged. The next run shows it only if
///   it comes up again, so that no old answer lives on: a handler of a flag
///   that is due in each run until it has succeeded says it each time, a handler
///   of an event says it once.
/// - **An error** ends the run. Nothing is committed or published, and Juju
///   retries the hook. Every error type becomes one through `?`.
///
/// ```
/// use reactive_endpoints::{OrStatus, Result, blocked};
///
/// fn port(option: Option<&str>) -> Result<u16> {
///     let Some(text) = option else { return Err(blocked("set the option port")) };
///     text.parse().or_blocked("port")
/// }
///
/// assert_eq!(port(None).unwrap_err().to_string(), "blocked: set the option port");
/// assert_eq!(
///     port(Some("x")).unwrap_err().to_string(),
///     "blocked: port: invalid digit found in string",
/// );
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The status to show.
    Status(Status),
    /// What has failed.
    Error(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// Returns the status to show, if it is one.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            Self::Error(_) => None,
        }
    }

    /// Returns the status that something has ended with, if it has; what has
    /// failed stays an error.
    pub(crate) fn raised(ended: Result) -> Result<Option<Status>> {
        match ended {
            Ok(()) => Ok(None),
            Err(Self::Status(status)) => Ok(Some(status)),
            Err(error) => Err(error),
        }
    }

    /// Returns it as an error, for those who know no other kind.
    pub fn into_error(self) -> Box<dyn Error + Send + Sync> {
        match self {
            Self::Status(status) => status.to_string().into(),
            Self::Error(error) => error,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::Error(error) => error.fmt(f),
        }
    }
}

// A `Failure` is no `Error` itself, so that every error can become one.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Ends a handler: a human must do something, namely `message`.
pub fn blocked(message: impl Into<String>) -> Failure {
    Failure::Status(Status::blocked(message))
}

/// Ends a handler: the unit waits for another application or for Juju.
pub fn waiting(message: impl Into<String>) -> Failure {
    Failure::Status(Status::waiting(message))
}

/// Ends a handler: the unit is busy with itself.
pub fn maintenance(message: impl Into<String>) -> Failure {
    Failure::Status(Status::maintenance(message))
}

/// Turns an error, or that there is nothing, into a status to show.
pub trait OrStatus<T> {
    /// Shows `blocked` with `what`, and the error behind it.
    ///
    /// # Errors
    ///
    /// Returns a [`Failure::Status`] if there is no value.
    fn or_blocked(self, what: impl Into<String>) -> Result<T>;

    /// Shows `waiting` with `what`, and the error behind it.
    ///
    /// # Errors
    ///
    /// Returns a [`Failure::Status`] if there is no value.
    fn or_waiting(self, what: impl Into<String>) -> Result<T>;
}

impl<T> OrStatus<T> for Option<T> {
    fn or_blocked(self, what: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| blocked(what))
    }

    fn or_waiting(self, what: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| waiting(what))
    }
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> OrStatus<T> for std::result::Result<T, E> {
    fn or_blocked(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|error| blocked(with_cause(what, error)))
    }

    fn or_waiting(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|error| waiting(with_cause(what, error)))
    }
}

/// Joins a text with an error and all of its causes, on one line.
fn with_cause(what: impl Into<String>, error: impl Into<Box<dyn Error + Send + Sync>>) -> String {
    format!("{}: {}", what.into(), chain(&*error.into())).replace('\n', " ")
}

/// Joins the texts of an error and of all of its causes.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_status_without_a_cause() {
        let missing: Option<u8> = None;
        assert_eq!(missing.or_waiting("database").unwrap_err().to_string(), "waiting: database");
        assert_eq!(Some(1).or_blocked("database").unwrap(), 1);
    }

    #[test]
    fn every_error_becomes_a_failure() {
        fn fail() -> Result {
            Err("no network")?;
            Ok(())
        }
        let failure = fail().unwrap_err();
        assert!(failure.status().is_none());
        assert_eq!(failure.into_error().to_string(), "no network");
    }
}
