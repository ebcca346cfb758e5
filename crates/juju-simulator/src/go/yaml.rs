//! YAML as the agent writes it: Go's `yaml.v2`, which follows YAML 1.1.

mod plain;
mod scalar;

use super::text;
use super::value::Value;
use scalar::Place;

/// Writes a value as a document that ends in one newline.
pub(crate) fn to_yaml(value: &Value) -> String {
    let mut yaml = Yaml::default();
    yaml.push(value, 0);
    let content = yaml.text.trim_end_matches('\n').len();
    yaml.text.truncate(content);
    yaml.text.push('\n');
    yaml.text
}

#[derive(Default)]
struct Yaml {
    text: String,
}

impl Yaml {
    /// Writes a value at the end of the line that has been begun; the lines
    /// that follow have `indent` blanks in front.
    fn push(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&text::yaml_number(*number)),
            Value::Text(text) => {
                scalar::push(&mut self.text, text, Place::Value { indent: indent + 2 });
            }
            Value::List(items) if items.is_empty() => self.text.push_str("[]"),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.begin_line(indent);
                    }
                    self.text.push_str("- ");
                    self.push(item, indent + 2);
                }
            }
            Value::Map(entries) if entries.is_empty() => self.text.push_str("{}"),
            Value::Map(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        self.begin_line(indent);
                    }
                    scalar::push(&mut self.text, key, Place::Key);
                    self.text.push(':');
                    self.push_below_key(value, indent);
                }
            }
        }
    }

    fn push_below_key(&mut self, value: &Value, indent: usize) {
        match value {
            // Lists stand at the same indentation as their key.
            Value::List(items) if !items.is_empty() => {
                self.begin_line(indent);
                self.push(value, indent);
            }
            Value::Map(entries) if !entries.is_empty() => {
                self.begin_line(indent + 2);
                self.push(value, indent + 2);
            }
            _ => {
                self.text.push(' ');
                self.push(value, indent);
            }
        }
    }

    fn begin_line(&mut self, indent: usize) {
        // A block of text may have ended its last line itself.
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use saphyr_parser::{Event, Parser};

    use super::*;

    /// Reads the texts of a map, keys and values.
    fn read_texts(yaml: &str) -> Vec<String> {
        let events = Parser::new_from_str(yaml).map(|event| event.unwrap().0);
        let text = |event| match event {
            Event::Scalar(text, ..) => Some(text.into_owned()),
            _ => None,
        };
        events.filter_map(text).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_can_be_read(key in ".{1,20}", value in "(?s).{0,200}|[a #:\n-]{0,200}") {
            // The last entry would lose the newlines at its end, as with Juju.
            let map = Value::fields([(key.as_str(), value.as_str().into()), ("end", "end".into())]);
            prop_assert_eq!(read_texts(&to_yaml(&map)), [key, value, "end".to_owned(), "end".to_owned()]);
        }
    }

    #[test]
    fn nests_maps_and_lists() {
        let address = Value::fields([("value", "10.1.2.3".into()), ("hostname", "".into())]);
        let value = Value::fields([
            ("addresses", Value::List(vec![address.clone(), address])),
            ("inner", Value::fields([("empty", Value::Map(Vec::new())), ("none", Value::Null)])),
            ("list", Value::List(Vec::new())),
            ("nested", Value::List(vec![["a", "b"].into_iter().collect()])),
            ("tls", true.into()),
        ]);
        insta::assert_snapshot!(to_yaml(&value), @r#"
        addresses:
        - value: 10.1.2.3
          hostname: ""
        - value: 10.1.2.3
          hostname: ""
        inner:
          empty: {}
          none: null
        list: []
        nested:
        - - a
          - b
        tls: true
        "#);
    }

    #[test]
    fn writes_lines_as_blocks() {
        let value = Value::fields([
            ("kept", "a\nb\n".into()),
            ("more", "a\n\n b\n\n".into()),
            ("none", "a\nb".into()),
        ]);
        assert_eq!(
            to_yaml(&value),
            "kept: |\n  a\n  b\nmore: |+\n  a\n\n   b\n\nnone: |-\n  a\n  b\n"
        );
        assert_eq!(to_yaml(&"a\nb\n".into()), "|\n  a\n  b\n");
    }
}
