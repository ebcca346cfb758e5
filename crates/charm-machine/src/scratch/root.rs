//! The files of a scratch machine.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use crate::machine::Last;

/// The folders that a charm may expect on an empty machine.
const FOLDERS: [&str; 19] = [
    "etc/apt/sources.list.d",
    "etc/cron.d",
    "etc/default",
    "etc/logrotate.d",
    "etc/sudoers.d",
    "etc/sysctl.d",
    "etc/systemd/system",
    "home",
    "opt",
    "root",
    "run",
    "srv",
    "tmp",
    "usr/bin",
    "usr/lib/systemd/system",
    "usr/local/bin",
    "usr/share/keyrings",
    "var/lib",
    "var/log",
];

const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
";

const GROUP: &str = "\
root:x:0:
adm:x:4:
www-data:x:33:
ssl-cert:x:110:
nogroup:x:65534:
";

/// Makes the files of an empty machine.
pub(super) fn furnish(root: &Path) -> io::Result<()> {
    for folder in FOLDERS {
        make_folder(root, Path::new(folder))?;
    }
    put_file(root, "etc/passwd", PASSWD)?;
    put_file(root, "etc/group", GROUP)
}

/// Writes a file that does not come from the charm, with the usual mode
/// whatever the umask is, and makes the folders above it.
pub(super) fn put_file(root: &Path, path: &str, contents: &str) -> io::Result<()> {
    let path = Path::new(path.trim_start_matches('/'));
    make_folder(root, path.parent().unwrap_or(path))?;
    fs::write(root.join(path), contents)?;
    fs::set_permissions(root.join(path), Permissions::from_mode(0o644))
}

fn make_folder(root: &Path, path: &Path) -> io::Result<()> {
    let folder = root.join(path);
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_folder(root, above)?;
    }
    fs::create_dir(&folder)?;
    fs::set_permissions(&folder, Permissions::from_mode(0o755))
}

/// Returns where a path of the machine lies below `root`.
///
/// Symbolic links are followed by hand: an absolute one means the machine's
/// root, and none leads out of it.
pub(super) fn resolve(root: &Path, path: &Path, last: Last) -> io::Result<PathBuf> {
    let mut left: VecDeque<OsString> = names(path);
    let mut place = PathBuf::new();
    let mut links = 0;
    while let Some(name) = left.pop_front() {
        if name == ".." {
            place.pop();
            continue;
        }
        let here = root.join(&place).join(&name);
        let followed = !left.is_empty() || last == Last::Followed;
        match fs::read_link(&here) {
            Ok(target) if followed => {
                links += 1;
                if links > 40 {
                    return Err(io::Error::other("too many symbolic links"));
                }
                if target.is_absolute() {
                    place = PathBuf::new();
                }
                for name in names(&target).into_iter().rev() {
                    left.push_front(name);
                }
            }
            _ => place.push(name),
        }
    }
    Ok(root.join(place))
}

fn names(path: &Path) -> VecDeque<OsString> {
    let name = |part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::CurDir | Component::Prefix(_) | Component::RootDir => None,
    };
    path.components().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::resolve;
    use crate::machine::Last;

    #[test]
    fn no_link_leads_out_of_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("etc/a")).unwrap();
        symlink("/etc", root.join("absolute")).unwrap();
        symlink("../../../../etc/a", root.join("etc/relative")).unwrap();
        let resolved = |path: &str, last| resolve(root, Path::new(path), last).unwrap();
        assert_eq!(resolved("/absolute/passwd", Last::Itself), root.join("etc/passwd"));
        assert_eq!(resolved("/etc/relative/x", Last::Itself), root.join("etc/a/x"));
        assert_eq!(resolved("/etc/relative", Last::Itself), root.join("etc/relative"));
        assert_eq!(resolved("/etc/relative", Last::Followed), root.join("etc/a"));
    }

    #[test]
    fn links_in_a_circle_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        symlink("/b", folder.path().join("a")).unwrap();
        symlink("/a", folder.path().join("b")).unwrap();
        assert!(resolve(folder.path(), Path::new("/a"), Last::Followed).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_path_leads_out_of_the_machine(path in "[a./]{0,20}", target in "[a./]{1,20}") {
            let folder = tempfile::tempdir().unwrap();
            symlink(target, folder.path().join("a")).unwrap();
            if let Ok(place) = resolve(folder.path(), Path::new(&path), Last::Followed) {
                let below = place.strip_prefix(folder.path()).unwrap();
                prop_assert!(below.components().all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }
}
