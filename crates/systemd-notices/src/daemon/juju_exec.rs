//! The way to the charm through the unit agent.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use juju_types::UnitName;

use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::process::Process;
use crate::notice::Notice;

/// Delivers notices by `juju-exec`, or by `juju-run` as it is called before
/// Juju 3.
///
/// The program runs below a small shell, in a process group of its own, and
/// outlives the daemon. The shell waits until the daemon says that it may
/// begin, or has died, and writes how the program ended into a file, for
/// whichever daemon is there by then.
#[derive(Debug)]
pub(crate) struct JujuExec {
    pub(crate) unit: UnitName,
    /// The program, or `None` for the one that is there.
    pub(crate) program: Option<PathBuf>,
    pub(crate) boot: String,
    /// Where the shell writes how the program ended.
    pub(crate) result: PathBuf,
    /// How long a delivery may take, with the time that the unit agent lets it
    /// wait for other hooks.
    pub(crate) time_limit: Duration,
    /// The shell that waits for its beginning.
    pub(crate) prepared: Mutex<Option<(Process, Child)>>,
}

/// Runs `$@` and writes its exit code to `$0`.
const SHELL: &str = r#"read -r _ || exit
"$@" </dev/null
code=$?
echo $code >"$0.new" && mv "$0.new" "$0"
exit $code"#;

/// The exit code of the text that the agent runs if the charm fails. So it is
/// none that `juju-exec` has when it cannot reach the agent, which are 1 and 2.
const REFUSED: i32 = 64;

const PROGRAMS: [&str; 2] = ["/usr/bin/juju-exec", "/usr/bin/juju-run"];

#[async_trait]
impl Delivery for JujuExec {
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        remove(&self.result)?;
        let text = format!("{} || exit {REFUSED}", notice.juju_exec_text());
        #[expect(clippy::disallowed_methods, reason = "this is the seam to juju-exec")]
        let mut child = Command::new("/bin/sh")
            .args(["-c", SHELL])
            .args([&self.result, self.program()])
            .args([&self.unit.to_string(), &text])
            // In a hook's environment, juju-exec refuses to run.
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let Some(process) = Process::find(child.id()) else {
            child.wait()?;
            return Err(io::Error::other("the shell of a delivery has ended at once"));
        };
        *self.prepared() = Some((process, child));
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(Ticket { boot: self.boot.clone(), process, begun })
    }

    async fn complete(&self, ticket: &Ticket) -> Outcome {
        if ticket.boot != self.boot {
            return Outcome::Unanswered("the machine was started anew".to_owned());
        }
        let prepared = self.prepared().take_if(|(process, _)| *process == ticket.process);
        let mut child = match prepared.map(|(_, child)| release(child)).transpose() {
            Ok(child) => child,
            Err(error) => return Outcome::Unanswered(error.to_string()),
        };
        let is_late =
            match tokio::time::timeout(self.time_left(ticket), ticket.process.ended()).await {
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
            None => fs::read_to_string(&self.result).ok().and_then(|code| code.trim().parse().ok()),
        };
        outcome(code)
    }
}

impl JujuExec {
    fn program(&self) -> &Path {
        let mut known = PROGRAMS.iter().map(Path::new);
        let found = || known.find(|path| path.exists()).unwrap_or(Path::new(PROGRAMS[0]));
        self.program.as_deref().unwrap_or_else(found)
    }

    fn time_left(&self, ticket: &Ticket) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Somebody may have set the clock.
        let passed = now.saturating_sub(Duration::from_secs(ticket.begun));
        self.time_limit.saturating_sub(passed)
    }

    fn prepared(&self) -> MutexGuard<'_, Option<(Process, Child)>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the shell begin.
fn release(mut child: Child) -> io::Result<Child> {
    if let Some(mut input) = child.stdin.take() {
        input.write_all(b"\n")?;
    }
    Ok(child)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Reads the exit code of the shell, which is that of the program.
fn outcome(code: Option<i32>) -> Outcome {
    match code {
        Some(0) => Outcome::Delivered,
        Some(REFUSED) => Outcome::Refused,
        Some(127) => Outcome::Unanswered("juju-exec is not there".to_owned()),
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
            program: Some(program),
            boot: "this".to_owned(),
            result: folder.join("result"),
            time_limit,
            prepared: Mutex::default(),
        }
    }

    async fn complete(delivery: JujuExec, ticket: Ticket) -> Outcome {
        delivery.complete(&ticket).await
    }

    const LONG: Duration = Duration::from_mins(10);

    #[test]
    fn tells_the_charm_that_fails_from_the_agent_that_is_not_there() {
        let outcomes = ["[ $1 = app/0 ]", "sh -c \"false ${2#*/dispatch}\"", "exit 1"]
            .map(|text| format!("{:?}", deliver(text, LONG, complete)));
        insta::assert_snapshot!(outcomes.join("\n"), @r#"
        Delivered
        Refused
        Unanswered("juju-exec failed with exit code 1")
        "#);
    }

    #[test]
    fn kills_what_hangs_with_all_that_it_has_started() {
        let outcome = deliver("sleep 600 & sleep 600", Duration::from_secs(1), complete);
        assert_eq!(outcome, Outcome::Unanswered("it was killed after 1 s".to_owned()));
    }

    #[test]
    fn another_daemon_learns_how_a_delivery_ends() {
        let outcome = deliver("sleep 0.2", LONG, async |first, ticket| {
            let (process, child) = first.prepared().take().unwrap();
            let mut child = release(child).unwrap();
            let reaper = std::thread::spawn(move || child.wait());
            let next = JujuExec { prepared: Mutex::default(), ..first };
            assert_eq!(ticket.process, process);
            let outcome = next.complete(&ticket).await;
            reaper.join().unwrap().unwrap();
            outcome
        });
        assert_eq!(outcome, Outcome::Delivered);
    }

    #[test]
    fn nothing_reaches_the_charm_if_the_daemon_dies_before_it_could_write_that_down() {
        let outcome = deliver("exit 0", LONG, async |first, ticket| {
            let (_, mut child) = first.prepared().take().unwrap();
            drop(child.stdin.take());
            child.wait().unwrap();
            let next = JujuExec { prepared: Mutex::default(), ..first };
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
