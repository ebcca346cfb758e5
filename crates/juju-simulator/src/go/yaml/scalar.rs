//! How one text is written: plain, in quotes or as a block of lines.

use std::fmt::Write as _;

use super::plain::reads_as_text;

/// Longer lines are broken at a blank.
const WIDTH: usize = 80;

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Before the `:` of a map, all on one line.
    Key,
    /// Anywhere else; further lines of the text have `indent` blanks in front.
    Value { indent: usize },
}

/// Writes a text.
pub(super) fn push(yaml: &mut String, text: &str, place: Place) {
    let content = Content::of(text);
    match place {
        Place::Value { indent } if text.contains('\n') && content.fits_a_block => {
            push_block(yaml, text, indent);
        }
        _ if text.contains('\n') || !content.fits_single_quotes || !reads_as_text(text) => {
            push_double_quoted(yaml, text, place);
        }
        _ if content.fits_plain => push_folded(yaml, text, place, "", |c| c.to_string()),
        _ => push_folded(yaml, text, place, "'", |c| {
            if c == '\'' { "''".to_owned() } else { c.to_string() }
        }),
    }
}

/// What a text contains, as far as it rules out a way of writing.
struct Content {
    fits_a_block: bool,
    fits_plain: bool,
    fits_single_quotes: bool,
}

impl Content {
    fn of(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let is_blank_at =
            |index: usize| characters.get(index).is_none_or(|c| *c == ' ' || is_break(*c));
        let unprintable = characters.iter().any(|c| !is_printable(*c));
        let outer_blank = text.starts_with(' ') || text.ends_with(' ');
        let blank_before_break =
            characters.windows(2).any(|pair| pair[0] == ' ' && is_break(pair[1]));
        let blank_after_break =
            characters.windows(2).any(|pair| is_break(pair[0]) && pair[1] == ' ');
        let indicator = text.starts_with("---")
            || text.starts_with("...")
            || characters.iter().enumerate().any(|(index, c)| match c {
                '#' if index > 0 => is_blank_at(index - 1),
                ':' => is_blank_at(index + 1),
                '?' | '-' if index == 0 => is_blank_at(1),
                _ => index == 0 && "#,[]{}&*!|>'\"%@`".contains(*c),
            });
        let has_break = characters.iter().any(|c| is_break(*c));
        Self {
            fits_a_block: !unprintable && !blank_before_break && !text.ends_with(' '),
            fits_plain: !unprintable && !outer_blank && !indicator && !has_break,
            fits_single_quotes: !unprintable
                && !blank_before_break
                && !blank_after_break
                && !has_break,
        }
    }
}

fn push_block(yaml: &mut String, text: &str, indent: usize) {
    yaml.push('|');
    if text.starts_with(|c| c == ' ' || is_break(c)) {
        yaml.push('2');
    }
    let content = text.trim_end_matches('\n');
    match text.len() - content.len() {
        0 => yaml.push('-'),
        1 if !content.is_empty() => {}
        _ => yaml.push('+'),
    }
    for line in text.split_inclusive('\n') {
        if !yaml.ends_with('\n') {
            yaml.push('\n');
        }
        if line != "\n" {
            push_indent(yaml, indent);
        }
        yaml.push_str(line);
    }
}

fn push_folded(
    yaml: &mut String,
    text: &str,
    place: Place,
    quote: &str,
    written: impl Fn(char) -> String,
) {
    yaml.push_str(quote);
    let characters: Vec<char> = text.chars().collect();
    for (index, c) in characters.iter().enumerate() {
        let is_inside = index > 0 && index + 1 < characters.len();
        let alone = is_inside && characters[index - 1] != ' ' && characters[index + 1] != ' ';
        match place {
            Place::Value { indent } if *c == ' ' && alone && column(yaml) > WIDTH => {
                yaml.push('\n');
                push_indent(yaml, indent);
            }
            _ => yaml.push_str(&written(*c)),
        }
    }
    yaml.push_str(quote);
}

fn push_double_quoted(yaml: &mut String, text: &str, place: Place) {
    yaml.push('"');
    let mut after_blank = false;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, c)) = characters.next() {
        if c == ' ' {
            match (place, characters.peek()) {
                (Place::Value { indent }, Some((_, next)))
                    if !after_blank && index > 0 && column(yaml) > WIDTH =>
                {
                    yaml.push('\n');
                    push_indent(yaml, indent);
                    if *next == ' ' {
                        yaml.push('\\');
                    }
                }
                _ => yaml.push(' '),
            }
            after_blank = true;
            continue;
        }
        after_blank = false;
        push_escaped(yaml, c);
    }
    yaml.push('"');
}

fn push_escaped(yaml: &mut String, c: char) {
    let short = match c {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ if is_printable(c) => {
            yaml.push(c);
            return;
        }
        _ => {
            let code = u32::from(c);
            let escape = match code {
                0..=0xff => write!(yaml, "\\x{code:02X}"),
                0x100..=0xffff => write!(yaml, "\\u{code:04X}"),
                _ => write!(yaml, "\\U{code:08X}"),
            };
            escape.expect("a string takes all text");
            return;
        }
    };
    // A no-break space is printable and stands for itself.
    if c == '\u{a0}' {
        yaml.push(c);
    } else {
        yaml.extend(['\\', short]);
    }
}

fn push_indent(yaml: &mut String, indent: usize) {
    yaml.extend(std::iter::repeat_n(' ', indent));
}

fn column(yaml: &str) -> usize {
    let line = yaml.rsplit('\n').next().unwrap_or_default();
    line.chars().count()
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Go's YAML takes neither a tab nor a character beyond 16 bits for printable.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut yaml = String::new();
        push(&mut yaml, text, Place::Value { indent: 2 });
        assert_eq!(yaml, expected);
    }

    #[test]
    fn leaves_quotes_out_where_it_can() {
        for text in
            ["value", "a b", "a:b", "a#b", "-a", "?a", "it's", "a, b", "http://x/?y=[z]", "é"]
        {
            check(text, text);
        }
    }

    #[test]
    fn quotes_what_would_be_read_otherwise() {
        check("", r#""""#);
        check("5432", r#""5432""#);
        check("yes", r#""yes""#);
        check("12:30:45", r#""12:30:45""#);
        check("a: b", "'a: b'");
        check("a #b", "'a #b'");
        check("- a", "'- a'");
        check("*", "'*'");
        check("'it's'", "'''it''s'''");
        check(" a", "' a'");
        check("a ", "'a '");
        check("a:", "'a:'");
        check("a\tb", r#""a\tb""#);
        check("😀", r#""\U0001F600""#);
        check("a \nb", r#""a \nb""#);
        check("\u{7f}\u{1b}\u{feff}\"\\", r#""\x7F\e\uFEFF\"\\""#);
    }

    #[test]
    fn marks_blocks_that_begin_with_a_blank_or_end_in_several_newlines() {
        check(" a\nb", "|2-\n   a\n  b");
        check("\na\n", "|2\n\n  a\n");
        check("a\n\n", "|+\n  a\n\n");
        check("\n", "|2+\n\n");
    }

    #[test]
    fn writes_a_key_on_one_line() {
        let mut yaml = String::new();
        push(&mut yaml, "a\nb", Place::Key);
        assert_eq!(yaml, r#""a\nb""#);
    }

    #[test]
    fn breaks_long_lines_at_a_blank() {
        let words = ["word"; 20].join(" ");
        let folded = format!("{}\n  {}", ["word"; 17].join(" "), ["word"; 3].join(" "));
        check(&words, &folded);
        check(&format!("{words}:"), &format!("'{folded}:'"));
        check(&format!("{words}\t"), &format!("\"{folded}\\t\""));
    }
}
