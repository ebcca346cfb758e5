//! `juju-log`.

use juju_hook_env::LogLevel;

use crate::support::{juju, recorded, shown};

#[test]
fn juju_log_keeps_the_level() {
    let answer = || recorded("general", "juju-log -l DEBUG dbg");
    let (juju, agent) = juju([
        ("juju-log -l DEBUG -- dbg", answer()),
        ("juju-log -l TRACE -- --dashes", recorded("general", "juju-log -l TRACE -- --dashes")),
        ("juju-log -l CRITICAL -- \"hello world\"", answer()),
    ]);
    juju.juju_log(LogLevel::Debug, "dbg").unwrap();
    juju.juju_log(LogLevel::Trace, "--dashes").unwrap();
    juju.juju_log(LogLevel::Critical, "hello world").unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    juju-log -l DEBUG -- dbg
    juju-log -l TRACE -- --dashes
    juju-log -l CRITICAL -- "hello world"
    "#);
}

#[test]
fn juju_log_passes_on_a_refusal() {
    let (juju, _) = juju([("juju-log -l INFO -- x", recorded("general", "juju-log"))]);
    insta::assert_snapshot!(
        shown(juju.juju_log(LogLevel::Info, "x")),
        @"BadArgument: cannot call `juju-log`: no message specified"
    );
}
