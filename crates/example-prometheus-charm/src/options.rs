//! What the charm's options mean.

use prometheus_manual_interface::{ParsePrometheusDurationError, PrometheusDuration};
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
    /// Never 0, which Prometheus would take for none.
    pub(crate) scrape_interval: PrometheusDuration,
}

impl TryFrom<RawOptions> for Options {
    type Error = OptionsError;

    fn try_from(raw: RawOptions) -> Result<Self, OptionsError> {
        let port = match u16::try_from(raw.port) {
            Ok(port) if port > 0 => port,
            _ => return Err(OptionsError::Port(raw.port)),
        };
        let scrape_interval: PrometheusDuration =
            raw.scrape_interval.parse().map_err(OptionsError::ScrapeInterval)?;
        if scrape_interval.is_zero() {
            return Err(OptionsError::NoScrapeInterval);
        }
        Ok(Self { port, scrape_interval })
    }
}

/// An option has a value that Prometheus cannot run with.
#[derive(Debug, Eq, Error, PartialEq)]
pub(crate) enum OptionsError {
    #[error("scrape-interval: it must not be 0")]
    NoScrapeInterval,
    #[error("port: {0} is not in 1-65535")]
    Port(i64),
    // It is printed here, as nobody looks for the source of a status.
    #[error("scrape-interval: {0}")]
    ScrapeInterval(ParsePrometheusDurationError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(scrape_interval: &str) -> Result<Options, String> {
        let raw = RawOptions { port: 9090, scrape_interval: scrape_interval.to_owned() };
        Options::try_from(raw).map_err(|error| error.to_string())
    }

    #[test]
    fn an_interval_is_one_for_prometheus() {
        assert_eq!(options("90s").unwrap().scrape_interval.to_string(), "1m30s");
        insta::assert_snapshot!(options("often").unwrap_err(), @"scrape-interval: `often` is no duration, such as `15s` or `1m30s`");
        insta::assert_snapshot!(options("0s").unwrap_err(), @"scrape-interval: it must not be 0");
    }
}
