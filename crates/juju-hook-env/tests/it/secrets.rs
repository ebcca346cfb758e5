//! The content of secrets on its way.

use std::fs;
use std::time::Duration;

use juju_hook_env::{
    Juju, ScriptedAgent, SecretChange, SecretContent, SecretExpiry, SecretQuery, SecretSpec,
};
use juju_types::SecretId;

use crate::support::{SecretAgent, env, env_with, juju, refusal, shown, success};

const ID: &str = "secret:9m4e2mr0ui3e8a215n4g";

fn id() -> SecretId {
    ID.parse().unwrap()
}

#[test]
fn a_value_that_is_not_text_is_sent_in_base64() {
    let bench = SecretAgent::new([], success(ID));
    let content = SecretContent::new()
        .with("key", [0, 1, 2, 255])
        .with("empty", "")
        .with("emoji", "😀\u{85}");
    bench.juju.secret_add(&SecretSpec::new(content)).unwrap();
    assert_eq!(
        bench.files(),
        ["{\"emoji\": \"😀\\u0085\", \"empty\": \"\", \"key#base64\": \"AAEC/w==\"}\n"]
    );
}

#[test]
fn a_value_that_is_not_text_is_read_in_base64() {
    let get = format!("secret-get {ID} --peek --format=json");
    let bytes = format!("secret-get {ID} key#base64 --peek --format=json");
    let (juju, agent) = juju([
        (&get, success("{\"key\": \"\\u0000\u{fffd}\", \"user\": \"me\"}")),
        (&bytes, success("\"AP8=\"")),
    ]);
    let content = juju.secret_get(SecretQuery::id(&id()).peek()).unwrap();
    assert_eq!(content.bytes("key"), Some([0, 255].as_slice()));
    assert_eq!(content.text("key"), None);
    assert_eq!(content.text("user"), Some("me"));
    assert_eq!(content.iter().count(), 2);
    assert_eq!(agent.calls().len(), 2);
}

#[test]
fn a_label_leads_to_the_bytes_of_an_own_secret_alone() {
    let get = "secret-get --label=tls --format=json";
    let info = "secret-info-get --label=tls --format=json";
    let damaged = || success("{\"key\": \"\u{fffd}\"}");
    let (owner, agent) = juju([
        (get, damaged()),
        (info, success(r#"{"9m4e2mr0ui3e8a215n4g": {"revision": 1, "owner": "unit"}}"#)),
        ("secret-get 9m4e2mr0ui3e8a215n4g key#base64 --format=json", success("\"/w==\"")),
    ]);
    let content = owner.secret_get(SecretQuery::label("tls")).unwrap();
    assert_eq!(content.bytes("key"), Some([255].as_slice()));
    assert_eq!(agent.calls().len(), 3);

    let (reader, _) =
        juju([(get, damaged()), (info, refusal(1, "ERROR secret \"tls\" not found\n"))]);
    insta::assert_snapshot!(shown(reader.secret_get(SecretQuery::label("tls"))), @"Unreadable: cannot read what `secret-get` printed: expected text, for other values come only by the secret's id, got other bytes in `key`");
}

#[test]
fn the_file_is_gone_after_the_call() {
    for answer in [success(ID), refusal(1, "ERROR this unit is not the leader\n")] {
        let bench = SecretAgent::new([], answer);
        let content = SecretContent::new().with("password", "hunter2");
        let _ = bench.juju.secret_add(&SecretSpec::new(content));
        assert_eq!(bench.files().len(), 1);
        assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn says_where_the_content_could_not_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let agent = ScriptedAgent::new();
    let juju = Juju::new(&env(), agent.clone()).with_secret_dir(&missing);
    let content = SecretContent::new().with("password", "hunter2");
    let error = juju.secret_add(&SecretSpec::new(content)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot write the content for `secret-add` to a file below `{}`",
            missing.display()
        )
    );
    assert!(agent.calls().is_empty());
}

#[test]
fn content_that_juju_would_refuse_is_not_sent() {
    let (juju, agent) = juju([]);
    let add = |content| shown(juju.secret_add(&SecretSpec::new(content)));
    insta::assert_snapshot!(add(SecretContent::new()), @"BadArgument: cannot call `secret-add`: a secret must have at least one value");
    insta::assert_snapshot!(add(SecretContent::new().with("pw", "hunter2")), @"BadArgument: cannot call `secret-add`: the key `pw` must have three characters or more: a lower-case letter, then such letters and digits, with single dashes between them");
    insta::assert_snapshot!(add(SecretContent::new().with("key", vec![b'x'; 750_001])), @"BadArgument: cannot call `secret-add`: the value of `key` counts as 1000004 bytes, and Juju takes at most 1000000");
    insta::assert_snapshot!(
        add(SecretContent::new().with("one", vec![b'x'; 600_000]).with("two", vec![b'x'; 600_000])),
        @"BadArgument: cannot call `secret-add`: the content counts as 1600000 bytes, and Juju takes at most 1000000"
    );
    let change = SecretChange::new().content(SecretContent::new());
    insta::assert_snapshot!(shown(juju.secret_set(&id(), &change)), @"BadArgument: cannot call `secret-set`: a secret must have at least one value");
    assert!(agent.calls().is_empty());
}

#[test]
fn the_limits_are_those_of_the_version() {
    let content = SecretContent::new().with("key", vec![b'x'; 8193]);
    let juju = Juju::new(&env_with([("JUJU_VERSION", "3.5.0")]), ScriptedAgent::new());
    insta::assert_snapshot!(shown(juju.secret_add(&SecretSpec::new(content))), @"BadArgument: cannot call `secret-add`: the value of `key` counts as 8193 bytes, and Juju takes at most 8192");
}

#[test]
fn an_expiry_is_a_time_or_a_time_from_now() {
    let bench = SecretAgent::new([], success(ID));
    let spec = |expiry| SecretSpec::new(SecretContent::new().with("key", "x")).expire(expiry);
    let juju = &bench.juju;
    juju.secret_add(&spec(SecretExpiry::After(Duration::from_millis(90_500)))).unwrap();
    juju.secret_add(&spec(SecretExpiry::At("2030-01-01T00:00:00+01:00".parse().unwrap()))).unwrap();
    insta::assert_snapshot!(shown(juju.secret_add(&spec(SecretExpiry::After(Duration::from_millis(999))))), @"BadArgument: cannot call `secret-add`: a secret must not expire within a second");
    insta::assert_snapshot!(bench.transcript(), @"
    secret-add --expire=90s --file=…
    secret-add --expire=2029-12-31T23:00:00Z --file=…
    ");
}

#[test]
fn labels_and_descriptions_are_not_empty() {
    let (juju, agent) = juju([]);
    let spec = SecretSpec::new(SecretContent::new().with("key", "x"));
    insta::assert_snapshot!(shown(juju.secret_add(&spec.clone().label(""))), @"BadArgument: cannot call `secret-add`: the label must not be empty");
    insta::assert_snapshot!(shown(juju.secret_add(&spec.description(""))), @"BadArgument: cannot call `secret-add`: the description must not be empty");
    insta::assert_snapshot!(shown(juju.secret_get(SecretQuery::label(""))), @"BadArgument: cannot call `secret-get`: the label must not be empty");
    insta::assert_snapshot!(shown(juju.secret_get(SecretQuery::label("a").with_label("b"))), @"BadArgument: cannot call `secret-get`: only a secret that is looked up by its id can get the label `b`");
    assert!(agent.calls().is_empty());
}

#[test]
fn says_when_it_got_no_id() {
    let bench = SecretAgent::new([], success("oops\n"));
    let content = SecretContent::new().with("key", "x");
    insta::assert_snapshot!(shown(bench.juju.secret_add(&SecretSpec::new(content))), @"Unreadable: cannot read what `secret-add` printed: expected the id of a secret, got `oops`");
}

#[test]
fn content_can_be_collected() {
    let content: SecretContent = [("user", "me"), ("password", "hunter2")].into_iter().collect();
    assert_eq!(content, SecretContent::new().with("password", "hunter2").with("user", "me"));
    assert!(!content.is_empty());
}
