//! Regular expressions that Prometheus can read.

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassSet, ClassSetItem, ClassUnicode, ClassUnicodeKind, Flag, Flags,
    FlagsItemKind, GroupKind, HexLiteralKind, Literal, LiteralKind, RepetitionKind,
    RepetitionRange,
};

use crate::shortened::quoted;

/// How many bytes an expression may have. It also keeps alternatives such as
/// `a|aa|aaa`, which Go nests, far from Go's limit of nesting.
const LONGEST: usize = 16 * 1024;

/// How deep groups and repetitions may be nested; Go's limit is 1000.
const DEEPEST: u32 = 50;

/// How often something may be repeated by counts, nested counts multiplied.
const MOST_REPEATED: u32 = 1000;

/// Categories and scripts that Go knows by these names: the categories, and the
/// scripts that people use.
const UNICODE_CLASSES: &str = "C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No \
    P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs \
    Arabic Armenian Cyrillic Devanagari Georgian Greek Han Hangul Hebrew Hiragana Katakana Latin Thai";

/// Returns roughly how many instructions Go's matcher has for an expression.
///
/// It must be one that Go's [`regexp/syntax`] reads. It is parsed as Rust's
/// `regex` would, and what Go 1.19 does not know is refused. Some of what Go
/// knows is refused as well:
///
/// - `\Q…\E`, `\C`, octal escapes, classes such as `\p{^Greek}` and rare scripts,
/// - a literal `{`, or `[` within brackets, that is not escaped,
/// - `&&`, `--` and `~~` within brackets, and escapes of surrogates,
/// - `null` and `~`, which Prometheus's YAML reader takes for nothing at all,
///   quoted or not.
///
/// [`regexp/syntax`]: https://pkg.go.dev/regexp/syntax
pub(crate) fn size(text: &str) -> Result<usize, String> {
    if text.len() > LONGEST {
        return Err(format!("a regular expression must not be longer than {LONGEST} bytes"));
    }
    let refuse =
        |rule: &str| format!("{} is no regular expression for Prometheus: {rule}", quoted(text));
    if matches!(text, "null" | "~") {
        return Err(refuse("its YAML reader takes it for nothing"));
    }
    let ast = ParserBuilder::new().nest_limit(DEEPEST).build().parse(text);
    let ast = ast.map_err(|error| refuse(&error.kind().to_string()))?;
    measure(&ast, MOST_REPEATED).map_err(refuse)
}

/// Returns the size of a part, which may be repeated so many times.
fn measure(ast: &Ast, repeats: u32) -> Result<usize, &'static str> {
    match ast {
        Ast::Empty(_) | Ast::Dot(_) | Ast::ClassPerl(_) => Ok(1),
        Ast::Flags(set) => flags(&set.flags),
        Ast::Literal(one) => literal(one),
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText
            | AssertionKind::WordBoundary
            | AssertionKind::NotWordBoundary => Ok(1),
            _ => Err("only `\\b` and `\\B` are boundaries of words"),
        },
        Ast::ClassUnicode(class) => unicode_class(class),
        Ast::ClassBracketed(class) => class_set(&class.kind),
        Ast::Repetition(repetition) => {
            if matches!(*repetition.ast, Ast::Repetition(_)) {
                return Err("a repetition must not be repeated without a group");
            }
            let times = match repetition.op.kind {
                RepetitionKind::Range(
                    RepetitionRange::Exactly(times) | RepetitionRange::AtLeast(times),
                ) => times,
                RepetitionKind::Range(RepetitionRange::Bounded(_, most)) => most,
                _ => 1,
            };
            if times > repeats {
                return Err("nothing may be repeated more than 1000 times");
            }
            let times = times.max(1);
            let size = measure(&repetition.ast, repeats / times)?;
            Ok((size + 1).saturating_mul(times as usize))
        }
        Ast::Group(group) => {
            match &group.kind {
                GroupKind::CaptureIndex(_) => {}
                GroupKind::CaptureName { starts_with_p: false, .. } => {
                    return Err("a group is named with `(?P<`");
                }
                GroupKind::CaptureName { name, .. } => {
                    if !name.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                        return Err("the name of a group must be letters, digits and `_`");
                    }
                }
                GroupKind::NonCapturing(set) => {
                    flags(set)?;
                }
            }
            Ok(measure(&group.ast, repeats)?.saturating_add(2))
        }
        Ast::Alternation(alternation) => measure_all(&alternation.asts, repeats),
        Ast::Concat(concat) => measure_all(&concat.asts, repeats),
    }
}

fn measure_all(asts: &[Ast], repeats: u32) -> Result<usize, &'static str> {
    asts.iter().try_fold(1_usize, |sum, ast| {
        Ok(sum.saturating_add(measure(ast, repeats)?).saturating_add(1))
    })
}

fn flags(flags: &Flags) -> Result<usize, &'static str> {
    let knows = |kind: &FlagsItemKind| match kind {
        FlagsItemKind::Negation => true,
        FlagsItemKind::Flag(flag) => matches!(
            flag,
            Flag::CaseInsensitive | Flag::MultiLine | Flag::DotMatchesNewLine | Flag::SwapGreed
        ),
    };
    if flags.items.iter().all(|item| knows(&item.kind)) {
        Ok(0)
    } else {
        Err("the flags are `i`, `m`, `s` and `U`")
    }
}

fn literal(literal: &Literal) -> Result<usize, &'static str> {
    match literal.kind {
        LiteralKind::HexFixed(HexLiteralKind::X) | LiteralKind::HexBrace(HexLiteralKind::X) => {
            Ok(1)
        }
        LiteralKind::HexFixed(_) | LiteralKind::HexBrace(_) | LiteralKind::Octal => {
            Err("a character is escaped as `\\x7F` or `\\x{10FFFF}`")
        }
        LiteralKind::Verbatim
        | LiteralKind::Meta
        | LiteralKind::Superfluous
        | LiteralKind::Special(_) => Ok(1),
    }
}

fn unicode_class(class: &ClassUnicode) -> Result<usize, &'static str> {
    let is_known = |name: &str| UNICODE_CLASSES.split_whitespace().any(|known| known == name);
    let fits = match &class.kind {
        ClassUnicodeKind::OneLetter(letter) => is_known(letter.encode_utf8(&mut [0; 4])),
        ClassUnicodeKind::Named(name) => is_known(name),
        ClassUnicodeKind::NamedValue { .. } => false,
    };
    if fits { Ok(1) } else { Err("the Unicode class is unknown") }
}

fn class_set(set: &ClassSet) -> Result<usize, &'static str> {
    match set {
        ClassSet::Item(item) => class_item(item),
        ClassSet::BinaryOp(_) => Err("classes have no `&&`, `--` and `~~`"),
    }
}

fn class_item(item: &ClassSetItem) -> Result<usize, &'static str> {
    match item {
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Perl(_) => Ok(1),
        ClassSetItem::Literal(one) => literal(one),
        ClassSetItem::Range(range) => literal(&range.start).and(literal(&range.end)),
        ClassSetItem::Unicode(class) => unicode_class(class),
        ClassSetItem::Bracketed(_) => Err("`[` must be escaped within brackets"),
        ClassSetItem::Union(union) => {
            union.items.iter().try_for_each(|item| class_item(item).map(drop)).map(|()| 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::size;

    #[track_caller]
    fn refusal(text: &str) -> String {
        size(text).unwrap_err()
    }

    #[test]
    fn takes_what_go_takes() {
        for text in [
            "",
            "(.*)",
            "a|b|",
            "(?i:x)",
            "(?P<name>[[:alpha:]_-]+)",
            r"\d+\.\w\s\S",
            "[]a]",
            "[^]a-]",
            r"\pL\p{Greek}\PN",
            r"\x7f\x{10FFFF}",
            r"\Aa\z",
            "a{2,}?",
            "(a{10}){100}",
            "(?Us)a",
            r"[\]\-\\]",
            r"__meta_kubernetes_service_label_(.+)",
            r"([^:]+)(?::\d+)?;(\d+)",
            "größe",
        ] {
            assert!(size(text).is_ok(), "{text:?}: {:?}", size(text));
        }
    }

    #[test]
    fn says_why_an_expression_is_refused() {
        insta::assert_snapshot!(refusal("(a"), @"`(a` is no regular expression for Prometheus: unclosed group");
        insta::assert_snapshot!(
            refusal("~"),
            @"`~` is no regular expression for Prometheus: its YAML reader takes it for nothing"
        );
        insta::assert_snapshot!(
            refusal("(?x)a"),
            @"`(?x)a` is no regular expression for Prometheus: the flags are `i`, `m`, `s` and `U`"
        );
        insta::assert_snapshot!(
            refusal("a**"),
            @"`a**` is no regular expression for Prometheus: a repetition must not be repeated without a group"
        );
        insta::assert_snapshot!(
            refusal("(a{100}){11}"),
            @"`(a{100}){11}` is no regular expression for Prometheus: nothing may be repeated more than 1000 times"
        );
        insta::assert_snapshot!(
            refusal("(?<n>a)"),
            @"`(?<n>a)` is no regular expression for Prometheus: a group is named with `(?P<`"
        );
        insta::assert_snapshot!(
            refusal("(?P<n.m>a)"),
            @"`(?P<n.m>a)` is no regular expression for Prometheus: the name of a group must be letters, digits and `_`"
        );
        insta::assert_snapshot!(
            refusal(r"\u0041"),
            @r"`\\u0041` is no regular expression for Prometheus: a character is escaped as `\x7F` or `\x{10FFFF}`"
        );
        insta::assert_snapshot!(
            refusal(r"\b{start}"),
            @r"`\\b{start}` is no regular expression for Prometheus: only `\b` and `\B` are boundaries of words"
        );
        insta::assert_snapshot!(
            refusal(r"\p{Emoji}"),
            @r"`\\p{Emoji}` is no regular expression for Prometheus: the Unicode class is unknown"
        );
        insta::assert_snapshot!(
            refusal("[a&&b]"),
            @"`[a&&b]` is no regular expression for Prometheus: classes have no `&&`, `--` and `~~`"
        );
        insta::assert_snapshot!(
            refusal("[a[b]]"),
            @"`[a[b]]` is no regular expression for Prometheus: `[` must be escaped within brackets"
        );
        insta::assert_snapshot!(
            refusal(&"a".repeat(16 * 1024 + 1)),
            @"a regular expression must not be longer than 16384 bytes"
        );
    }

    #[test]
    fn refuses_what_go_does_not_know() {
        for text in [
            "*",
            "a{1001}",
            "(?=a)",
            r"(a)\1",
            r"\<a\>",
            r"\U0001F600",
            "a)(b",
            r"\",
            "[b-a]",
            "[a",
            r"\8",
            "(?R)a",
            "a{2}{3}",
            "null",
            "(?P<a>b)(?P<a>c)",
            "x{3,2}",
            r"\b{start-half}",
        ] {
            assert!(size(text).is_err(), "{text:?}");
        }
        refusal(&format!("{}a{}", "(".repeat(60), ")".repeat(60)));
    }

    #[test]
    fn counts_repetitions_into_the_size() {
        assert!(size(".{1000}").unwrap() >= 1000);
        assert!(size("((a|b){10}c){100}").unwrap() >= 2000);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn takes_any_text_without_panic(text in r"[a-c(){}\[\]|*+?.\\^$,0-9:<>P&~-]*") {
            let _ = size(&text);
        }
    }
}
