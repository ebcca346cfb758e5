//! What the charm's options mean.

use serde::Deserialize;
use thiserror::Error;

/// The options as Juju hands them over, not yet checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RawOptions {
    port: i64,
    scrape_interval: String,
}

/// Options that Prometheus can run with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// A duration in the form of Prometheus.
    pub(crate) scrape_interval: String,
}

impl TryFrom<RawOptions> for Options {
    type Error = OptionsError;

    fn try_from(raw: RawOptions) -> Result<Self, OptionsError> {
        let port = match u16::try_from(raw.port) {
            Ok(port) if port > 0 => port,
            _ => return Err(OptionsError::Port(raw.port)),
        };
        let scrape_interval = raw.scrape_interval;
        Ok(Self { port, scrape_interval })
    }
}

/// An option has a value that Prometheus cannot run with.
#[derive(Debug, Eq, Error, PartialEq)]
pub(crate) enum OptionsError {
    #[error("port: {0} is not in 1-65535")]
    Port(i64),
}
