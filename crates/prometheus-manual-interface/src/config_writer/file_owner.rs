//! The user and the group that own a file.

use std::fs;
use std::path::Path;

use rustix::fs::{Gid, Uid};

use crate::config_writer::write_error::WriteError;

/// The user and the group that own a file, by name.
#[derive(Clone, Debug)]
pub(crate) struct FileOwner {
    pub(crate) user: String,
    pub(crate) group: String,
}

impl FileOwner {
    /// Looks the numbers up in the files of the machine whose root this is.
    ///
    /// Asking the C library would load the host's name services into a static
    /// program.
    pub(crate) fn ids(&self, root: &Path) -> Result<Ids, WriteError> {
        let user = number(&root.join("etc/passwd"), &self.user)?
            .ok_or_else(|| WriteError::UnknownOwner { kind: "user", name: self.user.clone() })?;
        let group = number(&root.join("etc/group"), &self.group)?
            .ok_or_else(|| WriteError::UnknownOwner { kind: "group", name: self.group.clone() })?;
        Ok(Ids { user: Uid::from_raw(user), group: Gid::from_raw(group) })
    }
}

/// The numbers of an owner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    pub(crate) user: Uid,
    pub(crate) group: Gid,
}

/// Returns the number of a name, which is the third field of its line in both
/// files.
fn number(path: &Path, name: &str) -> Result<Option<u32>, WriteError> {
    let bytes = fs::read(path).map_err(|source| WriteError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    // The names of people in there may be in any coding.
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok()).flatten()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(user: &str, group: &str) -> Result<(u32, u32), String> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("etc")).unwrap();
        let passwd = "+::::::\nbroken\nprometheus:x:110:7::/:/bin/sh\nprometheus2:x:1:1::/:/\n";
        fs::write(root.path().join("etc/passwd"), passwd).unwrap();
        fs::write(root.path().join("etc/group"), "prometheus:x:118:\nbad:x:many:\n").unwrap();
        let owner = FileOwner { user: user.to_owned(), group: group.to_owned() };
        let ids = owner.ids(root.path()).map_err(|error| error.to_string())?;
        Ok((ids.user.as_raw(), ids.group.as_raw()))
    }

    #[test]
    fn is_found_by_name() {
        assert_eq!(ids("prometheus", "prometheus"), Ok((110, 118)));
    }

    #[test]
    fn says_who_is_missing() {
        let missing = |user, group| ids(user, group).unwrap_err();
        insta::assert_snapshot!(missing("prom\n", "prometheus"), @r"the machine has no user `prom\n`; add it first");
        insta::assert_snapshot!(missing("prometheus", "bad"), @"the machine has no group `bad`; add it first");
        assert!(ids("", "prometheus").is_err());
    }
}
