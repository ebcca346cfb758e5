//! Events that Juju could not run in a state.

use juju_simulator::{RelationState, SecretState, StorageState};
use juju_types::{Event, JujuVersion, StorageContext};

use super::{
    ID, JUJU_3, charm, db, event, event_faults, event_faults_in, relation_event, secret,
    secret_event, web,
};

#[test]
fn an_action_is_no_hook() {
    let action = Event::Action("backup".parse().unwrap());
    insta::assert_snapshot!(event_faults(&web(), &action), @"backup: it is an action and no hook: run it as one");
}

#[test]
fn hooks_are_those_of_the_version() {
    let juju_2 = JujuVersion::new(2, 9, 52);
    let juju_4 = JujuVersion::new(4, 0, 15);
    let own = web().with_secret(secret().with_rotation("daily").tracked(1)).with_leadership();
    assert_eq!(web().check_event(&Event::CollectMetrics, &charm(), &juju_2), Ok(()));
    assert_eq!(web().check_event(&Event::PostSeriesUpgrade, &charm(), &juju_2), Ok(()));
    let refused = [
        event_faults(&web(), &Event::CollectMetrics),
        event_faults(&web(), &Event::MeterStatusChanged),
        event_faults_in(&web(), &Event::LeaderSettingsChanged, &juju_4),
        event_faults_in(&web(), &Event::PreSeriesUpgrade { base: None, series: None }, &juju_4),
        event_faults_in(&web(), &Event::PostSeriesUpgrade, &juju_4),
        event_faults_in(&own, &secret_event("secret-rotate", ""), &juju_2),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    collect-metrics: Juju 3.6.28 has no such hook
    meter-status-changed: Juju 3.6.28 has no such hook
    leader-settings-changed: Juju 4.0.15 has no such hook
    pre-series-upgrade: Juju 4.0.15 has no such hook
    post-series-upgrade: Juju 4.0.15 has no such hook
    secret-rotate: Juju 2.9.52 has no such hook
    ");
}

#[test]
fn leadership_is_told_to_those_whom_it_concerns() {
    insta::assert_snapshot!(event_faults(&web(), &Event::LeaderElected), @"leader-elected: the unit is not the leader");
    let leader = web().with_leadership();
    insta::assert_snapshot!(event_faults(&leader, &Event::LeaderSettingsChanged), @"leader-settings-changed: the unit is the leader, and nobody tells it");
}

#[test]
fn there_is_no_pebble_on_a_machine() {
    let ready = Event::PebbleReady("web".parse().unwrap());
    insta::assert_snapshot!(event_faults(&web(), &ready), @"web-pebble-ready: units on machines have no containers");
}

#[test]
fn a_relation_hook_is_about_a_relation_of_the_unit() {
    let created = |id: &str| relation_event("db-relation-created", id, "");
    insta::assert_snapshot!(event_faults(&web(), &created("db:7")), @"db-relation-created: the unit is in no relation db:7");
    let cache = RelationState::new("cache:7", "redis");
    insta::assert_snapshot!(event_faults(&web().with_relation(cache), &created("db:7")), @"db-relation-created: the relation cache:7 is not one of `db`");
    let changed = event(
        "db-relation-changed",
        &[("JUJU_RELATION_ID", "db:7"), ("JUJU_REMOTE_APP", "postgresql")],
    );
    insta::assert_snapshot!(event_faults(&web().with_relation(db()), &changed), @"db-relation-changed: the relation db:7 is one with `sql`");
}

#[test]
fn a_unit_joins_and_changes_that_is_there() {
    let state = web().with_relation(db());
    for hook in ["db-relation-joined", "db-relation-changed"] {
        let there = relation_event(hook, "db:7", "sql/0");
        assert_eq!(state.check_event(&there, &charm(), &JUJU_3), Ok(()));
    }
    let joined = relation_event("db-relation-joined", "db:7", "sql/1");
    insta::assert_snapshot!(event_faults(&state, &joined), @"db-relation-joined: sql/1 is not in the relation db:7");
    let gone = web().with_relation(db().without_unit("sql/0"));
    let changed = relation_event("db-relation-changed", "db:7", "sql/0");
    insta::assert_snapshot!(event_faults(&gone, &changed), @"db-relation-changed: sql/0 is not in the relation db:7");
}

#[test]
fn a_unit_departs_that_was_there() {
    let departed = |departing: &str| {
        event(
            "db-relation-departed",
            &[
                ("JUJU_RELATION_ID", "db:7"),
                ("JUJU_REMOTE_UNIT", "sql/0"),
                ("JUJU_DEPARTING_UNIT", departing),
            ],
        )
    };
    let state = web().with_relation(db());
    assert_eq!(state.check_event(&departed("web/0"), &charm(), &JUJU_3), Ok(()));
    insta::assert_snapshot!(event_faults(&state, &departed("sql/1")), @"db-relation-departed: it is sql/0 or web/0 that departs, and not sql/1");
    let empty = web().with_relation(RelationState::new("db:7", "sql"));
    insta::assert_snapshot!(event_faults(&empty, &departed("sql/0")), @"db-relation-departed: sql/0 was never in the relation db:7");
}

#[test]
fn a_relation_breaks_when_all_have_departed_and_one_of_peers_never() {
    let broken = relation_event("db-relation-broken", "db:7", "");
    insta::assert_snapshot!(event_faults(&web().with_relation(db()), &broken), @"db-relation-broken: sql/0 must have departed before, see `RelationState::without_unit`");
    let left = web().with_relation(db().without_unit("sql/0"));
    assert_eq!(left.check_event(&broken, &charm(), &JUJU_3), Ok(()));
    let peers = web().with_relation(RelationState::peers("cluster:1"));
    let broken = relation_event("cluster-relation-broken", "cluster:1", "");
    insta::assert_snapshot!(event_faults(&peers, &broken), @"cluster-relation-broken: a relation of peers ends with the unit, without any hook");
    // What the leader tells its peers is a change of an application.
    let changed = relation_event("cluster-relation-changed", "cluster:1", "");
    assert_eq!(peers.check_event(&changed, &charm(), &JUJU_3), Ok(()));
}

#[test]
fn a_secret_changes_for_those_who_read_it() {
    let changed = secret_event("secret-changed", "");
    let foreign = || SecretState::new(ID, "sql").with_content([("token", "x")]).granted();
    insta::assert_snapshot!(event_faults(&web(), &changed), @"secret-changed: the unit knows no secret 9m4e2mr0ui3e8a215n4g");
    insta::assert_snapshot!(event_faults(&web().with_secret(foreign()), &changed), @"secret-changed: the unit has never read the secret 9m4e2mr0ui3e8a215n4g");
    insta::assert_snapshot!(event_faults(&web().with_secret(foreign().tracked(1)), &changed), @"secret-changed: the secret 9m4e2mr0ui3e8a215n4g has nothing newer than revision 1");
    let own = web().with_leadership().with_secret(secret());
    insta::assert_snapshot!(event_faults(&own, &changed), @"secret-changed: the unit itself changes the secret 9m4e2mr0ui3e8a215n4g");
    // Who is not the leader reads the secrets of its application.
    let news = secret().with_content([("password", "new")]).tracked(1);
    assert_eq!(web().with_secret(news).check_event(&changed, &charm(), &JUJU_3), Ok(()));
}

#[test]
fn a_secret_is_looked_after_by_those_who_may_change_it() {
    for (hook, revision) in [("secret-rotate", ""), ("secret-expired", "1"), ("secret-remove", "1")]
    {
        let faults = event_faults(&web().with_secret(secret()), &secret_event(hook, revision));
        assert!(faults.ends_with("is that of `application-web`, and no business of this unit"));
    }
}

#[test]
fn a_secret_hook_is_about_what_can_happen_to_the_secret() {
    let own = web().with_leadership().with_secret(secret());
    let refused = [
        event_faults(&own, &secret_event("secret-rotate", "")),
        event_faults(&own, &secret_event("secret-expired", "1")),
        event_faults(&own, &secret_event("secret-expired", "2")),
        event_faults(&own, &secret_event("secret-remove", "1")),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    secret-rotate: the secret 9m4e2mr0ui3e8a215n4g is not to be renewed
    secret-expired: revision 1 of the secret 9m4e2mr0ui3e8a215n4g never expires
    secret-expired: revision 2 of the secret 9m4e2mr0ui3e8a215n4g is not there
    secret-remove: revision 1 of the secret 9m4e2mr0ui3e8a215n4g is the latest
    ");
}

#[test]
fn a_storage_hook_is_about_storage_of_the_unit() {
    let state = web().with_storage(StorageState::new("data/0"));
    let attached = |name: &str, id: Option<&str>| {
        let mut context = StorageContext::new(name.parse().unwrap());
        context.id = id.map(|id| id.parse().unwrap());
        Event::StorageAttached(context)
    };
    let refused = [
        event_faults(&state, &attached("tapes", Some("tapes/0"))),
        event_faults(&state, &attached("data", Some("data/1"))),
        event_faults(&state, &attached("data", None)),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    tapes-storage-attached: the charm `web` has no storage `tapes`
    data-storage-attached: the unit has no storage data/1
    data-storage-attached: it must be said which storage is meant
    ");
}
