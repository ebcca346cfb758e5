//! The way to a node: keys and indices, as `provides.website` or `bases[0]`.

/// Returns the path of what lies at `key` below `path`.
pub(crate) fn join_key(path: &str, key: &str) -> String {
    let key = printable(key, LONGEST_KEY);
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// Returns the path of the item at `index`, counted from 0, below `path`.
pub(crate) fn join_index(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// Returns `text` on one line, cut after `longest` characters.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut short = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == longest {
            short.push('…');
            break;
        }
        if c.is_control() {
            short.extend(c.escape_default());
        } else {
            short.push(c);
        }
    }
    short
}

/// In characters; names that mean something are shorter.
const LONGEST_KEY: usize = 80;
