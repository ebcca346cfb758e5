//! The formats of `--format`.

use std::str::FromStr;

use crate::go::{Value, to_json, to_yaml};

/// How a tool prints its value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    /// One line of JSON.
    Json,
    /// What a shell script likes best.
    Smart,
    /// YAML.
    Yaml,
}

impl Format {
    /// Writes a value, with the newline that ends it, or nothing at all.
    pub(crate) fn write(self, value: &Value) -> String {
        match (self, value) {
            (Self::Json, _) => to_json(value) + "\n",
            (Self::Yaml, Value::Null) => String::new(),
            (Self::Yaml, _) => to_yaml(value),
            (Self::Smart, _) => write_smart(value),
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "json" => Ok(Self::Json),
            "smart" => Ok(Self::Smart),
            "yaml" => Ok(Self::Yaml),
            _ => Err(()),
        }
    }
}

fn write_smart(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Boolean(truth) => if *truth { "True\n" } else { "False\n" }.to_owned(),
        Value::Text(text) if text.is_empty() => String::new(),
        Value::Text(text) => format!("{text}\n"),
        Value::List(items) => match lines(items) {
            Some(lines) => lines,
            None => to_yaml(value),
        },
        Value::Map(_) | Value::Number(_) => to_yaml(value),
    }
}

/// Writes a list of texts, one on a line.
fn lines(items: &[Value]) -> Option<String> {
    let text = |item: &Value| match item {
        Value::Text(text) => Some(format!("{text}\n")),
        _ => None,
    };
    items.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smart_suits_shell_scripts() {
        let cases: [(Value, &str); 9] = [
            (Value::Null, ""),
            ("".into(), ""),
            ("a\n".into(), "a\n\n"),
            (true.into(), "True\n"),
            (false.into(), "False\n"),
            (Value::Number(1e6), "1e+06\n"),
            (Value::List(Vec::new()), ""),
            (["a", "b"].into_iter().collect(), "a\nb\n"),
            (Value::Map(Vec::new()), "{}\n"),
        ];
        for (value, expected) in cases {
            assert_eq!(Format::Smart.write(&value), expected);
        }
    }

    #[test]
    fn only_json_writes_null() {
        assert_eq!(Format::Json.write(&Value::Null), "null\n");
        assert_eq!(Format::Yaml.write(&Value::Null), "");
        assert_eq!(Format::Yaml.write(&"".into()), "\"\"\n");
    }
}
