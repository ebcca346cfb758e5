//! From text to a tree.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use crate::yaml::{Entry, Node, Place, Resolved, Scalar, Value, YamlFault, join_index, join_key};

/// Reads the one document of `text`.
///
/// There is no node if the text is empty, or if it cannot be read to its end;
/// then a fault says why.
pub(crate) fn parse(text: &str) -> (Option<Node>, Vec<YamlFault>) {
    let mut reader = Reader::default();
    match reader.read(text) {
        Ok(()) => (reader.root, reader.faults),
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
    repeated: usize,
}

struct Collection {
    anchor: usize,
    place: Place,
    content: Content,
}

enum Content {
    Mapping(Mapping),
    Sequence(Vec<Node>),
}

#[derive(Default)]
struct Mapping {
    entries: Vec<Entry>,
    origins: BTreeMap<String, Origin>,
    /// The key whose value comes next.
    key: Option<Key>,
}

/// Where an entry of a mapping is, and whether `<<` brought it.
struct Origin {
    index: usize,
    merged: bool,
}

struct Key {
    text: String,
    place: Place,
    merge: bool,
    duplicate: bool,
}

impl Reader {
    fn read(&mut self, text: &str) -> Result<(), YamlFault> {
        refuse_control_characters(text)?;
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| YamlFault {
                place: place_of(*error.marker()),
                path: self.path(),
                message: format!("not valid YAML: {}", error.info()),
            })?;
            self.take(event, span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlFault> {
        let place = place_of(span.start);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.fault(place, "a second document starts here; only one is read"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(text.into_owned(), style, tag.as_deref(), place);
                let node = Node { place, value: Value::Scalar(scalar) };
                if anchor != 0 {
                    self.anchors.insert(anchor, node.clone());
                }
                self.add(node)
            }
            Event::Alias(anchor) => {
                let node = self.repeat(anchor, place)?;
                self.add(node)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", place);
                self.start(anchor, place, Content::Mapping(Mapping::default()))
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", place);
                self.start(anchor, place, Content::Sequence(Vec::new()))
            }
            Event::MappingEnd | Event::SequenceEnd => self.finish(),
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, place: Place, content: Content) -> Result<(), YamlFault> {
        self.check_depth(self.open.len() + 1, place)?;
        if self.awaits_key() {
            return Err(self.fault(place, "a key must be text"));
        }
        self.open.push(Collection { anchor, place, content });
        Ok(())
    }

    fn finish(&mut self) -> Result<(), YamlFault> {
        let Some(Collection { anchor, place, content }) = self.open.pop() else { return Ok(()) };
        let value = match content {
            Content::Mapping(mapping) => Value::Mapping(mapping.entries),
            Content::Sequence(items) => Value::Sequence(items),
        };
        let node = Node { place, value };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.add(node)
    }

    /// Puts a complete node where it belongs: it may also be a key.
    fn add(&mut self, node: Node) -> Result<(), YamlFault> {
        if self.awaits_key() {
            return self.add_key(node);
        }
        let key = match self.open.last_mut().map(|collection| &mut collection.content) {
            None => {
                self.root = Some(node);
                return Ok(());
            }
            Some(Content::Sequence(items)) => {
                items.push(node);
                return Ok(());
            }
            Some(Content::Mapping(mapping)) => mapping.key.take(),
        };
        match key {
            Some(key) if key.merge && !key.duplicate => self.merge(&key, node),
            Some(key) if !key.duplicate => self.insert(key, node),
            _ => {}
        }
        Ok(())
    }

    fn add_key(&mut self, node: Node) -> Result<(), YamlFault> {
        let place = node.place;
        let Value::Scalar(scalar) = node.value else {
            return Err(self.fault(place, "a key must be text"));
        };
        let kind = match scalar.resolve() {
            Resolved::Text(_) => None,
            Resolved::Boolean(_) => Some("a boolean"),
            Resolved::Null => Some("null"),
            Resolved::Float(_) | Resolved::Int(_) | Resolved::LargeInt(_) => Some("a number"),
        };
        let text = scalar.as_str().to_owned();
        let merge = scalar.is_merge_key();
        let Some(Content::Mapping(mapping)) = self.open.last_mut().map(|open| &mut open.content)
        else {
            return Ok(());
        };
        let first = mapping
            .origins
            .get(&text)
            .filter(|origin| !origin.merged)
            .map(|origin| mapping.entries[origin.index].key_place.line);
        let duplicate = first.is_some();
        mapping.key = Some(Key { text, place, merge, duplicate });
        if let Some(line) = first {
            self.report(place, format!("the key is given twice, first on line {line}"));
        }
        if let Some(kind) = kind {
            self.report(place, format!("the key is read as {kind}; put it in quotes"));
        }
        Ok(())
    }

    fn insert(&mut self, key: Key, value: Node) {
        let Some(Content::Mapping(mapping)) = self.open.last_mut().map(|open| &mut open.content)
        else {
            return;
        };
        let entry = Entry { key: key.text.clone(), key_place: key.place, value };
        match mapping.origins.get_mut(&key.text) {
            // What `<<` brought is overridden.
            Some(origin) => {
                mapping.entries[origin.index] = entry;
                origin.merged = false;
            }
            None => {
                let index = mapping.entries.len();
                mapping.origins.insert(key.text, Origin { index, merged: false });
                mapping.entries.push(entry);
            }
        }
    }

    /// Brings in the entries of one mapping, or of each in a list of them.
    fn merge(&mut self, key: &Key, node: Node) {
        let mut disputed = Vec::new();
        let mut refused = false;
        let Some(Content::Mapping(mapping)) = self.open.last_mut().map(|open| &mut open.content)
        else {
            return;
        };
        let sources = match node.value {
            Value::Sequence(items) => items,
            _ => vec![node],
        };
        for source in sources {
            let Value::Mapping(entries) = source.value else {
                refused = true;
                continue;
            };
            for entry in entries {
                match mapping.origins.get(&entry.key) {
                    Some(Origin { merged: true, .. }) => {}
                    Some(_) => disputed.push(entry.key),
                    None => {
                        let index = mapping.entries.len();
                        mapping.origins.insert(entry.key.clone(), Origin { index, merged: true });
                        mapping.entries.push(entry);
                    }
                }
            }
        }
        let path = join_key(&self.path(), &key.text);
        if refused {
            let message = "`<<` takes a mapping, or a list of mappings".to_owned();
            self.faults.push(YamlFault { place: key.place, path: path.clone(), message });
        }
        for name in disputed {
            // The specification lets the mapping win, Juju's reader what comes last.
            let message = format!("readers disagree about `{name}`; put `<<` first");
            self.faults.push(YamlFault { place: key.place, path: path.clone(), message });
        }
    }

    fn repeat(&mut self, anchor: usize, place: Place) -> Result<Node, YamlFault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(self.fault(place, "the alias stands within what it names"));
        };
        let size = Size::of(node);
        self.check_depth(self.open.len() + size.depth, place)?;
        self.repeated = self.repeated.saturating_add(size.weight);
        if self.repeated > LARGEST_REPETITION {
            return Err(self.fault(place, "the aliases repeat too much of the text"));
        }
        Ok(node.clone())
    }

    fn scalar(
        &mut self,
        text: String,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: Place,
    ) -> Scalar {
        let is_plain = match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) if tag.handle.is_empty() => false,
            Some(tag) if is_core(tag, &["bool", "float", "int", "null"]) => true,
            tag => {
                self.check_tag(tag, "str", place);
                false
            }
        };
        if is_plain { Scalar::plain(text) } else { Scalar::text(text) }
    }

    fn check_tag(&mut self, tag: Option<&Tag>, expected: &str, place: Place) {
        if let Some(tag) = tag
            && !is_core(tag, &[expected])
        {
            let tag = if is_core(tag, &[&tag.suffix]) {
                format!("!!{}", tag.suffix)
            } else {
                tag.to_string()
            };
            self.report(place, format!("the tag `{tag}` means nothing here"));
        }
    }

    fn check_depth(&self, depth: usize, place: Place) -> Result<(), YamlFault> {
        if depth > DEEPEST {
            return Err(self.fault(place, &format!("nested deeper than {DEEPEST} levels")));
        }
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Collection { content: Content::Mapping(Mapping { key: None, .. }), .. })
        )
    }

    fn report(&mut self, place: Place, message: String) {
        self.faults.push(YamlFault { place, path: self.path(), message });
    }

    fn fault(&self, place: Place, message: &str) -> YamlFault {
        YamlFault { place, path: self.path(), message: message.to_owned() }
    }

    fn path(&self) -> String {
        self.open.iter().fold(String::new(), |path, collection| match &collection.content {
            Content::Mapping(Mapping { key: Some(key), .. }) => join_key(&path, &key.text),
            Content::Mapping(_) => path,
            Content::Sequence(items) => join_index(&path, items.len()),
        })
    }
}

/// How much a node adds where an alias repeats it.
struct Size {
    depth: usize,
    weight: usize,
}

impl Size {
    fn of(node: &Node) -> Self {
        let children: Vec<&Node> = match &node.value {
            Value::Scalar(scalar) => {
                return Self { depth: 0, weight: 1 + scalar.as_str().len() };
            }
            Value::Sequence(items) => items.iter().collect(),
            Value::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
        };
        children.into_iter().map(Self::of).fold(Self { depth: 1, weight: 1 }, |sum, child| Self {
            depth: sum.depth.max(child.depth + 1),
            weight: sum.weight + child.weight,
        })
    }
}

/// Refuses what Juju's reader refuses and ours would let through.
fn refuse_control_characters(text: &str) -> Result<(), YamlFault> {
    let mut place = Place::TOP;
    for (index, c) in text.char_indices() {
        let is_mark = c == '\u{feff}' && index > 0;
        if (c.is_control() && !"\t\n\r\u{85}".contains(c)) || is_mark || c > '\u{fffd}' && c < '\u{10000}' {
            let message = format!("the character U+{:04X} is not allowed in YAML", u32::from(c));
            return Err(YamlFault { place, path: String::new(), message });
        }
        if c == '\n' {
            place = Place { line: place.line + 1, column: 1 };
        } else {
            place.column += 1;
        }
    }
    Ok(())
}

fn is_core(tag: &Tag, suffixes: &[&str]) -> bool {
    tag.is_yaml_core_schema() && suffixes.contains(&tag.suffix.as_str())
}

fn place_of(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}
