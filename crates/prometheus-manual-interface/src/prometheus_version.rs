//! A version of Prometheus.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A version of Prometheus, such as `2.42.0`. What a job may contain, and how
/// it can be configured, depends on it.
///
/// It is read off what `prometheus --version` prints as the version, or off the
/// version of a Debian package.
///
/// ```
/// use prometheus_manual_interface::PrometheusVersion;
///
/// let version: PrometheusVersion = "2.42.0+ds-5+b5".parse()?;
/// assert_eq!(version.to_string(), "2.42.0");
/// assert!(!version.has_scrape_config_files());
/// # Ok::<(), prometheus_manual_interface::ParsePrometheusVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PrometheusVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

impl PrometheusVersion {
    /// Makes the version of these numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Tells whether jobs can be in files of their own, which its configuration
    /// names in `scrape_config_files`: since [2.43].
    ///
    /// [2.43]: https://github.com/prometheus/prometheus/releases/tag/v2.43.0
    pub fn has_scrape_config_files(self) -> bool {
        self >= Self::new(2, 43, 0)
    }
}

impl fmt::Display for PrometheusVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for PrometheusVersion {
    type Err = ParsePrometheusVersionError;

    fn from_str(version: &str) -> Result<Self, Self::Err> {
        let numbers = version.strip_prefix('v').unwrap_or(version);
        let end = numbers.find(['+', '-', '~']).unwrap_or(numbers.len());
        let mut numbers = numbers[..end].split('.').map(str::parse::<u32>);
        let mut next = || numbers.next().and_then(Result::ok);
        match (next(), next(), next(), numbers.next()) {
            (Some(major), Some(minor), Some(patch), None) => Ok(Self::new(major, minor, patch)),
            _ => Err(ParsePrometheusVersionError { version: version.to_owned() }),
        }
    }
}

/// The text is no [`PrometheusVersion`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid version of Prometheus `{}`: it must be three numbers, such as `2.42.0`",
    version.escape_debug()
)]
pub struct ParsePrometheusVersionError {
    version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_is_no_version() {
        let error = |version: &str| version.parse::<PrometheusVersion>().unwrap_err().to_string();
        insta::assert_snapshot!(
            error("2.x.0"),
            @"invalid version of Prometheus `2.x.0`: it must be three numbers, such as `2.42.0`"
        );
        assert!(error("").contains("``"));
        assert!(error("2.42").contains("`2.42`"));
        assert!(error("2.42.0.1").contains("`2.42.0.1`"));
    }

    #[test]
    fn newer_versions_are_greater() {
        let version = |text: &str| text.parse::<PrometheusVersion>().unwrap();
        assert!(version("v2.43.0-rc.0").has_scrape_config_files());
        assert!(version("10.0.0") > version("9.99.99"));
    }
}
