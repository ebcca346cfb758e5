//! What a unit knows of secrets.

use juju_simulator::SecretState;
use juju_types::JujuVersion;

use super::{ID, OTHER_ID, faults, faults_in, json, secret, web};

#[test]
fn there_are_no_secrets_before_juju_3() {
    let state = web().with_secret(secret());
    insta::assert_snapshot!(faults_in(&state, &JujuVersion::new(2, 9, 52)), @"secrets: Juju 2.9.52 has none");
}

#[test]
fn a_secret_has_an_owner_and_a_rotation_that_juju_knows() {
    let state = json(&format!(
        r#""secrets": [{{"id": "{ID}", "owner": "web", "rotate": "sometimes", "revisions": [{{"revision": 1, "content": {{"key": ""}}}}]}}]"#
    ));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: `web` is neither `application-NAME` nor `unit-NAME-NUMBER`
    secret 9m4e2mr0ui3e8a215n4g: Juju knows no rotation `sometimes`
    ");
}

#[test]
fn a_secret_of_its_own_is_not_granted_to_a_unit() {
    insta::assert_snapshot!(faults(&web().with_secret(secret().granted())), @"secret 9m4e2mr0ui3e8a215n4g: the unit's own secrets are granted to others only");
}

#[test]
fn secrets_have_ids_and_labels_of_their_own() {
    let one = format!(
        r#"{{"id": "{ID}", "owner": "application-web", "label": "a", "revisions": [{{"revision": 1, "content": {{"key": "eA=="}}}}]}}"#
    );
    insta::assert_snapshot!(faults(&json(&format!(r#""secrets": [{one}, {one}]"#))), @"
    secret 9m4e2mr0ui3e8a215n4g: another one has the same id
    secret 9m4e2mr0ui3e8a215n4g: `application-web` has another one labelled `a`
    ");
}

#[test]
fn a_secret_has_revisions_in_order_and_content() {
    let state = web()
        .with_secret(SecretState::new(ID, "web"))
        .with_secret(SecretState::new(OTHER_ID, "web").with_content([("key", "x"); 0]));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: it has no content
    secret 9m4e2mr0ui3e8a215n50: revision 1 is empty
    ");
    let state = json(&format!(
        r#""secrets": [{{"id": "{ID}", "owner": "unit-web-0", "revisions": [
            {{"revision": 2, "content": {{"key": "eA=="}}}}, {{"revision": 1, "content": {{"key": "?"}}}}
        ]}}]"#
    ));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: revision 1 cannot follow on 2
    secret 9m4e2mr0ui3e8a215n4g: the value of `key` is not in base64
    ");
}

#[test]
fn a_secret_has_keys_and_sizes_that_juju_takes() {
    let large = "x".repeat(800_000);
    let content = [("pw", "x"), ("large", &large)];
    let state = web().with_secret(SecretState::new(ID, "web").with_content(content));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: the value of `large` is too large: 1066668 bytes
    secret 9m4e2mr0ui3e8a215n4g: `pw` is no key of a secret
    secret 9m4e2mr0ui3e8a215n4g: revision 1 is too large: 1066672 bytes
    ");
}

#[test]
fn a_unit_tracks_a_revision_that_is_there() {
    insta::assert_snapshot!(faults(&web().with_secret(secret().tracked(2))), @"secret 9m4e2mr0ui3e8a215n4g: the unit cannot track revision 2, which it has not");
}
