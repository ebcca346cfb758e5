//! What the agent refuses before it runs anything, and what only it can do.

use juju_agent_rpc::{Request, Response};
use juju_hook_env::{Agent, HookTool, Juju, ToolCall};

use crate::seam::{BothSeams, Outcome};
use crate::support::{env, shown};

fn refuse(text: &'static str) -> Juju {
    Juju::new(&env(), BothSeams::new(&env(), move |_| Err(text.to_owned())))
}

#[test]
fn an_unknown_tool_does_not_exist_in_this_version() {
    insta::assert_snapshot!(
        shown(refuse("bad request: unknown command: is-leader").is_leader()),
        @"NotInThisVersion: `is-leader` does not exist in juju 3.6.28"
    );
}

#[test]
fn a_wrong_context_is_the_end_of_the_hook() {
    insta::assert_snapshot!(
        shown(refuse("bad request: wrong context ID; got \"x\"").is_leader()),
        @r#"NoContext: `is-leader` was called outside a hook: bad request: wrong context ID; got "x""#
    );
}

#[test]
fn a_refusal_of_another_kind_is_a_failure() {
    insta::assert_snapshot!(
        shown(refuse("bad request: Dir is not absolute").is_leader()),
        @"Failed: `is-leader` failed with exit code 1: bad request: Dir is not absolute"
    );
}

#[test]
fn relative_file_names_start_from_the_charms_folder() {
    let read_there = |request: &Request| -> Outcome {
        let name = &request.args[1];
        let stdout = std::fs::read(format!("{}/{name}", request.dir)).map_err(|e| e.to_string())?;
        Ok(Response { stdout, ..Response::default() })
    };
    let agent = BothSeams::new(&env(), read_there);
    std::fs::write(agent.charm_dir().join("data.yaml"), "key: value").unwrap();
    let call = ToolCall::new(HookTool::RelationSet, ["--file", "data.yaml"]);
    assert_eq!(agent.call(&call).unwrap().stdout, b"key: value");
}

#[test]
fn both_outputs_and_every_exit_code_come_through() {
    let agent = BothSeams::new(&env(), |request| {
        let code = request.args[0].parse().unwrap();
        Ok(Response { code, stdout: vec![0, 0xff, b'\n'], stderr: b"ERROR no\n".to_vec() })
    });
    for code in [0, 1, 2, 255] {
        let answer = agent.call(&ToolCall::new(HookTool::ConfigGet, [code.to_string()])).unwrap();
        assert_eq!((answer.code, answer.stdout), (code, vec![0, 0xff, b'\n']));
        assert_eq!(answer.stderr, b"ERROR no\n");
    }
}

#[test]
fn megabytes_come_through() {
    let agent = BothSeams::new(&env(), |request| {
        Ok(Response { stdout: request.stdin.clone().unwrap(), ..Response::default() })
    });
    let input: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let call = ToolCall::new(HookTool::RelationSet, ["--file", "-"]).with_stdin(input.clone());
    assert!(agent.call(&call).unwrap().stdout == input);
}
