//! The name of a systemd unit.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{ParseNameError, text_name};

const SUFFIXES: [&str; 11] = [
    ".automount",
    ".device",
    ".mount",
    ".path",
    ".scope",
    ".service",
    ".slice",
    ".socket",
    ".swap",
    ".target",
    ".timer",
];

/// The full name of a [systemd unit], such as `nginx.service`.
///
/// As with `systemctl`, a name without one of systemd's suffixes means a
/// service: `nginx` is read as `nginx.service`, so that both are equal. Timers,
/// sockets and the other kinds are written with their suffix. The few names
/// that start with a dash, such as `-.mount`, are refused.
///
/// ```
/// use charm_machine::ServiceName;
///
/// let name: ServiceName = "nginx".parse()?;
/// assert_eq!(name.as_str(), "nginx.service");
/// assert!("../nginx".parse::<ServiceName>().is_err());
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
///
/// [systemd unit]: https://manpages.debian.org/bookworm/systemd/systemd.unit.5.en.html
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ServiceName(String);

text_name!(ServiceName);

impl FromStr for ServiceName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| Err(ParseNameError::new("systemd unit name", text, rule));
        let suffix = SUFFIXES.iter().find(|suffix| text.ends_with(**suffix));
        let stem = suffix.map_or(text, |suffix| &text[..text.len() - suffix.len()]);
        if !stem.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return reject("it must start with a letter, a digit or `_`");
        }
        if !stem
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\' | '@'))
        {
            return reject("only letters, digits, `:`, `-`, `_`, `.`, `\\` and `@` are allowed");
        }
        let name = format!("{stem}{}", suffix.unwrap_or(&".service"));
        if name.len() > 255 {
            return reject("it may have 255 characters at most");
        }
        Ok(Self(name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ServiceName;

    #[test]
    fn a_name_without_a_suffix_means_a_service() {
        let full = |text: &str| text.parse::<ServiceName>().unwrap().to_string();
        assert_eq!(full("nginx"), "nginx.service");
        assert_eq!(full("nginx.service"), "nginx.service");
        assert_eq!(full("postgresql@14-main"), "postgresql@14-main.service");
        assert_eq!(full("snap.lxd.daemon"), "snap.lxd.daemon.service");
        assert_eq!(full("logrotate.timer"), "logrotate.timer");
        assert_eq!(full(r"dev-disk-by\x2dlabel-data.mount"), r"dev-disk-by\x2dlabel-data.mount");
    }

    #[test]
    fn says_which_rule_a_name_breaks() {
        let message = |name: &str| name.parse::<ServiceName>().unwrap_err().to_string();
        insta::assert_snapshot!(message(""), @"invalid systemd unit name ``: it must start with a letter, a digit or `_`");
        insta::assert_snapshot!(message("--now"), @"invalid systemd unit name `--now`: it must start with a letter, a digit or `_`");
        insta::assert_snapshot!(message("a/b"), @r"invalid systemd unit name `a/b`: only letters, digits, `:`, `-`, `_`, `.`, `\` and `@` are allowed");
        assert!(message(&"a".repeat(248)).ends_with("it may have 255 characters at most"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_full_name_is_given_back(name in r"[A-Za-z0-9_][A-Za-z0-9:_.\\@-]{0,30}\.(service|timer|socket)") {
            prop_assert_eq!(name.parse::<ServiceName>().unwrap().to_string(), name);
        }

        #[test]
        fn never_panics_and_a_parsed_name_parses_again(text in any::<String>()) {
            if let Ok(name) = text.parse::<ServiceName>() {
                prop_assert_eq!(name.as_str().parse::<ServiceName>().unwrap(), name);
            }
        }
    }
}
