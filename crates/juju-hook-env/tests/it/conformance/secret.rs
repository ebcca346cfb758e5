//! The tools for secrets.

use juju_hook_env::{
    RotationPolicy, SecretAccess, SecretChange, SecretContent, SecretExpiry, SecretGrantee,
    SecretInfo, SecretOwner, SecretQuery, SecretRef, SecretSpec,
};
use juju_types::SecretId;

use crate::support::{SecretAgent, env_with, juju, juju_in, recorded, refusal, shown, success};

const ADMIN: &str = "secret:9m4e2mr0ui3e8a215n4g";

fn id(text: &str) -> SecretId {
    text.parse().unwrap()
}

fn password(value: &str) -> SecretContent {
    SecretContent::new().with("password", value)
}

#[test]
fn secret_add_sends_the_content_in_a_file() {
    let answer = recorded(
        "secrets",
        "secret-add --owner unit --label unitsec --description \"d\" --rotate daily --expire 2030-01-01T00:00:00 user=me password=x",
    );
    let bench = SecretAgent::new([], answer);
    let spec = SecretSpec::new(password("x").with("user", "me"))
        .owner(SecretOwner::Unit)
        .label("unitsec")
        .description("d")
        .rotate(RotationPolicy::Daily)
        .expire(SecretExpiry::At("2030-01-01T00:00:00.75Z".parse().unwrap()));
    assert_eq!(bench.juju.secret_add(&spec).unwrap(), id("b9gsuu2lqmnp7s9jmrf0"));
    insta::assert_snapshot!(bench.transcript(), @"secret-add --label=unitsec --description=d --expire=2030-01-01T00:00:00Z --rotate=daily --owner=unit --file=…");
    assert_eq!(bench.files(), ["{\"password\": \"x\", \"user\": \"me\"}\n"]);
}

#[test]
fn secret_add_for_the_application_is_for_the_leader_only() {
    let bench = SecretAgent::new([], recorded("non-leader", "secret-add password=abc"));
    insta::assert_snapshot!(
        shown(bench.juju.secret_add(&SecretSpec::new(password("abc")))),
        @"NotLeader: `secret-add` is for the leader only: this unit is not the leader"
    );
}

#[test]
fn secret_add_meets_a_conflict_of_labels() {
    let refused = refusal(1, "ERROR secret with label \"dup\" already exists\n");
    let bench = SecretAgent::new([], refused);
    insta::assert_snapshot!(
        shown(bench.juju.secret_add(&SecretSpec::new(password("hunter2")).label("dup"))),
        @r#"Conflict: `secret-add` meets a conflict: secret with label "dup" already exists"#
    );
}

#[test]
fn secret_set_sends_new_content() {
    let peek = format!("secret-get {ADMIN} --peek --format=json");
    let latest = recorded("secrets", "secret-get 9m4e2mr0ui3e8a215n4g --format=json --peek");
    let answer = recorded("secrets", "secret-set secret:9m4e2mr0ui3e8a215n4g password=third");
    let bench = SecretAgent::new([(&peek, latest)], answer);
    let change = SecretChange::new().content(password("third"));
    bench.juju.secret_set(&id(ADMIN), &change).unwrap();
    insta::assert_snapshot!(bench.transcript(), @"
    secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json
    secret-set secret:9m4e2mr0ui3e8a215n4g --file=…
    ");
    assert_eq!(bench.files(), ["{\"password\": \"third\"}\n"]);
}

#[test]
fn secret_set_passes_on_a_refusal() {
    let info = format!("secret-info-get {ADMIN} --format=json");
    let set = format!("secret-set {ADMIN} --description=d");
    let (juju, _) = juju([
        (&info, recorded("non-leader", "secret-info-get secret:9m4e2mr0ui3e8a215n4g")),
        (&set, refusal(1, "ERROR this unit is not the leader\n")),
    ]);
    insta::assert_snapshot!(
        shown(juju.secret_set(&id(ADMIN), &SecretChange::new().description("d"))),
        @"NotLeader: `secret-set` is for the leader only: this unit is not the leader"
    );
}

#[test]
fn secret_get_reads_by_id_and_label() {
    let get = format!("secret-get {ADMIN} --format=json");
    let peek = format!("secret-get {ADMIN} --peek --format=json");
    let refresh = format!("secret-get {ADMIN} --refresh --format=json");
    let label = "secret-get secret:9m4e2mr0ui3e8a215n50 --label=mine --format=json";
    let (juju, agent) = juju([
        (&get, recorded("secrets", "secret-get secret:9m4e2mr0ui3e8a215n4g --format=json")),
        (&peek, recorded("secrets", "secret-get 9m4e2mr0ui3e8a215n4g --format=json --peek")),
        (
            &refresh,
            recorded("secrets", "secret-get secret:9m4e2mr0ui3e8a215n4g --format=json --refresh"),
        ),
        (
            label,
            recorded(
                "secrets",
                "secret-get secret:9m4e2mr0ui3e8a215n50 --label mine --format=json",
            ),
        ),
        (
            "secret-get --label=mine --format=json",
            recorded("secrets", "secret-get --label mine --format=json"),
        ),
    ]);
    let new = password("new").with("user", "admin");
    let token = SecretContent::new().with("token", "tok");
    assert_eq!(juju.secret_get(id(ADMIN)).unwrap(), password("s3cret"));
    assert_eq!(juju.secret_get(SecretQuery::id(&id(ADMIN)).peek()).unwrap(), new);
    assert_eq!(juju.secret_get(SecretQuery::id(&id(ADMIN)).refresh()).unwrap(), new);
    let labelled = SecretQuery::id(&id("secret:9m4e2mr0ui3e8a215n50")).with_label("mine");
    assert_eq!(juju.secret_get(labelled).unwrap(), token);
    assert_eq!(juju.secret_get(SecretQuery::label("mine")).unwrap(), token);
    insta::assert_snapshot!(agent.transcript(), @"
    secret-get secret:9m4e2mr0ui3e8a215n4g --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --peek --format=json
    secret-get secret:9m4e2mr0ui3e8a215n4g --refresh --format=json
    secret-get secret:9m4e2mr0ui3e8a215n50 --label=mine --format=json
    secret-get --label=mine --format=json
    ");
}

#[test]
fn secret_get_finds_nothing_or_is_not_permitted() {
    let (juju, _) = juju([
        (
            "secret-get secret:9m4e2mr0ui3e8a215n60 --format=json",
            recorded("secrets", "secret-get secret:9m4e2mr0ui3e8a215n60"),
        ),
        (
            "secret-get secret:9m4e2mr0ui3e8a215n5g --format=json",
            recorded("secrets", "secret-get secret:9m4e2mr0ui3e8a215n5g"),
        ),
        (
            "secret-get --label=nosuch --format=json",
            recorded("secrets", "secret-get --label nosuch"),
        ),
    ]);
    insta::assert_snapshot!(
        shown(juju.secret_get(id("secret:9m4e2mr0ui3e8a215n60"))),
        @r#"NotFound: `secret-get` found nothing: secret "9m4e2mr0ui3e8a215n60" not found"#
    );
    insta::assert_snapshot!(
        shown(juju.secret_get(id("secret:9m4e2mr0ui3e8a215n5g"))),
        @"PermissionDenied: `secret-get` is not permitted: permission denied"
    );
    insta::assert_snapshot!(
        shown(juju.secret_get(SecretQuery::label("nosuch"))),
        @r#"NotFound: `secret-get` found nothing: consumer label "nosuch" not found"#
    );
}

#[test]
fn secret_info_get_describes_an_own_secret() {
    let by_id = format!("secret-info-get {ADMIN} --format=json");
    let (juju, agent) = juju([
        (&by_id, recorded("secrets", "secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json")),
        (
            "secret-info-get --label=unitsec --format=json",
            recorded("secrets", "secret-info-get --label unitsec --format=json"),
        ),
    ]);
    let mut admin = SecretInfo::new(id(ADMIN), 2, SecretOwner::Application);
    admin.label = Some("admin".to_owned());
    admin.description = Some("the admin pw".to_owned());
    admin.rotation = Some(RotationPolicy::Monthly);
    assert_eq!(juju.secret_info_get(id(ADMIN)).unwrap(), admin);

    let info = juju.secret_info_get(SecretRef::Label("unitsec".to_owned())).unwrap();
    assert_eq!(info.owner, SecretOwner::Unit);
    assert_eq!(info.expiry, Some("2030-01-01T00:00:00Z".parse().unwrap()));
    insta::assert_snapshot!(agent.transcript(), @"
    secret-info-get secret:9m4e2mr0ui3e8a215n4g --format=json
    secret-info-get --label=unitsec --format=json
    ");
}

#[test]
fn secret_info_get_reads_times_and_readers_of_newer_agents() {
    let call = format!("secret-info-get {ADMIN} --format=json");
    let answer = success(
        r#"{"9m4e2mr0ui3e8a215n4g":{"revision":3,"label":"","owner":"unit","rotation":"hourly","expiry":"2025-01-01T07:06:06.123456+01:00","rotates":"2025-01-01T06:06:06Z","access":[{"target":"application-gitlab","scope":"relation-x","role":"view"}]}}"#,
    );
    let (juju, _) = juju([(&call, answer)]);
    let info = juju.secret_info_get(id(ADMIN)).unwrap();
    assert_eq!(info.label, None);
    assert_eq!(info.expiry, Some("2025-01-01T06:06:06.123456Z".parse().unwrap()));
    assert_eq!(info.rotates, Some("2025-01-01T06:06:06Z".parse().unwrap()));
    assert_eq!(info.access, [SecretAccess::new("application-gitlab", "relation-x", "view")]);
}

#[test]
fn secret_info_get_finds_nothing() {
    let (juju, _) = juju([(
        "secret-info-get --label=nosuch --format=json",
        recorded("secrets", "secret-info-get --label nosuch"),
    )]);
    insta::assert_snapshot!(
        shown(juju.secret_info_get(SecretRef::Label("nosuch".to_owned()))),
        @r#"NotFound: `secret-info-get` found nothing: secret "nosuch" not found"#
    );
}

#[test]
fn secret_ids_lists_own_secrets_and_none() {
    let call = "secret-ids --format=json";
    let (leader, agent) = juju([(call, recorded("secrets", call))]);
    assert_eq!(leader.secret_ids().unwrap(), [id(ADMIN)]);
    insta::assert_snapshot!(agent.transcript(), @"secret-ids --format=json");

    let (minion, _) = juju([(call, recorded("non-leader", call))]);
    assert_eq!(minion.secret_ids().unwrap(), []);
}

#[test]
fn secrets_are_new_in_juju_3() {
    let (juju, agent) = juju_in(&env_with([("JUJU_VERSION", "2.9.52")]), []);
    insta::assert_snapshot!(
        shown(juju.secret_ids()),
        @"NotInThisVersion: `secret-ids` does not exist in juju 2.9.52"
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn secret_remove_removes_all_or_one_revision() {
    let answer = || recorded("secrets", "secret-remove secret:9m4e2mr0ui3e8a215n4g --revision 1");
    let (all, one) =
        (format!("secret-remove {ADMIN}"), format!("secret-remove {ADMIN} --revision 1"));
    let (juju, agent) = juju([(&all, answer()), (&one, answer())]);
    juju.secret_remove(&id(ADMIN)).unwrap();
    juju.secret_remove_revision(&id(ADMIN), 1).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    secret-remove secret:9m4e2mr0ui3e8a215n4g
    secret-remove secret:9m4e2mr0ui3e8a215n4g --revision 1
    ");
}

#[test]
fn secret_remove_refuses_revision_0() {
    let (juju, agent) = juju([]);
    insta::assert_snapshot!(
        shown(juju.secret_remove_revision(&id(ADMIN), 0)),
        @"BadArgument: cannot call `secret-remove`: there is no revision 0 of a secret"
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn secret_remove_is_for_the_leader_only() {
    let call = format!("secret-remove {ADMIN}");
    let (juju, _) = juju([(&call, refusal(1, "ERROR this unit is not the leader\n"))]);
    insta::assert_snapshot!(
        shown(juju.secret_remove(&id(ADMIN))),
        @"NotLeader: `secret-remove` is for the leader only: this unit is not the leader"
    );
}

#[test]
fn secret_grant_names_relation_and_unit() {
    let relation = format!("secret-grant {ADMIN} -r db:0");
    let unit = format!("secret-grant {ADMIN} -r db:0 --unit postgresql/0");
    let (juju, agent) =
        juju([(&relation, recorded("secrets", &relation)), (&unit, recorded("secrets", &unit))]);
    juju.secret_grant(&id(ADMIN), &"db:0".parse().unwrap()).unwrap();
    let unit = "postgresql/0".parse().unwrap();
    juju.secret_grant_unit(&id(ADMIN), &"db:0".parse().unwrap(), &unit).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    secret-grant secret:9m4e2mr0ui3e8a215n4g -r db:0
    secret-grant secret:9m4e2mr0ui3e8a215n4g -r db:0 --unit postgresql/0
    ");
}

#[test]
fn secret_grant_finds_no_secret() {
    let call = "secret-grant secret:9m4e2mr0ui3e8a215n60 -r db:0";
    let (juju, _) = juju([(call, recorded("secrets", call))]);
    insta::assert_snapshot!(
        shown(juju.secret_grant(&id("secret:9m4e2mr0ui3e8a215n60"), &"db:0".parse().unwrap())),
        @r#"NotFound: `secret-grant` found nothing: secret "9m4e2mr0ui3e8a215n60" not found"#
    );
}

#[test]
fn secret_revoke_names_whom() {
    let relation = format!("secret-revoke {ADMIN} -r db:0");
    let application = format!("secret-revoke {ADMIN} --app postgresql");
    let unit = format!("secret-revoke {ADMIN} --unit postgresql/0");
    let (juju, agent) = juju([
        (&relation, recorded("secrets", &relation)),
        (&application, recorded("secrets", &application)),
        (&unit, success("")),
    ]);
    for grantee in [
        SecretGrantee::Relation("db:0".parse().unwrap()),
        SecretGrantee::Application("postgresql".parse().unwrap()),
        SecretGrantee::Unit("postgresql/0".parse().unwrap()),
    ] {
        juju.secret_revoke(&id(ADMIN), &grantee).unwrap();
    }
    insta::assert_snapshot!(agent.transcript(), @"
    secret-revoke secret:9m4e2mr0ui3e8a215n4g -r db:0
    secret-revoke secret:9m4e2mr0ui3e8a215n4g --app postgresql
    secret-revoke secret:9m4e2mr0ui3e8a215n4g --unit postgresql/0
    ");
}

#[test]
fn secret_revoke_passes_on_a_refusal() {
    let call = format!("secret-revoke {ADMIN} --app postgresql");
    let (juju, _) = juju([(&call, refusal(2, "ERROR do not specify both relation and app\n"))]);
    let application = SecretGrantee::Application("postgresql".parse().unwrap());
    insta::assert_snapshot!(
        shown(juju.secret_revoke(&id(ADMIN), &application)),
        @"BadArgument: cannot call `secret-revoke`: do not specify both relation and app"
    );
}
