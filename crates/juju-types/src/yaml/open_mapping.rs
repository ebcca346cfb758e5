//! A mapping that is being read.

use std::collections::BTreeMap;

use crate::yaml::{Entry, Node, Place, Resolved, Scalar, Value};

/// A mapping of which not all entries are read yet.
#[derive(Default)]
pub(crate) struct OpenMapping {
    entries: Vec<Entry>,
    origins: BTreeMap<String, Origin>,
    /// The key whose value comes next.
    key: Option<Key>,
}

/// Where an entry is, and whether `<<` brought it.
struct Origin {
    index: usize,
    is_merged: bool,
}

struct Key {
    text: String,
    place: Place,
    is_duplicate: bool,
    is_merge: bool,
}

impl OpenMapping {
    /// Returns the key whose value comes next.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_ref().map(|key| &*key.text)
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Takes a key, and returns what is wrong with it.
    pub(crate) fn add_key(&mut self, scalar: &Scalar, place: Place) -> Vec<String> {
        let mut faults = Vec::new();
        let first = self.origins.get(scalar.as_str()).filter(|origin| !origin.is_merged);
        if let Some(first) = first {
            let line = self.entries[first.index].key_place.line;
            faults.push(format!("the key is given twice, first on line {line}"));
        }
        let kind = match scalar.resolve() {
            Resolved::Text(_) => None,
            Resolved::Boolean(_) => Some("a boolean"),
            Resolved::Null => Some("null"),
            Resolved::Float(_) | Resolved::Int(_) | Resolved::LargeInt(_) => Some("a number"),
        };
        if let Some(kind) = kind {
            faults.push(format!("the key is read as {kind}; put it in quotes"));
        }
        self.key = Some(Key {
            text: scalar.as_str().to_owned(),
            place,
            is_duplicate: first.is_some(),
            is_merge: scalar.is_merge_key(),
        });
        faults
    }

    /// Takes the value of the last key, and returns what is wrong with it.
    pub(crate) fn add_value(&mut self, value: Node) -> Vec<String> {
        match self.key.take() {
            Some(key) if key.is_merge => self.merge(value),
            Some(key) if !key.is_duplicate => {
                self.insert(Entry { key: key.text, key_place: key.place, value });
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn insert(&mut self, entry: Entry) {
        // What `<<` brought before is overridden.
        if let Some(origin) = self.origins.get_mut(&entry.key) {
            origin.is_merged = false;
            self.entries[origin.index] = entry;
        } else {
            self.append(entry, false);
        }
    }

    /// Brings in the entries of one mapping, or of each in a list of them.
    fn merge(&mut self, node: Node) -> Vec<String> {
        let mut faults = Vec::new();
        let sources = match node.value {
            Value::Sequence(items) => items,
            _ => vec![node],
        };
        for source in sources {
            let Value::Mapping(entries) = source.value else {
                faults.push("`<<` takes a mapping, or a list of mappings".to_owned());
                continue;
            };
            for entry in entries {
                match self.origins.get(&entry.key) {
                    None => self.append(entry, true),
                    Some(origin) if origin.is_merged => {}
                    // The specification prefers what stands in the mapping
                    // itself, Juju's reader what comes last.
                    Some(_) => faults.push(format!(
                        "readers of YAML disagree about `{}`; put `<<` before it",
                        entry.key
                    )),
                }
            }
        }
        faults
    }

    fn append(&mut self, entry: Entry, is_merged: bool) {
        let index = self.entries.len();
        self.origins.insert(entry.key.clone(), Origin { index, is_merged });
        self.entries.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::{parse, write};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (node, faults) = parse(text);
        let faults =
            faults.iter().map(|fault| format!("{}: {}\n", fault.place.line, fault.message));
        let answer = std::iter::once(write(&node.unwrap())).chain(faults).collect::<String>();
        assert_eq!(answer, expected);
    }

    #[test]
    fn keeps_the_first_of_two_equal_keys() {
        check("a: 1\nb: 2\na: 3\n", "a: 1\nb: 2\n3: the key is given twice, first on line 1\n");
    }

    #[test]
    fn merges_mappings_in_before_what_overrides_them() {
        check("<<: {a: 1, b: 2}\nb: 3\n", "a: 1\nb: 3\n");
        check("<<: [{a: 1}, {a: 2, b: 2}]\n", "a: 1\nb: 2\n");
        check("\"<<\": {a: 1}\n", "\"<<\":\n  a: 1\n");
    }

    #[test]
    fn refuses_merges_that_readers_disagree_about() {
        check(
            "b: 3\n<<: {b: 2}\n",
            "b: 3\n2: readers of YAML disagree about `b`; put `<<` before it\n",
        );
        check("<<: [1]\n", "{}\n1: `<<` takes a mapping, or a list of mappings\n");
    }

    #[test]
    fn refuses_keys_that_are_no_text() {
        check("on: 1\n", "\"on\": 1\n1: the key is read as a boolean; put it in quotes\n");
        check("1.5: 1\n", "\"1.5\": 1\n1: the key is read as a number; put it in quotes\n");
        check("~: 1\n", "\"~\": 1\n1: the key is read as null; put it in quotes\n");
    }
}
