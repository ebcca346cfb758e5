//! From `tracing` to Juju's log.

use std::fmt;
use std::sync::Arc;

use juju_hook_env::{
    Agent, AgentError, HookTool, JujuLogLayer, ScriptedAgent, ToolAnswer, ToolCall, with_juju_log,
};

use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use crate::support::refusal;

fn logged(events: impl FnOnce()) -> String {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    with_juju_log(agent.clone(), events);
    agent.transcript()
}

#[test]
fn keeps_levels_message_and_fields() {
    insta::assert_snapshot!(
        logged(|| {
            let error = std::io::Error::other("no route");
            tracing::trace!("a");
            tracing::debug!(port = 9100, "serving");
            tracing::info!(name: "named", text = "a \"b\"", debug = ?Some(1), display = %"x y");
            tracing::warn!("--dashes {}", 1);
            tracing::error!(error = &error as &dyn std::error::Error, "cannot\nconnect");
        }),
        @r#"
        juju-log -l TRACE -- a
        juju-log -l DEBUG -- "serving port=9100"
        juju-log -l INFO -- "text=\"a \\\"b\\\"\" debug=Some(1) display=x y"
        juju-log -l WARNING -- "--dashes 1"
        juju-log -l ERROR -- "cannot\nconnect error=\"no route\""
        "#
    );
}

#[test]
fn knows_nothing_of_spans() {
    insta::assert_snapshot!(
        logged(|| tracing::info_span!("outer", x = 1).in_scope(|| tracing::info!("inner"))),
        @"juju-log -l INFO -- inner"
    );
}

#[test]
fn splits_what_is_too_long_for_an_argument() {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    let text = "😀".repeat(40_000);
    with_juju_log(agent.clone(), || tracing::warn!("{text}"));
    let calls = agent.calls();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.args[1] == "WARNING" && call.args[3].len() <= 131_071));
    assert_eq!(calls.iter().map(|call| call.args[3].as_str()).collect::<String>(), text);
}

#[test]
fn the_layer_can_be_filtered() {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    let layer = JujuLogLayer::new(agent.clone()).with_filter(LevelFilter::INFO);
    tracing::subscriber::with_default(Registry::default().with(layer), || {
        tracing::debug!("hidden");
        tracing::info!("shown");
    });
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn nothing_outlives_the_closure() {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    let result = with_juju_log(agent.clone(), || 7);
    tracing::error!("outside");
    assert_eq!(result, 7);
    assert!(agent.calls().is_empty());
}

/// An agent that logs while it is asked to log.
#[derive(Debug)]
struct Chatty(ScriptedAgent);

impl Agent for Chatty {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        tracing::info!("calling {}", call.tool);
        self.0.call(call)
    }
}

#[test]
fn never_logs_what_happens_while_it_logs() {
    let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
    with_juju_log(Chatty(agent.clone()), || {
        tracing::info!("one");
        tracing::info!("two");
    });
    assert_eq!(agent.calls().len(), 2);
}

#[test]
fn each_thread_and_test_has_its_own_log() {
    let agents = [(); 4].map(|()| Arc::new(ScriptedAgent::new().accept(HookTool::JujuLog)));
    std::thread::scope(|scope| {
        for agent in &agents {
            scope.spawn(|| with_juju_log(agent.clone(), || tracing::info!("mine")));
        }
    });
    for agent in agents {
        assert_eq!(agent.calls().len(), 1);
    }
}

#[test]
fn survives_an_agent_that_refuses() {
    let agent = ScriptedAgent::new().respond("juju-log -l INFO -- x", refusal(1, "ERROR no\n"));
    with_juju_log(agent.clone(), || {
        tracing::info!("x");
        tracing::info!("y");
    });
    assert_eq!(agent.calls().len(), 2);
}

struct Broken;

impl fmt::Debug for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[test]
fn survives_a_value_that_cannot_be_shown() {
    insta::assert_snapshot!(logged(|| tracing::info!(broken = ?Broken, "x")), @r#"juju-log -l INFO -- "x broken=""#);
}
