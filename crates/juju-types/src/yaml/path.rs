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

/// Returns `text` on one line, without its middle if it is longer than
/// `longest` characters.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut line = String::new();
    let omitted = text.chars().count().saturating_sub(longest);
    for (index, c) in text.chars().enumerate() {
        if omitted > 0 && (longest / 2..longest / 2 + omitted).contains(&index) {
            if index == longest / 2 {
                line.push('…');
            }
        } else if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// In characters; names that mean something are shorter.
const LONGEST_KEY: usize = 80;

#[cfg(test)]
mod tests {
    use super::{join_index, join_key, printable};

    #[test]
    fn joins_keys_and_indices() {
        assert_eq!(join_key("", "bases"), "bases");
        assert_eq!(join_key(&join_index("bases", 0), "channel"), "bases[0].channel");
    }

    #[test]
    fn shows_text_on_one_line_without_its_middle() {
        assert_eq!(printable("a\tb\n\u{7f}", 80), "a\\tb\\n\\u{7f}");
        assert_eq!(printable("äbcdef", 6), "äbcdef");
        assert_eq!(printable("äbcdefg", 6), "äbc…efg");
    }
}
