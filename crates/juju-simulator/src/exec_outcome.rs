/// What came of shell text that `juju-exec` has run.
///
/// An exit code that is not 0 is the text's own affair: nothing has failed in
/// the model, and what was changed is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ExecOutcome {
    /// The exit code.
    pub code: i32,
    /// What was printed to the standard output. For a charm that is a
    /// function, nothing is known of it.
    pub stdout: Vec<u8>,
    /// What was printed to the standard error.
    pub stderr: Vec<u8>,
}
