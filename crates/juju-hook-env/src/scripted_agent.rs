//! An agent for tests.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::agent::{Agent, AgentError};
use crate::tool::HookTool;
use crate::tool_answer::ToolAnswer;
use crate::tool_call::ToolCall;

/// An agent for tests: it answers as it was told, and records every call.
///
/// A call is written as on a command line, with the words that hold blanks in
/// double quotes. What the tool reads from standard input is not part of it,
/// but is recorded. Several answers to one call are given in turn, the last
/// one for ever. A call that nothing answers is an error that names it, and is
/// recorded as well.
///
/// Clones share everything: give one to [`Juju::new`](crate::Juju::new) and
/// look into the other. Calls may come from several threads.
///
/// ```
/// use juju_hook_env::{Agent, HookTool, ScriptedAgent, ToolCall};
///
/// let agent = ScriptedAgent::new()
///     .answer("is-leader --format=json", "true")
///     .refuse("relation-list -r 7 --format=json", 2, "ERROR relation not found")
///     .accept(HookTool::JujuLog);
///
/// let answer = agent.call(&ToolCall::new(HookTool::IsLeader, ["--format=json"]))?;
/// assert_eq!(answer.stdout, b"true");
/// assert_eq!(agent.transcript(), "is-leader --format=json\n");
/// # Ok::<(), juju_hook_env::AgentError>(())
/// ```
#[derive(Clone, Default)]
pub struct ScriptedAgent {
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    accepted: BTreeSet<HookTool>,
    answers: BTreeMap<String, VecDeque<ToolAnswer>>,
    calls: Vec<ToolCall>,
    otherwise: Option<Arc<Closure>>,
}

type Closure = dyn Fn(&ToolCall) -> Option<Result<ToolAnswer, AgentError>> + Send + Sync;

impl ScriptedAgent {
    /// Makes an agent that answers nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers every call of `tool` with success and no output, unless the
    /// very call is answered in another way.
    #[must_use]
    pub fn accept(self, tool: HookTool) -> Self {
        self.script().accepted.insert(tool);
        self
    }

    /// Answers `call` with success and prints `stdout`.
    #[must_use]
    pub fn answer(self, call: &str, stdout: impl Into<Vec<u8>>) -> Self {
        self.respond(call, ToolAnswer::success(stdout))
    }

    /// Answers `call` with the exit code `code` and prints `stderr`.
    #[must_use]
    pub fn refuse(self, call: &str, code: i32, stderr: impl Into<Vec<u8>>) -> Self {
        self.respond(call, ToolAnswer::refusal(code, stderr))
    }

    /// Answers `call` with `answer`.
    #[must_use]
    pub fn respond(self, call: &str, answer: ToolAnswer) -> Self {
        self.script().answers.entry(call.to_owned()).or_default().push_back(answer);
        self
    }

    /// Asks `closure` about the calls that nothing else answers. It may fail
    /// as an agent does, or return `None` for a call it does not know either.
    #[must_use]
    pub fn otherwise(
        self,
        closure: impl Fn(&ToolCall) -> Option<Result<ToolAnswer, AgentError>> + Send + Sync + 'static,
    ) -> Self {
        self.script().otherwise = Some(Arc::new(closure));
        self
    }

    /// Returns every call so far, in order.
    pub fn calls(&self) -> Vec<ToolCall> {
        self.script().calls.clone()
    }

    /// Returns every call so far as text: a line for the command, and, where
    /// the tool read something, that with four blanks in front of each line.
    ///
    /// Unlike `Debug`, this shows everything.
    pub fn transcript(&self) -> String {
        let mut transcript = String::new();
        for call in &self.script().calls {
            transcript.push_str(&command_line(call));
            transcript.push('\n');
            let stdin = call.stdin.as_deref().map(String::from_utf8_lossy);
            for line in stdin.iter().flat_map(|stdin| stdin.lines()) {
                writeln!(transcript, "    {line}").expect("writing to a string succeeds");
            }
        }
        transcript
    }

    /// A test may have panicked in another thread; what was recorded stays
    /// right all the same.
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Agent for ScriptedAgent {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        let mut script = self.script();
        script.calls.push(call.clone());
        if let Some(answers) = script.answers.get_mut(&command_line(call)) {
            let next = if answers.len() > 1 { answers.pop_front() } else { None };
            if let Some(answer) = next.or_else(|| answers.front().cloned()) {
                return Ok(answer);
            }
        }
        if script.accepted.contains(&call.tool) {
            return Ok(ToolAnswer::default());
        }
        let known: Vec<_> = script.answers.keys().map(|call| format!("`{call}`")).collect();
        let otherwise = script.otherwise.clone();
        // The closure may call this agent, too.
        drop(script);

        if let Some(answer) = otherwise.and_then(|closure| closure(call)) {
            return answer;
        }
        let known = match known.as_slice() {
            [] => "no call has an answer".to_owned(),
            known => format!("these calls have an answer: {}", known.join(", ")),
        };
        Err(AgentError::Unexpected { call: call.to_string(), known })
    }
}

impl fmt::Debug for ScriptedAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedAgent").field("calls", &self.calls()).finish_non_exhaustive()
    }
}

/// Writes a call as on a command line, with nothing left out.
fn command_line(call: &ToolCall) -> String {
    let mut line = call.tool.to_string();
    for arg in &call.args {
        if arg.is_empty() || arg.contains(|c: char| c.is_whitespace() || c == '"') {
            write!(line, " {arg:?}").expect("writing to a string succeeds");
        } else {
            line.push(' ');
            line.push_str(arg);
        }
    }
    line
}
