//! A version of Prometheus.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::shortened::shortened;

/// A version of Prometheus, such as `2.42.0`. What a job may contain, and how
/// it can be configured, depends on it.
///
/// It is read off what `prometheus --version` prints as the version, or off the
/// version of a Debian package. That of Debian and Ubuntu, which has `+ds` in
/// its version, is built without some service discoveries; it counts as newer
/// than the release that it is made of.
///
/// ```
/// use prometheus_manual_interface::PrometheusVersion;
///
/// let version: PrometheusVersion = "2.42.0+ds-5+b5".parse()?;
/// assert_eq!(version.to_string(), "2.42.0+ds");
/// assert!(version.is_of_debian() && !version.has_scrape_config_files());
/// assert!(version > PrometheusVersion::new(2, 42, 0));
/// # Ok::<(), prometheus_manual_interface::ParsePrometheusVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PrometheusVersion {
    major: u32,
    minor: u32,
    patch: u32,
    is_of_debian: bool,
}

/// What Debian adds to the version of sources that it has changed.
const DEBIAN: &str = "+ds";

impl PrometheusVersion {
    /// Makes the version of a release.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch, is_of_debian: false }
    }

    /// Makes the version of what Debian makes of this release.
    #[must_use]
    pub const fn of_debian(self) -> Self {
        Self { is_of_debian: true, ..self }
    }

    /// Tells whether Debian or Ubuntu has built it.
    pub const fn is_of_debian(self) -> bool {
        self.is_of_debian
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
        let debian = if self.is_of_debian { DEBIAN } else { "" };
        write!(f, "{}.{}.{}{debian}", self.major, self.minor, self.patch)
    }
}

impl FromStr for PrometheusVersion {
    type Err = ParsePrometheusVersionError;

    fn from_str(version: &str) -> Result<Self, Self::Err> {
        let numbers = version.strip_prefix('v').unwrap_or(version);
        let end = numbers.find(['+', '-', '~']).unwrap_or(numbers.len());
        let (numbers, rest) = numbers.split_at(end);
        let is_of_debian = rest.starts_with(DEBIAN);
        let mut numbers = numbers.split('.').map(str::parse::<u32>);
        let mut next = || numbers.next().and_then(Result::ok);
        match (next(), next(), next(), numbers.next()) {
            (Some(major), Some(minor), Some(patch), None) => {
                Ok(Self { is_of_debian, ..Self::new(major, minor, patch) })
            }
            _ => Err(ParsePrometheusVersionError { version: version.to_owned() }),
        }
    }
}

/// The text is no [`PrometheusVersion`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid version of Prometheus `{}`: it must be three numbers, such as `2.42.0`",
    shortened(version)
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
        assert!(version("2.42.1") > version("2.42.0+ds"));
    }

    #[test]
    fn knows_the_packages_of_debian() {
        for (package, version) in [
            ("2.42.0+ds-5+deb12u1", "2.42.0+ds"),
            ("2.45.3+ds-2ubuntu0.2", "2.45.3+ds"),
            ("2.31.2+ds1-1ubuntu1", "2.31.2+ds"),
            ("2.42.0-1", "2.42.0"),
        ] {
            let parsed: PrometheusVersion = package.parse().unwrap();
            assert_eq!(parsed.to_string(), version);
            assert_eq!(version.parse(), Ok(parsed));
            assert_eq!(parsed.is_of_debian(), version.ends_with("+ds"));
        }
        let made = PrometheusVersion::new(2, 42, 0).of_debian();
        assert_eq!("2.42.0+ds-5".parse(), Ok(made));
    }
}
