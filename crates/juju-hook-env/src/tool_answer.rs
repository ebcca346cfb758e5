//! What a hook tool answers.

use std::fmt;

/// What a hook tool gave back: its exit code and what it printed.
///
/// `Debug` shows no more of standard output than its size, for it may hold
/// secrets.
#[derive(Clone, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct ToolAnswer {
    /// The exit code; 0 if the tool did what it was asked for.
    pub code: i32,
    /// What it printed to standard output.
    pub stdout: Vec<u8>,
    /// What it printed to standard error.
    pub stderr: Vec<u8>,
}

impl ToolAnswer {
    /// Describes the answer of a tool that succeeded and printed `stdout`.
    pub fn success(stdout: impl Into<Vec<u8>>) -> Self {
        Self { code: 0, stdout: stdout.into(), stderr: Vec::new() }
    }

    /// Describes the answer of a tool that refused with the exit code `code`
    /// and printed `stderr`.
    pub fn refusal(code: i32, stderr: impl Into<Vec<u8>>) -> Self {
        Self { code, stdout: Vec::new(), stderr: stderr.into() }
    }
}

impl fmt::Debug for ToolAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolAnswer")
            .field("code", &self.code)
            .field("stdout", &format_args!("({} bytes)", self.stdout.len()))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shows_what_was_printed() {
        insta::assert_snapshot!(
            format!("{:?}", ToolAnswer::success("hunter2")),
            @r#"ToolAnswer { code: 0, stdout: (7 bytes), stderr: "" }"#
        );
        insta::assert_snapshot!(
            format!("{:?}", ToolAnswer::refusal(1, "ERROR not found\n")),
            @r#"ToolAnswer { code: 1, stdout: (0 bytes), stderr: "ERROR not found\n" }"#
        );
    }
}
