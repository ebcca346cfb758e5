//! What `to_string` writes and refuses.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use python_json::{DEPTH_LIMIT, Integer, Value, to_string};
use serde::{Serialize, Serializer};

#[track_caller]
fn text(value: impl Serialize) -> String {
    to_string(&value).expect("the value can be written")
}

#[track_caller]
fn refusal(value: impl Serialize) -> String {
    to_string(&value).expect_err("the value cannot be written").to_string()
}

/// A map with its entries as they stand, double ones included.
struct Entries<'a, V>(&'a [(Key, V)]);

impl<V: Serialize> Serialize for Entries<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Key {
    Bool(bool),
    Float(f64),
    Integer(Integer),
    List(Vec<u8>),
    Nothing,
    Text(&'static str),
}

fn integer(text: &str) -> Key {
    Key::Integer(text.parse().expect("the text is an integer"))
}

#[derive(Serialize)]
struct Struct {
    targets: Vec<&'static str>,
    #[serde(rename = "Z")]
    upper_case: (f32, char),
    interval: Option<u8>,
}

#[derive(Serialize)]
enum Variant {
    Unit,
    Newtype(f64),
    Tuple(u8, f64),
    Struct { b: u8, a: f64 },
}

#[test]
fn sorts_the_fields_of_a_struct() {
    let value = Struct { targets: vec!["a:1", "b:2"], upper_case: (0.1, 'ä'), interval: None };
    insta::assert_snapshot!(text(value), @r#"{"Z": [0.10000000149011612, "\u00e4"], "interval": null, "targets": ["a:1", "b:2"]}"#);
}

#[test]
fn separates_items_by_a_space_and_nothing_from_nothing() {
    let empty = (Vec::<u8>::new(), BTreeMap::<u8, u8>::new(), "", ());
    insta::assert_snapshot!(text((1, 2, empty)), @r#"[1, 2, [[], {}, "", null]]"#);
}

#[test]
fn writes_variants_as_serde_does() {
    let variants = [
        Variant::Unit,
        Variant::Newtype(1.0),
        Variant::Tuple(1, 2.0),
        Variant::Struct { b: 1, a: 2.0 },
    ];
    insta::assert_snapshot!(text(&variants), @r#"["Unit", {"Newtype": 1.0}, {"Tuple": [1, 2.0]}, {"Struct": {"a": 2.0, "b": 1}}]"#);
    let as_serde = serde_json::to_value(&variants).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text(variants)).unwrap(), as_serde);
}

#[test]
fn writes_integers_of_any_size() {
    let large: Integer = "-1234567890123456789012345678901234567890123".parse().unwrap();
    insta::assert_snapshot!(
        text((i8::MIN, u64::MAX, i128::MIN, u128::MAX, large)), @"[-128, 18446744073709551615, -170141183460469231731687303715884105728, 340282366920938463463374607431768211455, -1234567890123456789012345678901234567890123]");
}

#[test]
fn sorts_text_by_code_point() {
    // By UTF-16, as JavaScript sorts, the last two would change places.
    let map: HashMap<_, _> =
        ["b", "a", "B", "", "a b", "\u{ffff}", "😀"].map(|key| (key, 0)).into();
    insta::assert_snapshot!(text(map), @r#"{"": 0, "B": 0, "a": 0, "a b": 0, "b": 0, "\uffff": 0, "\ud83d\ude00": 0}"#);
}

#[test]
fn sorts_numbers_before_they_become_text() {
    insta::assert_snapshot!(text(BTreeMap::from([(10, 0), (9, 0), (-1, 0)])), @r#"{"-1": 0, "9": 0, "10": 0}"#);
    let numbers = [
        (integer("36893488147419103233"), 0),
        (Key::Float(36_893_488_147_419_103_232.0), 0),
        (integer("36893488147419103231"), 0),
        (Key::Bool(true), 0),
        (Key::Float(-1e-20), 0),
        (Key::Float(0.5), 0),
        (integer("-36893488147419103231"), 0),
        (Key::Bool(false), 0),
        (Key::Float(-1e-21), 0),
    ];
    insta::assert_snapshot!(text(Entries(&numbers)), @r#"{"-36893488147419103231": 0, "-1e-20": 0, "-1e-21": 0, "false": 0, "0.5": 0, "true": 0, "36893488147419103231": 0, "3.6893488147419103e+19": 0, "36893488147419103233": 0}"#);
}

#[test]
fn keeps_of_equal_keys_the_first_with_the_last_value() {
    let doubled =
        [(Key::Bool(true), "a"), (Key::Float(-0.0), "b"), (integer("1"), "c"), (integer("0"), "d")];
    insta::assert_snapshot!(text(Entries(&doubled)), @r#"{"-0.0": "d", "true": "c"}"#);
    let doubled = [(Key::Text("a"), 1), (Key::Text("a"), 2), (Key::Text("a"), 3)];
    insta::assert_snapshot!(text(Entries(&doubled)), @r#"{"a": 3}"#);
    insta::assert_snapshot!(text(Entries(&[(Key::Nothing, 1), (Key::Nothing, 2)])), @r#"{"null": 2}"#);
}

#[test]
fn says_which_part_cannot_be_written() {
    let jobs = BTreeMap::from([("jobs", [vec![], vec![Variant::Struct { b: 1, a: f64::NAN }]])]);
    insta::assert_snapshot!(refusal(jobs), @"cannot write JSON at `jobs[1][0].Struct.a`: `NaN` is not a finite number");
    insta::assert_snapshot!(refusal([Variant::Tuple(1, f64::INFINITY)]), @"cannot write JSON at `[0].Tuple[1]`: `Infinity` is not a finite number");
    insta::assert_snapshot!(refusal(Variant::Newtype(f64::NEG_INFINITY)), @"cannot write JSON at `Newtype`: `-Infinity` is not a finite number");
    insta::assert_snapshot!(refusal(f32::NAN), @"cannot write JSON: `NaN` is not a finite number");
}

#[test]
fn refuses_keys_that_python_refuses() {
    insta::assert_snapshot!(refusal([Entries(&[(Key::List(vec![1]), 1)])]), @"cannot write JSON at `[0]`: only text, a number, a bool or nothing can be a key");
    insta::assert_snapshot!(refusal(Entries(&[(Key::Text("a"), 1), (integer("1"), 1)])), @"cannot write JSON: the keys `a` and `1` are of two kinds, which have no order");
    insta::assert_snapshot!(refusal(Entries(&[(Key::Nothing, 1), (Key::Bool(true), 1)])), @"cannot write JSON: the keys `null` and `true` are of two kinds, which have no order");
    insta::assert_snapshot!(refusal(Entries(&[(Key::Float(f64::NAN), 1)])), @"cannot write JSON: `NaN` is not a finite number");
}

#[test]
fn refuses_bytes_and_passes_on_what_a_type_says() {
    struct Bytes;
    impl Serialize for Bytes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"key")
        }
    }
    struct Poisoned;
    impl Serialize for Poisoned {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the lock is poisoned"))
        }
    }
    insta::assert_snapshot!(refusal([Bytes]), @"cannot write JSON at `[0]`: bytes must be written as text or as a list of numbers");
    insta::assert_snapshot!(refusal(Entries(&[(Key::Text("a.b"), Poisoned)])), @"cannot write JSON at `a.b`: the lock is poisoned");
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
}

#[test]
fn refuses_to_nest_deeper_than_it_reads() {
    let deepest = nested(DEPTH_LIMIT);
    assert_eq!(text(&deepest).parse(), Ok(deepest));
    let error = refusal(nested(DEPTH_LIMIT + 1));
    let (_, rule) = error.split_once(": ").unwrap();
    assert_eq!(rule, "it is nested more than 128 levels deep");
    assert_eq!(nested(DEPTH_LIMIT + 1).to_string(), "[".repeat(129) + "null" + &"]".repeat(129));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn writes_what_other_readers_of_json_understand(text: String, number: i64, key: String) {
        let map = BTreeMap::from([(key, (number, text, None::<bool>))]);
        let text = to_string(&map).unwrap();
        prop_assert!(text.bytes().all(|b| matches!(b, b' '..=b'~')));
        prop_assert_eq!(serde_json::from_str::<BTreeMap<_, _>>(&text).unwrap(), map);
    }

    #[test]
    fn writes_the_same_in_any_order(entries: Vec<(i32, Vec<i32>)>) {
        let sorted: BTreeMap<_, _> = entries.iter().cloned().collect();
        let unsorted: HashMap<_, _> = entries.into_iter().collect();
        prop_assert_eq!(to_string(&sorted), to_string(&unsorted));
    }
}
