//! What `Value` and `from_str` read and refuse.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::prelude::*;
use python_json::{DEPTH_LIMIT, Float, Value, from_str, from_value};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Returns the text that Python would write after it has read this one.
#[track_caller]
fn rewritten(text: &str) -> String {
    text.parse::<Value>().expect("the text is valid").to_string()
}

/// Returns the messages with which texts are refused, a line for each.
#[track_caller]
fn refusals(texts: &[&str]) -> String {
    let refusal = |text: &&str| match text.parse::<Value>() {
        Ok(value) => panic!("`{text}` was read as {value:?}"),
        Err(error) => error.to_string(),
    };
    texts.iter().map(refusal).collect::<Vec<_>>().join("\n")
}

#[test]
fn keeps_apart_what_python_keeps_apart() {
    let text =
        "[1, 1.0, -0.0, 1e+16, 123456789012345678901234567890123456789012345, \"1\", true, null]";
    assert_eq!(rewritten(text), text);
    assert_eq!(
        rewritten("[-0, 1E5, 1e-7, 100000000000000000000.0, 1e-400]"),
        "[0, 100000.0, 1e-07, 1e+20, 0.0]"
    );
}

#[test]
fn reads_space_escapes_and_double_keys() {
    assert_eq!(rewritten(" {\"b\" :\t1 ,\r\n\"a\":[ ] , \"b\":{ }} "), r#"{"a": [], "b": {}}"#);
    assert_eq!(
        rewritten(r#""\u00e9\uD83d\uDe00 \/\"\\\b\f\n\r\t 😀""#),
        r#""\u00e9\ud83d\ude00 /\"\\\b\f\n\r\t \ud83d\ude00""#
    );
}

#[test]
fn says_where_a_text_is_wrong() {
    let texts = [
        "",
        " \n",
        "nul",
        "True",
        "{",
        "{\"a\" 1}",
        "{1: 2}",
        "{\"a\": 1,}",
        "{\"a\": 1 \"b\"}",
        "[1,]",
        "[1 2]",
        "[1",
        "[1] x",
        "01",
        "+1",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "[\"é\",\n  'a']",
        "\u{feff}1",
        "\u{a0}1",
        "１",
    ];
    insta::assert_snapshot!(refusals(&texts), @"
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 2 column 1: a value must stand here
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 2: a key in double quotes must stand here
    invalid JSON at line 1 column 6: `:` must follow a key
    invalid JSON at line 1 column 2: a key in double quotes must stand here
    invalid JSON at line 1 column 9: a key in double quotes must stand here
    invalid JSON at line 1 column 9: `,` or `}` must stand here
    invalid JSON at line 1 column 4: a value must stand here
    invalid JSON at line 1 column 4: `,` or `]` must stand here
    invalid JSON at line 1 column 3: `,` or `]` must stand here
    invalid JSON at line 1 column 5: nothing may follow the value
    invalid JSON at line 1 column 2: nothing may follow the value
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 2: a digit must follow `-`
    invalid JSON at line 1 column 3: a digit must follow the point
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 3: a digit must stand in the exponent
    invalid JSON at line 1 column 4: a digit must stand in the exponent
    invalid JSON at line 2 column 3: a value must stand here
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 1: a value must stand here
    invalid JSON at line 1 column 1: a value must stand here
    ");
}

#[test]
fn says_what_is_wrong_with_a_string() {
    let texts = [
        r#"""#,
        r#"["a\"#,
        r#""\x""#,
        r#""\u12"#,
        r#""\u+123""#,
        r#""\u 123""#,
        r#""\u12é""#,
        "\"a\tb\"",
        "\"\0\"",
    ];
    insta::assert_snapshot!(refusals(&texts), @r"
    invalid JSON at line 1 column 2: the string does not end
    invalid JSON at line 1 column 4: there is no such escape
    invalid JSON at line 1 column 2: there is no such escape
    invalid JSON at line 1 column 2: four hexadecimal digits must follow `\u`
    invalid JSON at line 1 column 2: four hexadecimal digits must follow `\u`
    invalid JSON at line 1 column 2: four hexadecimal digits must follow `\u`
    invalid JSON at line 1 column 2: four hexadecimal digits must follow `\u`
    invalid JSON at line 1 column 3: a control character must be escaped
    invalid JSON at line 1 column 2: a control character must be escaped
    ");
}

#[test]
fn refuses_what_it_could_not_keep() {
    let long = "1".repeat(4301);
    let texts = [
        "[NaN]",
        "Infinity",
        "-Infinity",
        "1e999",
        r#""\ud83d""#,
        r#""\ud83d\u0041""#,
        r#""\ude00\ud83d""#,
        r#""\ud83dA\ude00""#,
        &long,
    ];
    insta::assert_snapshot!(refusals(&texts), @"
    invalid JSON at line 1 column 2: only finite numbers can be kept
    invalid JSON at line 1 column 1: only finite numbers can be kept
    invalid JSON at line 1 column 1: only finite numbers can be kept
    invalid JSON at line 1 column 6: the number is too large for a float of 64 bits
    invalid JSON at line 1 column 2: half of a surrogate pair is no character
    invalid JSON at line 1 column 2: half of a surrogate pair is no character
    invalid JSON at line 1 column 2: half of a surrogate pair is no character
    invalid JSON at line 1 column 2: half of a surrogate pair is no character
    invalid JSON at line 1 column 4302: the integer has more digits than the 4300 that Python takes
    ");
}

#[test]
fn is_bounded_in_depth() {
    let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
    assert_eq!(rewritten(&nested(DEPTH_LIMIT)), nested(DEPTH_LIMIT));
    let refusal = "invalid JSON at line 1 column 129: it is nested more than 128 levels deep";
    assert_eq!(refusals(&[&nested(DEPTH_LIMIT + 1)]), refusal);
    assert_eq!(refusals(&[&"[".repeat(1_000_000)]), refusal);
    let maps = "{\"a\":".repeat(1_000_000);
    assert_eq!(
        refusals(&[&maps]),
        "invalid JSON at line 1 column 641: it is nested more than 128 levels deep"
    );
}

#[derive(Debug, Deserialize, PartialEq)]
struct Typed {
    ports: Vec<u16>,
    ratio: f64,
    by_number: BTreeMap<i8, Option<String>>,
    variants: Vec<Variant>,
    exact: Value,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Variant {
    Unit,
    Newtype(f64),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[test]
fn reads_typed_data_without_a_loss() {
    let large = "123456789012345678901234567890123456789012345";
    let text = format!(
        r#"{{"ports": [80], "ratio": 1, "by_number": {{"-1": null, "10": "a"}},
            "variants": ["Unit", {{"Newtype": 0.5}}, {{"Tuple": [1, 2]}}, {{"Struct": {{"a": 1}}}}],
            "exact": [{large}, 1, 1.0], "unknown": {{"deep": [-{large}]}}}}"#
    );
    let typed: Typed = from_str(&text).unwrap();
    assert_eq!(typed.ports, [80]);
    assert_eq!(typed.ratio.to_string(), "1");
    assert_eq!(typed.by_number, BTreeMap::from([(-1, None), (10, Some("a".to_owned()))]));
    assert_eq!(
        typed.variants,
        [Variant::Unit, Variant::Newtype(0.5), Variant::Tuple(1, 2), Variant::Struct { a: 1 }]
    );
    assert_eq!(typed.exact.to_string(), format!("[{large}, 1, 1.0]"));
    assert_eq!(typed.unknown["unknown"].to_string(), format!(r#"{{"deep": [-{large}]}}"#));
}

#[test]
fn reads_integers_of_128_bits() {
    for number in [0, 1 << 64, i128::MAX, i128::MIN] {
        assert_eq!(from_str(&number.to_string()), Ok(number));
    }
    assert_eq!(from_str(&u128::MAX.to_string()), Ok(u128::MAX));
}

#[track_caller]
fn misfit<T: Debug + DeserializeOwned>(text: &str) -> String {
    from_str::<T>(text).expect_err("the text is of another form").to_string()
}

#[test]
fn says_where_data_is_of_another_form() {
    let large = "1".repeat(40);
    let misfits = [
        misfit::<BTreeMap<String, Vec<u16>>>(r#"{"a.b": [1, 65536]}"#),
        misfit::<BTreeMap<u16, u16>>(r#"{"x": 1}"#),
        misfit::<Vec<Variant>>(r#"["Unit", "Other"]"#),
        misfit::<Vec<Variant>>(r#"[{"Newtype": 1.0, "Unit": null}]"#),
        misfit::<(u8, u8)>("[1, 2, 3]"),
        misfit::<String>("1"),
        misfit::<Vec<String>>(&format!("[{large}]")),
        misfit::<u64>("18446744073709551616"),
        misfit::<bool>("[tru]"),
    ];
    insta::assert_snapshot!(misfits.join("\n"), @r#"
    invalid JSON at `a.b[1]`: invalid value: integer `65536`, expected u16
    invalid JSON at `x`: invalid type: string "x", expected u16
    invalid JSON at `[1]`: unknown variant `Other`, expected one of `Unit`, `Newtype`, `Tuple`, `Struct`
    invalid JSON at `[0]`: invalid value: map, expected a map of one key, the variant
    invalid length 3, expected 2 elements in sequence
    invalid type: integer `1`, expected a string
    invalid JSON at `[0]`: invalid type: integer beyond 128 bits, expected a string
    invalid type: integer `18446744073709551616` as i128, expected u64
    invalid JSON at line 1 column 2: a value must stand here
    "#);
}

#[test]
fn takes_values_from_other_formats_and_gives_them() {
    let json = serde_json::json!({"a": [1, 1.5, -1, u64::MAX, "x", true, null]});
    let value: Value = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(value.to_string(), r#"{"a": [1, 1.5, -1, 18446744073709551615, "x", true, null]}"#);
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
    assert_eq!(from_value(value.clone()), Ok(value));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(|number| Value::Integer(number.into())),
        "-?[1-9][0-9]{0,60}".prop_map(|text| Value::Integer(text.parse().expect("it is one"))),
        any::<f64>().prop_filter_map("finite", |n| Float::try_from(n).ok().map(Value::Float)),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let text = value.to_string();
        prop_assert_eq!(text.parse(), Ok(value.clone()));
        prop_assert_eq!(from_str(&text), Ok(value));
    }

    #[test]
    fn takes_any_text_without_panic(text in r#"[\[\]{}:," \\u0-9a-fA-FtrulNnés.+\n-]{0,30}"#, any: String) {
        for text in [text, any] {
            if let Ok(value) = text.parse::<Value>() {
                prop_assert_eq!(value.to_string().parse(), Ok(value));
            }
        }
    }

    #[test]
    fn takes_damaged_text_without_panic(
        value in values(),
        damage in r#"["\\\[{},:0e.-]?"#,
        place: prop::sample::Index,
        length in 0..3_usize,
    ) {
        let mut chars: Vec<char> = value.to_string().chars().collect();
        let start = place.index(chars.len());
        let end = chars.len().min(start + length);
        chars.splice(start..end, damage.chars());
        if let Ok(value) = chars.iter().collect::<String>().parse::<Value>() {
            prop_assert_eq!(value.to_string().parse(), Ok(value));
        }
    }
}
