//! JSON as Go's `encoding/json` writes it.

use std::fmt::Write as _;

use super::text;
use super::value::Value;

/// Writes a value as one line, without the newline.
pub(crate) fn to_json(value: &Value) -> String {
    let mut json = String::new();
    push(&mut json, value);
    json
}

fn push(json: &mut String, value: &Value) {
    match value {
        Value::Null => json.push_str("null"),
        Value::Boolean(truth) => json.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => json.push_str(&text::json_number(*number)),
        Value::Text(text) => push_text(json, text),
        Value::List(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                push(json, item);
            }
            json.push(']');
        }
        Value::Map(entries) => {
            json.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                push_text(json, key);
                json.push(':');
                push(json, value);
            }
            json.push('}');
        }
    }
}

fn push_text(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\x08' => json.push_str("\\b"),
            '\x0c' => json.push_str("\\f"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            // The last five so that the text can stand in HTML and JavaScript.
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(json, "\\u{:04x}", u32::from(c)).expect("a string takes all text");
            }
            _ => json.push(c),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_go_does() {
        let value = Value::fields([("a<b>&", "x\u{2028}\u{1}\"\\/é\u{1f600}".into())]);
        assert_eq!(to_json(&value), r#"{"a\u003cb\u003e\u0026":"x\u2028\u0001\"\\/é😀"}"#);
    }

    #[test]
    fn keeps_the_order_of_a_map() {
        let value = Value::fields([
            ("b", Value::Number(1.0)),
            ("a", Value::List(vec![Value::Null, true.into()])),
        ]);
        assert_eq!(to_json(&value), r#"{"b":1,"a":[null,true]}"#);
    }
}
