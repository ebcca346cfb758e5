//! Flags, and the conditions that are made of them.

use juju_simulator::Simulator;
use juju_types::Event;
use reactive_endpoints::{
    Charm, Condition, Context, Flag, MemoryStore, Result, all, always, any, none, not_all, test,
};

use crate::support::{files, flags, keeping, kept};

const A: Flag = Flag::new("a");
const B: Flag = Flag::new("b");
const C: Flag = Flag::new("c");

/// Runs update-status with one handler.
#[track_caller]
fn run(store: &MemoryStore, handler: fn(&Context) -> Result) {
    let charm = move || Charm::new(()).on(Event::UpdateStatus, move |(), cx| handler(cx));
    Simulator::unit("app/0")
        .charm_files(files(""))
        .charm(keeping(store, charm))
        .run("update-status");
}

#[test]
fn a_change_is_seen_at_once_and_kept() {
    let store = kept([("reactive.states.b", "null")]);
    run(&store, |cx| {
        assert!(!cx.is_set(A) && cx.is_set(B));
        cx.set(A);
        cx.clear(B);
        assert!(cx.is_set(A) && !cx.is_set(B));
        Ok(())
    });
    assert_eq!(flags(&store.rows()), ["a"]);
    assert_eq!(store.rows()["reactive.states.a"], "null");
}

#[test]
fn a_flag_is_toggled_by_a_word() {
    let store = MemoryStore::new();
    run(&store, |cx| {
        cx.toggle(A, true);
        cx.toggle(A, true);
        cx.toggle(B, true);
        cx.toggle(B, false);
        cx.toggle(C, false);
        Ok(())
    });
    assert_eq!(flags(&store.rows()), ["a"]);
}

#[test]
fn any_and_all_count_the_flags_that_are_set() {
    run(&kept([("reactive.states.a", "null")]), |cx| {
        assert!(cx.any_set([A, B]) && !cx.any_set([B, C]) && !cx.any_set::<Flag>([]));
        assert!(cx.all_set([A]) && !cx.all_set([A, B]) && cx.all_set::<Flag>([]));
        Ok(())
    });
}

#[test]
fn flags_are_listed_in_order_set_or_not() {
    let store = kept([("reactive.states.b", "null"), ("reactive.states.a", "null")]);
    run(&store, |cx| {
        cx.set(Flag::new("b.c"));
        let names: Vec<String> = cx.flags().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "b", "b.c"]);
        let unset: Vec<Flag> = cx.unset_flags([Flag::new("x"), B, C]).into_iter().collect();
        assert_eq!(unset, [C, Flag::new("x")]);
        Ok(())
    });
}

#[test]
fn a_flag_may_have_a_value() {
    let store = kept([("reactive.states.c", r#"{"z": 1, "a": [2]}"#)]);
    run(&store, |cx| {
        cx.set_with(A, "é")?;
        cx.set(B);
        assert_eq!(cx.flag_value::<String>(A)?.as_deref(), Some("é"));
        assert_eq!(cx.flag_value::<String>(B)?, None);
        assert_eq!(cx.flag_value::<String>(Flag::new("x"))?, None);
        assert!(cx.flag_value::<u8>(C).is_err());
        // As in Python, setting it again without a value takes the value away.
        cx.set(C);
        assert_eq!(cx.flag_value::<u8>(C)?, None);
        Ok(())
    });
    assert_eq!(store.rows()["reactive.states.a"], r#""\u00e9""#);
}

#[test]
fn a_function_can_be_guarded_by_flags() {
    run(&kept([("reactive.states.a", "null")]), |cx| {
        cx.not_unless([A])?;
        let error = cx.not_unless([C, A, B]).unwrap_err();
        assert_eq!(error.to_string(), "called before these flags are set: b, c");
        Ok(())
    });
}

#[test]
fn conditions_hold_as_their_words_say() {
    // While A is set and B and C are not.
    let holds: [fn() -> Condition; 10] = [
        || all([A]),
        || any([A, B]),
        || none([B, C]),
        || not_all([A, B]),
        || A.into(),
        || (&A).into(),
        || all([A]).and(none([B])),
        || all([B]).or(all([A])),
        || all([A, B]).not(),
        || test("a closure", |cx| cx.is_set(A)),
    ];
    let fails: [fn() -> Condition; 8] = [
        || all([A, B]),
        || any([B, C]),
        || none([A, B]),
        || not_all([A]),
        || all([A]).and(B),
        || all([B]).or(C),
        || always().not(),
        || test("a closure", |cx| cx.is_set(B)),
    ];
    let cases = holds.map(|condition| (condition, true)).into_iter();
    for (condition, expected) in cases.chain(fails.map(|condition| (condition, false))) {
        let store = kept([("reactive.states.a", "null")]);
        let charm =
            move || Charm::new(()).when(condition(), |(), cx: &Context| cx.kv().set("ran", &true));
        let mut unit =
            Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
        unit.run("update-status");
        assert_eq!(store.rows().contains_key("ran"), expected, "{}", condition());
    }
}
