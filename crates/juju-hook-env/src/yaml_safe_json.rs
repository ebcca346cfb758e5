//! JSON that Juju reads right.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Writes a map as JSON that is YAML 1.1 as well, and means the same in both.
///
/// `relation-set --file` and `state-set --file` read YAML, and Juju's reader
/// refuses JSON's surrogate pairs (`\ud83d\ude00`) and its `\/`. Raw, it
/// refuses or changes control characters, and folds lines at the separators
/// U+0085, U+2028 and U+2029. So all text is written raw in UTF-8, and those
/// characters alone as `\uXXXX`, which both languages have.
pub(crate) fn write(map: &BTreeMap<String, String>) -> String {
    let mut json = String::from("{");
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            json.push_str(", ");
        }
        let key = quote(key);
        if key.len() > LONGEST_PLAIN_KEY {
            json.push_str("? ");
        }
        json.push_str(&key);
        json.push_str(": ");
        json.push_str(&quote(value));
    }
    json.push_str("}\n");
    json
}

/// YAML takes a key of up to 1,024 characters without more ado. A longer one
/// needs a mark in front, with which the text is YAML alone and no JSON.
const LONGEST_PLAIN_KEY: usize = 1000;

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                write!(quoted, "\\u{:04x}", u32::from(c)).expect("writing to a string succeeds");
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn writes_text_raw_and_controls_escaped() {
        let json = write(&map([
            ("emoji", "😀 ü / <&>"),
            ("quotes", "\"a\\b\""),
            ("lines", "a\n\tb\r"),
            ("controls", "\0\u{1b}\u{7f}\u{80}\u{85}\u{9f}é"),
            ("separators", "\u{2028}\u{2029}\u{feff}\u{fffd}\u{fffe}\u{ffff}"),
        ]));
        insta::assert_snapshot!(json, @r#"{"controls": "\u0000\u001b\u007f\u0080\u0085\u009fé", "emoji": "😀 ü / <&>", "lines": "a\n\tb\u000d", "quotes": "\"a\\b\"", "separators": "\u2028\u2029\ufeff�\ufffe\uffff"}"#);
    }

    #[test]
    fn marks_a_key_that_is_too_long_for_plain_yaml() {
        let key = "k".repeat(1025);
        assert_eq!(write(&map([(&key, "")])), format!("{{? \"{key}\": \"\"}}\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn is_json(map: BTreeMap<String, String>) {
            let json = write(&map);
            prop_assert_eq!(serde_json::from_str::<BTreeMap<String, String>>(&json).unwrap(), map);
        }

        #[test]
        fn holds_no_character_that_yaml_refuses(text: String) {
            let quoted = quote(&text);
            let refused =
                |c: char| c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
            prop_assert!(!quoted.contains(refused), "{}", quoted);
        }
    }
}
