//! Tabs at the start of a line.

use std::ops::RangeInclusive;

use saphyr_parser::Span;

use crate::yaml::{Place, YamlFault};

/// Finds the tabs that Juju's reader refuses and ours would let through: those
/// at the start of a line, even of an empty line or a comment.
pub(crate) struct Tabs<'a> {
    lines: Vec<&'a str>,
    /// Lines that start within quotes, within a block of text or within
    /// brackets, where tabs are allowed; in order, and none within another.
    exempt: Vec<RangeInclusive<usize>>,
    /// The lines on which the collections start that are not yet complete.
    open: Vec<usize>,
}

impl<'a> Tabs<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { lines: text.lines().collect(), exempt: Vec::new(), open: Vec::new() }
    }

    /// Takes note of a scalar in quotes or in a block.
    pub(crate) fn pass_scalar(&mut self, span: Span) {
        self.allow(span.start.line(), span.end.line());
    }

    /// Takes note of where a collection starts, with or without brackets.
    pub(crate) fn start_collection(&mut self, span: Span) {
        self.open.push(span.start.line());
    }

    /// Takes note of where the last collection ends.
    pub(crate) fn end_collection(&mut self, span: Span) {
        // Without brackets there is nothing at the end.
        let has_brackets = !span.is_empty();
        if let Some(start) = self.open.pop()
            && has_brackets
        {
            self.allow(start, span.end.line());
        }
    }

    /// Allows tabs on the lines that start after a line, up to another one.
    fn allow(&mut self, after: usize, last: usize) {
        while self.exempt.pop_if(|lines| *lines.start() > after).is_some() {}
        self.exempt.push(after + 1..=last);
    }

    /// Returns what is wrong, when all of the text has been read.
    pub(crate) fn into_faults(self) -> impl Iterator<Item = YamlFault> {
        self.lines.into_iter().zip(1..).filter_map(move |(text, line)| {
            let tab = text.find(|c| c != ' ').filter(|index| text[*index..].starts_with('\t'))?;
            let next = self.exempt.partition_point(|lines| *lines.end() < line);
            if self.exempt.get(next).is_some_and(|lines| lines.contains(&line)) {
                return None;
            }
            let place = Place { line, column: tab + 1 };
            let message = "a line must not start with a tab; use blanks".to_owned();
            Some(YamlFault { place, path: String::new(), message })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::{Place, parse};

    #[track_caller]
    fn check(text: &str, expected: &[(usize, usize)]) {
        let (_, faults) = parse(text);
        let expected: Vec<_> =
            expected.iter().map(|(line, column)| Place { line: *line, column: *column }).collect();
        let places: Vec<_> = faults.iter().map(|fault| fault.place).collect();
        assert_eq!(places, expected, "{text:?} {faults:?}");
    }

    #[test]
    fn refuses_tabs_before_comments_and_on_empty_lines() {
        check("a:\n\t# c\n  b: d\n", &[(2, 1)]);
        check("- a\n\t\n- b\n  \t\n", &[(2, 1), (4, 3)]);
        check("\t\na: b\n", &[(1, 1)]);
        check("a:\n  \tb: c\n", &[(2, 3)]);
        let (_, faults) = parse("\t\n");
        insta::assert_snapshot!(faults[0].message, @"a line must not start with a tab; use blanks");
    }

    #[test]
    fn allows_tabs_within_text_and_brackets() {
        check("a: \"b\n \tc\"\nd: e\n", &[]);
        check("a: |\n  b\n  \tc\nd: e\n", &[]);
        check("a: [b,\n\tc, {d:\n\te}]\nf: g\n", &[]);
        check("a: &x\n  [b,\n\tc]\nd: !!seq [b,\n\tc]\ne: [[b], f: g,\n\tc]\n", &[]);
        check("a: b \t# c\n", &[]);
    }

    #[test]
    fn refuses_tabs_after_text_and_brackets() {
        check("a: |\n  b\nc: [d,\n\te]\n\t# f\ng: h\n", &[(5, 1)]);
        check("a: \"b\n  c\"\n\t# f\ng: h\n", &[(3, 1)]);
        check("a: &x\n  b: &y [c]\n\t# f\n", &[(3, 1)]);
    }
}
