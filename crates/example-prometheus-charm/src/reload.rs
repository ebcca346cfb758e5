//! Whether Prometheus has read its configuration.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use charm_machine::{Command, CommandError, Machine, Output, Scratch};
use reactive_endpoints::{Result, blocked};

use crate::server::Server;

/// How long a reload may take until it counts as none.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How long to wait before the server is asked again; most reloads are done then.
const PAUSE: Duration = Duration::from_millis(50);
/// An answer that takes longer is none.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// What has become of a reload.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reload {
    /// The server has read its configuration, and uses it.
    Done,
    /// The server has refused its configuration, or a part of it.
    Refused,
    /// The server does not say so in time: it is still starting, or busy.
    Unknown,
}

impl Reload {
    /// What is shown when it is refused. What Prometheus says about it is in its
    /// log; it may name what a peer has sent.
    pub(crate) const REFUSED: &str = "Prometheus refuses the configuration that promtool takes";
    /// What is shown while nobody knows.
    pub(crate) const UNKNOWN: &str = "Prometheus does not say that it has read its configuration";

    /// Has a server read its configuration, and waits for what it says. systemd
    /// only tells whether it could send the signal.
    pub(crate) fn run(machine: &Machine, server: &Server<'_>, port: u16) -> Result<Self> {
        let before = LastReload::ask(machine, port)?;
        machine.reload(server.service())?;
        // On a scratch machine no time passes.
        let limit = if machine.as_scratch().is_some() { Duration::ZERO } else { TIME_LIMIT };
        let deadline = Instant::now() + limit;
        loop {
            thread::sleep(PAUSE);
            let now = LastReload::ask(machine, port)?;
            let is_late = Instant::now() >= deadline;
            if let Some(outcome) = outcome(before.as_ref(), now.as_ref(), is_late) {
                return Ok(outcome);
            }
        }
    }
}

/// Tells what has become of a reload, if it is known already.
fn outcome(before: Option<&LastReload>, now: Option<&LastReload>, is_late: bool) -> Option<Reload> {
    match (before, now) {
        (Some(before), Some(now)) if now.success != before.success => Some(Reload::Done),
        (Some(before), Some(now)) if before.is_successful && !now.is_successful => {
            Some(Reload::Refused)
        }
        // One that fails after one that has failed looks like none.
        (Some(_), Some(now)) if is_late && !now.is_successful && now.success != NEVER => {
            Some(Reload::Refused)
        }
        _ if is_late => Some(Reload::Unknown),
        _ => None,
    }
}

/// What a server says about the last time that it has read its configuration.
#[derive(Debug, Eq, PartialEq)]
struct LastReload {
    is_successful: bool,
    /// When it has last succeeded, as the server writes it.
    success: String,
}

/// What a server that is starting has for the time of its last success.
const NEVER: &str = "0";

impl LastReload {
    /// Asks the server for its [metrics]; nothing if it does not answer. Those
    /// that it has scraped from itself may be older than the reload.
    ///
    /// [metrics]: https://prometheus.io/docs/prometheus/latest/getting_started/
    fn ask(machine: &Machine, port: u16) -> Result<Option<Self>> {
        // Juju installs curl on every machine, for itself.
        let command = Command::new("curl")
            .args(["--disable", "--silent", "--fail"])
            .arg(format!("http://127.0.0.1:{port}/metrics"))
            .time_limit(ANSWER_LIMIT);
        match machine.run(&command) {
            Ok(output) => Ok(Self::read(&output.stdout_text())),
            Err(CommandError::Failed { .. } | CommandError::TimedOut { .. }) => Ok(None),
            Err(error @ CommandError::NotFound { .. }) => Err(blocked(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }

    fn read(metrics: &str) -> Option<Self> {
        let value = |name: &str| {
            metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        };
        Some(Self {
            is_successful: value("prometheus_config_last_reload_successful")? == "1",
            success: value("prometheus_config_last_reload_success_timestamp_seconds")?.to_owned(),
        })
    }
}

/// Has a scratch machine answer as if each reload had succeeded.
pub(crate) fn answer_on(scratch: &Scratch) {
    let answers = AtomicU64::new(1);
    scratch.on_command("curl", move |_| {
        let time = answers.fetch_add(1, Ordering::Relaxed);
        Output::success(format!(
            "prometheus_config_last_reload_success_timestamp_seconds {time}\n\
             prometheus_config_last_reload_successful 1\n"
        ))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last reload was successful, and when one last was.
    type Said = Option<(bool, &'static str)>;

    #[track_caller]
    fn check(before: Said, now: Said, early: Option<Reload>, late: Reload) {
        let [before, now] = [before, now].map(|said| {
            let (is_successful, success) = said?;
            Some(LastReload { is_successful, success: success.to_owned() })
        });
        assert_eq!(outcome(before.as_ref(), now.as_ref(), false), early);
        assert_eq!(outcome(before.as_ref(), now.as_ref(), true), Some(late));
    }

    #[test]
    fn reads_what_prometheus_writes() {
        let metrics = "# HELP prometheus_config_last_reload_successful Whether …\n\
                       # TYPE prometheus_config_last_reload_successful gauge\n\
                       prometheus_config_last_reload_success_timestamp_seconds 1.7641213124512e+09\n\
                       prometheus_config_last_reload_successful 0\n";
        let read = LastReload::read(metrics).unwrap();
        assert_eq!((read.is_successful, &*read.success), (false, "1.7641213124512e+09"));
        assert_eq!(LastReload::read("404"), None);
    }

    #[test]
    fn a_reload_is_done_when_a_later_one_has_succeeded() {
        check(Some((true, "1")), Some((true, "2")), Some(Reload::Done), Reload::Done);
        check(Some((false, "1")), Some((true, "2")), Some(Reload::Done), Reload::Done);
        // The first one of all, at the start.
        check(Some((false, NEVER)), Some((true, "2")), Some(Reload::Done), Reload::Done);
    }

    #[test]
    fn a_reload_is_refused_when_it_is_said_so() {
        check(Some((true, "1")), Some((false, "1")), Some(Reload::Refused), Reload::Refused);
        check(Some((false, "1")), Some((false, "1")), None, Reload::Refused);
    }

    #[test]
    fn nobody_knows_of_a_reload_while_the_server_does_not_say() {
        check(Some((true, "1")), Some((true, "1")), None, Reload::Unknown);
        check(Some((true, "1")), None, None, Reload::Unknown);
        check(None, Some((true, "1")), None, Reload::Unknown);
        check(Some((false, NEVER)), Some((false, NEVER)), None, Reload::Unknown);
    }
}
