//! A scalar, and what Juju takes it for.

/// The text of a scalar, and whether the text alone says what it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Scalar {
    text: String,
    /// Neither quoted nor a block nor tagged as a string: then `yes` is a
    /// boolean and `1` a number.
    plain: bool,
}

/// What a scalar means in YAML 1.1, as Juju's reader takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Resolved<'a> {
    Boolean(bool),
    Float(f64),
    Int(i64),
    /// A whole number beyond the range of the signed ones.
    LargeInt(u64),
    Null,
    Text(&'a str),
}

impl Scalar {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), plain: true }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), plain: false }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Tells whether this, as a key, brings in the entries of another mapping.
    pub(crate) fn is_merge_key(&self) -> bool {
        self.plain && self.text == "<<"
    }

    pub(crate) fn resolve(&self) -> Resolved<'_> {
        if self.plain { resolve_plain(&self.text) } else { Resolved::Text(&self.text) }
    }
}

fn resolve_plain(text: &str) -> Resolved<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Boolean(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Boolean(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Resolved::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return Resolved::Text(text);
    }
    let digits = text.replace('_', "");
    if let Some(number) = parse_integer(&digits) {
        return number;
    }
    match digits.parse() {
        Ok(float) if is_decimal(&digits) => Resolved::Float(float),
        _ => Resolved::Text(text),
    }
}

/// Reads a whole number with the prefixes of Go and C: `0x`, `0b`, `0o`, `0`.
fn parse_integer(text: &str) -> Option<Resolved<'static>> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => ("", &text[1..]),
        b'-' => ("-", &text[1..]),
        _ => ("", text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(digits) = lower.strip_prefix("0x") {
        (16, digits)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        (2, digits)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (8, digits)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    // Rust would accept a second sign here.
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix)
        .map(Resolved::Int)
        .or_else(|_| u64::from_str_radix(&format!("{sign}{digits}"), radix).map(Resolved::LargeInt))
        .ok()
}

/// Tells whether a number is written in decimal digits with at most one point
/// and an exponent: Rust also reads `infinity`.
fn is_decimal(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{
        Resolved::{self, Boolean, Float, Int, LargeInt, Null, Text},
        Scalar,
    };

    #[test]
    fn takes_plain_scalars_for_what_juju_takes_them() {
        let check = |text: &str, expected: Resolved<'_>| {
            assert_eq!(Scalar::plain(text).resolve(), expected, "{text}");
        };
        check("", Null);
        check("~", Null);
        check("nULL", Text("nULL"));
        check("yes", Boolean(true));
        check("Off", Boolean(false));
        check("y", Boolean(true));
        check("yEs", Text("yEs"));
        check("0", Int(0));
        check("-12", Int(-12));
        check("+1_000", Int(1000));
        check("0x1F", Int(31));
        check("0755", Int(493));
        check("0o17", Int(15));
        check("-0b11", Int(-3));
        check("9223372036854775808", LargeInt(9_223_372_036_854_775_808));
        check("18446744073709551616", Float(18_446_744_073_709_551_616.0));
        check("08", Float(8.0));
        check("1.", Float(1.0));
        check(".5", Float(0.5));
        check("-1.5e3", Float(-1500.0));
        check("24.04", Float(24.04));
        check("-.inf", Float(f64::NEG_INFINITY));
        check("-", Text("-"));
        check(".", Text("."));
        check("--1", Text("--1"));
        check("0x", Text("0x"));
        check("0x-1", Text("0x-1"));
        check("1.2.3", Text("1.2.3"));
        check("10G", Text("10G"));
        check("1-3", Text("1-3"));
        check("1:30", Text("1:30"));
        check("+infinity", Text("+infinity"));
        check("2026-08-01", Text("2026-08-01"));
        check("infinity", Text("infinity"));
        assert!(matches!(Scalar::plain(".NaN").resolve(), Float(float) if float.is_nan()));
    }

    #[test]
    fn takes_quoted_scalars_for_text() {
        assert_eq!(Scalar::text("yes").resolve(), Text("yes"));
        assert_eq!(Scalar::text("").resolve(), Text(""));
    }
}
