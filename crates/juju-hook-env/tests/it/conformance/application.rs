//! What concerns the application as a whole, and the cloud.

use std::collections::BTreeMap;

use juju_hook_env::{CloudCredential, CloudSpec, Goal};
use juju_types::StatusKind;
use juju_types::StatusValue::{Dying, Joined, Set};

use crate::support::{juju, recorded, shown, success};

const SET_VERSION: &str = "application-version-set -- 1.2.3";

#[test]
fn application_version_set_sends_the_text() {
    let answer = recorded("general", "application-version-set 1.2.3");
    let (juju, agent) = juju([(SET_VERSION, answer)]);
    juju.application_version_set("1.2.3").unwrap();
    insta::assert_snapshot!(agent.transcript(), @"application-version-set -- 1.2.3");
}

#[test]
fn application_version_set_passes_on_a_refusal() {
    let (juju, _) = juju([(SET_VERSION, recorded("general", "application-version-set"))]);
    insta::assert_snapshot!(
        shown(juju.application_version_set("1.2.3")),
        @"BadArgument: cannot call `application-version-set`: no version specified"
    );
}

const GOAL_STATE: &str = "goal-state --format=json";

#[test]
fn goal_state_tells_what_is_to_come_and_since_when() {
    let (juju, agent) = juju([(GOAL_STATE, recorded("general", GOAL_STATE))]);
    let goals = juju.goal_state().unwrap();

    let show = |(name, Goal { status, since, .. }): (String, &Goal)| {
        format!("{name}: {status} since {}", since.unwrap())
    };
    let units: Vec<_> =
        goals.units.iter().map(|(unit, goal)| show((unit.to_string(), goal))).collect();
    assert_eq!(
        units,
        [
            "myapp/0: active since 2024-05-01T12:00:00Z",
            "myapp/1: waiting since 2024-05-01T12:00:01Z"
        ]
    );
    let db = &goals.relations[&"db".parse().unwrap()];
    assert_eq!(db.applications[&"postgresql".parse().unwrap()].status, Joined);
    assert_eq!(db.units[&"postgresql/0".parse().unwrap()].status, Set(StatusKind::Active));
    insta::assert_snapshot!(agent.transcript(), @"goal-state --format=json");
}

#[test]
fn goal_state_can_be_nearly_empty() {
    let answer = success(r#"{"units": {"myapp/0": {"status": "dying"}}, "relations": {}}"#);
    let (juju, _) = juju([(GOAL_STATE, answer)]);
    let goals = juju.goal_state().unwrap();
    assert_eq!(goals.units[&"myapp/0".parse().unwrap()], Goal::new(Dying));
    assert_eq!(goals.relations, BTreeMap::new());
}

#[test]
fn goal_state_passes_on_a_refusal() {
    let (juju, _) = juju([(GOAL_STATE, recorded("general", "goal-state --format=smart"))]);
    insta::assert_snapshot!(
        shown(juju.goal_state()),
        @r#"BadArgument: cannot call `goal-state`: invalid value "smart" for option --format: unknown format "smart""#
    );
}

const CREDENTIAL: &str = "credential-get --format=json";

#[test]
fn credential_get_describes_the_cloud() {
    let answer = success(
        r#"{"type":"lxd","name":"localhost","region":"localhost","endpoint":"https://10.0.0.1:8443","credential":{"auth-type":"certificate","attrs":{"client-cert":"PEM"},"redacted":["client-key"]},"cacertificates":["CA"],"is-controller-cloud":true}"#,
    );
    let (juju, agent) = juju([(CREDENTIAL, answer)]);

    let mut credential = CloudCredential::new("certificate");
    credential.attributes = [("client-cert".to_owned(), "PEM".to_owned())].into();
    credential.redacted = vec!["client-key".to_owned()];
    let mut cloud = CloudSpec::new("lxd", "localhost");
    cloud.region = Some("localhost".to_owned());
    cloud.endpoint = Some("https://10.0.0.1:8443".to_owned());
    cloud.credential = Some(credential);
    cloud.ca_certificates = vec!["CA".to_owned()];
    cloud.is_controller_cloud = true;

    assert_eq!(juju.credential_get().unwrap(), cloud);
    insta::assert_snapshot!(agent.transcript(), @"credential-get --format=json");
}

#[test]
fn credential_get_needs_trust() {
    let (juju, _) = juju([(CREDENTIAL, recorded("general", CREDENTIAL))]);
    insta::assert_snapshot!(
        shown(juju.credential_get()),
        @"PermissionDenied: `credential-get` is not permitted: cannot access cloud credentials: permission denied"
    );
}

#[test]
fn credential_get_never_shows_what_it_cannot_read() {
    let (juju, _) = juju([(CREDENTIAL, success(r#"{"type": "hunter2"}"#))]);
    insta::assert_snapshot!(
        shown(juju.credential_get()),
        @"Unreadable: cannot read what `credential-get` printed: expected an object that describes a cloud, got 19 bytes of something else"
    );
}
