use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::HookContext;
use crate::in_process::InProcess;
use crate::operation::OperationKind;

/// What an operation runs.
#[derive(Debug)]
pub(super) enum Program {
    /// A file of the charm.
    File(PathBuf),
    /// The charm, which is a function.
    Function(InProcess),
    /// A shell that is fed with this text.
    Shell(String),
}

impl Program {
    /// Finds what to run, if there is anything. The error says why it cannot
    /// be run.
    pub(super) fn find(
        context: &HookContext<'_>,
        charm_dir: &Path,
        function: Option<&InProcess>,
    ) -> Result<Option<Self>, String> {
        match (context.commands(), function) {
            (_, Some(charm)) if context.is_for_charm() => Ok(Some(Self::Function(charm.clone()))),
            (Some(text), _) => Ok(Some(Self::Shell(text))),
            (None, _) => Ok(find_file(charm_dir, &context.kind)?.map(Self::File)),
        }
    }
}

fn find_file(charm_dir: &Path, kind: &OperationKind) -> Result<Option<PathBuf>, String> {
    if !charm_dir.join("metadata.yaml").exists() {
        return Err("charm missing from disk".to_owned());
    }
    let folder = if matches!(kind, OperationKind::Action { .. }) { "actions" } else { "hooks" };
    let candidates = [charm_dir.join("dispatch"), charm_dir.join(folder).join(kind.to_string())];
    let Some(program) = candidates.into_iter().find(|candidate| candidate.exists()) else {
        return Ok(None);
    };
    if !is_executable(&program) {
        return Err(format!("exec: \"{}\": permission denied", program.display()));
    }
    Ok(Some(program))
}

fn is_executable(program: &Path) -> bool {
    fs::metadata(program)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
