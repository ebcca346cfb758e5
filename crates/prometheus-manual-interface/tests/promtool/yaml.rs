//! Jobs as YAML, in the form of JSON.

use python_json::Value;

pub(crate) fn config(jobs: &[Value]) -> String {
    let mut text = String::from("{\"scrape_configs\": [");
    for (index, job) in jobs.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        write(&mut text, job);
    }
    text + "\n]}\n"
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => quote(text, string),
        Value::Array(list) => {
            text.push('[');
            for (index, value) in list.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write(text, value);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                quote(text, key);
                text.push_str(": ");
                write(text, value);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// YAML has no pairs of surrogates, and prints fewer characters than JSON.
fn quote(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            ' '..='~' => text.push(character),
            other => text.extend(format!("\\U{:08X}", u32::from(other)).chars()),
        }
    }
    text.push('"');
}
