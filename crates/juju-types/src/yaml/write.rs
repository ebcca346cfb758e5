//! From a tree to text.

use std::fmt::Write;

use crate::yaml::characters::is_printable;
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
    let starts_like_a_word =
        text.starts_with(|c: char| c.is_ascii_alphabetic() || "/_".contains(c));
    let is_word_with_a_meaning =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan"]
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
            c => write!(quoted, "\\u{:04X}", u32::from(c)).expect("a string takes everything"),
        }
    }
    quoted.push('"');
    quoted
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

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, Strategy, any, prop};
    use proptest::{prop_assert_eq, prop_oneof, proptest};

    use super::write;
    use crate::yaml::{Node, Scalar, Value, parse};

    #[test]
    fn writes_block_yaml_with_quotes_where_they_are_needed() {
        let (node, faults) = parse(
            r#"
empty: {list: [], map: {}, text: "", nothing: }
list: [a, [b, [c]], {d: e, f: [g]}, {}, ]
words: ["yes", "n", "1.0", "0x1F", "1:30", "2026-08-01", "- a", "a: b", "a #b", "a:b", "é", ""]
others: [yes, 0755, 1e3, ~, .inf]
lines: ["one\ntwo", "one\ntwo\n", "one\ntwo\n\n", " one\ntwo", "\none", "one\r\ntwo", "one\n\n  two"]
"a b: c": "\t\u2028\U0001F600\x7f"
"#,
        );
        assert_eq!(faults, []);
        insta::assert_snapshot!(write(&node.unwrap()), @r#"
        empty:
          list: []
          map: {}
          text: ""
          nothing:
        list:
          - a
          - - b
            - - c
          - d: e
            f:
              - g
          - {}
        words:
          - "yes"
          - "n"
          - "1.0"
          - "0x1F"
          - "1:30"
          - "2026-08-01"
          - "- a"
          - "a: b"
          - "a #b"
          - a:b
          - "é"
          - ""
        others:
          - yes
          - 0755
          - 1e3
          - ~
          - .inf
        lines:
          - |-
            one
            two
          - |
            one
            two
          - "one\ntwo\n\n"
          - " one\ntwo"
          - "\none"
          - "one\u000D\ntwo"
          - |-
            one

              two
        "a b: c": "\t\u2028😀\u007F"
        "#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn reads_back_what_it_wrote(node in node()) {
            let text = write(&node);
            let (again, faults) = parse(&text);
            prop_assert_eq!(faults, [], "{}", text);
            prop_assert_eq!(without_places(&again.unwrap()), without_places(&node), "{}", text);
        }
    }

    fn node() -> impl Strategy<Value = Node> {
        let text = prop_oneof![
            any::<String>(),
            "[ -~\n\t]{0,30}",
            "[a-z:#'\" \n-]{0,12}",
            "[yesnoYN~0-9.:_x+-]{0,5}",
        ];
        let number = "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,3})?";
        let scalar = prop_oneof![
            text.clone().prop_map(Scalar::text),
            number.prop_map(Scalar::plain),
            prop::sample::select(vec!["", "yes", "~", "null", "0755", ".inf"])
                .prop_map(Scalar::plain),
        ];
        let scalar = scalar.prop_map(|scalar| Node::new(Value::Scalar(scalar)));
        scalar.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Node::sequence),
                prop::collection::btree_map(text.clone(), inner, 0..6).prop_map(|entries| {
                    Node::mapping(entries.iter().map(|(key, value)| (&**key, value.clone())))
                }),
            ]
        })
    }

    /// Shows a tree as the YAML reader of Juju would see it.
    fn without_places(node: &Node) -> String {
        match &node.value {
            Value::Scalar(scalar) => format!("{:?}", scalar.resolve()),
            Value::Sequence(items) => {
                format!("{:?}", items.iter().map(without_places).collect::<Vec<_>>())
            }
            Value::Mapping(entries) => {
                let entries =
                    entries.iter().map(|entry| (&entry.key, without_places(&entry.value)));
                format!("{:?}", entries.collect::<Vec<_>>())
            }
        }
    }
}
