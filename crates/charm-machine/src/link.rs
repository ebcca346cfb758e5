//! Symbolic links.

use std::fs;
use std::path::Path;

use crate::file_error::{FileError, On};
use crate::machine::{FileChange, Last, Machine};
use crate::place::{folder_of, kind, temporary};

/// Symbolic links.
impl Machine {
    /// Makes a symbolic link at `path` that leads to `target`, unless it does
    /// so already, and returns whether anything changed.
    ///
    /// The target need not exist, and may be relative to the link's folder. A
    /// link that leads elsewhere is replaced in one step.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::Occupied`] if something else than a link is in its
    /// place, [`FileError::NoFolder`] if its folder does not exist,
    /// [`FileError::InvalidPath`] if the path is not absolute, and
    /// [`FileError::Io`] if the system refuses.
    pub fn symlink(
        &self,
        path: impl AsRef<Path>,
        target: impl AsRef<Path>,
    ) -> Result<bool, FileError> {
        let on = On { action: "link", path: path.as_ref() };
        let target = target.as_ref();
        let place = self.place(on, Last::Itself)?;
        if let Some((_, metadata)) = self.metadata(on)? {
            if !metadata.is_symlink() {
                return Err(on.occupied(kind(&metadata)));
            }
            if fs::read_link(&place).map_err(|e| on.failed(e))? == target {
                return Ok(false);
            }
        }
        let link = temporary()
            .make_in(folder_of(&place), |path| std::os::unix::fs::symlink(target, path))
            .map_err(|e| on.not_made(e))?;
        link.persist(&place).map_err(|e| on.failed(e.error))?;
        self.note(on, FileChange::Linked { target: target.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::bench::Bench;
    use crate::machine::Machine;

    fn check(machine: &Machine, root: &Path) {
        assert!(machine.symlink("/etc/x", "../opt/a").unwrap());
        assert!(!machine.symlink("/etc/x", "../opt/a").unwrap());
        assert!(machine.symlink("/etc/x", "/opt/b").unwrap());
        assert_eq!(fs::read_link(root.join("etc/x")).unwrap(), Path::new("/opt/b"));
        machine.write("/etc/y", "").unwrap();
        insta::assert_snapshot!(machine.symlink("/etc/y", "/opt/b").unwrap_err(), @"cannot link `/etc/y`: a file is there");
        insta::assert_snapshot!(
            machine.symlink("/missing/y", "/opt/b").unwrap_err(),
            @"cannot link `/missing/y`: the folder `/missing` does not exist; make it first with `make_dir`"
        );
    }

    #[test]
    fn links_are_made_and_replaced() {
        let bench = Bench::new(&[]);
        let double = Machine::scratch();
        insta::allow_duplicates! {
            check(&bench.machine(), &bench.root("/"));
            check(&double, double.as_scratch().unwrap().root());
        }
    }

    #[test]
    fn a_double_reads_through_links_within_its_root() {
        let machine = Machine::scratch();
        machine.write("/opt/b", "inside").unwrap();
        machine.symlink("/etc/x", "/opt/b").unwrap();
        assert_eq!(machine.read("/etc/x").unwrap().as_deref(), Some("inside"));
        machine.symlink("/etc/up", "../../../../../opt").unwrap();
        machine.write("/etc/up/c", "also inside").unwrap();
        assert_eq!(machine.read("/opt/c").unwrap().as_deref(), Some("also inside"));
    }
}
