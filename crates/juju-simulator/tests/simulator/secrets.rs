//! Secrets, and which hooks they bring.

use std::time::Duration;

use juju_simulator::Simulator;

use crate::charm::{TestCharm, builder, last, names, workload};

const DATABASE: &str =
    "name: database\nsummary: s\ndescription: d\nprovides: {server: {interface: sql}}\n";
const WEB: &str = "name: web\nsummary: s\ndescription: d\nrequires: {db: {interface: sql}}\n";

/// Shares a password with all who relate, and changes or revokes it by actions.
const OWNER: &str = "case ${JUJU_DISPATCH_PATH#*/} in
    server-relation-created)
        uri=$(secret-add --label db password=one)
        secret-grant $uri -r $JUJU_RELATION_ID
        relation-set --app secret=$uri ;;
    change) secret-set $(secret-info-get --label db | sed 's/:$//;q') password=two ;;
    revoke) secret-revoke $(secret-info-get --label db | sed 's/:$//;q') --app web ;;
    secret-remove) juju-log \"$JUJU_SECRET_LABEL $JUJU_SECRET_REVISION\"
                   secret-remove $JUJU_SECRET_ID --revision $JUJU_SECRET_REVISION ;;
esac";

const READER: &str = "case $JUJU_HOOK_NAME in
    db-relation-changed) uri=$(relation-get --app secret)
        [ -z $uri ] || status-set active $(secret-get $uri password --label mine) ;;
    secret-changed) juju-log \"$JUJU_SECRET_LABEL\"
        status-set active \"$(secret-get --label mine) $(secret-get --label mine --refresh)\" ;;
    update-status) status-set active \"$(secret-get --label mine 2>&1)\" ;;
esac";

fn related() -> Simulator {
    let database = TestCharm::new(OWNER)
        .file("metadata.yaml", DATABASE)
        .file("actions.yaml", "change: {}\nrevoke: {}\n");
    let web = TestCharm::new(READER).file("metadata.yaml", WEB);
    let mut juju = builder().build();
    juju.deploy(database.path(), "database").unwrap();
    juju.deploy(web.path(), "web").unwrap();
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn a_secret_that_is_granted_can_be_read_until_it_is_revoked() {
    let mut juju = related();
    assert_eq!(workload(&juju, "web/0"), "active: one");
    juju.run_action("database/0", "revoke", serde_json::Value::Null).unwrap();
    juju.update_status("web/0").unwrap();
    assert_eq!(workload(&juju, "web/0"), "active: ERROR permission denied");
}

#[test]
fn a_grant_ends_with_its_relation() {
    let mut juju = related();
    juju.remove_relation("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("web/0").unwrap();
    assert_eq!(workload(&juju, "web/0"), "active: ERROR permission denied");
}

#[test]
fn a_new_revision_is_told_to_readers_and_an_unused_one_to_the_owner() {
    let mut juju = related();
    let before = juju.operations().len();
    juju.run_action("database/0", "change", serde_json::Value::Null).unwrap();
    assert_eq!(names(&juju)[before..], ["change", "secret-changed", "secret-remove"]);
    assert_eq!(juju.operations()[before + 1].log[0].message, "mine");
    assert_eq!(workload(&juju, "web/0"), "active: password: one password: two");
    assert_eq!(last(&juju).log[0].message, "db 1");
    // All ids follow from the seed, so that this text is the same in every run.
    insta::assert_snapshot!(juju.operations()[before], @"
    database/0 change
      secret-info-get --label db
      secret-set 1ncakfonqkspadh4b7j0 password=…
      * secret revised: 1ncakfonqkspadh4b7j0 is at 2
    ");
}

#[test]
fn a_secret_comes_due_to_be_renewed_and_expires() {
    let charm = TestCharm::new(
        "case $JUJU_HOOK_NAME in
            install) secret-add --owner unit --label db --rotate daily --expire 72h password=x1y ;;
            secret-rotate) [ -e ../rotated ] || { touch ../rotated; exit 0; }
                           secret-set $JUJU_SECRET_ID password=new ;;
            secret-expired) juju-log \"$JUJU_SECRET_LABEL $JUJU_SECRET_REVISION\"
                            secret-remove $JUJU_SECRET_ID ;;
        esac",
    );
    let mut juju = builder().update_status_interval(Duration::ZERO).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju.advance(Duration::from_hours(24)).unwrap();
    assert_eq!(names(&juju)[4..], ["secret-rotate"]);
    // Nothing was renewed, so Juju asks again; then it was.
    juju.advance(Duration::from_mins(5)).unwrap();
    assert_eq!(names(&juju)[5..], ["secret-rotate", "secret-remove"]);
    juju.advance(Duration::from_hours(23)).unwrap();
    assert_eq!(juju.operations().len(), 7);

    let charm = TestCharm::new(
        "case $JUJU_HOOK_NAME in
            install) secret-add --owner unit --label db --expire 72h password=x1y ;;
            secret-expired) juju-log \"$JUJU_SECRET_LABEL $JUJU_SECRET_REVISION\"
                            secret-remove $JUJU_SECRET_ID ;;
        esac",
    );
    let mut juju = builder().update_status_interval(Duration::ZERO).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.advance(Duration::from_hours(80)).unwrap();
    assert_eq!(names(&juju)[4..], ["secret-expired"]);
    assert_eq!(last(&juju).log[0].message, "db 1");
    assert!(last(&juju).changes[0].to_string().starts_with("secret removed: "));
}

#[test]
fn a_flush_that_is_refused_is_a_failed_hook() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = install ] || exit 0
        secret-add --label db password=one; open-port 80; state-set a=b
        [ -e ../once ] || { touch ../once; secret-set secret:9m4e2mr0ui3e8a215n4g password=two; }",
    );
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(
        last(&juju).exit.to_string(),
        "exit status 0, but cannot flush: updating secrets: secret \"9m4e2mr0ui3e8a215n4g\" not found"
    );
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
    // What comes before the refusal has been sent, so the label is taken now.
    juju.advance(Duration::from_secs(5)).unwrap();
    assert_eq!(
        last(&juju).exit.to_string(),
        "exit status 0, but cannot flush: creating secrets: secret with label \"db\" already exists"
    );
}

#[test]
fn a_flush_that_is_refused_is_a_failed_action() {
    let charm =
        TestCharm::new("[ -z $JUJU_ACTION_NAME ] || secret-remove secret:9m4e2mr0ui3e8a215n4g")
            .file("actions.yaml", "act: {}\n");
    let mut juju = crate::charm::deployed(&charm);
    let outcome = juju.run_action("exporter/0", "act", serde_json::Value::Null).unwrap();
    let reason = "removing secrets: secret \"9m4e2mr0ui3e8a215n4g\" not found";
    assert_eq!(outcome.status.to_string(), "failed");
    assert_eq!(outcome.results["return-code"], 1);
    assert_eq!(outcome.results["stderr"], reason);
}

#[test]
fn wrong_calls_are_refused_in_jujus_words() {
    let database = TestCharm::new(
        "[ $JUJU_HOOK_NAME = update-status ] || exit 0
        uri=$(secret-add password=one)
        secret-grant $uri -r server:0 --unit other/0
        secret-grant $uri -r server:0 --unit nobody
        secret-grant $uri -r server:0 --unit web/0; secret-grant $uri -r server:0
        secret-revoke $uri
        secret-revoke $uri --app web --unit web/0
        secret-revoke $uri --app web -r server:0
        secret-revoke $uri --app WEB
        secret-info-get $uri --label db
        secret-info-get
        secret-add --expire 0s password=x
        secret-add --expire soon password=x
        secret-remove $uri --revision one
        relation-get -r server:0
        relation-get -r server:0 - web
        relation-get -r server:0 --app - wEb
        exit 0",
    )
    .file("metadata.yaml", DATABASE);
    let web = TestCharm::new("exit 0").file("metadata.yaml", WEB);
    let mut juju = builder().build();
    juju.deploy(database.path(), "database").unwrap();
    juju.deploy(web.path(), "web").unwrap();
    juju.integrate("web", "database").unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("database/0").unwrap();
    let refusals: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    ERROR cannot specify unit "other/0" in relation to application "web"
    ERROR unit "nobody" not valid
    ERROR any unit level grants need to be revoked before granting access to the corresponding application
    ERROR missing relation or application or unit
    ERROR specify only one of application or unit
    ERROR do not specify both relation and app
    ERROR application "WEB" not valid
    ERROR specify either a secret URI or label but not both
    ERROR require either a secret URI or label
    ERROR negative expire duration "0s" not valid
    ERROR expire time or duration "soon" not valid
    ERROR invalid value "one" for option --revision: strconv.ParseInt: parsing "one": invalid syntax
    ERROR no unit or application specified
    ERROR expected unit name, got application name "web"
    ERROR invalid application name "wEb"
    "#);
}
