//! The way to the charm through the unit agent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use juju_types::UnitName;

use crate::daemon::clock::since_boot;
use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::shell::Shell;
use crate::notice::Notice;

/// Delivers notices by `juju-exec`, or by `juju-run` as it is called before
/// Juju 3.
///
/// The program runs below a small shell and outlives the daemon. The shell
/// waits until the daemon says what to run, or has died, and writes how the
/// program ended into a file, for whichever daemon is there by then.
#[derive(Debug)]
pub(crate) struct JujuExec {
    pub(crate) unit: UnitName,
    /// The program, under its name and the older one.
    pub(crate) programs: [PathBuf; 2],
    pub(crate) boot: String,
    /// Where the shell writes how the program ended.
    pub(crate) result: PathBuf,
    /// How long a delivery may take, with the time that the unit agent lets it
    /// wait for other hooks.
    pub(crate) time_limit: Duration,
    pub(crate) shells: Mutex<Shells>,
}

/// The shells that wait.
#[derive(Debug, Default)]
pub(crate) struct Shells {
    /// The one of the delivery that is prepared, and what it will run.
    prepared: Option<(Shell, String)>,
    /// The one of the next delivery.
    next: Option<Shell>,
}

/// The exit code of the text that the agent runs if the charm fails. So it is
/// none that `juju-exec` has when it cannot reach the agent, which are 1 and 2.
const REFUSED: i32 = 64;

#[async_trait]
impl Delivery for JujuExec {
    fn stand_by(&self) {
        let mut shells = self.shells();
        if shells.next.is_none() {
            // If that fails, `prepare` tries again, and tells.
            shells.next = Shell::start(&self.result).ok();
        }
    }

    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        let mut shells = self.shells();
        let shell = match shells.next.take().and_then(Shell::still_waiting) {
            Some(shell) => shell,
            None => Shell::start(&self.result)?,
        };
        let process = shell.process;
        let text = format!("{} || exit {REFUSED}", notice.juju_exec_text());
        shells.prepared = Some((shell, text));
        let begun = since_boot().as_secs();
        Ok(Ticket { boot: self.boot.clone(), process, begun })
    }

    async fn complete(&self, ticket: &Ticket) -> Outcome {
        if ticket.boot != self.boot {
            return Outcome::Unanswered("the machine was started anew".to_owned());
        }
        let mut child = match self.run(ticket) {
            Ok(child) => child,
            Err(error) => return Outcome::Unreached(error.to_string()),
        };
        let end = async {
            match child {
                Some(_) => ticket.process.child_ended().await,
                None => ticket.process.ended().await,
            }
        };
        let is_late = match tokio::time::timeout(self.time_left(ticket), end).await {
            Ok(Ok(())) => false,
            Ok(Err(error)) => return Outcome::Unanswered(error.to_string()),
            Err(_) => true,
        };
        if is_late {
            ticket.process.kill_group();
        }
        // It has ended, so this waits for nothing.
        let status = child.as_mut().map(Child::wait);
        if is_late {
            let limit = self.time_limit.as_secs();
            return Outcome::Unanswered(format!("it was killed after {limit} s"));
        }
        let code = match status {
            Some(status) => status.ok().and_then(|status| status.code()),
            None => self.written_code(ticket),
        };
        outcome(code)
    }
}

impl JujuExec {
    /// Has the shell begin that was prepared under `ticket`. There is none if
    /// that was done by an earlier daemon, which has also let it begin.
    fn run(&self, ticket: &Ticket) -> io::Result<Option<Child>> {
        let is_it = |(shell, _): &mut (Shell, String)| shell.process == ticket.process;
        let Some((shell, text)) = self.shells().prepared.take_if(is_it) else { return Ok(None) };
        let program = self.program().to_string_lossy();
        shell.run(&[&program, &self.unit.to_string(), &text], &ticket.mark()).map(Some)
    }

    /// Returns the exit code that the shell of `ticket` has written. What is
    /// there may be that of an earlier one.
    fn written_code(&self, ticket: &Ticket) -> Option<i32> {
        let text = fs::read_to_string(&self.result).ok()?;
        text.strip_prefix(&ticket.mark())?.trim().parse().ok()
    }

    fn program(&self) -> &Path {
        self.programs.iter().find(|path| path.exists()).unwrap_or(&self.programs[0])
    }

    fn time_left(&self, ticket: &Ticket) -> Duration {
        let passed = since_boot().saturating_sub(Duration::from_secs(ticket.begun));
        self.time_limit.saturating_sub(passed)
    }

    fn shells(&self) -> MutexGuard<'_, Shells> {
        self.shells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shells {
    /// Ends the shells. They would end by themselves, but systemd may see them
    /// before, and wonder.
    fn drop(&mut self) {
        let prepared = self.prepared.take().map(|(shell, _)| shell);
        prepared.into_iter().chain(self.next.take()).for_each(Shell::end);
    }
}

/// Reads the exit code of the shell, which is that of the program.
fn outcome(code: Option<i32>) -> Outcome {
    match code {
        Some(0) => Outcome::Delivered,
        Some(REFUSED) => Outcome::Refused,
        Some(127) => Outcome::Unreached("juju-exec is not there".to_owned()),
        Some(code) => Outcome::Unanswered(format!("juju-exec failed with exit code {code}")),
        None => Outcome::Unanswered("nobody knows how it ended".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Delivers a notice by a program with this text, and returns what became
    /// of it; `complete` says who waits for it.
    fn deliver(
        text: &str,
        time_limit: Duration,
        complete: impl AsyncFnOnce(JujuExec, Ticket) -> Outcome,
    ) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("juju-exec");
        fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let notice = Notice::from_env([
            ("SYSTEMD_NOTICE_ALIAS", "web"),
            ("SYSTEMD_NOTICE_EVENT", "stopped"),
            ("SYSTEMD_NOTICE_ID", "1"),
            ("SYSTEMD_NOTICE_MERGED", "no"),
            ("SYSTEMD_NOTICE_RESTARTS", "0"),
            ("SYSTEMD_NOTICE_STATE", "inactive"),
            ("SYSTEMD_NOTICE_SUB_STATE", "dead"),
            ("SYSTEMD_NOTICE_TIME", "1"),
            ("SYSTEMD_NOTICE_UNIT", "web.service"),
        ]);
        let delivery = juju_exec(folder.path(), program, time_limit);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ticket = delivery.prepare(&notice.unwrap().unwrap()).await.unwrap();
            complete(delivery, ticket).await
        })
    }

    fn juju_exec(folder: &Path, program: PathBuf, time_limit: Duration) -> JujuExec {
        JujuExec {
            unit: "app/0".parse().unwrap(),
            programs: [folder.join("none"), program],
            boot: "this".to_owned(),
            result: folder.join("result"),
            time_limit,
            shells: Mutex::default(),
        }
    }

    async fn complete(delivery: JujuExec, ticket: Ticket) -> Outcome {
        delivery.complete(&ticket).await
    }

    const LONG: Duration = Duration::from_mins(10);

    #[test]
    fn tells_the_charm_that_fails_from_the_agent_that_is_not_there() {
        let outcomes = ["[ $1 = app/0 ]", "sh -c \"false ${2#*/dispatch}\"", "exit 1", "exit 127"]
            .map(|text| format!("{:?}", deliver(text, LONG, complete)));
        insta::assert_snapshot!(outcomes.join("\n"), @r#"
        Delivered
        Refused
        Unanswered("juju-exec failed with exit code 1")
        Unreached("juju-exec is not there")
        "#);
    }

    #[test]
    fn kills_what_hangs_with_all_that_it_has_started() {
        let outcome = deliver("sleep 600 & sleep 600", Duration::from_secs(1), complete);
        assert_eq!(outcome, Outcome::Unanswered("it was killed after 1 s".to_owned()));
    }

    #[test]
    fn the_time_limit_does_not_begin_anew_with_another_daemon() {
        let outcome = deliver("sleep 600", LONG, async |delivery, ticket| {
            delivery.complete(&Ticket { begun: 0, ..ticket }).await
        });
        assert_eq!(outcome, Outcome::Unanswered("it was killed after 600 s".to_owned()));
    }

    #[test]
    fn another_daemon_learns_how_a_delivery_ends() {
        let outcome = deliver("sleep 0.2", LONG, async |first, ticket| {
            let mut child = first.run(&ticket).unwrap().unwrap();
            let reaper = std::thread::spawn(move || child.wait());
            let next = JujuExec { shells: Mutex::default(), ..first };
            let outcome = next.complete(&ticket).await;
            reaper.join().unwrap().unwrap();
            outcome
        });
        assert_eq!(outcome, Outcome::Delivered);
    }

    #[test]
    fn another_daemon_does_not_take_an_earlier_end_for_that_of_a_delivery() {
        let outcome = deliver("exit 0", LONG, async |first, ticket| {
            fs::write(&first.result, "this 1.1 0\n").unwrap();
            let mut child = first.run(&ticket).unwrap().unwrap();
            ticket.process.kill_group();
            child.wait().unwrap();
            JujuExec { shells: Mutex::default(), ..first }.complete(&ticket).await
        });
        assert_eq!(outcome, Outcome::Unanswered("nobody knows how it ended".to_owned()));
    }

    #[test]
    fn the_time_limit_holds_for_another_daemon_too() {
        let limit = Duration::from_secs(1);
        let outcome = deliver("sleep 600", limit, async |first, ticket| {
            let mut child = first.run(&ticket).unwrap().unwrap();
            let reaper = std::thread::spawn(move || child.wait());
            let next = JujuExec { shells: Mutex::default(), ..first };
            let outcome = next.complete(&ticket).await;
            reaper.join().unwrap().unwrap();
            outcome
        });
        assert_eq!(outcome, Outcome::Unanswered("it was killed after 1 s".to_owned()));
    }

    #[test]
    fn nothing_reaches_the_charm_if_the_daemon_dies_before_it_could_write_that_down() {
        let outcome = deliver("exit 0", LONG, async |first, ticket| {
            let next = JujuExec { shells: Mutex::default(), ..first };
            drop(first.shells);
            next.complete(&ticket).await
        });
        assert_eq!(outcome, Outcome::Unanswered("nobody knows how it ended".to_owned()));
    }

    #[test]
    fn no_delivery_outlives_its_boot() {
        let outcome = deliver("exit 0", LONG, async |delivery, ticket| {
            delivery.complete(&Ticket { boot: "last".to_owned(), ..ticket }).await
        });
        assert_eq!(outcome, Outcome::Unanswered("the machine was started anew".to_owned()));
    }
}
