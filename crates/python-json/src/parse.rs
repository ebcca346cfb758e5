//! From text to a value.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::float::Float;
use crate::value::Value;

/// How many levels of lists and maps a value may have, read or written.
pub const DEPTH_LIMIT: usize = 128;

/// The text is no [`Value`]; the message says where and why.
///
/// It does not quote the text, which may be secret.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid JSON at line {line} column {column}: {rule}")]
pub struct ParseValueError {
    line: usize,
    /// In characters, from 1.
    column: usize,
    rule: &'static str,
}

pub(crate) fn parse(text: &str) -> Result<Value, ParseValueError> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.document();
    value.map_err(|rule| {
        let before = &text[..parser.at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ParseValueError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            rule,
        }
    })
}

/// Reads a text once, from left to right. A fault lies where it stands then.
struct Parser<'a> {
    text: &'a str,
    /// In bytes, always between two characters.
    at: usize,
}

const NOT_FINITE: &str = "only finite numbers can be kept";

type Parsed<T> = Result<T, &'static str>;

impl<'a> Parser<'a> {
    fn document(&mut self) -> Parsed<Value> {
        let value = self.value(DEPTH_LIMIT)?;
        self.skip_space();
        if self.at < self.text.len() { Err("nothing may follow the value") } else { Ok(value) }
    }

    fn value(&mut self, levels: usize) -> Parsed<Value> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(inner(levels)?).map(Value::Object),
            Some(b'[') => self.array(inner(levels)?).map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-') if self.text[self.at..].starts_with("-Infinity") => Err(NOT_FINITE),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, levels: usize) -> Parsed<BTreeMap<String, Value>> {
        let mut object = BTreeMap::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(object);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err("a key in double quotes must stand here");
            }
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err("`:` must follow a key");
            }
            object.insert(key, self.value(levels)?);
            self.skip_space();
            if self.take(b'}') {
                return Ok(object);
            }
            if !self.take(b',') {
                return Err("`,` or `}` must stand here");
            }
        }
    }

    fn array(&mut self, levels: usize) -> Parsed<Vec<Value>> {
        let mut array = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(array);
        }
        loop {
            array.push(self.value(levels)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(array);
            }
            if !self.take(b',') {
                return Err("`,` or `]` must stand here");
            }
        }
    }

    fn string(&mut self) -> Parsed<String> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let plain = self.take_while(|b| b != b'"' && b != b'\\' && b >= b' ');
            string.push_str(plain);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err("a control character must be escaped"),
                None => return Err("the string does not end"),
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let c = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err("there is no such escape"),
        };
        self.at += 2;
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Parsed<char> {
        let first = self.code_unit(self.at).ok_or("four hexadecimal digits must follow `\\u`")?;
        // None if the second one belongs to a character of its own.
        let pair = [first, self.code_unit(self.at + 6).unwrap_or_default()];
        match char::decode_utf16(pair).next() {
            Some(Ok(c)) => {
                self.at += 6 * c.len_utf16();
                Ok(c)
            }
            _ => Err("half of a surrogate pair is no character"),
        }
    }

    /// Returns the number in an escape such as `\u00e9`.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        // The parser of numbers takes a sign as well.
        let is_hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hexadecimal { u16::from_str_radix(digits, 16).ok() } else { None }
    }

    fn number(&mut self) -> Parsed<Value> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && self.digits().is_empty() {
            return Err("a digit must follow `-`");
        }
        let end_of_integer = self.at;
        if self.take(b'.') && self.digits().is_empty() {
            return Err("a digit must follow the point");
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'-') || self.take(b'+');
            if self.digits().is_empty() {
                return Err("a digit must stand in the exponent");
            }
        }
        let number = &self.text[start..self.at];
        if self.at == end_of_integer {
            return match number.parse() {
                Ok(integer) => Ok(Value::Integer(integer)),
                Err(_) => Err("the integer has more digits than the 4300 that Python takes"),
            };
        }
        let number: f64 = number.parse().map_err(|_| "this is no number")?;
        Float::try_from(number)
            .map(Value::Float)
            .map_err(|_| "the number is too large for a float of 64 bits")
    }

    fn word(&mut self) -> Parsed<Value> {
        let start = self.at;
        let value = match self.take_while(|b| b.is_ascii_alphabetic()) {
            "null" => return Ok(Value::Null),
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "Infinity" | "NaN" => Err(NOT_FINITE),
            _ => Err("a value must stand here"),
        };
        self.at = start;
        value
    }

    fn digits(&mut self) -> &'a str {
        self.take_while(|b| b.is_ascii_digit())
    }

    fn skip_space(&mut self) {
        self.take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes bytes up to one that is not accepted, which must be ASCII.
    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|b| !accept(b)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

fn inner(levels: usize) -> Parsed<usize> {
    levels.checked_sub(1).ok_or("it is nested more than 128 levels deep")
}
