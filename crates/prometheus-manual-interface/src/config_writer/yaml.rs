//! YAML that Prometheus reads.

use serde::Serialize;
use serde_saphyr::{ser_error, ser_options, to_fmt_writer_with_options};

/// Writes a value as YAML that means the same by the rules of 1.1, which
/// Prometheus reads, and of 1.2.
///
/// Each text is in quotes: what looks like something else without them (`on`,
/// `1e3`, `12:30:45`) differs between the two.
pub(crate) fn to_yaml(value: &impl Serialize) -> Result<String, ser_error::Error> {
    let mut text = String::new();
    to_fmt_writer_with_options(&mut text, value, ser_options! { quote_all: true })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use python_json::{Float, Value};
    use saphyr_parser::{Event, Parser, ScalarStyle};

    use super::to_yaml;

    /// Reads a value of which texts are in quotes, and nothing else is.
    fn read<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> Option<Value> {
        Some(match events.next()? {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => match &*text {
                "null" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                // By YAML 1.1, a number without a point is no float.
                float if float.contains('.') => {
                    Value::Float(Float::try_from(float.parse::<f64>().unwrap()).unwrap())
                }
                integer => Value::Integer(integer.parse().unwrap()),
            },
            Event::Scalar(text, _, 0, None) => Value::String(text.into_owned()),
            Event::SequenceStart(0, None) => {
                Value::Array(std::iter::from_fn(|| read(events)).collect())
            }
            Event::MappingStart(0, None) => {
                let mut object = BTreeMap::new();
                while let Some(Event::Scalar(key, _, 0, None)) = events.next() {
                    object.insert(key.into_owned(), read(events).unwrap());
                }
                Value::Object(object)
            }
            _ => return None,
        })
    }

    fn read_back(yaml: &str) -> Value {
        let mut events = Parser::new_from_str(yaml).map(|event| event.unwrap().0).skip(2);
        let value = read(&mut events).unwrap();
        assert_eq!(events.collect::<Vec<_>>(), [Event::DocumentEnd, Event::StreamEnd]);
        value
    }

    /// What readers by YAML 1.1 or 1.2 take for something else than a text, or
    /// cannot read at all, unless it is in quotes.
    const ODD: [&str; 48] = [
        "",
        " ",
        "\t",
        "\n",
        "yes",
        "on",
        "y",
        "N",
        "Off",
        "~",
        "null",
        "True",
        "1e3",
        "0x1F",
        "0o7",
        "012",
        "1_000",
        "0b11",
        "12:30:45",
        "+1",
        ".5",
        ".inf",
        "=",
        "<<",
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        " a",
        "a ",
        "a: b",
        "a #b",
        "- a",
        "? a",
        "[a]",
        "{a}",
        "*a",
        "&a",
        "!a",
        "|",
        "> a",
        "%a",
        "@a",
        "`a",
        "'a",
        "\"a",
        "---",
        "...",
        "a:",
        "#",
    ];

    #[test]
    fn what_looks_like_something_else_is_in_quotes() {
        let is_quoted = |text: &str| text.starts_with(['\'', '"']);
        for odd in ODD {
            let key = to_yaml(&BTreeMap::from([(odd, 1)])).unwrap();
            assert!(is_quoted(&key), "{key}");
            let item = to_yaml(&[odd]).unwrap();
            assert!(item.strip_prefix("- ").is_some_and(is_quoted), "{item}");
        }
    }

    #[test]
    fn what_yaml_cannot_hold_is_escaped() {
        let text = "\0\u{7f}\u{80}\u{85}\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}\r";
        let map: BTreeMap<_, _> = [(text, text)].into();
        insta::assert_snapshot!(to_yaml(&map).unwrap(), @r#""\0\x7F\x80\N\L\P\uFEFF\uFFFE\uFFFF\r": "\0\x7F\x80\N\L\P\uFEFF\uFFFE\uFFFF\r""#);
    }

    #[test]
    fn numbers_keep_their_digits_and_their_kind() {
        let value: Value =
            "[1, 1.0, -0.0, 1e21, 1e-7, 340282366920938463463374607431768211455]".parse().unwrap();
        insta::assert_snapshot!(to_yaml(&value).unwrap(), @r"
        - 1
        - 1.0
        - -0.0
        - 1.0e+21
        - 1.0e-7
        - 340282366920938463463374607431768211455
        ");
    }

    fn text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(&ODD[..]).prop_map(str::to_owned);
        let indicators = r#"[ \n\t\r:#?,\[\]{}&*!|>'"%@`=<~.0-9eExo_\\\u{0}\u{85}\u{a0}\u{2028}\u{feff}\u{fffe}\u{1f600}-]{0,12}"#;
        let long = "[a-z \n]{100,300}";
        prop_oneof![odd, indicators, any::<String>(), long]
    }

    fn value() -> impl Strategy<Value = Value> {
        let float = any::<f64>().prop_filter_map("finite", |f| Float::try_from(f).ok());
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i128>().prop_map(|number| Value::Integer(number.into())),
            float.prop_map(Value::Float),
            text().prop_map(Value::String),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::btree_map(text(), inner, 0..5).prop_map(Value::Object),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn is_read_back_as_it_was(value in value()) {
            prop_assert_eq!(read_back(&to_yaml(&value).unwrap()), value);
        }
    }
}
