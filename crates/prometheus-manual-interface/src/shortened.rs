//! Texts of other programs, fit to be shown.

/// Makes a text of another program fit to be shown: escaped, and not longer
/// than anybody reads.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    if chars.next().is_none() { shown } else { format!("{shown}…") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_another_program_is_escaped_and_shortened() {
        assert_eq!(shortened("a\n"), r"a\n");
        assert_eq!(shortened(&"ä".repeat(81)), format!("{}…", "ä".repeat(80)));
    }
}
