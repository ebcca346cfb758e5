//! What a command has left.

use std::borrow::Cow;

use crate::RunError;

/// What a command has left when it has ended.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "a command can fail"]
pub struct Output {
    pub(crate) command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Output {
    /// Returns its exit code, unless a signal has ended it.
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// Returns what it has written to its standard output; what is no text is
    /// replaced.
    pub fn stdout(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stdout)
    }

    /// Returns what it has written to its standard error; what is no text is
    /// replaced.
    pub fn stderr(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stderr)
    }

    /// Returns the bytes that it has written to its standard output.
    pub fn into_bytes(self) -> Vec<u8> {
        self.stdout
    }

    /// Returns the output of a command that has ended with 0.
    ///
    /// # Errors
    ///
    /// Returns [`RunError::Failed`] if it has not.
    pub fn success(self) -> Result<Self, RunError> {
        if self.code == Some(0) {
            return Ok(self);
        }
        let stderr = self.stderr().trim_end().to_owned();
        Err(RunError::Failed { command: self.command, code: self.code, stderr })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_the_command_its_end_and_what_it_has_said() {
        let failure = |code| {
            let command = "systemctl start moon".to_owned();
            let output =
                Output { command, code, stdout: vec![], stderr: b"no such unit\n".to_vec() };
            output.success().unwrap_err().to_string()
        };
        insta::assert_snapshot!(failure(Some(5)), @"`systemctl start moon` has failed with exit code 5: no such unit");
        insta::assert_snapshot!(failure(None), @"`systemctl start moon` has failed with a signal: no such unit");
    }
}
