//! From text to a tree.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use crate::yaml::characters::refuse_control_characters;
use crate::yaml::open_mapping::OpenMapping;
use crate::yaml::tabs::Tabs;
use crate::yaml::{Node, Place, Scalar, Value, YamlFault, join_index, join_key};

/// Reads the one document of `text`; without any it is null.
///
/// There is no node if the text cannot be read to its end. The faults say why,
/// but there may be faults with a node as well.
pub(crate) fn parse(text: &str) -> (Option<Node>, Vec<YamlFault>) {
    let mut reader = Reader::default();
    match reader.read(text) {
        Ok(()) => {
            let null = || Node::new(Value::Scalar(Scalar::plain("")));
            (Some(reader.root.unwrap_or_else(null)), reader.faults)
        }
        Err(fault) => {
            reader.faults.push(fault);
            (None, reader.faults)
        }
    }
}

/// Deeper than any charm nests, and shallow enough for recursion.
const DEEPEST: usize = 100;

/// How much the aliases of a text may add to it: a node counts one and a
/// scalar its bytes besides. Without a limit a few lines fill the memory.
const LARGEST_REPETITION: usize = 1_000_000;

#[derive(Default)]
struct Reader {
    root: Option<Node>,
    faults: Vec<YamlFault>,
    /// The collections that are not yet complete, outermost first.
    open: Vec<Collection>,
    /// What the anchors name; a collection gets there when it is complete.
    anchors: BTreeMap<usize, Node>,
    /// How much the aliases have added so far.
    repeated: usize,
}

struct Collection {
    anchor: usize,
    place: Place,
    content: Content,
}

enum Content {
    Mapping(OpenMapping),
    Sequence(Vec<Node>),
}

impl Reader {
    fn read(&mut self, text: &str) -> Result<(), YamlFault> {
        refuse_control_characters(text)?;
        self.faults.extend(other_version(text));
        let mut tabs = Tabs::new(text);
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| {
                self.fault(place_of(*error.marker()), format!("not valid YAML: {}", error.info()))
            })?;
            match &event {
                Event::Scalar(_, ScalarStyle::Plain, ..) => {}
                Event::Scalar(..) => tabs.pass_scalar(span),
                Event::MappingStart(..) | Event::SequenceStart(..) => tabs.start_collection(span),
                Event::MappingEnd | Event::SequenceEnd => tabs.end_collection(span),
                _ => {}
            }
            self.take(event, span)?;
        }
        self.faults.extend(tabs.into_faults());
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlFault> {
        let place = place_of(span.start);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.fault(place, "a second document starts here; only one is read"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = self.is_plain(style, tag.as_deref(), place);
                let scalar = if is_plain { Scalar::plain(text) } else { Scalar::text(text) };
                self.add(anchor, Node { place, value: Value::Scalar(scalar) })
            }
            Event::Alias(anchor) => {
                let node = self.repeat(anchor, place)?;
                self.add(NO_ANCHOR, node)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", place);
                self.start(anchor, place, Content::Mapping(OpenMapping::default()))
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", place);
                self.start(anchor, place, Content::Sequence(Vec::new()))
            }
            Event::MappingEnd | Event::SequenceEnd => match self.open.pop() {
                Some(Collection { anchor, place, content }) => {
                    self.add(anchor, Node { place, value: content.into_value() })
                }
                None => Ok(()),
            },
            Event::DocumentEnd
            | Event::DocumentStart(_)
            | Event::Nothing
            | Event::StreamEnd
            | Event::StreamStart => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, place: Place, content: Content) -> Result<(), YamlFault> {
        self.check_depth(self.open.len() + 1, place)?;
        self.open.push(Collection { anchor, place, content });
        Ok(())
    }

    /// Puts a complete node where it belongs.
    fn add(&mut self, anchor: usize, node: Node) -> Result<(), YamlFault> {
        if anchor != NO_ANCHOR {
            self.anchors.insert(anchor, node.clone());
        }
        let place = node.place;
        let faults = match self.open.last_mut().map(|collection| &mut collection.content) {
            None => {
                self.root = Some(node);
                return Ok(());
            }
            Some(Content::Sequence(items)) => {
                items.push(node);
                return Ok(());
            }
            Some(Content::Mapping(mapping)) => match node.value {
                _ if mapping.key().is_some() => mapping.add_value(node),
                Value::Scalar(scalar) => mapping.add_key(&scalar, place),
                _ => return Err(self.fault(place, "a key must be text")),
            },
        };
        for message in faults {
            let fault = self.fault(place, message);
            self.faults.push(fault);
        }
        Ok(())
    }

    /// Returns what an anchor names.
    fn repeat(&mut self, anchor: usize, place: Place) -> Result<Node, YamlFault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(self.fault(place, "the alias stands within what it names"));
        };
        let (depth, weight) = size(node);
        self.check_depth(self.open.len() + depth, place)?;
        self.repeated = self.repeated.saturating_add(weight);
        if self.repeated > LARGEST_REPETITION {
            return Err(self.fault(place, "the aliases repeat too much of the text"));
        }
        Ok(Node { place, ..node.clone() })
    }

    /// Tells whether the text of a scalar alone says what it is.
    fn is_plain(&mut self, style: ScalarStyle, tag: Option<&Tag>, place: Place) -> bool {
        match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) if is_core(tag, &["bool", "float", "int", "null"]) => true,
            // `! yes` is text.
            Some(tag) if tag.handle.is_empty() => false,
            Some(_) => {
                self.check_tag(tag, "str", place);
                false
            }
        }
    }

    fn check_tag(&mut self, tag: Option<&Tag>, expected: &str, place: Place) {
        if let Some(tag) = tag
            && !is_core(tag, &[expected])
        {
            let handle = if tag.is_yaml_core_schema() { "!!" } else { &tag.handle };
            let message = format!("the tag `{handle}{}` means nothing here", tag.suffix);
            let fault = self.fault(place, message);
            self.faults.push(fault);
        }
    }

    fn check_depth(&self, depth: usize, place: Place) -> Result<(), YamlFault> {
        if depth > DEEPEST {
            return Err(self.fault(place, format!("nested deeper than {DEEPEST} levels")));
        }
        Ok(())
    }

    fn fault(&self, place: Place, message: impl Into<String>) -> YamlFault {
        let path = self.open.iter().fold(String::new(), |path, open| match &open.content {
            Content::Mapping(mapping) => match mapping.key() {
                Some(key) => join_key(&path, key),
                None => path,
            },
            Content::Sequence(items) => join_index(&path, items.len()),
        });
        YamlFault { place, path, message: message.into() }
    }
}

impl Content {
    fn into_value(self) -> Value {
        match self {
            Self::Mapping(mapping) => Value::Mapping(mapping.into_entries()),
            Self::Sequence(items) => Value::Sequence(items),
        }
    }
}

/// Returns how deep a node is nested, and how much it adds where it is repeated.
fn size(node: &Node) -> (usize, usize) {
    let children: Vec<&Node> = match &node.value {
        Value::Scalar(scalar) => return (0, 1 + scalar.as_str().len()),
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
    };
    children
        .into_iter()
        .map(size)
        .fold((1, 1), |(depth, weight), child| (depth.max(child.0 + 1), weight + child.1))
}

fn is_core(tag: &Tag, suffixes: &[&str]) -> bool {
    tag.is_yaml_core_schema() && suffixes.contains(&&*tag.suffix)
}

/// Reports a version that Juju's reader refuses and ours would take for its own.
fn other_version(text: &str) -> Option<YamlFault> {
    // Directives stand before everything but comments.
    let lines = text.trim_start_matches('\u{feff}').lines();
    let directives = lines.take_while(|line| line.is_empty() || line.starts_with(['%', '#']));
    let (version, line) = directives
        .zip(1..)
        .find_map(|(directive, line)| Some((directive.strip_prefix("%YAML")?, line)))?;
    if version.split_whitespace().next() == Some("1.1") {
        return None;
    }
    let message = "Juju reads YAML 1.1 only; leave this line out".to_owned();
    Some(YamlFault { place: Place { line, column: 1 }, path: String::new(), message })
}

fn place_of(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}

/// How the parser says that a node has no anchor.
const NO_ANCHOR: usize = 0;

#[cfg(test)]
mod tests {
    use proptest::prelude::ProptestConfig;
    use proptest::proptest;

    use super::{Place, parse};

    /// Checks what is wrong with a text that cannot be read to its end.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (node, faults) = parse(text);
        assert!(node.is_none(), "{node:?}");
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| {
                let place = fault.place;
                format!("{}:{}: {}: {}", place.line, place.column, fault.path, fault.message)
            })
            .collect();
        assert_eq!(faults.join("\n"), expected);
    }

    #[test]
    fn says_where_the_syntax_is_wrong() {
        check(
            "a:\n\tb: 1\n",
            "2:2: a: not valid YAML: tabs disallowed within this context (block indentation)",
        );
        check(
            "a: {b: c\n",
            "2:1: a: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'",
        );
        check("a: *b\n", "1:4: a: not valid YAML: while parsing node, found unknown anchor");
    }

    #[test]
    fn refuses_a_second_document() {
        check("a: b\n---\nc: d\n", "2:1: : a second document starts here; only one is read");
    }

    #[test]
    fn refuses_other_versions_of_yaml() {
        let (_, faults) = parse("# a charm\n%YAML 1.2\n---\na: b\n");
        assert_eq!(faults[0].place, Place { line: 2, column: 1 });
        insta::assert_snapshot!(faults[0].message, @"Juju reads YAML 1.1 only; leave this line out");
        assert!(parse("%YAML 1.1 # as Juju\n---\na: b\n").1.is_empty());
        assert!(parse("a: |\n %YAML 1.2\n").1.is_empty());
    }

    #[test]
    fn refuses_keys_that_are_collections() {
        check("? [a]\n: b\n", "1:3: : a key must be text");
    }

    #[test]
    fn refuses_deep_nesting_however_it_is_written() {
        let depth = 100_000;
        for text in ["- ".repeat(depth), "? ".repeat(depth)] {
            assert!(parse(&text).0.is_none());
        }
        check(&"[".repeat(depth), "1:256: : not valid YAML: recursion limit exceeded");
        let links = (1..=100).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1));
        let chain = format!("a0: &a0 x\n{}", links.collect::<String>());
        check(&chain, "101:14: a100[0]: nested deeper than 100 levels");
    }

    #[test]
    fn refuses_aliases_that_grow_without_measure() {
        let tenfold = |n: u32| vec![format!("*a{n}"); 10].join(", ");
        let stages = (1..=30).map(|n| format!("a{n}: &a{n} [{}]\n", tenfold(n - 1)));
        let bomb = format!("a0: &a0 lol\n{}", stages.collect::<String>());
        check(&bomb, "7:15: a6[1]: the aliases repeat too much of the text");
        check("a: &a [*a]\n", "1:8: a[0]: the alias stands within what it names");
    }

    #[test]
    fn reads_long_scalars() {
        let long = "x".repeat(10_000_000);
        for text in
            [format!("a: {long}\n"), format!("a: \"{long}\"\n"), format!("a: |\n  {long}\n")]
        {
            assert!(parse(&text).1.is_empty());
        }
    }

    #[test]
    fn takes_no_notice_of_tags_that_change_nothing() {
        let (node, faults) = parse("!!map\na: !!str 1\nb: ! yes\nc: !!int 1\nd: !!seq [e]\n");
        assert!(faults.is_empty());
        assert_eq!(crate::yaml::write(&node.unwrap()), "a: \"1\"\nb: \"yes\"\nc: 1\nd:\n  - e\n");
    }

    #[test]
    fn reports_other_tags() {
        let (_, faults) = parse("a: !secret b\nc: !!set {}\nd: !!binary aGk=\n");
        let messages: Vec<_> = faults.iter().map(|fault| &*fault.message).collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        the tag `!secret` means nothing here
        the tag `!!set` means nothing here
        the tag `!!binary` means nothing here
        ");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(text in "(?s).{0,200}", yaml in "[-?:,\\[\\]{}#&*!|>'\"%@` \\n\\tab0-]{0,60}") {
            parse(&text);
            parse(&yaml);
        }
    }
}
