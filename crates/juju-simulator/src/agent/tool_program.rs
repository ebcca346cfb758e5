use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use thiserror::Error;

const NAME: &str = "juju-sim-tool";
const VARIABLE: &str = "JUJU_SIM_TOOL";

/// Finds the program that plays the hook tools: where it is `named`, or else in
/// a variable, beside the running executable or one folder up, or on `PATH`.
pub(super) fn find(named: Option<&Path>) -> Result<PathBuf, ToolProgramError> {
    if let Some(named) = named {
        return check(named)
            .ok_or_else(|| ToolProgramError { fault: Fault::Named(named.to_owned()) });
    }
    let executable = env::current_exe().ok();
    find_among(
        env::var_os(VARIABLE).as_deref(),
        executable.as_deref(),
        env::var_os("PATH").as_deref(),
    )
}

fn find_among(
    variable: Option<&OsStr>,
    executable: Option<&Path>,
    path: Option<&OsStr>,
) -> Result<PathBuf, ToolProgramError> {
    if let Some(named) = variable.filter(|named| !named.is_empty()) {
        let named = Path::new(named);
        return check(named)
            .ok_or_else(|| ToolProgramError { fault: Fault::Variable(named.to_owned()) });
    }
    // The executables of tests lie in `target/debug/deps`, one below.
    let beside =
        executable.into_iter().flat_map(|executable| executable.ancestors().skip(1).take(2));
    let on_path = path.map(env::split_paths).into_iter().flatten();
    let mut candidates =
        beside.map(Path::to_path_buf).chain(on_path).map(|folder| folder.join(NAME));
    let found = candidates.find_map(|candidate| check(&candidate));
    found.ok_or(ToolProgramError { fault: Fault::NotFound })
}

/// Links are made to the program, so its path must be absolute.
fn check(program: &Path) -> Option<PathBuf> {
    (program.is_absolute() && program.is_file()).then(|| program.to_owned())
}

/// The program that plays the hook tools is not there; the message says how to get it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{fault}")]
pub struct ToolProgramError {
    fault: Fault,
}

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Fault {
    #[error("the program `{NAME}` must be named by its absolute path, and there is none at `{}`", .0.display())]
    Named(PathBuf),
    #[error(
        "cannot find the program `{NAME}`, which plays the hook tools: in this workspace, build it \
         with `cargo build -p juju-simulator`; elsewhere, install it with `cargo install \
         juju-simulator`, or name it in the variable `{VARIABLE}`"
    )]
    NotFound,
    #[error("the variable `{VARIABLE}` must name the program `{NAME}` by its absolute path, and there is none at `{}`", .0.display())]
    Variable(PathBuf),
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn looks_beside_the_executable_one_up_and_on_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let tool = folder.path().join(NAME);
        fs::write(&tool, "").unwrap();
        let beside = folder.path().join("program");
        let below = folder.path().join("deps/test");
        let too_deep = folder.path().join("deps/deeper/test");
        for executable in [&beside, &below] {
            assert_eq!(find_among(None, Some(executable), None), Ok(tool.clone()));
        }
        assert!(find_among(None, Some(&too_deep), None).is_err());
        let path = env::join_paths([Path::new("/nonexistent"), folder.path()]).unwrap();
        assert_eq!(find_among(None, Some(&too_deep), Some(&path)), Ok(tool.clone()));
        assert_eq!(find_among(Some(tool.as_os_str()), None, None), Ok(tool));
    }

    #[test]
    fn says_how_to_get_the_program() {
        insta::assert_snapshot!(
            find_among(None, None, None).unwrap_err(),
            @"cannot find the program `juju-sim-tool`, which plays the hook tools: in this workspace, build it with `cargo build -p juju-simulator`; elsewhere, install it with `cargo install juju-simulator`, or name it in the variable `JUJU_SIM_TOOL`"
        );
        insta::assert_snapshot!(
            find_among(Some(OsStr::new("/nonexistent")), None, None).unwrap_err(),
            @"the variable `JUJU_SIM_TOOL` must name the program `juju-sim-tool` by its absolute path, and there is none at `/nonexistent`"
        );
    }
}
