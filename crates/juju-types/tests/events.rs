//! Reads every event: as recorded from a real agent, as Juju's documentation
//! lists them, and as people make them up.

use std::collections::BTreeMap;

use juju_types::{Event, EventName, EventVariablesError, RelationContext};
use proptest::prelude::*;

/// Variables without `JUJU_DISPATCH_PATH`, and what they mean.
type Variables<'a> = &'a [(&'a str, &'a str)];

const RELATION: Variables<'_> = &[("JUJU_RELATION", "db"), ("JUJU_RELATION_ID", "db:7")];

fn read(path: &str, variables: Variables<'_>) -> Result<Option<Event>, EventVariablesError> {
    Event::from_variables([&[("JUJU_DISPATCH_PATH", path)], variables].concat())
}

/// Asserts what an event is read as; that it knows its own path; and that its
/// name is free for a custom event only if it does not mean a hook alone.
#[track_caller]
fn check(path: &str, variables: Variables<'_>, expected: &str) {
    let event = read(path, variables).expect("no fault").expect("a path means an event");
    assert_eq!(describe(&event), expected);
    assert_eq!(event.dispatch_path(), path);

    if let Some(name) = path.strip_prefix("hooks/") {
        let is_custom_alone = matches!(read(path, &[]), Ok(Some(Event::Custom(_))));
        assert_eq!(name.parse::<EventName>().is_ok(), is_custom_alone);
    }
}

#[track_caller]
fn check_custom(path: &str, variables: Variables<'_>) {
    match read(path, variables) {
        Ok(Some(Event::Custom(name))) => assert_eq!(format!("hooks/{name}"), path),
        other => panic!("`{path}` was read as {other:?}"),
    }
}

/// Writes an event on one line.
fn describe(event: &Event) -> String {
    match event {
        Event::Action(name) => format!("action {name}"),
        Event::Custom(name) => format!("custom {name}"),
        Event::PebbleCheckFailed { container, check } => {
            format!("pebble-check-failed {container} {check}")
        }
        Event::PebbleCheckRecovered { container, check } => {
            format!("pebble-check-recovered {container} {check}")
        }
        Event::PebbleCustomNotice { container, notice } => {
            format!("pebble-custom-notice {container} {} {} {}", notice.id, notice.kind, notice.key)
        }
        Event::PebbleReady(container) => format!("pebble-ready {container}"),
        Event::PreSeriesUpgrade { base, series } => {
            format!("pre-series-upgrade {} {}", or_dash(base.as_ref()), or_dash(series.as_ref()))
        }
        Event::RelationBroken(relation) => format!("relation-broken {}", about(relation)),
        Event::RelationChanged { relation, unit } => {
            format!("relation-changed {} {}", about(relation), or_dash(unit.as_ref()))
        }
        Event::RelationCreated(relation) => format!("relation-created {}", about(relation)),
        Event::RelationDeparted { relation, unit, departing } => {
            let departing = or_dash(departing.as_ref());
            format!("relation-departed {} {unit} {departing}", about(relation))
        }
        Event::RelationJoined { relation, unit } => {
            format!("relation-joined {} {unit}", about(relation))
        }
        Event::SecretChanged(secret) | Event::SecretRotate(secret) => {
            format!("{event} {} {}", secret.id, or_dash(secret.label.as_ref()))
        }
        Event::SecretExpired { secret, revision } | Event::SecretRemove { secret, revision } => {
            format!("{event} {} {} {revision}", secret.id, or_dash(secret.label.as_ref()))
        }
        Event::StorageAttached(storage) | Event::StorageDetaching(storage) => {
            let id = or_dash(storage.id.as_ref());
            let kind = or_dash(storage.kind.as_ref());
            let location = or_dash(storage.location.as_ref().map(|path| path.display()));
            format!("{event} {} {id} {kind} {location}", storage.name)
        }
        _ => event.to_string(),
    }
}

fn about(relation: &RelationContext) -> String {
    let application = or_dash(relation.application.as_ref());
    format!("{} {} {application}", relation.endpoint, relation.id)
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

#[derive(serde::Deserialize)]
struct Recording {
    event: String,
    environment: BTreeMap<String, String>,
}

fn recordings() -> Vec<Recording> {
    const PATH: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/recordings/juju-3.6.28/environments.json"
    );
    let json = std::fs::read_to_string(PATH).expect("the recordings are part of the workspace");
    serde_json::from_str(&json).expect("the recordings are valid")
}

#[test]
fn conformance_reads_every_recorded_environment() {
    let mut lines = Vec::new();
    for Recording { event: cause, mut environment } in recordings() {
        let event = Event::from_variables(&environment).unwrap();
        let description = event.as_ref().map_or_else(|| "none".to_owned(), describe);
        lines.push(format!("{cause} => {description}"));

        // The recordings were made without the path that the agent adds when
        // it starts the charm's program.
        if let Some(event) = event {
            environment.insert("JUJU_DISPATCH_PATH".to_owned(), event.dispatch_path());
            assert_eq!(Event::from_variables(&environment), Ok(Some(event)));
        }
    }
    assert_eq!(lines.len(), 28);
    insta::assert_snapshot!(lines.join("\n"), @r"
    install => install
    start => start
    config-changed => config-changed
    update-status => update-status
    upgrade-charm => upgrade-charm
    stop => stop
    remove => remove
    leader-elected => leader-elected
    leader-settings-changed => leader-settings-changed
    post-series-upgrade => post-series-upgrade
    relation-created --relation 0 => relation-created db db:0 postgresql
    relation-joined --relation 0 --remote-unit postgresql/0 => relation-joined db db:0 postgresql postgresql/0
    relation-changed --relation 0 --remote-unit postgresql/0 => relation-changed db db:0 postgresql postgresql/0
    relation-changed --relation 0 --remote-app postgresql => relation-changed db db:0 postgresql -
    relation-departed --relation 0 --remote-unit postgresql/1 --departing-unit postgresql/1 => relation-departed db db:0 postgresql postgresql/1 postgresql/1
    relation-broken --relation 0 => relation-broken db db:0 postgresql
    storage-attached --storage-id data/0 => data-storage-attached data data/0 filesystem /srv/data
    storage-detaching --storage-id data/0 => data-storage-detaching data data/0 filesystem /srv/data
    pebble-ready --workload web => pebble-ready web
    pebble-custom-notice --workload web --notice-id 123 --notice-type custom --notice-key example.com/foo => pebble-custom-notice web 123 custom example.com/foo
    pebble-check-failed --workload web --check up => pebble-check-failed web up
    pebble-check-recovered --workload web --check up => pebble-check-recovered web up
    secret-changed --secret-uri secret:9m4e2mr0ui3e8a215n50 --secret-label mine => secret-changed secret:9m4e2mr0ui3e8a215n50 mine
    secret-rotate --secret-uri secret:9m4e2mr0ui3e8a215n4g => secret-rotate secret:9m4e2mr0ui3e8a215n4g admin
    secret-expired --secret-uri secret:9m4e2mr0ui3e8a215n4g --secret-revision 1 => secret-expired secret:9m4e2mr0ui3e8a215n4g admin 1
    secret-remove --secret-uri secret:9m4e2mr0ui3e8a215n4g --secret-revision 1 => secret-remove secret:9m4e2mr0ui3e8a215n4g admin 1
    the action do-it => action do-it
    juju-exec => none
    ");
}

#[test]
fn reads_every_hook_of_juju() {
    check("hooks/install", &[], "install");
    check("hooks/config-changed", &[], "config-changed");
    check("hooks/start", &[], "start");
    check("hooks/upgrade-charm", &[], "upgrade-charm");
    check("hooks/stop", &[], "stop");
    check("hooks/remove", &[], "remove");
    check("hooks/update-status", &[], "update-status");
    check("hooks/leader-elected", &[], "leader-elected");
    check("hooks/leader-settings-changed", &[], "leader-settings-changed");
    check("hooks/collect-metrics", &[], "collect-metrics");
    check("hooks/meter-status-changed", &[], "meter-status-changed");
    check("hooks/post-series-upgrade", &[], "post-series-upgrade");
    check(
        "hooks/pre-series-upgrade",
        &[("JUJU_TARGET_BASE", "ubuntu@22.04"), ("JUJU_TARGET_SERIES", "jammy")],
        "pre-series-upgrade ubuntu@22.04 jammy",
    );
    // Juju 2.9 sets only the series.
    check(
        "hooks/pre-series-upgrade",
        &[("JUJU_TARGET_SERIES", "jammy")],
        "pre-series-upgrade - jammy",
    );
}

#[test]
fn reads_every_hook_of_a_relation() {
    let with = |variables: Variables<'static>| [RELATION, variables].concat();
    let application = with(&[("JUJU_REMOTE_APP", "postgresql"), ("JUJU_REMOTE_UNIT", "")]);
    let unit = with(&[("JUJU_REMOTE_APP", "postgresql"), ("JUJU_REMOTE_UNIT", "postgresql/1")]);
    let departing = [unit.as_slice(), &[("JUJU_DEPARTING_UNIT", "myapp/0")]].concat();

    check("hooks/db-relation-created", &application, "relation-created db db:7 postgresql");
    check("hooks/db-relation-joined", &unit, "relation-joined db db:7 postgresql postgresql/1");
    check("hooks/db-relation-changed", &unit, "relation-changed db db:7 postgresql postgresql/1");
    check("hooks/db-relation-changed", &application, "relation-changed db db:7 postgresql -");
    check(
        "hooks/db-relation-departed",
        &departing,
        "relation-departed db db:7 postgresql postgresql/1 myapp/0",
    );
    check("hooks/db-relation-broken", &application, "relation-broken db db:7 postgresql");
}

#[test]
fn knows_the_application_by_its_unit() {
    // The remote application is empty in what `juju-exec` runs.
    let unit =
        [RELATION, &[("JUJU_REMOTE_APP", ""), ("JUJU_REMOTE_UNIT", "postgresql/1")]].concat();
    check("hooks/db-relation-joined", &unit, "relation-joined db db:7 postgresql postgresql/1");
    check("hooks/db-relation-created", RELATION, "relation-created db db:7 -");
    // Before 2.8 nothing told which unit departs.
    check(
        "hooks/db-relation-departed",
        &unit,
        "relation-departed db db:7 postgresql postgresql/1 -",
    );
}

#[test]
fn knows_the_endpoint_by_the_relation_id() {
    check(
        "hooks/db-relation-created",
        &[("JUJU_RELATION_ID", "db:7")],
        "relation-created db db:7 -",
    );
}

#[test]
fn reads_every_hook_of_storage() {
    let data = [
        ("JUJU_STORAGE_ID", "data/0"),
        ("JUJU_STORAGE_KIND", "filesystem"),
        ("JUJU_STORAGE_LOCATION", "/srv/data"),
    ];
    check(
        "hooks/data-storage-attached",
        &data,
        "data-storage-attached data data/0 filesystem /srv/data",
    );
    check(
        "hooks/data-storage-detaching",
        &data,
        "data-storage-detaching data data/0 filesystem /srv/data",
    );
    // Juju leaves the variables out once the storage is gone.
    check("hooks/data-storage-detaching", &[], "data-storage-detaching data - - -");
}

#[test]
fn reads_every_hook_of_a_container() {
    let web = [
        ("JUJU_WORKLOAD_NAME", "web"),
        ("JUJU_NOTICE_ID", "12"),
        ("JUJU_NOTICE_TYPE", "custom"),
        ("JUJU_NOTICE_KEY", "example.com/done"),
        ("JUJU_PEBBLE_CHECK_NAME", "up"),
    ];
    check("hooks/web-pebble-ready", &web, "pebble-ready web");
    check("hooks/web-pebble-ready", &[], "pebble-ready web");
    check(
        "hooks/web-pebble-custom-notice",
        &web,
        "pebble-custom-notice web 12 custom example.com/done",
    );
    check("hooks/web-pebble-check-failed", &web, "pebble-check-failed web up");
    check("hooks/web-pebble-check-recovered", &web, "pebble-check-recovered web up");
}

#[test]
fn reads_every_hook_of_a_secret() {
    let secret = [
        ("JUJU_SECRET_ID", "secret:9m4e2mr0ui3e8a215n4g"),
        ("JUJU_SECRET_LABEL", ""),
        ("JUJU_SECRET_REVISION", "4"),
    ];
    check("hooks/secret-changed", &secret, "secret-changed secret:9m4e2mr0ui3e8a215n4g -");
    check("hooks/secret-rotate", &secret, "secret-rotate secret:9m4e2mr0ui3e8a215n4g -");
    check("hooks/secret-expired", &secret, "secret-expired secret:9m4e2mr0ui3e8a215n4g - 4");
    check("hooks/secret-remove", &secret, "secret-remove secret:9m4e2mr0ui3e8a215n4g - 4");
}

#[test]
fn reads_actions() {
    check("actions/get-password", &[("JUJU_HOOK_NAME", "")], "action get-password");
    let by_name = Event::from_variables([("JUJU_ACTION_NAME", "get-password")]).unwrap().unwrap();
    assert_eq!(describe(&by_name), "action get-password");
}

#[test]
fn splits_names_that_look_like_other_hooks() {
    check(
        "hooks/x-relation-joined-relation-changed",
        &[("JUJU_RELATION", "x-relation-joined"), ("JUJU_RELATION_ID", "x-relation-joined:7")],
        "relation-changed x-relation-joined x-relation-joined:7 - -",
    );
    check(
        "hooks/x-storage-attached-storage-detaching",
        &[("JUJU_STORAGE_ID", "x-storage-attached/3")],
        "x-storage-attached-storage-detaching x-storage-attached x-storage-attached/3 - -",
    );
    check(
        "hooks/x-relation-broken-pebble-ready",
        &[("JUJU_WORKLOAD_NAME", "x-relation-broken")],
        "pebble-ready x-relation-broken",
    );
    check(
        "hooks/secret-storage-attached",
        &[("JUJU_STORAGE_ID", "secret/0")],
        "secret-storage-attached secret secret/0 - -",
    );
}

#[test]
fn takes_any_other_name_as_custom() {
    check_custom("hooks/service-exporter-stopped", &[]);
    check_custom("hooks/leader-deposed", &[]);
    check_custom("hooks/web-pebble-change-updated", &[("JUJU_WORKLOAD_NAME", "web")]);
    check_custom("hooks/Wakeup!", RELATION);
}

#[test]
fn takes_a_hook_that_the_variables_do_not_confirm_as_custom() {
    check_custom("hooks/db-relation-changed", &[]);
    check_custom("hooks/web-relation-changed", RELATION);
    check_custom("hooks/web-pebble-custom-notice", &[]);
    check_custom("hooks/web-pebble-check-failed", &[("JUJU_WORKLOAD_NAME", "db")]);
    check_custom("hooks/My-storage-attached", &[]);
}

#[test]
fn finds_no_event_in_a_command_of_juju_exec() {
    assert_eq!(Event::from_variables([("JUJU_HOOK_NAME", "")]), Ok(None));
    assert_eq!(Event::from_variables([("JUJU_ACTION_NAME", "juju-exec")]), Ok(None));
    assert_eq!(Event::from_variables([("JUJU_ACTION_NAME", "juju-run")]), Ok(None));
    check_custom("hooks/wakeup", &[("JUJU_ACTION_NAME", "juju-exec")]);
}

#[test]
fn lists_every_fault() {
    let error = |path: &str, variables: Variables<'_>| read(path, variables).unwrap_err();

    let joined = error(
        "hooks/db-relation-joined",
        &[
            ("JUJU_RELATION", "db"),
            ("JUJU_RELATION_ID", "db:x"),
            ("JUJU_REMOTE_APP", "Postgres"),
            ("JUJU_REMOTE_UNIT", ""),
        ],
    );
    insta::assert_snapshot!(joined.to_string().replace("; ", ";\n"), @r"
    cannot tell the event from the variables: `JUJU_RELATION_ID`: invalid relation id `db:x`: it must be `NUMBER` or `ENDPOINT:NUMBER`, without leading zeros;
    `JUJU_REMOTE_APP`: invalid application name `Postgres`: it must start with a lower-case letter;
    `JUJU_REMOTE_UNIT`: it must be set for `db-relation-joined`
    ");
    let faults: Vec<_> = joined.faults().iter().map(|f| (&*f.variable, &*f.value)).collect();
    assert_eq!(
        faults,
        [("JUJU_RELATION_ID", "db:x"), ("JUJU_REMOTE_APP", "Postgres"), ("JUJU_REMOTE_UNIT", "")]
    );

    let errors = [
        error("install", &[]),
        error("hooks/", &[]),
        error("hooks/a/b", &[]),
        error("actions/Backup", &[]),
        error("hooks/secret-remove", &[("JUJU_SECRET_REVISION", "0")]),
        error("hooks/web-pebble-custom-notice", &[("JUJU_WORKLOAD_NAME", "web")]),
        error("hooks/pre-series-upgrade", &[("JUJU_TARGET_BASE", "jammy")]),
        error("hooks/db-relation-changed", &[RELATION[0], ("JUJU_REMOTE_UNIT", "x")]),
        Event::from_variables([("JUJU_HOOK_NAME", "..")]).unwrap_err(),
        Event::from_variables([("JUJU_ACTION_NAME", "-x")]).unwrap_err(),
    ];
    let messages = errors.map(|error| error.to_string());
    // What all of them start with is asserted above.
    let messages = messages.map(|text| text.split_once("variables: ").unwrap().1.to_owned());
    insta::assert_snapshot!(messages.join("\n"), @r"
    `JUJU_DISPATCH_PATH`: `install` is neither `hooks/NAME` nor `actions/NAME`
    `JUJU_DISPATCH_PATH`: invalid event name ``: it must not be empty
    `JUJU_DISPATCH_PATH`: invalid event name `a/b`: it must be one component of a path
    `JUJU_DISPATCH_PATH`: invalid action name `Backup`: only lower-case letters, digits and dashes are allowed
    `JUJU_SECRET_ID`: it must be set for `secret-remove`; `JUJU_SECRET_REVISION`: invalid secret revision `0`: it must be a number above 0
    `JUJU_NOTICE_ID`: it must be set for `web-pebble-custom-notice`; `JUJU_NOTICE_TYPE`: it must be set for `web-pebble-custom-notice`; `JUJU_NOTICE_KEY`: it must be set for `web-pebble-custom-notice`
    `JUJU_TARGET_BASE`: invalid base `jammy`: it must be `NAME@CHANNEL`
    `JUJU_RELATION_ID`: it must be set for `db-relation-changed`; `JUJU_REMOTE_UNIT`: invalid unit name `x`: it must be `APPLICATION/NUMBER`
    `JUJU_HOOK_NAME`: invalid event name `..`: it must be one component of a path
    `JUJU_ACTION_NAME`: invalid action name `-x`: it must start and end with a lower-case letter or a digit
    ");
}

#[test]
fn gives_the_relation_of_relation_events_only() {
    let created = read("hooks/db-relation-created", RELATION).unwrap().unwrap();
    assert_eq!(created.relation().unwrap().endpoint.as_str(), "db");
    assert_eq!(Event::Install.relation(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_event_name_alone_is_always_custom(name in "[ -~]{1,12}(-relation-joined|-pebble-ready)?") {
        if let Ok(name) = name.parse::<EventName>() {
            let event = read(&format!("hooks/{name}"), &[]).unwrap();
            prop_assert_eq!(event, Some(Event::Custom(name)));
        }
    }

    #[test]
    fn what_is_no_event_name_is_a_hook_of_juju_or_a_fault(name in "[a-z/-]{0,12}(-storage-attached)?") {
        if name.parse::<EventName>().is_err() {
            let event = read(&format!("hooks/{name}"), &[]);
            prop_assert!(!matches!(event, Ok(Some(Event::Custom(_)))), "{event:?}");
        }
    }

    #[test]
    fn no_variables_make_it_panic(
        path in "(hooks/|actions/)?(db|web|data)?-?(relation-joined|storage-attached|pebble-ready)?.*",
        values in prop::collection::vec(any::<String>(), 8),
    ) {
        let variables = [
            "JUJU_RELATION",
            "JUJU_RELATION_ID",
            "JUJU_REMOTE_APP",
            "JUJU_REMOTE_UNIT",
            "JUJU_STORAGE_ID",
            "JUJU_STORAGE_KIND",
            "JUJU_WORKLOAD_NAME",
            "JUJU_SECRET_ID",
        ];
        let pairs = variables.into_iter().zip(values.iter().map(String::as_str));
        if let Err(error) = Event::from_variables(pairs.chain([("JUJU_DISPATCH_PATH", &*path)])) {
            prop_assert!(!error.faults().is_empty());
        }
    }
}
