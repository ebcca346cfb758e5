//! How a subcommand of the charm's author ends.

use std::error::Error;
use std::process::ExitCode;

/// What a subcommand of the charm's author returns: nothing, an [`ExitCode`],
/// or a `Result` of either. An error is printed with its causes, and the exit
/// code is 1.
pub trait SubcommandEnd {
    /// Turns it into an exit code.
    ///
    /// # Errors
    ///
    /// Returns the error that the subcommand has ended with.
    fn into_code(self) -> Result<ExitCode, Box<dyn Error + Send + Sync>>;
}

impl SubcommandEnd for () {
    fn into_code(self) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
        Ok(ExitCode::SUCCESS)
    }
}

impl SubcommandEnd for ExitCode {
    fn into_code(self) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
        Ok(self)
    }
}

impl<T: SubcommandEnd, E: Into<Box<dyn Error + Send + Sync>>> SubcommandEnd for Result<T, E> {
    fn into_code(self) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
        self.map_err(Into::into)?.into_code()
    }
}
