//! The characters that YAML allows.

use crate::yaml::{Place, YamlFault};

/// Refuses what Juju's reader refuses and ours would let through.
pub(crate) fn refuse_control_characters(text: &str) -> Result<(), YamlFault> {
    let mut place = Place::TOP;
    for (index, c) in text.char_indices() {
        let is_byte_order_mark = c == '\u{feff}' && index == 0;
        if !is_printable(c) && !"\t\n\r".contains(c) && !is_byte_order_mark {
            return Err(YamlFault { place, path: String::new(), message: refusal(c) });
        }
        if c == '\n' {
            place = Place { line: place.line + 1, column: 1 };
        } else {
            place.column += 1;
        }
    }
    Ok(())
}

fn refusal(c: char) -> String {
    let number = u32::from(c);
    if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
        return format!(
            "the character U+{number:04X} ends a line for Juju, and not for other readers of \
             YAML; leave it out, or write `\\u{number:04x}` in double quotes"
        );
    }
    format!("the character U+{number:04X} is not allowed in YAML")
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
    fn refuses_ends_of_lines_that_readers_disagree_about() {
        let (_, faults) = parse("a: b\u{2028}c: d\n");
        insta::assert_snapshot!(
            faults[0].message,
            @r"the character U+2028 ends a line for Juju, and not for other readers of YAML; leave it out, or write `\u2028` in double quotes"
        );
        assert_eq!(parse("a: |\n  b\u{85}\n").1.len(), 1);
        assert!(parse("a: \"b\\u2028\\u0085\"\n").1.is_empty());
    }

    #[test]
    fn allows_a_byte_order_mark_at_the_start_only() {
        assert!(parse("\u{feff}a: b\n").1.is_empty());
        assert_eq!(parse("a: b\u{feff}\n").1.len(), 1);
    }
}
