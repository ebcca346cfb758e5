/// The name under which an agent runs text for a shell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Juju has had these two names")]
pub enum ExecService {
    /// That of Juju 3 and later, for the program `juju-exec`.
    JujuExec,
    /// That of Juju 2, for the program `juju-run`.
    JujuRun,
}

impl ExecService {
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::JujuExec => "JujuExecServer.RunCommands",
            Self::JujuRun => "JujuRunServer.RunCommands",
        }
    }
}
