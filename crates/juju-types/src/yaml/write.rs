//! From a tree to text.

use crate::yaml::{Node, Resolved, Scalar, Value};

/// Writes `node` as a block document that YAML 1.1 and 1.2 read alike.
pub(crate) fn write(node: &Node) -> String {
    let mut text = String::new();
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => write_block(&mut text, node, 0),
        Value::Sequence(items) if !items.is_empty() => write_block(&mut text, node, 0),
        _ => {
            write_inline(&mut text, node, 0);
            text.push('\n');
        }
    }
    text
}

/// Writes the lines of a collection that has any, from where `text` ends:
/// the first line is already indented.
fn write_block(text: &mut String, node: &Node, indent: usize) {
    match &node.value {
        Value::Mapping(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                start_line(text, indent, index);
                write_key(text, &entry.key, indent);
                write_value(text, &entry.value, indent);
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                start_line(text, indent, index);
                text.push('-');
                if is_block(item) {
                    text.push(' ');
                    write_block(text, item, indent + STEP);
                } else {
                    write_value(text, item, indent);
                }
            }
        }
        Value::Scalar(_) => write_inline(text, node, indent),
    }
}

fn start_line(text: &mut String, indent: usize, index: usize) {
    if index > 0 {
        push_indent(text, indent);
    }
}

fn write_key(text: &mut String, key: &str, indent: usize) {
    let written = if is_misread(key) { double_quoted(key) } else { key.to_owned() };
    // YAML looks no further than this for the colon.
    if written.chars().count() > 1000 {
        text.push_str("? ");
        text.push_str(&written);
        text.push('\n');
        push_indent(text, indent);
    } else {
        text.push_str(&written);
    }
    text.push(':');
}

/// Writes what follows a colon or a dash, to the end of its last line.
fn write_value(text: &mut String, node: &Node, indent: usize) {
    if is_block(node) {
        text.push('\n');
        push_indent(text, indent + STEP);
        write_block(text, node, indent + STEP);
        return;
    }
    let start = text.len();
    text.push(' ');
    write_inline(text, node, indent + STEP);
    if text.len() == start + 1 {
        text.pop();
    }
    text.push('\n');
}

/// Writes a scalar or an empty collection, without the end of its line.
fn write_inline(text: &mut String, node: &Node, indent: usize) {
    match &node.value {
        Value::Mapping(_) => text.push_str("{}"),
        Value::Sequence(_) => text.push_str("[]"),
        Value::Scalar(scalar) => write_scalar(text, scalar, indent),
    }
}

fn write_scalar(text: &mut String, scalar: &Scalar, indent: usize) {
    match scalar.resolve() {
        Resolved::Text(value) if fits_block(value) => write_literal(text, value, indent),
        Resolved::Text(value) if is_misread(value) => text.push_str(&double_quoted(value)),
        // What is no text is written as it was read: `0755` stays octal.
        _ => text.push_str(scalar.as_str()),
    }
}

fn write_literal(text: &mut String, value: &str, indent: usize) {
    text.push('|');
    if !value.ends_with('\n') {
        text.push('-');
    }
    for line in value.lines() {
        text.push('\n');
        if !line.is_empty() {
            push_indent(text, indent.max(STEP));
            text.push_str(line);
        }
    }
}

/// Tells whether `text` has several lines that a literal block keeps as they are.
fn fits_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

/// Tells whether some reader could take the plain `text` for something else.
///
/// Strict on purpose: quotes that nobody needs do no harm.
fn is_misread(text: &str) -> bool {
    let starts_like_a_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || "/_".contains(c));
    let is_word_with_a_meaning = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan",
    ]
    .contains(&text.to_ascii_lowercase().as_str());
    !starts_like_a_word
        || is_word_with_a_meaning
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || !text.chars().all(is_printable)
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c if u32::from(c) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Tells whether a character may stand unescaped, and ends no line.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn is_block(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(entries) => !entries.is_empty(),
        Value::Sequence(items) => !items.is_empty(),
        Value::Scalar(_) => false,
    }
}

fn push_indent(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// How many spaces a level is further in than the one around it.
const STEP: usize = 2;
