//! The real machine.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::command_error::CommandError;
use crate::output::Output;
use crate::process::run_process;

/// The real machine: the file system from its root on, and the folders in
/// which programs are looked for.
#[derive(Debug)]
pub(crate) struct Host {
    root: PathBuf,
    search_path: Vec<PathBuf>,
}

/// Where a login of root on Ubuntu finds programs. Hooks may have no `PATH`,
/// and ours must not depend on whose it is.
const SEARCH_PATH: [&str; 7] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/snap/bin"];

impl Host {
    pub(crate) fn this_machine() -> Self {
        Self {
            root: PathBuf::from("/"),
            search_path: SEARCH_PATH.iter().map(PathBuf::from).collect(),
        }
    }

    /// Makes a machine of a folder and of programs, so that tests do not touch
    /// the real one.
    #[cfg(test)]
    pub(crate) fn at(root: &Path, programs: &Path) -> Self {
        Self {
            root: root.to_owned(),
            search_path: vec![programs.to_owned(), "/usr/bin".into(), "/bin".into()],
        }
    }

    pub(crate) fn locate(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    pub(crate) fn execute(&self, command: &Command) -> Result<Output, CommandError> {
        let invalid = |rule: String| CommandError::Invalid { command: command.to_string(), rule };
        if !command.folder.is_absolute() {
            return Err(invalid(format!(
                "the working directory `{}` must be an absolute path",
                command.folder.display()
            )));
        }
        let folder = self.locate(&command.folder);
        if !folder.is_dir() {
            return Err(invalid(format!(
                "the working directory `{}` does not exist",
                command.folder.display()
            )));
        }
        let program = if command.program.starts_with('/') {
            Some(PathBuf::from(&command.program)).filter(|path| path.exists())
        } else if command.program.is_empty() || command.program.contains('/') {
            return Err(invalid("the program must be a name or an absolute path".to_owned()));
        } else {
            self.search_path
                .iter()
                .map(|folder| folder.join(&command.program))
                .find(|path| is_executable(path))
        };
        let program =
            program.ok_or_else(|| CommandError::NotFound { program: command.program.clone() })?;
        let search_path: Vec<_> =
            self.search_path.iter().map(|folder| folder.to_string_lossy()).collect();
        run_process(&program, &folder, &search_path.join(":"), command)
    }
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
