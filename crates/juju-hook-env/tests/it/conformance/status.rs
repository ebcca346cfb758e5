//! `status-get` and `status-set`.

use juju_types::{Status, StatusKind, StatusValue};

use crate::support::{juju, recorded, shown};

const GET: &str = "status-get --include-data --format=json";
const GET_APPLICATION: &str = "status-get --application --include-data --format=json";

#[test]
fn status_get_reads_status_and_message() {
    let (juju, agent) = juju([(GET, recorded("general", GET))]);
    let status = juju.status_get().unwrap();
    assert_eq!(status.value, StatusValue::Set(StatusKind::Active));
    assert_eq!(status.message, "ready");
    assert!(status.data.is_empty());
    insta::assert_snapshot!(agent.transcript(), @"status-get --include-data --format=json");
}

#[test]
fn status_get_reads_the_application_and_its_units() {
    let (juju, agent) = juju([(GET_APPLICATION, recorded("general", GET_APPLICATION))]);
    let report = juju.status_get_application().unwrap();
    assert_eq!(report.application.message, "app ready");
    let units: Vec<_> = report
        .units
        .iter()
        .map(|(unit, status)| format!("{unit} {} {}", status.value, status.message))
        .collect();
    assert_eq!(units, ["myapp/0 active ready", "myapp/1 waiting w"]);
    insta::assert_snapshot!(agent.transcript(), @"status-get --application --include-data --format=json");
}

#[test]
fn status_get_of_the_application_is_for_the_leader_only() {
    let refused = recorded("non-leader", "status-get --application");
    let (juju, _) = juju([(GET_APPLICATION, refused)]);
    insta::assert_snapshot!(
        shown(juju.status_get_application()),
        @"NotLeader: `status-get` is for the leader only: finding application status: this unit is not the leader"
    );
}

#[test]
fn status_set_sends_status_and_message() {
    let answer = || recorded("general", "status-set active");
    let (juju, agent) = juju([
        (GET, recorded("general", GET)),
        ("status-set -- active", answer()),
        (
            "status-set -- blocked \"need db\"",
            recorded("general", "status-set blocked \"need db\""),
        ),
        (
            "status-set --application -- active \"app msg\"",
            recorded("general", "status-set --application active \"app msg\""),
        ),
    ]);
    juju.status_set(&Status::active()).unwrap();
    juju.status_set(&Status::blocked("need db")).unwrap();
    juju.status_set_application(&Status::new(StatusKind::Active, "app msg")).unwrap();
    insta::assert_snapshot!(agent.transcript(), @r#"
    status-get --include-data --format=json
    status-set -- active
    status-set -- blocked "need db"
    status-set --application -- active "app msg"
    "#);
}

#[test]
fn status_set_of_the_application_is_for_the_leader_only() {
    let refused = recorded("non-leader", "status-set --application active");
    let (juju, _) = juju([("status-set --application -- active", refused)]);
    insta::assert_snapshot!(
        shown(juju.status_set_application(&Status::active())),
        @"NotLeader: `status-set` is for the leader only: this unit is not the leader"
    );
}

#[test]
fn status_set_passes_on_a_refusal() {
    let (juju, _) = juju([
        (GET, recorded("general", GET)),
        ("status-set -- active", recorded("general", "status-set bogus")),
    ]);
    insta::assert_snapshot!(
        shown(juju.status_set(&Status::active())),
        @r#"BadArgument: cannot call `status-set`: invalid status "bogus", expected one of [maintenance blocked waiting active]"#
    );
}
