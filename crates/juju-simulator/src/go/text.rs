//! How Go reads and writes texts and numbers.

use std::fmt::Write as _;

/// Writes a text as `%q` does.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            '\0'..='\x1f' | '\x7f' => {
                push_formatted(&mut quoted, format_args!("\\x{:02x}", u32::from(c)));
            }
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{feff}' => {
                push_formatted(&mut quoted, format_args!("\\u{:04x}", u32::from(c)));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes a list of texts as `%q` does, such as `["a" "b"]`.
pub(crate) fn quote_all(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(" "))
}

/// Reads a truth value as `strconv.ParseBool` does.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Writes a number as `encoding/json` does.
pub(super) fn json_number(number: f64) -> String {
    let text = shortest(number, -6..21);
    // One digit is enough for a small negative exponent there.
    match text.split_once("e-0") {
        Some((mantissa, exponent)) => format!("{mantissa}e-{exponent}"),
        None => text,
    }
}

/// Writes a number as Go's YAML does, with `strconv`'s format `g`: hence
/// `1e+06` for a million.
pub(super) fn yaml_number(number: f64) -> String {
    shortest(number, -4..6)
}

/// Writes the shortest digits that read back as `number`, with an exponent if
/// it is outside of `plain`.
fn shortest(number: f64, plain: std::ops::Range<i32>) -> String {
    let scientific = format!("{number:e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(mantissa, exponent)| Some((mantissa, exponent.parse::<i32>().ok()?)));
    match exponent {
        Some((mantissa, exponent)) if number != 0.0 && !plain.contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => number.to_string(),
    }
}

fn push_formatted(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("a string takes all text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_as_json_and_yaml_do() {
        let cases = [
            (0.0, "0", "0"),
            (8080.0, "8080", "8080"),
            (100_000.0, "100000", "100000"),
            (1_000_000.0, "1000000", "1e+06"),
            (1_234_567.0, "1234567", "1.234567e+06"),
            (0.5, "0.5", "0.5"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "0.00001", "1e-05"),
            (0.000_000_1, "1e-7", "1e-07"),
            (1e21, "1e+21", "1e+21"),
            (-2.5, "-2.5", "-2.5"),
        ];
        for (number, json, yaml) in cases {
            assert_eq!(json_number(number), json);
            assert_eq!(yaml_number(number), yaml);
        }
    }

    #[test]
    fn quotes_texts_as_go_does() {
        assert_eq!(quote("a \"b\" \\ \n\t\x01é"), r#""a \"b\" \\ \n\t\x01é""#);
        assert_eq!(quote_all(&["a".to_owned(), "b c".to_owned()]), r#"["a" "b c"]"#);
    }
}
