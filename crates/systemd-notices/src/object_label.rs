//! One component of a D-Bus object path, as systemd makes it of any text.
//!
//! Letters and digits stay, except for a digit in front; every other byte is
//! written as `_` and two hexadecimal digits, and the empty text as `_`. (In
//! systemd's sources this is `bus_label_escape`.)

/// Writes `text` as a component of an object path.
pub(crate) fn escape(text: &str) -> String {
    if text.is_empty() {
        return "_".to_owned();
    }
    let mut label = String::with_capacity(text.len());
    for (index, byte) in text.bytes().enumerate() {
        if byte.is_ascii_alphabetic() || (byte.is_ascii_digit() && index > 0) {
            label.push(char::from(byte));
        } else {
            label.push('_');
            label.push(char::from(DIGITS[usize::from(byte >> 4)]));
            label.push(char::from(DIGITS[usize::from(byte & 0xf)]));
        }
    }
    label
}

/// Reads back what [`escape`] has written, and nothing else: two labels never
/// mean one text.
pub(crate) fn unescape(label: &str) -> Option<String> {
    let text = if label == "_" { String::new() } else { String::from_utf8(bytes(label)?).ok()? };
    (escape(&text) == label).then_some(text)
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn bytes(label: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(label.len());
    let mut rest = label.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'_' {
            digit(rest.next()?)? << 4 | digit(rest.next()?)?
        } else {
            byte
        });
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    DIGITS.iter().zip(0..).find_map(|(digit, value)| (*digit == byte).then_some(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{escape, unescape};

    #[test]
    fn writes_what_systemd_writes() {
        // `tests/machine/names.rs` compares such with a real systemd.
        for (text, label) in [
            ("389ds.service", "_3389ds_2eservice"),
            ("foo:bar.service", "foo_3abar_2eservice"),
            ("my_2evar.service", "my_5f2evar_2eservice"),
            ("app@1.service", "app_401_2eservice"),
            ("dev-disk-by\\x2duuid.device", "dev_2ddisk_2dby_5cx2duuid_2edevice"),
            ("-.mount", "_2d_2emount"),
            ("", "_"),
        ] {
            assert_eq!(escape(text), label);
            assert_eq!(unescape(label).as_deref(), Some(text));
        }
    }

    #[test]
    fn reads_nothing_that_systemd_does_not_write() {
        for label in ["a_", "a_2", "a_2E", "a_xy", "_2", "3a", "a_61", "a.b", "", "_ff", "__"] {
            assert_eq!(unescape(label), None, "{label}");
        }
    }

    proptest! {
        #[test]
        fn loses_nothing(text: String) {
            prop_assert_eq!(unescape(&escape(&text)), Some(text));
        }

        #[test]
        fn no_label_makes_it_panic(label: String) {
            if let Some(text) = unescape(&label) {
                prop_assert_eq!(escape(&text), label);
            }
        }
    }
}
