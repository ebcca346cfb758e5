//! The double.

use std::thread;

use juju_hook_env::{Agent, AgentError, HookTool, ScriptedAgent, ToolCall};

use crate::support::{refusal, success};

fn call(tool: HookTool, args: &[&str]) -> ToolCall {
    ToolCall::new(tool, args.iter().copied())
}

#[test]
fn answers_in_turn_and_repeats_the_last() {
    let agent = ScriptedAgent::new()
        .answer("is-leader", "1")
        .refuse("is-leader", 1, "ERROR no")
        .answer("is-leader", "3");
    let answers = [(); 4].map(|()| agent.call(&call(HookTool::IsLeader, &[])).unwrap());
    assert_eq!(answers, [success("1"), refusal(1, "ERROR no"), success("3"), success("3")]);
}

#[test]
fn an_unexpected_call_is_named_with_what_would_have_been_answered() {
    let agent = ScriptedAgent::new();
    let unexpected = call(HookTool::StatusSet, &["--", "blocked", "need db"]);
    insta::assert_snapshot!(agent.call(&unexpected).unwrap_err(), @r#"unexpected call `status-set -- blocked "need db"`; no call has an answer"#);

    let agent = agent.answer("is-leader", "true").answer("status-set -- active", "");
    insta::assert_snapshot!(agent.call(&unexpected).unwrap_err(), @r#"unexpected call `status-set -- blocked "need db"`; these calls have an answer: `is-leader`, `status-set -- active`"#);
    insta::assert_snapshot!(agent.transcript(), @r#"
    status-set -- blocked "need db"
    status-set -- blocked "need db"
    "#);
}

#[test]
fn an_exact_answer_comes_before_an_accepted_tool_and_that_before_the_closure() {
    let agent = ScriptedAgent::new()
        .accept(HookTool::StatusSet)
        .refuse("status-set active", 1, "ERROR no")
        .otherwise(|call| (call.tool == HookTool::IsLeader).then(|| Ok(success("true"))));
    assert_eq!(agent.call(&call(HookTool::StatusSet, &["active"])).unwrap().code, 1);
    assert_eq!(agent.call(&call(HookTool::StatusSet, &["waiting"])).unwrap(), success(""));
    assert_eq!(agent.call(&call(HookTool::IsLeader, &[])).unwrap(), success("true"));
    assert!(agent.call(&call(HookTool::GoalState, &[])).is_err());
    assert_eq!(agent.calls().len(), 4);
}

#[test]
fn a_closure_can_fail_as_an_agent_does_and_call_back() {
    let agent = ScriptedAgent::new();
    let other = agent.clone();
    let agent = agent.answer("is-leader", "true").otherwise(move |asked| match asked.tool {
        HookTool::JujuReboot => Some(Err(AgentError::Killed { tool: asked.tool, signal: 9 })),
        _ => Some(other.call(&call(HookTool::IsLeader, &[]))),
    });
    let error = agent.call(&call(HookTool::JujuReboot, &["--now"])).unwrap_err();
    insta::assert_snapshot!(error, @"`juju-reboot` was killed by signal 9");
    assert_eq!(agent.call(&call(HookTool::GoalState, &[])).unwrap(), success("true"));
}

#[test]
fn records_the_calls_of_all_threads() {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    agent.call(&call(HookTool::JujuLog, &["x"])).unwrap();
                }
            });
        }
    });
    assert_eq!(agent.calls().len(), 400);
}

#[test]
fn the_transcript_shows_what_was_read_from_standard_input() {
    let agent = ScriptedAgent::new().accept(HookTool::StateSet);
    agent.call(&call(HookTool::StateSet, &["--file", "-"]).with_stdin("a: b\nc: d\n")).unwrap();
    agent.call(&call(HookTool::StateSet, &["", "a b", "\"q\""])).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    state-set --file -
        a: b
        c: d
    state-set "" "a b" "\"q\""
    "#);
}
