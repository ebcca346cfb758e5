//! Running a charm within a test. What concerns the whole process is tested in
//! `tests/program.rs`.

use std::process::ExitCode;

use juju_hook_env::{AgentError, CharmResult, HookEnv, HookTool, Juju, ScriptedAgent, run_in};
use juju_types::{Event, Status};

use crate::support::{action_env, env, env_with, success};

fn agent() -> ScriptedAgent {
    ScriptedAgent::new().accept(HookTool::JujuLog)
}

#[test]
fn a_charm_that_succeeds_gives_0_and_says_nothing() {
    let agent = agent()
        .answer("status-get --include-data --format=json", r#"{"status": "unknown"}"#)
        .answer("status-set -- active", "");
    let code = run_in(&env(), agent.clone(), |env, juju| {
        assert_eq!(env.event(), Some(&Event::ConfigChanged));
        assert_eq!(juju.env(), env);
        tracing::info!("hello");
        juju.status_set(&Status::active())?;
        Ok(())
    });
    assert_eq!(code, ExitCode::SUCCESS);
    insta::assert_snapshot!(agent.transcript(), @"
    juju-log -l INFO -- hello
    status-get --include-data --format=json
    status-set -- active
    ");
}

#[test]
fn an_error_is_logged_with_all_its_causes() {
    let failing =
        |_: &HookEnv, juju: &Juju| -> CharmResult { Ok(juju.application_version_set("1")?) };
    let agent = agent().otherwise(|call| {
        let source = std::io::Error::other("broken pipe");
        Some(Err(AgentError::Lost { tool: call.tool, source }))
    });
    assert_eq!(run_in(&env(), agent.clone(), failing), ExitCode::FAILURE);
    insta::assert_snapshot!(agent.transcript(), @r#"
    application-version-set -- 1
    juju-log -l ERROR -- "the hook `config-changed` failed: no answer from `application-version-set`: lost the answer of `application-version-set`: broken pipe"
    "#);
}

#[test]
fn says_what_was_run() {
    #[track_caller]
    fn check(env: &HookEnv, logged: &str) {
        let agent = agent();
        run_in(env, agent.clone(), |_, _| Err("no".into()));
        assert_eq!(agent.calls()[0].args[3], logged);
    }

    check(&env(), "the hook `config-changed` failed: no");
    check(&action_env(), "the action `do-it` failed: no");
    check(&env_with([("JUJU_HOOK_NAME", "")]), "the charm failed: no");
}

#[test]
fn a_panic_is_an_error() {
    let agent = agent();
    let code = run_in(&env(), agent.clone(), |_, _| panic!("index {}", 7));
    assert_eq!(code, ExitCode::FAILURE);
    insta::assert_snapshot!(agent.transcript(), @r#"juju-log -l ERROR -- "the hook `config-changed` panicked: index 7""#);
}

#[test]
fn a_panic_need_not_have_a_text() {
    let agent = agent();
    run_in(&env(), agent.clone(), |_, _| std::panic::panic_any(7));
    insta::assert_snapshot!(agent.transcript(), @r#"juju-log -l ERROR -- "the hook `config-changed` panicked: no message""#);
}

#[test]
fn an_error_counts_also_if_it_cannot_be_logged() {
    let agent = ScriptedAgent::new();
    assert_eq!(run_in(&env(), agent.clone(), |_, _| Err("no".into())), ExitCode::FAILURE);
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn an_event_that_juju_does_not_define_is_the_charms_business() {
    let env = env_with([("JUJU_DISPATCH_PATH", "hooks/service-x-stopped")]);
    let code = run_in(&env, agent(), |env, _| match env.event() {
        Some(Event::Custom(name)) => {
            assert_eq!(name.to_string(), "service-x-stopped");
            Ok(())
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(code, ExitCode::SUCCESS);
}

#[test]
fn charms_run_side_by_side() {
    std::thread::scope(|scope| {
        for port in 9000..9008 {
            scope.spawn(move || {
                let agent = agent()
                    .answer("opened-ports --endpoints --format=json", "[]")
                    .otherwise(|_| Some(Ok(success(""))));
                let code = run_in(&env(), agent.clone(), |_, juju| {
                    tracing::info!(port, "opening");
                    juju.set_ports([port])?;
                    Ok(())
                });
                assert_eq!(code, ExitCode::SUCCESS);
                assert!(agent.transcript().contains(&format!("opening port={port}")));
                assert_eq!(agent.calls().len(), 3);
            });
        }
    });
}
