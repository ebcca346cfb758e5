//! The environment.

use juju_hook_env::{AgentSocket, HookEnv, variable};
use juju_types::Event;
use proptest::prelude::*;

use crate::support::{env_with, hook_variables, recording};

#[test]
fn conformance_every_recorded_environment_parses() {
    let recordings = recording("environments.json");
    let recordings = recordings.as_array().unwrap();
    assert_eq!(recordings.len(), 28);
    for recording in recordings {
        let event = recording["event"].as_str().unwrap();
        let pairs = recording["environment"].as_object().unwrap();
        let env = HookEnv::from_pairs(
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())),
        );
        let env = env.unwrap_or_else(|error| panic!("{event}: {error}"));

        assert_eq!(env.unit().to_string(), "myapp/0");
        assert_eq!(env.version().unwrap().to_string(), "3.6.28");
        assert_eq!(env.variables().count(), pairs.len());
        let kind = event.split(' ').next().unwrap();
        match env.event() {
            None => assert_eq!(event, "juju-exec"),
            Some(Event::Action(name)) => assert_eq!(event, format!("the action {name}")),
            Some(hook) => assert!(hook.to_string().ends_with(kind), "{hook} for {event}"),
        }
        assert_eq!(env.relation().is_some(), kind.starts_with("relation-"), "{event}");
        assert_eq!(env.secret().is_some(), kind.starts_with("secret-"), "{event}");
        assert_eq!(env.storage().is_some(), kind.starts_with("storage-"), "{event}");
        assert_eq!(env.workload().is_some(), kind.starts_with("pebble-"), "{event}");
    }
}

#[test]
fn conformance_a_recorded_environment_is_understood() {
    let recordings = recording("environments.json");
    let departed =
        recordings.as_array().unwrap().iter().find(|recording| {
            recording["event"].as_str().unwrap().starts_with("relation-departed")
        });
    let pairs = departed.unwrap()["environment"].as_object().unwrap();
    let env = HookEnv::from_pairs(
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())),
    )
    .unwrap();

    assert_eq!(env.departing_unit(), env.remote_unit());
    assert_eq!(env.machine_id().unwrap().to_string(), "0");
    assert_eq!(env.api_addresses()[0].socket_addr(), Some(([10, 0, 0, 1], 17070).into()));
    assert_eq!(
        env.agent_socket(),
        Some(&AgentSocket::Unix("/var/lib/juju/agents/unit-myapp-0/agent.socket".into()))
    );
    insta::assert_snapshot!(format!("{env:#?}"), @r#"
    HookEnv {
        event: Some(
            "db-relation-departed",
        ),
        APT_LISTCHANGES_FRONTEND: "none",
        CHARM_DIR: "/var/lib/juju/agents/unit-myapp-0/charm",
        DEBIAN_FRONTEND: "noninteractive",
        JUJU_AGENT_SOCKET_ADDRESS: "/var/lib/juju/agents/unit-myapp-0/agent.socket",
        JUJU_AGENT_SOCKET_NETWORK: "unix",
        JUJU_API_ADDRESSES: "10.0.0.1:17070",
        JUJU_CHARM_DIR: "/var/lib/juju/agents/unit-myapp-0/charm",
        JUJU_CONTEXT_ID: "myapp/0-db-relation-departed-f6bbf0db2e283fdae8ee0a0b18ed2be6",
        JUJU_DEPARTING_UNIT: "postgresql/1",
        JUJU_HOOK_NAME: "db-relation-departed",
        JUJU_MACHINE_ID: "0",
        JUJU_MODEL_NAME: "testmodel",
        JUJU_MODEL_UUID: "deadbeef-0bad-400d-8000-4b1d0d06f00d",
        JUJU_RELATION: "db",
        JUJU_RELATION_ID: "db:0",
        JUJU_REMOTE_APP: "postgresql",
        JUJU_REMOTE_UNIT: "postgresql/1",
        JUJU_UNIT_NAME: "myapp/0",
        JUJU_VERSION: "3.6.28",
        LANG: "C.UTF-8",
    }
    "#);
}

/// A value for every variable. `Debug` of what is read shows each once more.
const EVERYTHING: &[(&str, &str)] = &[
    ("APT_LISTCHANGES_FRONTEND", "none"),
    ("CHARM_AGENT", "programs"),
    ("CHARM_DIR", "/old"),
    ("CLOUD_API_VERSION", "1.29.0"),
    ("DEBIAN_FRONTEND", "noninteractive"),
    ("FTP_PROXY", "ftp://upper"),
    ("HTTPS_PROXY", "https://upper"),
    ("HTTP_PROXY", "http://upper"),
    ("JUJU_ACTION_NAME", "do-it"),
    ("JUJU_ACTION_TAG", "action-7"),
    ("JUJU_ACTION_UUID", "7"),
    ("JUJU_AGENT_CA_CERT", "/ca.crt"),
    ("JUJU_AGENT_SOCKET_ADDRESS", "10.0.0.7:30001"),
    ("JUJU_AGENT_SOCKET_NETWORK", "tcp"),
    ("JUJU_AGENT_TOKEN", "token"),
    ("JUJU_API_ADDRESSES", "10.4.0.5:17070 [fd42::1]:17070 controller:17070"),
    ("JUJU_AVAILABILITY_ZONE", "us-east-1a"),
    ("JUJU_CHARM_DIR", "/charm"),
    ("JUJU_CHARM_FTP_PROXY", "ftp://squid"),
    ("JUJU_CHARM_HTTPS_PROXY", "https://squid"),
    ("JUJU_CHARM_HTTP_PROXY", "http://squid"),
    ("JUJU_CHARM_NO_PROXY", "localhost"),
    ("JUJU_CHARM_TRACE_CONFIG_CA_CERT", "PEM"),
    ("JUJU_CHARM_TRACE_CONFIG_GRPC", "http://otel:4317"),
    ("JUJU_CHARM_TRACE_CONFIG_HTTP", "http://otel:4318"),
    ("JUJU_CONTEXT_ID", "mysql/0-do-it-1"),
    ("JUJU_DEBUG", "/tmp/debug"),
    ("JUJU_DEBUG_AT", "before,after"),
    ("JUJU_DEPARTING_UNIT", "wordpress/2"),
    ("JUJU_DISPATCH_PATH", "actions/do-it"),
    ("JUJU_HOOK_NAME", "db-relation-departed"),
    ("JUJU_MACHINE_ID", "3/lxd/1"),
    ("JUJU_METER_INFO", "fine"),
    ("JUJU_METER_STATUS", "NOT SET"),
    ("JUJU_MODEL_NAME", "prod"),
    ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
    ("JUJU_NOTICE_ID", "12"),
    ("JUJU_NOTICE_KEY", "example.com/backup-done"),
    ("JUJU_NOTICE_TYPE", "custom"),
    ("JUJU_PEBBLE_CHECK_NAME", "http-ready"),
    ("JUJU_PRINCIPAL_UNIT", "ubuntu/0"),
    ("JUJU_RELATION", "db"),
    ("JUJU_RELATION_ID", "db:7"),
    ("JUJU_REMOTE_APP", "wordpress"),
    ("JUJU_REMOTE_UNIT", "wordpress/2"),
    ("JUJU_SECRET_ID", "secret:9m4e2mr0ui3e8a215n4g"),
    ("JUJU_SECRET_LABEL", "db-password"),
    ("JUJU_SECRET_REVISION", "4"),
    ("JUJU_SLA", "unsupported"),
    ("JUJU_SPAN_ID", "00f067aa0ba902b7"),
    ("JUJU_STORAGE_ID", "data/0"),
    ("JUJU_STORAGE_KIND", "filesystem"),
    ("JUJU_STORAGE_LOCATION", "/srv"),
    ("JUJU_TARGET_BASE", "ubuntu@22.04"),
    ("JUJU_TARGET_SERIES", "jammy"),
    ("JUJU_TRACE_FLAGS", "1"),
    ("JUJU_TRACE_ID", "4bf92f3577b34da6a3ce929d0e0e4736"),
    ("JUJU_UNIT_NAME", "mysql/0"),
    ("JUJU_VERSION", "4.1-beta2.1"),
    ("JUJU_WORKLOAD_NAME", "web"),
    ("KUBERNETES_PORT", "tcp://10.152.183.1:443"),
    ("KUBERNETES_PORT_443_TCP", "tcp://10.152.183.1:443"),
    ("KUBERNETES_PORT_443_TCP_ADDR", "10.152.183.1"),
    ("KUBERNETES_PORT_443_TCP_PORT", "443"),
    ("KUBERNETES_PORT_443_TCP_PROTO", "tcp"),
    ("KUBERNETES_SERVICE", "kubernetes"),
    ("KUBERNETES_SERVICE_HOST", "10.152.183.1"),
    ("KUBERNETES_SERVICE_PORT", "443"),
    ("KUBERNETES_SERVICE_PORT_HTTPS", "443"),
    ("LANG", "C.UTF-8"),
    ("NO_PROXY", "upper"),
    ("PATH", "/tools/unit-mysql-0:/usr/bin"),
    ("TERM", "tmux-256color"),
    ("ftp_proxy", "ftp://lower"),
    ("http_proxy", "http://lower"),
    ("https_proxy", "https://lower"),
    ("no_proxy", "lower"),
];

#[test]
fn every_variable_is_read() {
    assert_eq!(EVERYTHING.iter().map(|(name, _)| *name).collect::<Vec<_>>(), variable::ALL);
    let env = HookEnv::from_pairs(EVERYTHING.iter().copied()).unwrap();
    let Some(AgentSocket::Tcp { address, ca_cert, token }) = env.agent_socket() else {
        panic!("{env:?}")
    };
    let (relation, secret, storage) =
        (env.relation().unwrap(), env.secret().unwrap(), env.storage().unwrap());

    insta::assert_snapshot!(
        [
            format!("{} {:?} {}", env.unit(), env.model_name(), text(env.model_uuid())),
            format!("{:?} {} {}", env.charm_dir(), env.context_id(), text(env.machine_id())),
            format!("{:?} {:?} {}", env.dispatch_path(), env.hook_name(), text(env.event())),
            format!("{} {:?} {:?}", text(env.version()), env.cloud_api_version(), env.sla()),
            format!("{} {:?}", text(env.principal()), env.availability_zone()),
            format!("{address} {ca_cert:?} {token:?} {:?}", token.as_ref().unwrap().reveal()),
            env.api_addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            format!("{:?}", env.action()),
            format!("{} {} {:?}", relation.endpoint, relation.id, relation.application),
            format!("{} {}", text(env.remote_unit()), text(env.departing_unit())),
            format!("{} {:?} {:?}", secret.id, secret.label, env.secret_revision()),
            format!("{} {:?} {:?}", text(storage.id.as_ref()), storage.kind, storage.location),
            format!("{:?} {:?} {:?}", env.workload(), env.notice(), env.check()),
            format!("{} {:?} {:?}", text(env.target_base()), env.target_series(), env.meter()),
            format!("{:?}", env.proxies()),
            format!("{:?}", env.legacy_proxies()),
            format!("{:?}", env.trace_config()),
            format!("{:?} {:?}", env.trace_parent(), env.debug_session()),
            format!("{:?}", env.kubernetes()),
            format!("{:?} {:?} {:?}", env.tools_dir(), env.search_path(), env.term()),
            format!("{:?} {:?}", env.debian_frontend(), env.apt_listchanges_frontend()),
            format!("{:?} {}", env.lang(), text(env.agent_route())),
        ]
        .join("\n"),
        @r#"
        mysql/0 Some(ModelName("prod")) cdac5656-2423-4388-8f30-41854b4cca7d
        "/charm" mysql/0-do-it-1 3/lxd/1
        Some("actions/do-it") Some("db-relation-departed") do-it
        4.1-beta2.1 Some("1.29.0") Some("unsupported")
        ubuntu/0 Some("us-east-1a")
        10.0.0.7:30001 Some("/ca.crt") Some(AgentToken(…)) "token"
        10.4.0.5:17070 [fd42::1]:17070 controller:17070
        Some(ActionContext { name: ActionName("do-it"), id: "7", tag: "action-7" })
        db db:7 Some(ApplicationName("wordpress"))
        wordpress/2 wordpress/2
        secret:9m4e2mr0ui3e8a215n4g Some("db-password") Some(4)
        data/0 Some(Filesystem) Some("/srv")
        Some(ContainerName("web")) Some(Notice { id: "12", kind: "custom", key: "example.com/backup-done" }) Some(CheckName("http-ready"))
        ubuntu@22.04 Some("jammy") Some(Meter { status: NotSet, info: Some("fine") })
        ProxySettings { ftp: Some("ftp://squid"), http: Some("http://squid"), https: Some("https://squid"), no_proxy: Some("localhost") }
        ProxySettings { ftp: Some("ftp://lower"), http: Some("http://lower"), https: Some("https://lower"), no_proxy: Some("lower") }
        TraceConfig { ca_cert: Some("PEM"), grpc: Some("http://otel:4317"), http: Some("http://otel:4318") }
        Some(TraceParent { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", span_id: "00f067aa0ba902b7", flags: 1 }) Some(DebugSession { dir: "/tmp/debug", breakpoints: ["before", "after"] })
        Some(KubernetesApi { host: Some(Ip(10.152.183.1)), port: Some(443), port_https: Some(443), service: Some("kubernetes"), tcp_address: Some(Ip(10.152.183.1)), tcp_port: Some(443), tcp_protocol: Some("tcp"), tcp_url: Some("tcp://10.152.183.1:443"), url: Some("tcp://10.152.183.1:443") })
        Some("/tools/unit-mysql-0") Some("/tools/unit-mysql-0:/usr/bin") Some("tmux-256color")
        Some("noninteractive") Some("none")
        Some("C.UTF-8") programs
        "#
    );
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

#[test]
fn names_all_faults_at_once() {
    let error = HookEnv::from_pairs([
        ("JUJU_UNIT_NAME", "mysql"),
        ("JUJU_CHARM_DIR", "charm"),
        ("JUJU_DISPATCH_PATH", "hooks/db-relation-joined"),
        ("JUJU_RELATION", "db"),
        ("JUJU_RELATION_ID", "db:x"),
        ("JUJU_VERSION", "three"),
        ("JUJU_MODEL_NAME", ""),
        ("JUJU_API_ADDRESSES", "10.0.0.1:17070 10.0.0.2"),
        ("JUJU_AGENT_SOCKET_ADDRESS", "/agent.socket"),
        ("JUJU_AGENT_SOCKET_NETWORK", "udp"),
        ("JUJU_SECRET_REVISION", "-1"),
        ("JUJU_ACTION_NAME", "do-it"),
    ])
    .unwrap_err();
    assert!(!error.is_outside_juju());
    insta::assert_snapshot!(error, @"
    cannot use the variables that the charm was started with:
    - `JUJU_UNIT_NAME`: invalid unit name `mysql`: it must be `APPLICATION/NUMBER`
    - `JUJU_CONTEXT_ID`: it must be set
    - `JUJU_CHARM_DIR`: `charm` is not an absolute path
    - `JUJU_RELATION_ID`: invalid relation id `db:x`: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros
    - `JUJU_REMOTE_UNIT`: it must be set for `db-relation-joined`
    - `JUJU_MODEL_NAME`: it must be set
    - `JUJU_MODEL_UUID`: it must be set
    - `JUJU_ACTION_UUID`: it must be set
    - `JUJU_AGENT_SOCKET_NETWORK`: `udp` is neither `unix` nor `tcp`
    - `JUJU_API_ADDRESSES`: invalid address with port `10.0.0.2`: it must be `HOST:PORT`
    - `JUJU_SECRET_REVISION`: `-1` is not a number, or is out of range
    - `JUJU_VERSION`: invalid juju version `three`: it must look like `3.6.28` or `4.1-beta2`, with a fourth number `.1` at most
    ");
    assert_eq!(error.faults().len(), error.to_string().lines().count() - 1);
    assert_eq!(
        (error.faults()[0].variable.as_str(), error.faults()[0].value.as_str()),
        ("JUJU_UNIT_NAME", "mysql")
    );
}

#[test]
fn tells_whether_juju_is_there_at_all() {
    let by_hand = [("PATH", "/usr/bin"), ("JUJU_MODEL", "prod"), ("JUJU_UNIT_NAME", "")];
    assert!(HookEnv::from_pairs(by_hand).unwrap_err().is_outside_juju());
    let half = [("JUJU_DISPATCH_PATH", "hooks/install")];
    assert!(!HookEnv::from_pairs(half).unwrap_err().is_outside_juju());
}

#[test]
fn an_empty_variable_is_absent() {
    let empty =
        variable::ALL.iter().filter(|name| !hook_variables().iter().any(|(n, _)| n == *name));
    let env = HookEnv::from_pairs(
        empty.map(|name| (*name, "")).chain(hook_variables()).chain([("OTHER", "")]),
    )
    .unwrap();
    let plain = HookEnv::from_pairs(hook_variables()).unwrap();
    assert_eq!(format!("{env:?}"), format!("{plain:?}"));
    assert_eq!(env.other("OTHER"), None);
    assert_eq!(env.kubernetes(), None);
    assert_eq!(env.proxies(), plain.proxies());
    assert_eq!(env.tools_dir(), None);
}

#[test]
fn keeps_what_it_does_not_know() {
    let env = env_with([("CHARM_MACHINE_ROOT", "/scratch"), ("LANG", "C.UTF-8")]);
    assert_eq!(env.other("CHARM_MACHINE_ROOT"), Some("/scratch"));
    assert_eq!(env.other("LANG"), None);
    assert!(env.variables().any(|pair| pair == ("CHARM_MACHINE_ROOT", "/scratch")));
}

#[test]
fn the_metering_hooks_know_less() {
    let pairs = [
        ("JUJU_CHARM_DIR", "/charm"),
        ("JUJU_CONTEXT_ID", "u/0-meter-status-changed-1"),
        ("JUJU_HOOK_NAME", "meter-status-changed"),
        ("JUJU_UNIT_NAME", "u/0"),
    ];
    let env = HookEnv::from_pairs(pairs).unwrap();
    assert_eq!((env.version(), env.model_name(), env.model_uuid()), (None, None, None));
}

#[test]
fn finds_the_charm_by_its_old_variable() {
    let env = env_with([("JUJU_CHARM_DIR", ""), ("CHARM_DIR", "/old/charm")]);
    assert_eq!(env.charm_dir(), "/old/charm");
}

#[test]
fn an_abstract_socket_has_no_file() {
    let env = env_with([("JUJU_AGENT_SOCKET_ADDRESS", "@/var/lib/juju/agent.socket")]);
    let name = "/var/lib/juju/agent.socket".to_owned();
    assert_eq!(env.agent_socket(), Some(&AgentSocket::Abstract(name)));
}

#[test]
fn storage_that_is_gone_has_no_variables() {
    let env = env_with([("JUJU_HOOK_NAME", "data-storage-detaching")]);
    assert_eq!(env.storage(), None);
    assert!(matches!(env.event(), Some(Event::StorageDetaching(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn never_panics_and_names_each_fault_once(
        values in proptest::collection::vec(
            proptest::option::of(prop_oneof!["\\PC*", "[a-z0-9:/.@-]{1,12}"]),
            variable::ALL.len(),
        ),
    ) {
        let pairs = variable::ALL.iter().zip(&values);
        let pairs = pairs.filter_map(|(name, value)| Some((*name, value.clone()?)));
        if let Err(error) = HookEnv::from_pairs(pairs) {
            let mut names: Vec<_> = error.faults().iter().map(|fault| &fault.variable).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            prop_assert!(count > 0 && names.len() == count, "{}", error);
        }
    }

    #[test]
    fn gives_back_every_pair(others in proptest::collection::btree_map("X_[A-Z]{1,8}", "\\PC+", 0..5)) {
        let pairs = hook_variables().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let env = HookEnv::from_pairs(pairs.chain(others.clone())).unwrap();
        for (name, value) in &others {
            prop_assert_eq!(env.other(name), Some(value.as_str()));
        }
        prop_assert_eq!(env.variables().count(), hook_variables().len() + others.len());
    }
}
