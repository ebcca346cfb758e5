//! What a program printed, and how it ended.

use std::borrow::Cow;
use std::fmt;
use std::fmt::Debug;

/// What a program printed, and how it ended.
///
/// Its `Debug` shows sizes instead of contents, for a program may print
/// secrets.
///
/// ```
/// use charm_machine::{Command, Machine, Output};
///
/// let machine = Machine::scratch();
/// let scratch = machine.as_scratch().expect("this is one");
/// scratch.on_command("hostname", |_| Output::success("web-1\n"));
///
/// assert_eq!(machine.run(&Command::new("hostname"))?.stdout_text(), "web-1");
/// # Ok::<(), charm_machine::CommandError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) truncated: bool,
}

impl Output {
    /// Makes the output of a program that exited with code 0, as an answer of
    /// a scratch machine.
    pub fn success(stdout: impl Into<Vec<u8>>) -> Self {
        Self::exited(0, stdout, "")
    }

    /// Makes the output of a program that exited with `code`, as an answer of
    /// a scratch machine.
    pub fn failure(code: i32, stderr: impl Into<Vec<u8>>) -> Self {
        Self::exited(code, "", stderr)
    }

    pub(crate) fn exited(
        code: i32,
        stdout: impl Into<Vec<u8>>,
        stderr: impl Into<Vec<u8>>,
    ) -> Self {
        let (stdout, stderr) = (stdout.into(), stderr.into());
        Self { code: Some(code), signal: None, stderr, stdout, truncated: false }
    }

    /// Returns whether the program exited with code 0.
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// Returns the exit code, or nothing if a signal ended the program.
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// Returns the number of the signal that ended the program, if one did.
    pub fn signal(&self) -> Option<i32> {
        self.signal
    }

    /// Returns what the program wrote to its standard output.
    pub fn stdout(&self) -> &[u8] {
        &self.stdout
    }

    /// Returns what the program wrote to its standard error.
    pub fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    /// Returns the standard output as text without white space at its end;
    /// bytes that are not UTF-8 become `�`.
    pub fn stdout_text(&self) -> Cow<'_, str> {
        trimmed_text(&self.stdout)
    }

    /// Returns the standard error as text without white space at its end;
    /// bytes that are not UTF-8 become `�`.
    pub fn stderr_text(&self) -> Cow<'_, str> {
        trimmed_text(&self.stderr)
    }

    /// Returns whether the program printed more than
    /// [`Command::capture_limit`](crate::Command::capture_limit), so that the
    /// beginning is missing.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// Returns how the program ended, to follow the words "the program".
    pub(crate) fn ending(&self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("exited with code {code}"),
            (None, Some(signal)) => format!("was ended by signal {signal}"),
            (None, None) => "was killed".to_owned(),
        }
    }

    /// Returns the last words of the program, short enough for a message.
    pub(crate) fn last_words(&self) -> String {
        let stderr = self.stderr_text();
        let text = if stderr.trim().is_empty() { self.stdout_text() } else { stderr };
        let text = text.trim();
        if text.is_empty() {
            return "it printed nothing".to_owned();
        }
        let start = text.char_indices().rev().take(LAST_WORDS).last().map_or(0, |(index, _)| index);
        if start == 0 { text.to_owned() } else { format!("…{}", &text[start..]) }
    }
}

/// How much of a program's output a message repeats, in characters.
const LAST_WORDS: usize = 2000;

impl Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("code", &self.code)
            .field("signal", &self.signal)
            .field("stdout", &format_args!("{} bytes", self.stdout.len()))
            .field("stderr", &format_args!("{} bytes", self.stderr.len()))
            .field("truncated", &self.truncated)
            .finish()
    }
}

fn trimmed_text(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end()),
        Cow::Owned(text) => Cow::Owned(text.trim_end().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::Output;

    #[test]
    fn shows_sizes_instead_of_contents() {
        insta::assert_snapshot!(
            format!("{:?}", Output::success("the password is swordfish")),
            @r"Output { code: Some(0), signal: None, stdout: 25 bytes, stderr: 0 bytes, truncated: false }"
        );
    }

    #[test]
    fn the_last_words_are_those_of_standard_error_if_there_are_any() {
        let mut output = Output::failure(1, " \n");
        assert_eq!(output.last_words(), "it printed nothing");
        output.stdout = b"done so far\n".to_vec();
        assert_eq!(output.last_words(), "done so far");
        output.stderr = b"E: no\n".to_vec();
        assert_eq!(output.last_words(), "E: no");
    }

    #[test]
    fn long_last_words_lose_their_beginning() {
        let words = Output::failure(1, "ä".repeat(5000)).last_words();
        assert_eq!(words.chars().count(), 2001);
        assert!(words.starts_with('…'));
    }
}
