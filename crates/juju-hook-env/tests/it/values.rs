//! Values that users and charms give: what is wrong with them, and where.

use std::collections::BTreeMap;

use juju_hook_env::{HookTool, Juju, NetworkAddress, ScriptedAgent};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::{action_env, juju, juju_in, shown, success};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only read")]
struct Config {
    port: u16,
    #[serde(default)]
    mode: Mode,
    ratio: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Fast,
    Slow,
}

#[test]
fn names_the_option_that_is_wrong() {
    #[track_caller]
    fn check(config: &str, shown_as: &str) {
        let (juju, _) = juju([("config-get --all --format=json", success(config))]);
        assert_eq!(shown(juju.config_get::<Config>()), format!("InvalidValue: {shown_as}"));
    }

    check(
        r#"{"port": 70000, "mode": "fast"}"#,
        "`port` is not valid: invalid value: integer `70000`, expected u16",
    );
    check(
        r#"{"port": 80, "mode": "turbo"}"#,
        "`mode` is not valid: unknown variant `turbo`, expected `fast` or `slow`",
    );
    check(r#"{"port": null}"#, "`config` is not valid: missing field `port`");
}

#[test]
fn reads_an_integer_where_a_float_is_declared() {
    let config = r#"{"port": 80, "mode": "slow", "ratio": 1}"#;
    let (juju, _) = juju([("config-get --all --format=json", success(config))]);
    let config: Config = juju.config_get().unwrap();
    assert!(matches!(config.mode, Mode::Slow));
    assert_eq!(config.ratio, Some(1.0));
    assert_eq!(juju.config_get_key::<f64>("ratio").unwrap(), Some(1.0));
}

#[test]
fn names_the_parameter_that_is_wrong() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Parameters {
        compression: BTreeMap<String, u8>,
    }

    let answer = success(r#"{"compression": {"quality": 999}}"#);
    let (juju, _) = juju_in(&action_env(), [("action-get --format=json", answer)]);
    insta::assert_snapshot!(shown(juju.action_get::<Parameters>()), @"InvalidValue: `compression.quality` is not valid: invalid value: integer `999`, expected u8");
    insta::assert_snapshot!(shown(juju.action_get_key::<BTreeMap<String, u8>>("compression")), @"InvalidValue: `compression.quality` is not valid: invalid value: integer `999`, expected u8");
    insta::assert_snapshot!(shown(juju.action_get_key::<u8>("compression.quality")), @"InvalidValue: `compression.quality` is not valid: invalid value: integer `999`, expected u8");
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Results {
    show_endpoint: String,
    nothing: Option<u8>,
    units: Vec<Unit>,
    empty: BTreeMap<String, String>,
    ratio: f64,
    ready: bool,
}

#[derive(Serialize)]
struct Unit {
    name: &'static str,
}

#[test]
fn results_become_texts_under_keys_with_dots() {
    let results = Results {
        show_endpoint: "http://10.0.0.1:9100/?a=b c".to_owned(),
        nothing: None,
        units: vec![Unit { name: "a/0" }, Unit { name: "a/1" }],
        empty: BTreeMap::new(),
        ratio: 0.5,
        ready: true,
    };
    let agent = ScriptedAgent::new().accept(HookTool::ActionSet);
    let juju = Juju::new(&action_env(), agent.clone());
    juju.action_set(&results).unwrap();
    assert_eq!(
        agent.calls()[0].args,
        [
            "ratio=0.5",
            "ready=true",
            "show-endpoint=http://10.0.0.1:9100/?a=b c",
            "units.0.name=a/0",
            "units.1.name=a/1",
        ]
    );
    juju.action_set(&json!({})).unwrap();
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn results_with_keys_that_juju_keeps_or_refuses_are_not_sent() {
    let (juju, agent) = juju_in(&action_env(), []);
    for key in ["", "Key", "a_b", "a.b", "-a", "a-", "é"] {
        assert!(juju.action_set(&json!({"good": {key: 1}})).is_err(), "{key}");
    }
    for key in ["stdout", "stdout-encoding", "stderr", "stderr-encoding", "return-code"] {
        assert!(juju.action_set(&json!({key: 1})).is_err(), "{key}");
    }
    insta::assert_snapshot!(shown(juju.action_set(&json!({"a_b": 1}))), @r#"BadArgument: cannot call `action-set`: the key `a_b` must consist of lower-case letters, digits, and dashes inside (for a struct, serde's `rename_all = "kebab-case"` helps)"#);
    insta::assert_snapshot!(shown(juju.action_set(&json!({"a": {"stdout": 1}}))), @"BadArgument: cannot call `action-set`: the key `stdout` is kept for Juju itself");
    insta::assert_snapshot!(shown(juju.action_set("text")), @"BadArgument: cannot call `action-set`: results must be a map or a struct");
    insta::assert_snapshot!(shown(juju.action_set(&BTreeMap::from([((1, 2), 3)]))), @"BadArgument: cannot call `action-set`: key must be a string");
    assert!(agent.calls().is_empty());
}

#[test]
fn a_return_code_may_be_nested() {
    let agent = ScriptedAgent::new().answer("action-set run.return-code=1", "");
    let juju = Juju::new(&action_env(), agent);
    juju.action_set(&json!({"run": {"return-code": 1}})).unwrap();
}

#[test]
fn keys_and_values_of_the_state_have_limits() {
    let (juju, agent) =
        juju([("state-get --format=json", success("{}")), ("state-set --file -", success(""))]);
    let (key, value) = ("k".repeat(257), "v".repeat(65_537));
    insta::assert_snapshot!(shown(juju.state_set([("", "v")])), @"BadArgument: cannot call `state-set`: the key `` must not be empty");
    let error = shown(juju.state_set([(key.as_str(), "v")]));
    assert!(error.ends_with("has 257 bytes, and must have at most 256"), "{error}");
    insta::assert_snapshot!(shown(juju.state_set([("k", value.as_str())])), @"BadArgument: cannot call `state-set`: the key `k` has a value of 65537 bytes, and may have at most 65536");
    assert!(agent.calls().is_empty());
    juju.state_set([(&key[1..], &value[1..])]).unwrap();
}

#[test]
fn a_key_of_relation_data_is_not_empty() {
    let (juju, agent) = juju([]);
    insta::assert_snapshot!(shown(juju.relation_set(&"db:0".parse().unwrap(), [("", "v")])), @"BadArgument: cannot call `relation-set`: a key must not be empty");
    assert!(agent.calls().is_empty());
}

#[test]
fn addresses_can_be_names_or_absent() {
    let answer = success(
        r#"{"bind-addresses":[{"mac-address":"","interface-name":"","addresses":[{"hostname":"h","value":"fd42::1","cidr":""},{"hostname":"","value":"","cidr":""}]}],"ingress-addresses":["ec2-54.amazonaws.com","10.0.0.1"]}"#,
    );
    let (juju, _) = juju([
        ("network-get db --format=json", answer),
        ("network-get web --format=json", success(r#"{"egress-subnets": null}"#)),
    ]);
    let network = juju.network_get(&"db".parse().unwrap()).unwrap();
    assert_eq!(network.bind_address().unwrap().to_string(), "fd42::1");
    let bound = &network.bind_addresses[0];
    assert_eq!((bound.mac_address.as_ref(), bound.interface_name.as_ref()), (None, None));
    let mut address = NetworkAddress::new("fd42::1".parse().unwrap());
    address.host_name = Some("h".parse().unwrap());
    assert_eq!(bound.addresses, [address]);
    assert_eq!(network.ingress_address().unwrap().ip(), None);
    assert_eq!(network.ingress_ip(), Some([10, 0, 0, 1].into()));

    let network = juju.network_get(&"web".parse().unwrap()).unwrap();
    assert_eq!((network.bind_address(), network.ingress_address()), (None, None));
}

#[test]
fn says_what_it_got_and_what_it_expected() {
    let (juju, _) = juju([
        ("relation-ids --format=json db", success(r#"["db"]"#)),
        ("status-get --include-data --format=json", success("")),
    ]);
    insta::assert_snapshot!(shown(juju.relation_ids(&"db".parse().unwrap())), @r#"Unreadable: cannot read what `relation-ids` printed: expected a list of relation ids, got `["db"]` (invalid relation id `db`: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros at line 1 column 6)"#);
    insta::assert_snapshot!(shown(juju.status_get()), @"Unreadable: cannot read what `status-get` printed: expected an object with a status, got `` (EOF while parsing a value at line 1 column 0)");
}
