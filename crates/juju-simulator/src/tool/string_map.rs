//! The YAML of `--file`: a map of texts.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::failure::Failure;

/// Reads a map of texts from YAML. Scalars keep their text, whatever they look
/// like; null is the empty text.
pub(super) fn parse(content: &[u8]) -> Result<BTreeMap<String, String>, Failure> {
    let text = str::from_utf8(content).map_err(|_| broken("invalid UTF-8"))?;
    if let Some(control) = text.chars().find(|c| is_refused(*c)) {
        // Juju does not name it; whoever reads the log of a failed test wants to know.
        return Err(broken(&format!("control characters are not allowed: {control:?}")));
    }
    let mut nodes = Nodes { parser: Parser::new_from_str(text), anchors: BTreeMap::new() };
    let mut map = BTreeMap::new();
    match nodes.next_content()? {
        // A document without content is an empty map.
        (Event::StreamEnd | Event::DocumentEnd, _) => return Ok(map),
        (Event::MappingStart(..), _) => {}
        (Event::Scalar(text, style, ..), _) if is_null(&text, style) => return Ok(map),
        (Event::Scalar(text, ..), span) => {
            let excerpt = go_excerpt(&text);
            return Err(mismatch(&span, &format!("!!str `{excerpt}` into map[string]string")));
        }
        (Event::SequenceStart(..), span) => {
            return Err(mismatch(&span, "!!seq into map[string]string"));
        }
        _ => return Err(broken("unexpected content")),
    }
    while let Some(key) = nodes.next_text()? {
        let Some(value) = nodes.next_text()? else { break };
        map.insert(key, value);
    }
    Ok(map)
}

struct Nodes<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    anchors: BTreeMap<usize, String>,
}

impl<'a> Nodes<'a> {
    /// Returns the first event that is no beginning of stream or document.
    fn next_content(&mut self) -> Result<(Event<'a>, Span), Failure> {
        loop {
            match self.next()? {
                (Event::Nothing | Event::StreamStart | Event::DocumentStart(_), _) => {}
                event => return Ok(event),
            }
        }
    }

    /// Returns the next text of the map, or nothing at its end.
    fn next_text(&mut self) -> Result<Option<String>, Failure> {
        match self.next()? {
            (Event::MappingEnd, _) => Ok(None),
            (Event::Scalar(text, style, anchor, _), _) => {
                let text = if is_null(&text, style) { String::new() } else { text.into_owned() };
                if anchor > 0 {
                    self.anchors.insert(anchor, text.clone());
                }
                Ok(Some(text))
            }
            (Event::Alias(anchor), _) => {
                let text = self.anchors.get(&anchor).cloned();
                text.map(Some).ok_or_else(|| broken("unknown anchor"))
            }
            (Event::SequenceStart(..), span) => Err(mismatch(&span, "!!seq into string")),
            (Event::MappingStart(..), span) => Err(mismatch(&span, "!!map into string")),
            _ => Err(broken("unexpected content")),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Failure> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let line = error.marker().line();
                Err(broken(&format!("line {line}: {}", error.info())))
            }
            None => Err(broken("unexpected end of stream")),
        }
    }
}

fn is_null(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The characters that Juju's YAML does not take unless they are escaped.
fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn broken(reason: &str) -> Failure {
    Failure::failed(format!("yaml: {reason}"))
}

fn mismatch(span: &Span, what: &str) -> Failure {
    let line = span.start.line();
    broken(&format!("unmarshal errors:\n  line {line}: cannot unmarshal {what}"))
}

/// Shortens a text as Go does in its errors.
fn go_excerpt(text: &str) -> String {
    if text.chars().count() <= 10 {
        return text.to_owned();
    }
    format!("{}...", text.chars().take(7).collect::<String>())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(yaml: &str, expected: &[(&str, &str)]) {
        let map = parse(yaml.as_bytes()).unwrap();
        let pairs: Vec<(&str, &str)> =
            map.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn scalars_keep_their_text() {
        check(
            "a: 1.50\nb: true\nc: 'x: y'\nd: null\ne:\n",
            &[("a", "1.50"), ("b", "true"), ("c", "x: y"), ("d", ""), ("e", "")],
        );
        check(
            r#"{"a": "null", "b": "\u0000\u007f", "a": "later"}"#,
            &[("a", "later"), ("b", "\0\x7f")],
        );
        check("k: |\n  multi\n  line\n", &[("k", "multi\nline\n")]);
        check("a: &x 1\nb: *x\n", &[("a", "1"), ("b", "1")]);
        for empty in ["", "# nothing\n", "---\n", "{}", "null"] {
            check(empty, &[]);
        }
    }

    #[test]
    fn refuses_what_is_no_map_of_texts() {
        let refusal = |yaml: &str| parse(yaml.as_bytes()).unwrap_err().to_string();
        insta::assert_snapshot!(refusal("[1,2]\n"), @r"
        yaml: unmarshal errors:
          line 1: cannot unmarshal !!seq into map[string]string
        ");
        insta::assert_snapshot!(refusal("a: 1\nb: [x]\n"), @r"
        yaml: unmarshal errors:
          line 2: cannot unmarshal !!seq into string
        ");
        insta::assert_snapshot!(refusal("a: {b: c}"), @r"
        yaml: unmarshal errors:
          line 1: cannot unmarshal !!map into string
        ");
        insta::assert_snapshot!(refusal("only a text"), @r"
        yaml: unmarshal errors:
          line 1: cannot unmarshal !!str `only a ...` into map[string]string
        ");
        insta::assert_snapshot!(refusal("a: \u{7f}"), @r"yaml: control characters are not allowed: '\u{7f}'");
        assert!(parse(b"a: \xff").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(yaml in ".*") {
            let _ = parse(yaml.as_bytes());
        }

        #[test]
        fn reads_what_json_writes(map in prop::collection::btree_map("[a-z]{1,5}", "[ -~é]*", 0..4)) {
            let json = serde_json::to_vec(&map).unwrap();
            prop_assert_eq!(parse(&json).unwrap(), map);
        }
    }
}
