//! What a subcommand has answered.

use std::process::ExitCode;

/// What a subcommand of the charm's program has answered; see
/// [`Charm::run_command`](crate::Charm::run_command).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CommandAnswer {
    /// The exit code: 0 if it was done, and for yes; 1 for no; 2 for an error.
    pub code: ExitCode,
    /// What goes to standard output.
    pub output: String,
    /// What goes to standard error.
    pub error: String,
}

impl CommandAnswer {
    pub(crate) fn done(output: String) -> Self {
        Self { code: ExitCode::SUCCESS, output, error: String::new() }
    }

    pub(crate) fn yes_no(is_so: bool) -> Self {
        Self { code: ExitCode::from(u8::from(!is_so)), ..Self::done(String::new()) }
    }

    pub(crate) fn failed(code: u8, error: &str) -> Self {
        let error = format!("error: {error}\n");
        Self { code: ExitCode::from(code), error, output: String::new() }
    }
}
