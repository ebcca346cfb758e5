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
usage: juju-systemd-notices [status] [--unit] UNIT [OPTION…] [--] [NAME[=ALIAS]…]

In a charm that is the daemon too: dispatch systemd-notices [status] …

Wakes the charm of the Juju unit UNIT, such as app/0, when a systemd unit NAME
starts or stops, with the event service-ALIAS-started or service-ALIAS-stopped.
Without names, the list that the charm has written is in force; SIGHUP has it
read again. `status` shows what is watched, what was told, and what is pending.

options:
  --state-directory DIR    where the list is, and where to keep what was told
  --time-limit SECONDS     how long it may take, with the hooks that it waits for
  --longest-pause SECONDS  how long to wait before it is tried again, at most
  --version                say which version this is
  --                       what follows is no option: for names such as -.mount";

impl Arguments {
    /// Reads the arguments of the program, without its name.
    ///
    /// # Errors
    ///
    /// Returns an error that quotes the culprit, or [`ArgumentsError::Help`] or
    /// [`ArgumentsError::Version`] if that was asked for.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, ArgumentsError> {
        let (mut unit, mut state_folder) = (None, None);
        let (mut time_limit, mut longest_pause) = (None, None);
        let (command, options) = match arguments.split_first() {
            Some((first, rest)) if first == STATUS => (Command::Status, rest),
            _ => (Command::Watch, arguments),
        };
        let mut services = Vec::new();
        let mut words = options.iter();
        let mut takes_options = true;
        while let Some(word) = words.next() {
            if !(takes_options && word.starts_with('-')) {
                // No unit of systemd has a slash in its name.
                if word.contains('/') {
                    set_unit(&mut unit, word)?;
                } else if unit.is_none() {
                    // It may be a command with a typing error. Taken for a
                    // service, it would start a daemon.
                    return Err(ArgumentsError::NotAUnit(escaped(word)));
                } else if word == STATUS {
                    return Err(ArgumentsError::LateStatus);
                } else {
                    services.push(service(word)?);
                }
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (word.as_str(), None),
            };
            let mut value = || {
                let value = value.or_else(|| words.next().map(String::as_str));
                value.ok_or_else(|| ArgumentsError::NoValue(name.to_owned()))
            };
            match name {
                "--" => takes_options = false,
                "-h" | "--help" => return Err(ArgumentsError::Help),
                "--longest-pause" => longest_pause = Some(seconds(value()?)?),
                "--state-directory" => state_folder = Some(PathBuf::from(value()?)),
                "--time-limit" => time_limit = Some(seconds(value()?)?),
                "--unit" => set_unit(&mut unit, value()?)?,
                "-V" | "--version" => return Err(ArgumentsError::Version),
                _ => return Err(ArgumentsError::Unknown(escaped(name))),
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

/// The first word that is a command.
const STATUS: &str = "status";

fn set_unit(unit: &mut Option<UnitName>, word: &str) -> Result<(), ArgumentsError> {
    let parsed = word.parse().map_err(|error| ArgumentsError::Unit(escaped(word), error))?;
    match unit.replace(parsed) {
        Some(first) => Err(ArgumentsError::TwoUnits(first, escaped(word))),
        None => Ok(()),
    }
}

fn seconds(word: &str) -> Result<Duration, ArgumentsError> {
    let seconds = word.parse().ok().filter(|&seconds| seconds > 0);
    let seconds = seconds.ok_or_else(|| ArgumentsError::Seconds(escaped(word)));
    seconds.map(Duration::from_secs)
}

fn service(word: &str) -> Result<Service, ArgumentsError> {
    match word.split_once('=') {
        Some((_, alias)) if alias.is_empty() || alias.contains('=') => {
            Err(ArgumentsError::Service(escaped(word)))
        }
        Some((name, alias)) => Ok(Service::new(name).alias(alias)),
        None => Ok(Service::new(word)),
    }
}

fn escaped(word: &str) -> String {
    word.escape_debug().to_string()
}

/// Why the daemon cannot be called so.
#[derive(Debug, Error)]
pub(crate) enum ArgumentsError {
    #[error("help was asked for")]
    Help,
    #[error("`status` must be the first word; a service of that name is `status.service`")]
    LateStatus,
    #[error("which unit's charm is to be woken? `--help` shows how to say so")]
    NoUnit,
    #[error("`{0}` needs a value")]
    NoValue(String),
    #[error(
        "`{0}` is neither a command nor a unit such as `app/0`; the unit comes before the services"
    )]
    NotAUnit(String),
    #[error("invalid time `{0}`: it must be a number of seconds above 0")]
    Seconds(String),
    #[error("invalid service `{0}`: it must be `NAME` or `NAME=ALIAS`")]
    Service(String),
    #[error("cannot watch these services")]
    Services(#[source] WatchListError),
    #[error("there must be one unit, not both `{0}` and `{1}`")]
    TwoUnits(UnitName, String),
    #[error("cannot wake the charm of `{0}`")]
    Unit(String, #[source] juju_types::ParseUnitNameError),
    #[error("there is no option `{0}`")]
    Unknown(String),
    #[error("the version was asked for")]
    Version,
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
        for help in ["-h", "app/0 --help"] {
            assert!(matches!(parse(help), Err(ArgumentsError::Help)), "{help}");
        }
        let line = "--unit app/0 --state-directory=/s --time-limit 9 --longest-pause=7 \
            web=front a.timer";
        let arguments = parse(line).unwrap();
        assert_eq!(arguments.longest_pause, Some(Duration::from_secs(7)));
        assert_eq!(arguments.time_limit, Some(Duration::from_secs(9)));
        assert_eq!(arguments.unit.to_string(), "app/0");
        assert_eq!(arguments.command, Command::Watch);
        assert_eq!(arguments.state_folder, Some("/s".into()));
        let list = arguments.services.unwrap();
        let lines: Vec<_> = list.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["web.service front", "a.timer a-timer"]);
    }

    #[test]
    fn reads_names_that_look_like_options() {
        let list = parse("app/0 web -- -.mount=root --x").unwrap().services.unwrap();
        let lines: Vec<_> = list.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["web.service web", "-.mount root", "--x.service x"]);
        assert!(matches!(parse("app/0 --version"), Err(ArgumentsError::Version)));
    }

    #[test]
    fn says_what_it_does_not_understand() {
        let errors: Vec<_> = [
            "stauts app/0",
            "web",
            "app/0 status",
            "app/0 a/1 web",
            "--unit app/0 --unit app/0",
            "--state-directory /s",
            "--unit",
            "--unit app/0 a==b",
            "--unit app/0 a,b",
            "--unit app",
            "--unit app/0 --x",
            "--time-limit 0",
        ]
        .map(|line| {
            let error = parse(line).unwrap_err();
            let source = error.source().map(|source| format!(": {source}"));
            format!("{error}{}", source.unwrap_or_default())
        })
        .into();
        insta::assert_snapshot!(errors.join("\n"), @r"
        `stauts` is neither a command nor a unit such as `app/0`; the unit comes before the services
        `web` is neither a command nor a unit such as `app/0`; the unit comes before the services
        `status` must be the first word; a service of that name is `status.service`
        there must be one unit, not both `app/0` and `a/1`
        there must be one unit, not both `app/0` and `app/0`
        which unit's charm is to be woken? `--help` shows how to say so
        `--unit` needs a value
        invalid service `a==b`: it must be `NAME` or `NAME=ALIAS`
        cannot watch these services: invalid name of a systemd unit `a,b`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        cannot wake the charm of `app`: invalid unit name `app`: it must be `APPLICATION/NUMBER`
        there is no option `--x`
        invalid time `0`: it must be a number of seconds above 0
        ");
    }
}
