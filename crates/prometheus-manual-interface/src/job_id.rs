//! The id of a job.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::shortened::shortened;

/// The id of a job: that of the request that asks for it.
///
/// It is a UUID if this crate or Python has made it. Other producers have ways
/// of their own, such as `request_MODEL_APPLICATION`.
///
/// ```
/// use prometheus_manual_interface::JobId;
///
/// let id: JobId = "prod_exporter".parse()?;
/// assert_eq!(id.to_string(), "prod_exporter");
/// # Ok::<(), prometheus_manual_interface::ParseJobIdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobId(String);

impl JobId {
    /// The keys of requests begin with it.
    pub(crate) const REQUEST_PREFIX: &'static str = "request_";

    /// The keys of responses begin with it.
    pub(crate) const RESPONSE_PREFIX: &'static str = "response_";

    /// How many bytes an id may have.
    const MAX_LENGTH: usize = 255;

    /// Returns the key of the setting that the request is in.
    pub fn request_key(&self) -> String {
        format!("{}{self}", Self::REQUEST_PREFIX)
    }

    /// Returns the key of the setting that the response is in.
    pub fn response_key(&self) -> String {
        format!("{}{self}", Self::RESPONSE_PREFIX)
    }
}

impl AsRef<str> for JobId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for JobId {
    type Err = ParseJobIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseJobIdError { id: id.to_owned(), rule };
        if id.is_empty() {
            return Err(reject("it must not be empty"));
        }
        if id.len() > Self::MAX_LENGTH {
            return Err(reject("it must not be longer than 255 bytes"));
        }
        if id.contains(char::is_control) {
            return Err(reject("control characters are not allowed"));
        }
        Ok(Self(id.to_owned()))
    }
}

/// The text is no [`JobId`]; the message quotes it and says which rule it
/// breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid job id `{}`: {rule}", shortened(id))]
pub struct ParseJobIdError {
    id: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let error = |id: &str| id.parse::<JobId>().unwrap_err().to_string();
        insta::assert_snapshot!(error(""), @"invalid job id ``: it must not be empty");
        insta::assert_snapshot!(error("a\nb"), @r"invalid job id `a\nb`: control characters are not allowed");
        assert!(error(&"a".repeat(256)).ends_with("it must not be longer than 255 bytes"));
    }
}
