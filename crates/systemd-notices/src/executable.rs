//! A program as the unit file names it.

use std::path::Path;

/// A program as the unit file names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Executable {
    /// The path, in which systemd takes nothing for one of its specifiers.
    path: String,
}

impl Executable {
    /// Takes the path of a program, or returns `None` if systemd would not
    /// start one with such a path: it must be absolute UTF-8 without quotes,
    /// backslashes and control characters.
    pub(crate) fn new(program: &Path) -> Option<Self> {
        let path = program.to_str().filter(|path| path.starts_with('/'))?;
        if path.contains(|c: char| c.is_control() || "'\"\\".contains(c)) {
            return None;
        }
        Some(Self { path: path.replace('%', "%%") })
    }

    /// Returns it as it can stand after `ConditionPathExists=`, which takes
    /// the whole line.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns it as it can stand after `ExecStart=`.
    pub(crate) fn word(&self) -> String {
        // The colon switches variables off: a dollar sign in the path of a
        // program can be escaped in no other way. systemd before 244 does not
        // know it.
        let prefix = if self.path.contains('$') { ":" } else { "" };
        format!("{prefix}\"{}\"", self.path)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Executable;

    #[test]
    fn keeps_what_systemd_would_change() {
        let program = Executable::new(Path::new("/100% of $x é/dispatch")).unwrap();
        assert_eq!(program.word(), ":\"/100%% of $x é/dispatch\"");
        assert_eq!(program.path(), "/100%% of $x é/dispatch");
        let program = Executable::new(Path::new("/charm/dispatch")).unwrap();
        assert_eq!(program.word(), "\"/charm/dispatch\"");
    }

    #[test]
    fn refuses_what_systemd_does_not_start() {
        for program in ["dispatch", "", "/a'b", "/a\"b", "/a\\b", "/a\nb", "/a\u{7f}"] {
            assert_eq!(Executable::new(Path::new(program)), None, "{program:?}");
        }
    }
}
