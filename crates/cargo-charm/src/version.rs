//! The text that `juju status` shows as the charm's version.

use std::path::Path;

use crate::{Cargo, CharmCrate, ProgramError, cargo::Program};

/// Juju shows no more of the first line.
pub(crate) const MAXIMUM_CHARACTERS: usize = 100;

/// Composes the `version` file of a charm: the version of its package and, if
/// the package is kept in git, the commit, with `.dirty` if files differ from
/// it. A `git describe` would not do: it depends on the tags and on the number
/// of objects that a clone happens to have.
pub(crate) fn version(charm: &CharmCrate) -> String {
    let mut version = charm.package_version().to_owned();
    if let Ok(commit) = commit(charm.cargo(), charm.folder()) {
        version.push('+');
        version.push_str(&commit);
    }
    version.chars().take(MAXIMUM_CHARACTERS).collect()
}

/// Asks [git](https://git-scm.com/docs). The folder may lie below a repository
/// that it is no part of, so its `Cargo.toml` must be known to git.
fn commit(cargo: &Cargo, folder: &Path) -> Result<String, ProgramError> {
    let git = |arguments: &[&str]| {
        cargo.output(Program::Git, ["--no-optional-locks"].iter().chain(arguments), folder)
    };
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let head = git(&["rev-parse", "--verify", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let mut commit: String = head.trim().chars().take(12).collect();
    if !changes.trim().is_empty() {
        commit.push_str(".dirty");
    }
    Ok(commit)
}
