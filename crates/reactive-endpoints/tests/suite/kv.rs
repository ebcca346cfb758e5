//! The charm's own stored data.

use std::collections::BTreeMap;

use juju_simulator::Simulator;
use juju_types::Event;
use reactive_endpoints::{Charm, Context, MemoryStore, Result};

use crate::support::{files, keeping, kept, tools};

/// Runs update-status with one handler.
#[track_caller]
fn run(store: &MemoryStore, handler: fn(&Context) -> Result) -> Vec<String> {
    let charm = move || Charm::new(()).on(Event::UpdateStatus, move |(), cx| handler(cx));
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(store, charm));
    let ran = unit.run("update-status");
    tools(ran).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_value_is_kept_as_python_writes_it() {
    let store = MemoryStore::new();
    run(&store, |cx| {
        let kv = cx.kv();
        kv.set("text", "é")?;
        kv.set("float", &1.0)?;
        // Python keeps the order here.
        kv.set("map", &serde_json::from_str::<serde_json::Value>(r#"{"a": 1, "b": [null]}"#)?)?;
        assert_eq!(kv.get::<String>("text")?.as_deref(), Some("é"));
        Ok(())
    });
    let rows = store.rows();
    assert_eq!(rows["text"], r#""\u00e9""#);
    assert_eq!(rows["float"], "1.0");
    assert_eq!(rows["map"], r#"{"a": 1, "b": [null]}"#);
}

#[test]
fn a_null_of_pythons_is_no_value() {
    run(&kept([("a", "null"), ("b", "2")]), |cx| {
        assert_eq!(cx.kv().get::<Option<u8>>("a")?, Some(None));
        assert_eq!(cx.kv().get::<u8>("b")?, Some(2));
        assert_eq!(cx.kv().get::<u8>("c")?, None);
        Ok(())
    });
}

#[test]
fn a_value_of_another_type_is_an_error_that_names_the_key() {
    run(&kept([("ports", r#"{"http": "x"}"#)]), |cx| {
        let error = cx.kv().get::<BTreeMap<String, u16>>("ports").unwrap_err();
        insta::assert_snapshot!(error, @"the stored value of `ports` cannot be read");
        insta::assert_snapshot!(error.into_error().source().unwrap(), @"http: expected u16 at line 1 column 12");
        let error = cx.kv().getrange::<u16>("po").unwrap_err();
        insta::assert_snapshot!(error, @"the stored value of `ports` cannot be read");
        Ok(())
    });
}

#[test]
fn a_range_is_what_begins_with_the_prefix_letter_by_letter() {
    // For Python's `LIKE`, `%` and `_` stand for anything, and `A` is `a`.
    let store = kept([
        ("50%.a", "1"),
        ("50%.b", "2"),
        ("500.c", "3"),
        ("a_b.x", "4"),
        ("aXb.y", "5"),
        ("A_b.z", "6"),
    ]);
    run(&store, |cx| {
        let kv = cx.kv();
        let range = |prefix: &str| -> Result<Vec<(String, u8)>> {
            Ok(kv.getrange(prefix)?.into_iter().collect())
        };
        assert_eq!(range("50%.")?, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
        assert_eq!(range("a_b.")?, [("x".to_owned(), 4)]);
        assert_eq!(range("A_b.")?, [("z".to_owned(), 6)]);
        assert!(range("%")?.is_empty());
        kv.unsetrange("50%");
        kv.unsetrange("a_");
        Ok(())
    });
    let left: Vec<String> =
        store.rows().into_keys().filter(|key| !key.starts_with("charmwright")).collect();
    assert_eq!(left, ["500.c", "A_b.z", "aXb.y"]);
}

#[test]
fn a_range_shows_what_the_run_has_changed() {
    run(&kept([("a.1", "1"), ("a.2", "2"), ("b.1", "3")]), |cx| {
        let kv = cx.kv();
        kv.update("a.", [("2", 20), ("3", 30)])?;
        kv.unset("a.1");
        let range: Vec<(String, u8)> = kv.getrange("a.")?.into_iter().collect();
        assert_eq!(range, [("2".to_owned(), 20), ("3".to_owned(), 30)]);
        kv.unsetrange("a.");
        assert!(kv.getrange::<u8>("a.")?.is_empty());
        assert_eq!(kv.getrange::<u8>("")?.len(), 1);
        Ok(())
    });
}

#[test]
fn what_ends_as_it_was_is_not_written() {
    let store = kept([("a", "1")]);
    let tools = run(&store, |cx| {
        cx.kv().set("a", &2)?;
        cx.kv().set("b", &2)?;
        cx.kv().unset("b");
        cx.kv().set("a", &1)
    });
    assert!(tools.is_empty(), "{tools:?}");
}

#[test]
fn data_have_changed_when_their_digest_has() {
    // The digests of `[1, 2]`, as Python keeps them, the second one of a charm
    // that has chosen another hash function.
    let store = kept([
        ("reactive.data_changed.mine", r#""04cd0e0151f352e7fd414d694a604136""#),
        (
            "reactive.data_changed.sha256",
            r#""3a316d6d3226f84c1e46e4447fa8d5fd800bff4a1bc6498152523cd4a602b69b""#,
        ),
    ]);
    run(&store, |cx| {
        assert!(!cx.data_changed("mine", &[1, 2])?);
        assert!(cx.is_data_changed("mine", &[1, 2, 3])?);
        assert!(cx.data_changed("mine", &[1, 2, 3])?);
        assert!(!cx.data_changed("mine", &[1, 2, 3])?);
        assert!(cx.data_changed("other", &[1, 2])?);
        assert!(!cx.data_changed("sha256", &[1, 2])?);
        assert!(cx.data_changed("sha256", &[1, 2, 3])?);
        Ok(())
    });
    insta::assert_snapshot!(
        store.rows()["reactive.data_changed.sha256"],
        @r#""a36b1f2c3f84522dd1005145646617d7054c0851e97c72a039c0bdfac9fa07f3""#
    );
}
