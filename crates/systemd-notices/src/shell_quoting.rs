//! Text that a shell takes for one word.

/// Quotes `text` so that a POSIX shell takes it for one word and changes
/// nothing in it.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::quoted;

    /// Lets a real bash print `text`, which it reads from its input as
    /// `juju-exec` gives it.
    fn through_bash(text: &str) -> String {
        let script = format!("printf %s {}", quoted(text));
        #[expect(clippy::disallowed_methods, reason = "the shell is the peer of this test")]
        let output = Command::new("bash").arg("-c").arg(script).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn bash_changes_nothing() {
        for text in ["", "'", "''", "a'b'", "$(id) `id` $HOME", "a\nb\\", "!!", "é *", "~", r"\x2d"]
        {
            assert_eq!(through_bash(text), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn bash_changes_no_text(text in "[^\0]{0,40}") {
            prop_assert_eq!(through_bash(&text), text);
        }
    }
}
