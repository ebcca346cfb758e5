//! `is-leader` and the leader settings.

use std::collections::BTreeMap;

use crate::support::{env_with, juju, juju_in, recorded, refusal, shown};

const IS_LEADER: &str = "is-leader --format=json";

#[test]
fn is_leader_tells_the_leader() {
    let (juju, agent) = juju([(IS_LEADER, recorded("general", IS_LEADER))]);
    assert!(juju.is_leader().unwrap());
    insta::assert_snapshot!(agent.transcript(), @"is-leader --format=json");
}

#[test]
fn is_leader_tells_the_others() {
    let (juju, _) = juju([(IS_LEADER, recorded("non-leader", IS_LEADER))]);
    assert!(!juju.is_leader().unwrap());
}

#[test]
fn is_leader_can_fail() {
    let answer = refusal(1, "ERROR leadership status unknown: connection is shut down\n");
    let (juju, _) = juju([(IS_LEADER, answer)]);
    insta::assert_snapshot!(
        shown(juju.is_leader()),
        @"Failed: `is-leader` failed with exit code 1: leadership status unknown: connection is shut down"
    );
}

const GET: &str = "leader-get --format=json";

#[test]
fn leader_get_reads_all_settings() {
    let (juju, agent) = juju([(GET, recorded("general", GET))]);
    assert_eq!(
        juju.leader_get().unwrap(),
        BTreeMap::from([("a", "b"), ("c", "d")].map(|(k, v)| (k.to_owned(), v.to_owned())))
    );
    insta::assert_snapshot!(agent.transcript(), @"leader-get --format=json");
}

#[test]
fn leader_get_reads_no_settings() {
    let (juju, _) = juju([(GET, recorded("non-leader", GET))]);
    assert!(juju.leader_get().unwrap().is_empty());
}

#[test]
fn leader_settings_are_gone_in_juju_4() {
    let (juju, agent) = juju_in(&env_with([("JUJU_VERSION", "4.0.15")]), []);
    insta::assert_snapshot!(
        shown(juju.leader_get()),
        @"NotInThisVersion: `leader-get` does not exist in juju 4.0.15"
    );
    insta::assert_snapshot!(
        shown(juju.leader_set([("a", "b")])),
        @"NotInThisVersion: `leader-set` does not exist in juju 4.0.15"
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn leader_set_sends_what_differs() {
    let (juju, agent) = juju([
        (GET, recorded("general", GET)),
        ("leader-set -- -e=f a=x", recorded("general", "leader-set a=b c=d")),
    ]);
    juju.leader_set([("a", "x"), ("c", "d"), ("-e", "f"), ("gone", "")]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    leader-get --format=json
    leader-set -- -e=f a=x
    ");
}

#[test]
fn leader_set_is_for_the_leader_only() {
    let (juju, _) = juju([
        (GET, recorded("non-leader", GET)),
        ("leader-set -- a=b", recorded("non-leader", "leader-set a=b")),
    ]);
    insta::assert_snapshot!(
        shown(juju.leader_set([("a", "b")])),
        @"NotLeader: `leader-set` is for the leader only: cannot write leadership settings: cannot write settings: not the leader"
    );
}
