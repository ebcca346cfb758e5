//! Texts of other programs, fit to be shown.

/// Makes a name that another program has chosen fit to be shown: escaped, and
/// not longer than anybody reads.
pub(crate) fn shortened(name: &str) -> String {
    start_of(name, 80)
}

/// Returns the start of a text, escaped: enough to find a slip of the pen in.
///
/// It is for keys within a job, and for values of settings that have a grammar
/// and can hold no credential, such as durations. Somebody may still put a
/// credential there by mistake: then its start is told to the relation that it
/// was published in, whose units can read it anyway, and to who reads the log.
pub(crate) fn excerpt(text: &str) -> String {
    start_of(text, 40)
}

/// Returns the same within backticks.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", excerpt(text))
}

fn start_of(text: &str, longest: usize) -> String {
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(longest).flat_map(char::escape_debug).collect();
    if chars.next().is_none() { shown } else { shown + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_another_program_is_escaped_and_shortened() {
        assert_eq!(shortened("a\n"), r"a\n");
        assert_eq!(shortened(&"ä".repeat(80)), "ä".repeat(80));
        assert_eq!(shortened(&"ä".repeat(81)), format!("{}…", "ä".repeat(80)));
        assert_eq!(quoted(&"ä".repeat(41)), format!("`{}…`", "ä".repeat(40)));
    }
}
