use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::operation::OperationKind;

/// Finds what to run for a hook or an action, if there is anything. The error
/// says why it cannot be run.
pub(super) fn find(charm_dir: &Path, kind: &OperationKind) -> Result<Option<PathBuf>, String> {
    if !charm_dir.join("metadata.yaml").exists() {
        return Err("charm missing from disk".to_owned());
    }
    let folder = match kind {
        OperationKind::Action { .. } => "actions",
        OperationKind::Hook(_) => "hooks",
    };
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
