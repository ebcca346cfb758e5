//! A shell that waits for what to run.

use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::daemon::process::Process;
use crate::shell_quoting::quoted;

/// A shell that waits for what to run, in a process group of its own.
///
/// To start one takes as long as everything else between a change and
/// `juju-exec`, so it is started before there is anything to tell. What it is
/// given to run outlives the daemon. If the daemon ends before that, the shell
/// ends too, and has run nothing.
#[derive(Debug)]
pub(crate) struct Shell {
    child: Child,
    input: ChildStdin,
    pub(crate) process: Process,
}

impl Shell {
    /// Starts a shell that writes into the file `result` how what it runs has
    /// ended.
    ///
    /// # Errors
    ///
    /// Fails if the machine has no means for it, such as memory.
    pub(crate) fn start(result: &Path) -> io::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "this is the seam to juju-exec")]
        let mut child = Command::new("/bin/sh")
            .arg("-s")
            .arg(result)
            // In a hook's environment, juju-exec refuses to run.
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), Process::find(child.id())) {
            (Some(input), Some(process)) => Ok(Self { child, input, process }),
            (input, _) => {
                drop(input);
                child.wait()?;
                Err(io::Error::other("the shell of a delivery has ended at once"))
            }
        }
    }

    /// Returns it if it waits still. Somebody may have killed it.
    pub(crate) fn still_waiting(mut self) -> Option<Self> {
        matches!(self.child.try_wait(), Ok(None)).then_some(self)
    }

    /// Has it run the program `words`, write `mark` and the exit code, and end
    /// with the latter. The file may still hold the mark of an earlier one, and
    /// does if nothing can be written there.
    ///
    /// # Errors
    ///
    /// Fails if it waits no longer; it has run nothing then.
    pub(crate) fn run(self, words: &[&str], mark: &str) -> io::Result<Child> {
        let Self { mut child, mut input, .. } = self;
        // The file is read only when the shell has ended, so it may be written
        // in place. A shell that does not get the whole text, to the last
        // brace, runs nothing.
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        let script = format!(
            "{{ {} </dev/null; code=$?; echo {} $code >\"$1\"; exit $code; }}\n",
            words.join(" "),
            quoted(mark)
        );
        if let Err(error) = input.write_all(script.as_bytes()) {
            drop(input);
            child.wait()?;
            return Err(error);
        }
        Ok(child)
    }

    /// Ends it.
    pub(crate) fn end(mut self) {
        // Either fails only if it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn runs_a_program_and_keeps_its_exit_code() {
        let folder = tempfile::tempdir().unwrap();
        let result = folder.path().join("a 'result");
        let shell = Shell::start(&result).unwrap().still_waiting().unwrap();
        let words = ["sh", "-c", "read -r x; exit $1", "it's", "7"];
        let mut child = shell.run(&words, "$this").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(7));
        assert_eq!(fs::read_to_string(&result).unwrap(), "$this 7\n");
    }

    #[test]
    fn runs_a_program_where_it_cannot_write() {
        let shell = Shell::start(Path::new("/proc/none")).unwrap();
        let mut child = shell.run(&["sh", "-c", "exit 7"], "this").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(7));
    }

    #[test]
    fn runs_nothing_of_a_text_that_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let result = folder.path().join("result");
        let Shell { mut child, mut input, .. } = Shell::start(&result).unwrap();
        input.write_all(b"{ echo >\"$1\"; exit").unwrap();
        drop(input);
        child.wait().unwrap();
        assert!(!result.exists());
    }

    #[test]
    fn is_not_used_if_somebody_has_killed_it() {
        let folder = tempfile::tempdir().unwrap();
        let killed = || {
            let mut shell = Shell::start(&folder.path().join("result")).unwrap();
            shell.process.kill_group();
            shell.child.wait().unwrap();
            shell
        };
        assert!(killed().still_waiting().is_none());
        assert!(killed().run(&["true"], "this").is_err());
    }
}
