//! Hook tools as programs, with shell scripts in their place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use juju_hook_env::{
    Agent, AgentError, HookEnv, HookTool, Juju, ToolCall, ToolError, ToolPrograms,
};
use tempfile::TempDir;

use crate::support::hook_variables;

/// A folder with fake tools.
///
/// A program that is being written cannot be started. Every process that is
/// started inherits, for a moment, what another thread is writing. So these
/// tests take turns.
pub(crate) struct Tools {
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::new(());

impl Tools {
    pub(crate) fn new<const N: usize>(scripts: [(HookTool, &str); N]) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let tools = Self { folder: tempfile::tempdir().unwrap(), _turn: turn };
        for (tool, script) in scripts {
            tools.write(tool.name(), &format!("#!/bin/sh\n{script}\n"), 0o755);
        }
        tools
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn env(&self) -> HookEnv {
        let folder = self.path().to_str().unwrap();
        let path = format!("relative::/nonexistent:{folder}:/usr/bin:/bin");
        let pairs = hook_variables().into_iter().chain([
            ("JUJU_CHARM_DIR", folder),
            ("PATH", &path),
            ("MY_VARIABLE", "seen"),
        ]);
        HookEnv::from_pairs(pairs).unwrap()
    }

    fn programs(&self) -> ToolPrograms {
        ToolPrograms::new(&self.env())
    }
}

fn call(tool: HookTool) -> ToolCall {
    ToolCall::new(tool, [] as [&str; 0])
}

#[test]
fn starts_the_program_on_the_hooks_path_with_the_hooks_variables() {
    let script = r#"printf '%s|' "$#" "$@"; pwd; echo "$JUJU_CONTEXT_ID $MY_VARIABLE $HOME$CARGO_MANIFEST_DIR"; cat"#;
    let tools = Tools::new([(HookTool::ConfigGet, script)]);
    let args = ["--format=json", "a b", "$HOME; `ls`", ""];
    let answer = tools.programs().call(&ToolCall::new(HookTool::ConfigGet, args)).unwrap();
    assert_eq!((answer.code, answer.stderr.as_slice()), (0, b"".as_slice()));
    assert_eq!(
        String::from_utf8(answer.stdout).unwrap(),
        format!(
            "4|--format=json|a b|$HOME; `ls`||{}\n{} seen \n",
            tools.path().canonicalize().unwrap().display(),
            "myapp/0-config-changed-181eaa81c15ce9f274990ab78ddbcc72",
        )
    );
}

#[test]
fn passes_on_exit_codes_and_both_outputs() {
    let tools =
        Tools::new([(HookTool::RelationGet, "printf partial; echo 'ERROR no' >&2; exit 2")]);
    let answer = tools.programs().call(&call(HookTool::RelationGet)).unwrap();
    assert_eq!(
        (answer.code, answer.stdout.as_slice(), answer.stderr.as_slice()),
        (2, b"partial".as_slice(), b"ERROR no\n".as_slice())
    );
}

#[test]
fn passes_megabytes_both_ways_at_the_same_time() {
    let script = "tee /dev/stderr";
    let tools = Tools::new([(HookTool::RelationSet, script)]);
    let input: Vec<u8> = (0..4_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let answer =
        tools.programs().call(&call(HookTool::RelationSet).with_stdin(input.clone())).unwrap();
    assert!(answer.stdout == input && answer.stderr == input);
}

#[test]
fn a_tool_need_not_read_its_input() {
    let tools = Tools::new([(HookTool::RelationSet, "exec 0<&-; echo 'ERROR no' >&2; exit 1")]);
    let input = vec![b'x'; 4_000_000];
    let answer = tools.programs().call(&call(HookTool::RelationSet).with_stdin(input)).unwrap();
    assert_eq!(answer.code, 1);
}

#[test]
fn an_empty_input_is_an_input() {
    let tools = Tools::new([(HookTool::StateSet, "cat; echo end")]);
    let programs = tools.programs();
    for call in [call(HookTool::StateSet).with_stdin(""), call(HookTool::StateSet)] {
        assert_eq!(programs.call(&call).unwrap().stdout, b"end\n");
    }
}

#[test]
fn a_missing_program_is_told_from_one_that_cannot_be_started() {
    let tools = Tools::new([]);
    let programs = tools.programs();
    let folder = tools.path().display().to_string();

    let missing = programs.call(&call(HookTool::IsLeader)).unwrap_err();
    assert!(matches!(missing, AgentError::Missing { tool: HookTool::IsLeader, .. }), "{missing}");

    // Neither a folder nor a file that is not executable is a program.
    fs::create_dir(tools.path().join("goal-state")).unwrap();
    tools.write("config-get", "#!/bin/sh\n", 0o644);
    for tool in [HookTool::GoalState, HookTool::ConfigGet] {
        assert!(matches!(programs.call(&call(tool)), Err(AgentError::Missing { .. })));
    }

    tools.write("is-leader", "#!/nonexistent/interpreter\n", 0o755);
    let broken = programs.call(&call(HookTool::IsLeader)).unwrap_err();
    assert!(matches!(broken, AgentError::CannotStart { .. }), "{broken}");
    assert_eq!(broken.to_string(), format!("cannot start `{folder}/is-leader`"));
}

#[test]
fn a_missing_program_has_a_reaction_of_its_own() {
    let tools = Tools::new([]);
    let juju = Juju::new(&tools.env(), tools.programs());
    assert!(matches!(juju.is_leader(), Err(ToolError::MissingProgram { .. })));
}

#[test]
fn a_hook_without_a_path_has_no_tools() {
    let env = HookEnv::from_pairs(hook_variables()).unwrap();
    let error = ToolPrograms::new(&env).call(&call(HookTool::IsLeader)).unwrap_err();
    assert!(matches!(error, AgentError::Missing { .. }), "{error}");
}

#[test]
fn a_tool_that_is_killed_has_not_answered() {
    let tools = Tools::new([(HookTool::JujuReboot, "kill -9 $$")]);
    let error = tools.programs().call(&call(HookTool::JujuReboot)).unwrap_err();
    insta::assert_snapshot!(error, @"`juju-reboot` was killed by signal 9");
}

#[test]
fn serves_several_threads() {
    let tools = Tools::new([(HookTool::IsLeader, "echo true")]);
    let programs = tools.programs();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(programs.call(&call(HookTool::IsLeader)).unwrap().stdout, b"true\n");
            });
        }
    });
}
