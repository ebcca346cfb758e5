//! The tools for the state of a unit.

use crate::support::{juju, recorded, refusal, shown, success};

const GET: &str = "state-get --format=json";

#[test]
fn state_get_reads_all_keys() {
    let (juju, agent) = juju([(GET, recorded("general", GET))]);
    assert_eq!(juju.state_get().unwrap().len(), 2);
    assert_eq!(juju.state_get_key("k2").unwrap().as_deref(), Some("line1\nline2"));
    assert_eq!(juju.state_get_key("nosuch").unwrap(), None);
    insta::assert_snapshot!(agent.transcript(), @"state-get --format=json");
}

#[test]
fn state_get_passes_on_a_refusal() {
    let (juju, _) = juju([(GET, recorded("general", "state-get --strict nosuch"))]);
    insta::assert_snapshot!(
        shown(juju.state_get()),
        @r#"NotFound: `state-get` found nothing: "nosuch" not found"#
    );
}

#[test]
fn state_set_sends_values_through_standard_input() {
    let (juju, agent) = juju([
        (GET, recorded("general", GET)),
        ("state-set --file -", recorded("general", "state-set k1=")),
    ]);
    juju.state_set([("k1", ""), ("k3", "v3")]).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    state-get --format=json
    state-set --file -
        {"k1": "", "k3": "v3"}
    "#);
}

#[test]
fn state_set_passes_on_a_refusal() {
    let refused = refusal(1, "ERROR max allowed value length (65536) exceeded\n");
    let (juju, _) = juju([(GET, success("null")), ("state-set --file -", refused)]);
    insta::assert_snapshot!(
        shown(juju.state_set([("k", "v")])),
        @"Failed: `state-set` failed with exit code 1: max allowed value length (65536) exceeded"
    );
}

#[test]
fn state_delete_names_the_key() {
    let (juju, agent) = juju([
        (GET, recorded("general", GET)),
        ("state-delete -- k2", recorded("general", "state-delete k2")),
    ]);
    juju.state_delete("k2").unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    state-get --format=json
    state-delete -- k2
    ");
}

#[test]
fn state_delete_passes_on_a_refusal() {
    let refused = refusal(1, "ERROR not implemented for restricted context\n");
    let (juju, _) = juju([(GET, recorded("general", GET)), ("state-delete -- k2", refused)]);
    insta::assert_snapshot!(
        shown(juju.state_delete("k2")),
        @"RestrictedContext: `state-delete` does not work here: not implemented for restricted context"
    );
}
