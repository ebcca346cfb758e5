//! What the Python library has left in the charm's folder.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::notices_error::NoticesError;

/// Removes the links with which the Python library has made its events hooks:
/// `hooks/service-<alias>-started` and `-stopped`, to `dispatch`, even where
/// there is no `dispatch` any more. Files are the charm's own and stay.
pub(crate) fn remove(charm: &Path) -> Result<(), NoticesError> {
    let hooks = charm.join("hooks");
    let entries = match fs::read_dir(&hooks) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(NoticesError::file("read", hooks)(error)),
    };
    for entry in entries {
        let path = entry.map_err(NoticesError::file("read", &hooks))?.path();
        if is_of_the_library(&path) {
            fs::remove_file(&path).map_err(NoticesError::file("remove", path))?;
        }
    }
    Ok(())
}

fn is_of_the_library(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_event =
        name.starts_with("service-") && (name.ends_with("-started") || name.ends_with("-stopped"));
    // Whatever is no link has no target.
    let leads_to_dispatch =
        |target: &Path| target.is_absolute() && target.file_name() == Some("dispatch".as_ref());
    is_event && fs::read_link(path).is_ok_and(|target| leads_to_dispatch(&target))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::remove;

    #[test]
    fn removes_the_links_of_the_library_alone() {
        let charm = tempfile::tempdir().unwrap();
        let hooks = charm.path().join("hooks");
        fs::create_dir(&hooks).unwrap();
        symlink(charm.path().join("dispatch"), hooks.join("service-web-started")).unwrap();
        symlink("/gone/dispatch", hooks.join("service-a-b-stopped")).unwrap();
        symlink("../dispatch", hooks.join("service-packed-started")).unwrap();
        symlink("/usr/bin/true", hooks.join("service-other-started")).unwrap();
        symlink("/gone/dispatch", hooks.join("install")).unwrap();
        fs::write(hooks.join("service-own-started"), "").unwrap();
        remove(charm.path()).unwrap();
        remove(charm.path()).unwrap();
        let names = fs::read_dir(&hooks).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.collect();
        names.sort();
        assert_eq!(
            names,
            ["install", "service-other-started", "service-own-started", "service-packed-started"]
        );
    }

    #[test]
    fn does_without_hooks() {
        let charm = tempfile::tempdir().unwrap();
        remove(charm.path()).unwrap();
        remove(&charm.path().join("none")).unwrap();
    }
}
