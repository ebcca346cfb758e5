//! What the daemon is called with.

use std::path::PathBuf;
use std::time::Duration;

use juju_types::UnitName;
use thiserror::Error;

use crate::service::Service;
use crate::watch_list::{WatchList, WatchListError};

/// What the daemon is called with.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) command: Command,
    /// The unit whose charm is woken.
    pub(crate) unit: UnitName,
    /// The services to watch; if there are none, they are in a file.
    pub(crate) services: Option<WatchList>,
    pub(crate) state_folder: Option<PathBuf>,
    /// How long a delivery may take.
    pub(crate) time_limit: Option<Duration>,
    /// How long to wait, at most, before an agent that has not answered is
    /// asked again.
    pub(crate) longest_pause: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Command {
    /// Print what is watched, and what was told.
    Status,
    /// Watch.
    Watch,
}

/// How the daemon is called.
pub(crate) const USAGE: &str = "\
usage: juju-systemd-notices [status] [--unit] UNIT [OPTION…] [NAME[=ALIAS]…]

Wakes the charm of the Juju unit UNIT, such as app/0, when a systemd unit NAME
starts or stops, with the event service-ALIAS-started or service-ALIAS-stopped.
Without names, the list that the charm has written is in force; SIGHUP has it
read again. `status` shows what is watched, what was told, and what is pending.

options:
  --state-directory DIR    where the list is, and where to keep what was told
  --time-limit SECONDS     how long it may take, with the hooks that it waits for
  --longest-pause SECONDS  how long to wait before it is tried again, at most";

impl Arguments {
    /// Reads the arguments of the program, without its name.
    ///
    /// # Errors
    ///
    /// Returns an error that quotes the culprit, or [`ArgumentsError::Help`]
    /// if help was asked for.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, ArgumentsError> {
        let (mut unit, mut state_folder) = (None, None);
        let (mut time_limit, mut longest_pause) = (None, None);
        let (command, options) = match arguments.split_first() {
            Some((first, rest)) if first == "status" => (Command::Status, rest),
            _ => (Command::Watch, arguments),
        };
        let mut services = Vec::new();
        let mut words = options.iter();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                // No unit of systemd has a slash in its name.
                if word.contains('/') {
                    unit = Some(parse_unit(word)?);
                } else {
                    services.push(service(word)?);
                }
                continue;
            }
            if matches!(word.as_str(), "-h" | "--help") {
                return Err(ArgumentsError::Help);
            }
            let (name, value) = if let Some((name, value)) = word.split_once('=') {
                (name, value)
            } else {
                let value = words.next().ok_or_else(|| ArgumentsError::NoValue(word.clone()))?;
                (word.as_str(), value.as_str())
            };
            match name {
                "--unit" => unit = Some(parse_unit(value)?),
                "--state-directory" => state_folder = Some(PathBuf::from(value)),
                "--time-limit" => time_limit = Some(seconds(value)?),
                "--longest-pause" => longest_pause = Some(seconds(value)?),
                _ => return Err(ArgumentsError::Unknown(name.escape_debug().to_string())),
            }
        }
        let services = (!services.is_empty()).then(|| WatchList::new(services));
        Ok(Self {
            command,
            unit: unit.ok_or(ArgumentsError::NoUnit)?,
            services: services.transpose().map_err(ArgumentsError::Services)?,
            state_folder,
            time_limit,
            longest_pause,
        })
    }
}

fn parse_unit(word: &str) -> Result<UnitName, ArgumentsError> {
    let error = |error| ArgumentsError::Unit(word.escape_debug().to_string(), error);
    word.parse().map_err(error)
}

fn seconds(word: &str) -> Result<Duration, ArgumentsError> {
    let seconds = word.parse().ok().filter(|&seconds| seconds > 0);
    let seconds = seconds.ok_or_else(|| ArgumentsError::Seconds(word.escape_debug().to_string()));
    seconds.map(Duration::from_secs)
}

fn service(word: &str) -> Result<Service, ArgumentsError> {
    match word.split_once('=') {
        Some((_, alias)) if alias.is_empty() || alias.contains('=') => {
            Err(ArgumentsError::Service(word.escape_debug().to_string()))
        }
        Some((name, alias)) => Ok(Service::new(name).alias(alias)),
        None => Ok(Service::new(word)),
    }
}

/// Why the daemon cannot be called so.
#[derive(Debug, Error)]
pub(crate) enum ArgumentsError {
    #[error("help was asked for")]
    Help,
    #[error("`--unit` is missing: which unit's charm is to be woken?")]
    NoUnit,
    #[error("`{0}` needs a value")]
    NoValue(String),
    #[error("invalid time `{0}`: it must be a number of seconds above 0")]
    Seconds(String),
    #[error("invalid service `{0}`: it must be `NAME` or `NAME=ALIAS`")]
    Service(String),
    #[error("cannot watch these services")]
    Services(#[source] WatchListError),
    #[error("cannot wake the charm of `{0}`")]
    Unit(String, #[source] juju_types::ParseUnitNameError),
    #[error("there is no option `{0}`")]
    Unknown(String),
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, ArgumentsError> {
        Arguments::parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn reads_names_and_options() {
        assert_eq!(parse("status app/1").unwrap().command, Command::Status);
        let line = "--unit app/0 --state-directory=/s --time-limit 9 web=front a.timer";
        let arguments = parse(line).unwrap();
        assert_eq!(arguments.time_limit, Some(Duration::from_secs(9)));
        assert_eq!(arguments.unit.to_string(), "app/0");
        assert_eq!(arguments.command, Command::Watch);
        assert_eq!(arguments.state_folder, Some("/s".into()));
        let list = arguments.services.unwrap();
        let lines: Vec<_> = list.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["web.service front", "a.timer a-timer"]);
    }

    #[test]
    fn says_what_it_does_not_understand() {
        let errors: Vec<_> = [
            "web",
            "--unit",
            "--unit app/0 a==b",
            "--unit app",
            "--unit app/0 --x 1",
            "--time-limit 0",
        ]
        .map(|line| {
            let error = parse(line).unwrap_err();
            let source = error.source().map(|source| format!(": {source}"));
            format!("{error}{}", source.unwrap_or_default())
        })
        .into();
        insta::assert_snapshot!(errors.join("\n"), @r"
        `--unit` is missing: which unit's charm is to be woken?
        `--unit` needs a value
        invalid service `a==b`: it must be `NAME` or `NAME=ALIAS`
        cannot wake the charm of `app`: invalid unit name `app`: it must be `APPLICATION/NUMBER`
        there is no option `--x`
        invalid time `0`: it must be a number of seconds above 0
        ");
    }
}
