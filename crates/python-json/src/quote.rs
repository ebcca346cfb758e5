//! Text as a JSON string.

use std::fmt::Write;

/// Appends `text` in quotes, with escapes for all that is not printable ASCII.
///
/// Python escapes DEL as well, though JSON does not ask for it.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing to a string succeeds");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn escapes_what_is_not_printable_ascii() {
        let mut quoted = String::new();
        quote(
            "a/<&>'~ \"\\ \u{8}\u{c}\n\r\t \0\u{1f}\u{7f} é\u{2028}\u{ffff} 😀\u{10ffff}",
            &mut quoted,
        );
        insta::assert_snapshot!(quoted, @r#""a/<&>'~ \"\\ \b\f\n\r\t \u0000\u001f\u007f \u00e9\u2028\uffff \ud83d\ude00\udbff\udfff""#);
    }
}
