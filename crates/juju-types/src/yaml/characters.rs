//! The characters that YAML allows.

use crate::yaml::{Place, YamlFault};

/// Refuses what Juju's reader refuses and ours would let through.
pub(crate) fn refuse_control_characters(text: &str) -> Result<(), YamlFault> {
    let mut place = Place::TOP;
    for (index, c) in text.char_indices() {
        let is_byte_order_mark = c == '\u{feff}' && index == 0;
        let is_allowed = is_printable(c) || "\t\n\r\u{85}\u{2028}\u{2029}".contains(c);
        if !is_allowed && !is_byte_order_mark {
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

/// Tells whether a character may stand anywhere, and ends no line.
pub(crate) fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use crate::yaml::{Place, parse};

    #[test]
    fn refuses_control_characters_where_they_are() {
        let (node, faults) = parse("a: b\nc: \u{e9}\u{7}\u{0}\n");
        assert!(node.is_none());
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].place, Place { line: 2, column: 5 });
        insta::assert_snapshot!(faults[0].message, @"the character U+0007 is not allowed in YAML");
    }

    #[test]
    fn allows_a_byte_order_mark_at_the_start_only() {
        assert!(parse("\u{feff}a: b\n").1.is_empty());
        assert_eq!(parse("a: b\u{feff}\n").1.len(), 1);
    }
}
