//! What may be told of a stranger's text.

/// How many characters of a text are told.
const LONGEST: usize = 40;

/// Returns the start of a text, escaped: enough to find a slip of the pen in.
///
/// Only keys, and values of settings that have a grammar and can hold no
/// credential, such as durations, are shown at all. Somebody may still put a
/// credential there by mistake. It comes back to its own sender only, and a
/// token or a certificate is longer than what is shown of it.
pub(crate) fn shorten(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

/// Returns the same within backticks.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", shorten(text))
}
