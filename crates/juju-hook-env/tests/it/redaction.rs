//! Nothing that is secret is ever shown.

use juju_hook_env::{
    HookEnv, Juju, ScriptedAgent, SecretChange, SecretContent, SecretQuery, SecretSpec,
    ToolPrograms,
};
use juju_types::SecretId;

use crate::support::{SecretAgent, env_with, hook_variables, refusal, success};

const SECRET: &str = "hunter2";

#[track_caller]
fn check(shown: &str) {
    assert!(!shown.contains(SECRET) && !shown.contains("aHVudGVyMg"), "{shown}");
}

#[test]
fn the_environment_shows_no_token_password_or_unknown_variable() {
    let env = env_with([
        ("JUJU_AGENT_TOKEN", SECRET),
        ("JUJU_AGENT_SOCKET_ADDRESS", "10.0.0.1:30000"),
        ("JUJU_AGENT_SOCKET_NETWORK", "tcp"),
        ("JUJU_CHARM_HTTP_PROXY", "http://me:hunter2@squid"),
        ("https_proxy", "http://me:hunter2@squid"),
        ("MY_PASSWORD", SECRET),
    ]);
    check(&format!("{env:?} {env:#?} {:?} {:?}", env.agent_socket(), env.proxies()));
    check(&format!("{:?} {:?}", env.legacy_proxies(), ToolPrograms::new(&env)));
    assert!(format!("{env:?}").contains("MY_PASSWORD"));
}

#[test]
fn no_fault_of_the_environment_shows_a_token() {
    let pairs = hook_variables().into_iter().chain([
        ("JUJU_AGENT_TOKEN", SECRET),
        ("JUJU_AGENT_SOCKET_ADDRESS", "x"),
        ("JUJU_AGENT_SOCKET_NETWORK", "tcp"),
    ]);
    check(&HookEnv::from_pairs(pairs).unwrap_err().to_string());
}

/// Does everything that has to do with secrets, and shows all there is to see.
#[test]
fn secrets_are_in_no_call_no_error_and_no_value_that_is_shown() {
    let id: SecretId = "secret:9m4e2mr0ui3e8a215n4g".parse().unwrap();
    let content = SecretContent::new().with("password", SECRET);
    let (spec, change) =
        (SecretSpec::new(content.clone()), SecretChange::new().content(content.clone()));
    check(&format!("{content:?} {content:#?} {spec:?} {change:?}"));

    for answer in [success(SECRET), refusal(1, "ERROR failed\n")] {
        let bench = SecretAgent::new(
            [(
                "secret-get secret:9m4e2mr0ui3e8a215n4g --format=json",
                success(&format!("{{\"password\": \"{SECRET}\"}}")),
            )],
            answer,
        );
        let read = bench.juju.secret_get(&id).unwrap();
        assert_eq!(read.text("password"), Some(SECRET));
        let set = bench.juju.secret_set(&id, &change);
        check(&format!("{:?} {:?} {read:?} {set:?}", bench.juju, bench.agent));
        check(&bench.transcript());
    }
    let answers = SecretAgent::new([], refusal(1, "ERROR failed\n"));
    let error = answers.juju.secret_add(&spec).unwrap_err();
    check(&format!("{error} {error:?}"));
}

#[test]
fn what_cannot_be_read_is_not_shown_where_it_may_be_secret() {
    let agent = ScriptedAgent::new().otherwise(|_| Some(Ok(success("\"hunter2\""))));
    let juju = Juju::new(&env_with([]), agent);
    let id: SecretId = "9m4e2mr0ui3e8a215n4g".parse().unwrap();
    let errors = [
        juju.secret_get(&id).unwrap_err(),
        juju.secret_get(SecretQuery::id(&id).peek()).unwrap_err(),
        juju.relation_get(&"7".parse().unwrap(), &"a/0".parse().unwrap()).unwrap_err(),
        juju.state_get().unwrap_err(),
        juju.leader_get().unwrap_err(),
        juju.credential_get().unwrap_err(),
        juju.config_get_all().unwrap_err(),
        juju.action_get_key::<u8>("a").unwrap_err(),
    ];
    for error in errors {
        check(&format!("{error} {error:?}"));
    }
}

#[test]
fn calls_show_no_data() {
    let agent = ScriptedAgent::new().otherwise(|_| Some(Ok(success("{}"))));
    let juju = Juju::new(&env_with([]), agent.clone());
    juju.relation_set(&"7".parse().unwrap(), [("password", SECRET)]).unwrap();
    juju.state_set([("password", SECRET)]).unwrap();
    juju.leader_set([("password", SECRET)]).unwrap();
    juju.action_set(&serde_json::json!({"password": SECRET})).unwrap();
    for call in agent.calls() {
        check(&format!("{call} {call:?}"));
    }
    check(&format!("{agent:?} {juju:?}"));

    let silent = Juju::new(&env_with([]), ScriptedAgent::new());
    let error = silent.action_set(&serde_json::json!({"password": SECRET})).unwrap_err();
    check(&format!("{error} {error:?} {}", std::error::Error::source(&error).unwrap()));
}
