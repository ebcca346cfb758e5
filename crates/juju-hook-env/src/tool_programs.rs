//! Hook tools as programs.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, Builder, Scope};

use crate::agent::{Agent, AgentError};
use crate::env::HookEnv;
use crate::tool::HookTool;
use crate::tool_answer::ToolAnswer;
use crate::tool_call::ToolCall;

/// Calls hook tools by starting their programs, which Juju puts on the hook's
/// `PATH`.
///
/// The program is looked for in the `PATH` of the [`HookEnv`], not in that of
/// this process, and is started without a shell, in the charm's folder, with
/// the hook's variables and no others. There is no time limit: `resource-get`
/// downloads, and Juju sets none either.
pub struct ToolPrograms {
    charm_dir: PathBuf,
    search_path: OsString,
    variables: Vec<(String, String)>,
}

impl ToolPrograms {
    /// Finds and starts programs as a hook with the environment `env` does.
    pub fn new(env: &HookEnv) -> Self {
        Self {
            charm_dir: env.charm_dir().to_owned(),
            search_path: env.search_path().unwrap_or_default().into(),
            variables: env
                .variables()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    fn find(&self, tool: HookTool) -> Result<PathBuf, AgentError> {
        std::env::split_paths(&self.search_path)
            // An empty entry means the working directory, which is not looked at.
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(tool.name()))
            .find(|program| is_executable(program))
            .ok_or_else(|| AgentError::Missing {
                tool,
                search_path: self.search_path.to_string_lossy().into_owned(),
            })
    }

    #[expect(clippy::disallowed_methods, reason = "this is the seam to the hook tools")]
    fn start(&self, program: &Path, call: &ToolCall) -> io::Result<Child> {
        let stdin = if call.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
        Command::new(program)
            .args(&call.args)
            .current_dir(&self.charm_dir)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

impl Agent for ToolPrograms {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        let tool = call.tool;
        let program = self.find(tool)?;
        let child = self
            .start(&program, call)
            .map_err(|source| AgentError::CannotStart { program, source })?;
        let Output { status, stdout, stderr } = run_to_end(child, call.stdin.as_deref())
            .map_err(|source| AgentError::Lost { tool, source })?;
        let killed = || AgentError::Killed { tool, signal: status.signal().unwrap_or_default() };
        Ok(ToolAnswer { code: status.code().ok_or_else(killed)?, stdout, stderr })
    }
}

impl fmt::Debug for ToolPrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The variables may hold secrets.
        f.debug_struct("ToolPrograms")
            .field("charm_dir", &self.charm_dir)
            .field("search_path", &self.search_path)
            .finish_non_exhaustive()
    }
}

/// Gives the program its input and waits for its end. If that fails, the
/// program is killed, so that none stays behind.
fn run_to_end(mut child: Child, input: Option<&[u8]>) -> io::Result<Output> {
    thread::scope(|scope| {
        let output = exchange(scope, &mut child, input);
        if output.is_err() {
            // The failure is what the caller hears of; the program may even be
            // gone already. Killing it also ends the threads of this scope.
            let _ = child.kill();
            let _ = child.wait();
        }
        output
    })
}

/// Writes and reads at the same time: the program may print before it has read
/// everything, and a full pipe would stop it for ever.
fn exchange<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    child: &mut Child,
    input: Option<&'env [u8]>,
) -> io::Result<Output> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors = Builder::new().spawn_scoped(scope, move || read_to_end(stderr))?;
    let writer = match (child.stdin.take(), input) {
        (Some(mut pipe), Some(input)) => {
            Some(Builder::new().spawn_scoped(scope, move || pipe.write_all(input))?)
        }
        _ => None,
    };

    let stdout = read_to_end(stdout)?;
    let stderr = errors.join().expect("reading a pipe does not panic")?;
    match writer.map(|writer| writer.join().expect("writing to a pipe does not panic")) {
        // A tool that refuses its arguments never reads its input.
        Some(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        _ => {}
    }
    Ok(Output { status: child.wait()?, stdout, stderr })
}

fn read_to_end(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn is_executable(program: &Path) -> bool {
    program.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}
