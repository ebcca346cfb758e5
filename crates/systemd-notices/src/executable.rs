//! A program as the unit file names it.

use std::path::Path;

/// Returns `program` as it can stand after `ExecStart=`, or `None` if systemd
/// would not start a program with such a path: it must be absolute UTF-8
/// without quotes, backslashes and control characters.
pub(crate) fn executable(program: &Path) -> Option<String> {
    let path = program.to_str().filter(|path| path.starts_with('/'))?;
    if path.contains(|c: char| c.is_control() || "'\"\\".contains(c)) {
        return None;
    }
    // The colon switches variables off: a dollar sign in the path of a program
    // can be escaped in no other way. systemd before 244 does not know it.
    let prefix = if path.contains('$') { ":" } else { "" };
    Some(format!("{prefix}\"{}\"", path.replace('%', "%%")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::executable;

    #[test]
    fn keeps_what_systemd_would_change() {
        let program = Path::new("/100% of $x é/dispatch");
        assert_eq!(executable(program).as_deref(), Some(":\"/100%% of $x é/dispatch\""));
        let program = Path::new("/charm/dispatch");
        assert_eq!(executable(program).as_deref(), Some("\"/charm/dispatch\""));
    }

    #[test]
    fn refuses_what_systemd_does_not_start() {
        for program in ["dispatch", "", "/a'b", "/a\"b", "/a\\b", "/a\nb", "/a\u{7f}"] {
            assert_eq!(executable(Path::new(program)), None, "{program:?}");
        }
    }
}
