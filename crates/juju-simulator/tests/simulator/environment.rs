//! The environment of a charm's process, against that of the real agent.

use std::collections::BTreeMap;
use std::fs;

use juju_types::{Event, JujuVersion};
use serde_json::json;

use crate::charm::{TestCharm, builder, deployed, last};
use crate::recording::{EventRecording, environments, state};

/// Writes its environment and what two tools say into files.
const DISPATCH: &str = "
    cd $FOLDER
    env -0 > environment
    relation-list -r 0 --format=json > list
    relation-ids db --format=json > ids";

#[test]
fn conformance_of_the_environment_in_every_kind_of_event() {
    let charm = TestCharm::new(DISPATCH).file("actions.yaml", "do-it: {}\n");
    let mut played = 0;
    for recorded in environments() {
        let EventRecording { event, mut environment, relation_list, relation_ids } = recorded;
        // Outside of the charm's folder, which the hook `remove` takes with it.
        let folder = tempfile::tempdir().unwrap();
        let juju = builder().charm_variable("FOLDER", folder.path().to_str().unwrap());
        // The charm of the recorder is not known.
        let mut juju = juju.unchecked_states().build();
        let unit = juju.restore(charm.path(), &state("leader.state.json")).unwrap().to_string();
        if let Some(action) = environment.get("JUJU_ACTION_NAME") {
            juju.run_action(&unit, action, json!({})).unwrap();
            environment.insert("JUJU_DISPATCH_PATH".to_owned(), "actions/do-it".to_owned());
        } else if let Some(hook) = Event::from_variables(&environment).unwrap() {
            juju.run_hook(&unit, &hook).unwrap();
            environment.insert("JUJU_DISPATCH_PATH".to_owned(), format!("hooks/{hook}"));
        } else {
            assert_eq!(event, "juju-exec", "only juju-exec has no event");
            juju.exec(&unit, DISPATCH).unwrap();
        }
        assert!(last(&juju).exit.is_success(), "{}", last(&juju));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let mut found = variables(&read("environment"));
        normalize(&mut found, &mut environment);
        assert_eq!(found, environment, "{event}");
        assert_eq!(read("list").trim_end(), relation_list.concat(), "{event}");
        assert_eq!(read("ids").trim_end(), relation_ids.concat(), "{event}");
        played += 1;
    }
    assert_eq!(played, 28);
}

/// Makes equal what has to differ: where things lie, and which ids there are.
fn normalize(found: &mut BTreeMap<String, String>, recorded: &mut BTreeMap<String, String>) {
    // A shell sets these for its own children, the last is ours.
    for name in ["PWD", "OLDPWD", "SHLVL", "_", "FOLDER"] {
        found.remove(name);
    }
    // Not recorded, because they are those of the recording machine.
    let path = found.remove("PATH").unwrap();
    let (tools, rest) = path.split_once(':').unwrap();
    assert!(tools.ends_with("/tools/unit-myapp-0"), "{tools}");
    // Where the programs of Juju lie, which a real machine has in `/usr/bin`.
    let (bin, rest) = rest.split_once(':').unwrap();
    assert!(bin.ends_with("/machines/0/bin"), "{bin}");
    assert_eq!(rest, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin");
    assert_eq!(found.remove("TERM").as_deref(), Some("tmux-256color"));
    // The recorded model has no service level; models have one by default.
    assert_eq!(found.remove("JUJU_SLA").as_deref(), Some("unsupported"));
    assert_eq!(recorded.remove("JUJU_SLA").as_deref(), Some(""));

    let agent = "/var/lib/juju/agents/unit-myapp-0";
    let root = found["CHARM_DIR"].strip_suffix("/charm").unwrap().to_owned();
    for value in found.values_mut() {
        *value = value.replace(&root, agent);
    }
    let without_random = |variables: &mut BTreeMap<String, String>| {
        let id = variables.remove("JUJU_CONTEXT_ID").unwrap();
        let (what, random) = id.rsplit_once('-').unwrap();
        assert!(random.len() == 32 && random.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        what.to_owned()
    };
    assert_eq!(without_random(found), without_random(recorded));
}

#[test]
fn versions_of_juju_have_different_variables() {
    let charm = TestCharm::new("env -0 > environment");
    let variables_of = |version| {
        let mut juju = builder().juju_version(version).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        let file = juju.charm_dir("exporter/0").unwrap().join("environment");
        variables(&fs::read_to_string(file).unwrap())
    };
    let (old, usual, new) = (
        variables_of(JujuVersion::new(2, 9, 52)),
        variables_of(JujuVersion::new(3, 6, 28)),
        variables_of(JujuVersion::new(4, 0, 15)),
    );
    let more_than =
        |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
            one.keys().filter(|name| !other.contains_key(*name)).cloned().collect()
        };
    assert_eq!(more_than(&old, &usual), ["JUJU_METER_INFO", "JUJU_METER_STATUS"]);
    assert_eq!(more_than(&usual, &new), ["JUJU_SLA"]);
    assert_eq!(
        more_than(&new, &usual),
        [
            "JUJU_CHARM_TRACE_CONFIG_CA_CERT",
            "JUJU_CHARM_TRACE_CONFIG_GRPC",
            "JUJU_CHARM_TRACE_CONFIG_HTTP"
        ]
    );
}

#[test]
fn a_variable_of_the_tests_own_goes_over_jujus() {
    let charm = TestCharm::new("echo $LANG $CHARM_MACHINE_ROOT; pwd; readlink /proc/self/fd/0");
    let mut juju = builder()
        .charm_variable("LANG", "de_DE.UTF-8")
        .charm_variable("CHARM_MACHINE_ROOT", "/tmp/machine")
        .build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let folder = juju.charm_dir("exporter/0").unwrap();
    let said: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(said, ["de_DE.UTF-8 /tmp/machine", folder.to_str().unwrap(), "/dev/null"]);
}

#[test]
fn what_a_charm_prints_goes_to_the_log_line_by_line() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = install ] || exit 0
        printf 'one\\ntwo'; echo oops >&2
        juju-log -l ERROR between
        printf ' more\\n'; printf '%04096dend' 0",
    );
    let juju = deployed(&charm);
    let log = juju.operations()[0].log.iter();
    let lines: Vec<String> =
        log.map(|line| line.to_string().replace(&"0".repeat(4096), "<4096>")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    DEBUG unit.exporter/0.install one
    WARNING unit.exporter/0.install oops
    ERROR unit.exporter/0.juju-log between
    DEBUG unit.exporter/0.install two more
    DEBUG unit.exporter/0.install <4096>
    DEBUG unit.exporter/0.install end
    ");
}

fn variables(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split_terminator('\0').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
