//! A program to run, with its arguments and limits.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command_error::CommandError;
use crate::machine::Machine;
use crate::output::Output;

/// A program to run, with its arguments, its input and its limits.
///
/// The program is a name that is looked for in the system's folders
/// (`/usr/local/sbin` to `/bin`, and `/snap/bin`), or an absolute path.
///
/// # The environment
///
/// A program does **not** inherit our environment. It sees `PATH`,
/// `LANG=C.UTF-8`, `DEBIAN_FRONTEND=noninteractive` and what [`Self::env`]
/// adds. So its messages are in English, it asks no questions, it works when
/// `HOME` or `PATH` are missing (as in Juju's hooks), and a daemon that it
/// starts does not take what only our own process should hold. Its working
/// directory is `/` unless [`Self::current_dir`] says otherwise, and its
/// standard input is empty unless [`Self::stdin`] fills it.
///
/// # Secrets
///
/// Give them by [`Self::stdin`] or [`Self::env`]; neither is ever shown. For a
/// program that takes them nowhere else there is [`Self::secret_arg`].
///
/// ```
/// use std::time::Duration;
///
/// use charm_machine::Command;
///
/// let command = Command::new("htpasswd")
///     .args(["-i", "/etc/nginx/users", "admin"])
///     .stdin("swordfish")
///     .time_limit(Duration::from_secs(10));
/// assert_eq!(command.to_string(), "htpasswd -i /etc/nginx/users admin");
/// ```
#[derive(Clone)]
pub struct Command {
    pub(crate) program: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) environment: BTreeMap<OsString, OsString>,
    pub(crate) input: Vec<u8>,
    pub(crate) folder: PathBuf,
    pub(crate) time_limit: Duration,
    pub(crate) capture_limit: usize,
}

/// One argument, and whether messages may show it.
#[derive(Clone)]
pub(crate) struct Argument {
    pub(crate) value: OsString,
    pub(crate) secret: bool,
}

impl Command {
    /// Makes the command that runs `program` without arguments, for five
    /// minutes at most.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            input: Vec::new(),
            folder: PathBuf::from("/"),
            time_limit: Duration::from_mins(5),
            capture_limit: 4 << 20,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(Argument { value: argument.as_ref().to_owned(), secret: false });
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args(self, arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// Adds an argument that messages show as `***`, also where the failed
    /// program repeats it.
    ///
    /// While the program runs, every user of the machine can read its
    /// arguments: prefer [`Self::stdin`] where the program allows it.
    #[must_use]
    pub fn secret_arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(Argument { value: argument.as_ref().to_owned(), secret: true });
        self
    }

    /// Sets a variable of the program's environment; its value is never shown.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Gives the program its standard input, which is never shown.
    #[must_use]
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Sets the folder in which the program runs, an absolute path.
    #[must_use]
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        folder.as_ref().clone_into(&mut self.folder);
        self
    }

    /// Sets how long the program may run. Then it is killed, with every
    /// process that it started and that did not leave its process group.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets how many bytes of each output stream are kept; of more, the last
    /// ones are. It is 4 MiB unless set.
    #[must_use]
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.capture_limit = bytes;
        self
    }

    /// Returns the arguments as text, secret ones included, for the answers of
    /// a scratch machine; bytes that are not UTF-8 become `�`.
    pub fn arguments(&self) -> Vec<String> {
        self.arguments
            .iter()
            .map(|argument| argument.value.to_string_lossy().into_owned())
            .collect()
    }

    /// Returns the standard input, for the answers of a scratch machine.
    pub fn input(&self) -> &[u8] {
        &self.input
    }

    /// Replaces the secret arguments in what a program printed.
    fn redact(&self, printed: &[u8]) -> Vec<u8> {
        let secrets = self.arguments.iter().filter(|argument| argument.secret);
        let mut secrets: Vec<_> = secrets
            .map(|secret| secret.value.to_string_lossy())
            .filter(|s| !s.is_empty())
            .collect();
        // The longest first: one that is a part of another would leave the rest.
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        let mut text = String::from_utf8_lossy(printed).into_owned();
        for secret in secrets {
            text = text.replace(&*secret, "***");
        }
        text.into_bytes()
    }

    /// Makes the error for a program that ended badly.
    pub(crate) fn failed(&self, output: Output) -> CommandError {
        CommandError::Failed { command: self.to_string(), output: Box::new(self.redacted(output)) }
    }

    /// Takes the secrets out of an output that goes into an error.
    pub(crate) fn redacted(&self, output: Output) -> Output {
        if self.arguments.iter().all(|argument| !argument.secret) {
            return output;
        }
        Output {
            stdout: self.redact(&output.stdout),
            stderr: self.redact(&output.stderr),
            ..output
        }
    }
}

/// Shows the command on one line, much as one would type it; secret arguments
/// are `***`.
impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_word(f, &self.program)?;
        for argument in &self.arguments {
            f.write_str(" ")?;
            if argument.secret {
                f.write_str("***")?;
            } else {
                write_word(f, &argument.value.to_string_lossy())?;
            }
        }
        Ok(())
    }
}

impl Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("line", &self.to_string())
            .field("environment", &self.environment.keys().collect::<Vec<_>>())
            .field("input", &format_args!("{} bytes", self.input.len()))
            .field("folder", &self.folder)
            .field("time_limit", &self.time_limit)
            .field("capture_limit", &self.capture_limit)
            .finish_non_exhaustive()
    }
}

fn write_word(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || "@%+=:,./_-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        f.write_str(word)
    } else {
        write!(f, "{word:?}")
    }
}

impl Machine {
    /// Runs a program to its end and returns what it printed.
    ///
    /// The call returns when the program itself has ended; a daemon that it
    /// left behind is not waited for, even if it still holds the output open.
    ///
    /// # Errors
    ///
    /// Returns [`CommandError::Failed`] if the program ends with another code
    /// than 0, [`CommandError::TimedOut`] if it does not end in time, and
    /// [`CommandError::NotFound`] if there is no such program.
    pub fn run(&self, command: &Command) -> Result<Output, CommandError> {
        let output = self.execute(command)?;
        if output.is_success() { Ok(output) } else { Err(command.failed(output)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Command;
    use crate::output::Output;

    #[test]
    fn shows_its_line_and_no_secret() {
        let command = Command::new("psql")
            .args(["-c", "select 1", ""])
            .secret_arg("swordfish")
            .arg("über")
            .stdin("swordfish")
            .env("PGPASSWORD", "swordfish");
        insta::assert_snapshot!(command, @r#"psql -c "select 1" "" *** über"#);
        insta::assert_snapshot!(
            format!("{command:?}"),
            @r#"Command { line: "psql -c \"select 1\" \"\" *** über", environment: ["PGPASSWORD"], input: 9 bytes, folder: "/", time_limit: 300s, capture_limit: 4194304, .. }"#
        );
    }

    #[test]
    fn a_failed_program_that_repeats_a_secret_does_not_leak_it() {
        let command = Command::new("login").secret_arg("swordfish");
        let error = command.failed(Output::failure(2, "bad password swordfish, really swordfish"));
        insta::assert_snapshot!(error, @"`login ***` exited with code 2: bad password ***, really ***");
        assert!(!format!("{error:?}").contains("swordfish"));
    }

    #[test]
    fn a_secret_that_begins_another_does_not_leak_its_end() {
        let command = Command::new("login").secret_arg("sword").secret_arg("swordfish");
        let error = command.failed(Output::failure(2, "refused: swordfish"));
        insta::assert_snapshot!(error, @"`login *** ***` exited with code 2: refused: ***");
    }
}
