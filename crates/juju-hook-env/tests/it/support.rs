//! What the tests share.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use juju_hook_env::{HookEnv, Juju, ScriptedAgent, ToolAnswer, ToolError};
use serde_json::Value;
use tempfile::TempDir;

use crate::seam;

/// The environment of a `config-changed` hook of `myapp/0` under Juju 3.6.28.
pub(crate) fn env() -> HookEnv {
    env_with([])
}

/// The same, with some variables set otherwise.
pub(crate) fn env_with<const N: usize>(pairs: [(&str, &str); N]) -> HookEnv {
    HookEnv::from_pairs(hook_variables().into_iter().chain(pairs)).unwrap()
}

pub(crate) fn hook_variables() -> Vec<(&'static str, &'static str)> {
    vec![
        ("JUJU_CHARM_DIR", "/var/lib/juju/agents/unit-myapp-0/charm"),
        ("JUJU_CONTEXT_ID", "myapp/0-config-changed-181eaa81c15ce9f274990ab78ddbcc72"),
        ("JUJU_HOOK_NAME", "config-changed"),
        ("JUJU_MODEL_NAME", "testmodel"),
        ("JUJU_MODEL_UUID", "deadbeef-0bad-400d-8000-4b1d0d06f00d"),
        ("JUJU_UNIT_NAME", "myapp/0"),
        ("JUJU_VERSION", "3.6.28"),
    ]
}

/// The environment of the action `do-it`.
pub(crate) fn action_env() -> HookEnv {
    env_with([
        ("JUJU_HOOK_NAME", ""),
        ("JUJU_DISPATCH_PATH", "actions/do-it"),
        ("JUJU_ACTION_NAME", "do-it"),
        ("JUJU_ACTION_UUID", "7"),
        ("JUJU_ACTION_TAG", "action-7"),
    ])
}

/// Juju behind an agent that gives these answers.
pub(crate) fn juju<const N: usize>(answers: [(&str, ToolAnswer); N]) -> (Juju, ScriptedAgent) {
    juju_in(&env(), answers)
}

pub(crate) fn juju_in<const N: usize>(
    env: &HookEnv,
    answers: [(&str, ToolAnswer); N],
) -> (Juju, ScriptedAgent) {
    let agent = scripted(answers);
    (Juju::new(env, seam::to(env, &agent)), agent)
}

fn scripted<const N: usize>(answers: [(&str, ToolAnswer); N]) -> ScriptedAgent {
    let answers = answers.into_iter();
    answers.fold(ScriptedAgent::new(), |agent, (call, answer)| agent.respond(call, answer))
}

pub(crate) fn success(stdout: &str) -> ToolAnswer {
    ToolAnswer::success(stdout)
}

pub(crate) fn refusal(code: i32, stderr: &str) -> ToolAnswer {
    ToolAnswer::refusal(code, stderr)
}

/// What the real tools of Juju 3.6.28 answered to a shell line.
#[track_caller]
pub(crate) fn recorded(file: &str, shell: &str) -> ToolAnswer {
    let recording = recording(&format!("hook-tools/{file}.json"));
    let calls = recording["calls"].as_array().unwrap();
    let call = calls.iter().find(|call| call["shell"] == shell);
    let call = call.unwrap_or_else(|| panic!("`{shell}` is not in the recording `{file}`"));

    let text = |field: &str| call[field].as_str().unwrap();
    let mut answer = ToolAnswer::success(text("stdout"));
    answer.code = call["exit"].as_i64().unwrap().try_into().unwrap();
    answer.stderr = text("stderr").into();
    answer
}

pub(crate) fn recording(path: &str) -> Value {
    // This file is compiled into two packages.
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = folders.find_map(|folder| {
        let recordings = folder.join("tests/recordings/juju-3.6.28");
        recordings.is_dir().then_some(recordings)
    });
    let text = fs::read_to_string(folder.unwrap().join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Names the variant of an error, and what it says.
pub(crate) fn shown<T: std::fmt::Debug>(result: Result<T, ToolError>) -> String {
    let error = result.unwrap_err();
    let debug = format!("{error:?}");
    let variant = debug.split([' ', '{']).next().unwrap();
    format!("{variant}: {error}")
}

/// An agent that keeps what it finds in the file with a secret's content.
pub(crate) struct SecretAgent {
    pub(crate) agent: ScriptedAgent,
    pub(crate) juju: Juju,
    /// The folder for the files.
    pub(crate) folder: TempDir,
    files: Arc<Mutex<Vec<String>>>,
}

impl SecretAgent {
    /// Answers as told, and calls with a file with `answer`.
    pub(crate) fn new<const N: usize>(
        answers: [(&str, ToolAnswer); N],
        answer: ToolAnswer,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Arc::new(Mutex::new(Vec::new()));
        let agent = scripted(answers);
        let seen = files.clone();
        let agent = agent.otherwise(move |call| {
            let path = call.args.iter().find_map(|arg| arg.strip_prefix("--file="))?;
            assert!(Path::new(path).is_absolute());
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
            seen.lock().unwrap().push(fs::read_to_string(path).unwrap());
            Some(Ok(answer.clone()))
        });
        let env = env();
        let juju = Juju::new(&env, seam::to(&env, &agent)).with_secret_dir(folder.path());
        Self { agent, juju, folder, files }
    }

    /// The contents that were sent.
    pub(crate) fn files(&self) -> Vec<String> {
        self.files.lock().unwrap().clone()
    }

    /// The calls, without the names of files.
    pub(crate) fn transcript(&self) -> String {
        let transcript = self.agent.transcript();
        let shorten = |word| if str::starts_with(word, "--file=") { "--file=…" } else { word };
        let lines = transcript.lines();
        let lines = lines.map(|line| line.split(' ').map(shorten).collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n")
    }
}
