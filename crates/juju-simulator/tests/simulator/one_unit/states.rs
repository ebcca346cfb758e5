//! States that a test reads and changes.

use juju_simulator::{SecretState, StorageState, UnitState};

use super::{call, calling, db, panic_of, web};

#[test]
fn a_state_shows_no_value_of_a_secret() {
    let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "web").with_content([("key", "hunter2")]);
    let state = UnitState::new("web/0").with_secret(secret);
    insta::assert_snapshot!(state, @"
    web/0
    secret 9m4e2mr0ui3e8a215n4g: application-web
    secret 9m4e2mr0ui3e8a215n4g revision: 1 (key)
    ");
    let encoded = "aHVudGVyMg==";
    assert!(serde_json::to_string(&state).unwrap().contains(encoded));
    assert!(!format!("{state:?}").contains(encoded));
}

#[test]
fn differences_are_what_is_new_what_is_gone_and_what_is_another() {
    let before = UnitState::new("web/0")
        .with_leadership()
        .with_config("port", 80)
        .with_relation(db())
        .with_charm_state("k", "a\nb");
    let after = before
        .clone()
        .without_leadership()
        .with_config("port", 81)
        .with_relation(db().without_unit("sql/0"))
        .with_storage(StorageState::new("data/0"))
        .with_charm_state("k", "");
    insta::assert_snapshot!(before.difference(&after), @r#"
    - leader
    config port: 80 -> 81
    state k: "a\nb" -> ""
    + storage data/0
    + relation db:7 sql/0: gone
    "#);
    insta::assert_snapshot!(after.difference(&before), @r#"
    config port: 81 -> 80
    state k: "" -> "a\nb"
    - storage data/0
    - relation db:7 sql/0: gone
    + leader
    "#);
}

#[test]
fn a_state_can_be_changed_between_two_events() {
    let mut unit = calling(web().relation(db()), "secret-add password=s3cret --label admin");
    unit.run("config-changed");
    let admin = unit.state().secret("admin").unwrap().clone();
    unit.change(|state| {
        let relation = state.relation("db").unwrap().clone().with_unit("sql/1", [("host", "db2")]);
        state.with_config("port", 81).with_relation(relation).without_leadership()
    });
    insta::assert_snapshot!(unit.state(), @"
    web/0
    status: unknown
    config port: 81
    storage data/0
    relation cluster:0: peers
    relation db:7: sql
    relation db:7 sql/0 host: db1
    relation db:7 sql/1 host: db2
    secret r4tgq89d9can8t7qh1vs: application-web
    secret r4tgq89d9can8t7qh1vs label: admin
    secret r4tgq89d9can8t7qh1vs revision: 1 (password)
    ");
    // What the charm itself has made is still there.
    assert_eq!(unit.state().secret("admin").unwrap().value("password"), admin.value("password"));
    let faulty = panic_of(|| unit.change(|state| state.with_config("prot", 1)));
    insta::assert_snapshot!(faulty, @"
    Juju could not produce this:
    - config: the charm `web` has no option `prot`
    ");
}

#[test]
fn grants_outlive_a_change_of_the_state() {
    let mut unit = web().relation(db()).charm(|variables| {
        let is_over = variables["JUJU_HOOK_NAME"] == "update-status";
        let tool = if is_over { "secret-revoke" } else { "secret-grant" };
        call(&variables, &format!("{tool} 9m4e2mr0ui3e8a215n4g --relation db:7"))
    });
    unit.change(|state| {
        let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "web");
        state.with_secret(secret.with_content([("password", "s3cret")]))
    });
    unit.run("config-changed");
    unit.change(|state| state.with_config("port", 81));
    insta::assert_snapshot!(unit.run("update-status"), @"
    web/0 update-status
      secret-revoke 9m4e2mr0ui3e8a215n4g --relation db:7
      * secret revoked: 9m4e2mr0ui3e8a215n4g from application-sql
    ");
}

#[test]
fn storage_that_is_stated_is_there() {
    let unit = web().storage(StorageState::new("data/3"));
    let mut unit = unit.charm(|variables| {
        let place = variables.get("JUJU_STORAGE_LOCATION").unwrap();
        u8::from(!std::path::Path::new(place).is_dir())
    });
    unit.run("data-storage-attached");
}
