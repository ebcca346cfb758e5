//! Folders.

use std::fs;
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path};

use rustix::fs::OFlags;

use crate::access::Access;
use crate::file_error::{FileError, On};
use crate::machine::{FileChange, Ids, Last, Machine};
use crate::mode::Mode;
use crate::place::{flag_bits, kind};

/// Folders, all named by absolute paths without `..`.
impl Machine {
    /// Makes a folder, with those above it, and returns whether anything
    /// changed.
    ///
    /// New folders can be read by everybody (mode `0755`); one that exists is
    /// left alone, also when a symbolic link leads to it.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::Occupied`] if something else is in the way,
    /// [`FileError::InvalidPath`] if the path is not absolute, and
    /// [`FileError::Io`] if the system refuses.
    pub fn make_dir(&self, path: impl AsRef<Path>) -> Result<bool, FileError> {
        self.make_folder(path.as_ref(), &Access::new())
    }

    /// Makes a folder of this mode and owner, or gives them to the one that
    /// exists, and returns whether anything changed.
    ///
    /// Folders above it that are missing are made as [`Self::make_dir`] does.
    /// What is in the folder keeps its modes and owners.
    ///
    /// # Errors
    ///
    /// As [`Self::make_dir`]; a symbolic link is in the way too, and
    /// [`FileError::UnknownAccount`] is returned if the machine does not know
    /// the user or the group.
    pub fn make_dir_with(
        &self,
        path: impl AsRef<Path>,
        access: impl Into<Access>,
    ) -> Result<bool, FileError> {
        self.make_folder(path.as_ref(), &access.into())
    }

    /// Removes a folder with all that is in it, and returns whether there was
    /// one.
    ///
    /// Symbolic links are removed, never followed.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::Protected`] for `/` and the folders directly below
    /// it, [`FileError::Occupied`] if it is no folder,
    /// [`FileError::InvalidPath`] if the path is not absolute, and
    /// [`FileError::Io`] if the system refuses.
    pub fn remove_tree(&self, path: impl AsRef<Path>) -> Result<bool, FileError> {
        let on = On { action: "remove", path: path.as_ref() };
        let Some((place, metadata)) = self.metadata(on)? else { return Ok(false) };
        if on.path.components().filter(|part| matches!(part, Component::Normal(_))).count() < 2 {
            return Err(FileError::Protected { path: on.path.to_owned() });
        }
        if !metadata.is_dir() {
            return Err(on.occupied(kind(&metadata)));
        }
        fs::remove_dir_all(&place).map_err(|e| on.failed(e))?;
        self.note(on, FileChange::Removed)
    }

    fn make_folder(&self, path: &Path, access: &Access) -> Result<bool, FileError> {
        let on = On { action: "make", path };
        let place = self.place(on, Last::Itself)?;
        let ids = access.owner.as_ref().map(|owner| self.ids_of(on, owner)).transpose()?;
        let named = access.mode.is_some() || ids.is_some();
        match self.metadata(on)? {
            Some((_, metadata)) if metadata.is_dir() => {
                self.set_access(on, &place, access.mode, ids)
            }
            Some((_, metadata)) if metadata.is_symlink() && !named => {
                let target = self.place(on, Last::Followed)?;
                if target.is_dir() {
                    Ok(false)
                } else {
                    Err(on.occupied("a link that leads to no folder"))
                }
            }
            Some((_, metadata)) => Err(on.occupied(kind(&metadata))),
            None => {
                if let Some(above) = path.parent() {
                    self.make_folder(above, &Access::new())?;
                }
                // Nobody else looks into it before it has its mode and owner.
                DirBuilder::new().mode(0o700).create(&place).map_err(|e| on.failed(e))?;
                let mode = access.mode.unwrap_or(Mode::new(0o755));
                self.apply_access(&place, Some(mode), ids).map_err(|e| on.failed(e))?;
                self.note(on, FileChange::MadeFolder { ids })
            }
        }
    }

    /// Gives a folder that exists its mode and owner, where they are named and
    /// differ.
    fn set_access(
        &self,
        on: On<'_>,
        place: &Path,
        mode: Option<Mode>,
        ids: Option<Ids>,
    ) -> Result<bool, FileError> {
        let metadata = place.symlink_metadata().map_err(|e| on.failed(e))?;
        let old_ids = self.ids(on.path, &metadata).map_err(|e| on.failed(e))?;
        let old_mode = Mode::new(metadata.permissions().mode() & 0o7777);
        if mode.is_none_or(|mode| mode == old_mode) && ids.is_none_or(|ids| ids == old_ids) {
            return Ok(false);
        }
        // Changing the owner takes away some bits of the mode, so set it again.
        self.apply_access(place, Some(mode.unwrap_or(old_mode)), ids).map_err(|e| on.failed(e))?;
        self.note(on, FileChange::SetAccess { ids: Some(ids.unwrap_or(old_ids)) })
    }

    fn apply_access(&self, place: &Path, mode: Option<Mode>, ids: Option<Ids>) -> io::Result<()> {
        let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY;
        let folder = OpenOptions::new().read(true).custom_flags(flag_bits(flags)).open(place)?;
        if let Some(ids) = ids {
            self.give(&folder, ids)?;
        }
        mode.map_or(Ok(()), |mode| folder.set_permissions(Permissions::from_mode(mode.bits())))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use crate::bench::Bench;
    use crate::machine::Machine;
    use crate::mode::Mode;
    use crate::owner::Owner;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn makes_the_folders_above_too() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        assert!(machine.make_dir_with("/srv/a/b", Mode::new(0o2770)).unwrap());
        assert_eq!(mode(&bench.root("/srv")), 0o755);
        assert_eq!(mode(&bench.root("/srv/a")), 0o755);
        assert_eq!(mode(&bench.root("/srv/a/b")), 0o2770);
        assert!(!machine.make_dir_with("/srv/a/b", Mode::new(0o2770)).unwrap());
    }

    #[test]
    fn an_existing_folder_keeps_its_mode_unless_one_is_named() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        machine.make_dir_with("/srv", Mode::new(0o700)).unwrap();
        assert!(!machine.make_dir("/srv").unwrap());
        assert_eq!(mode(&bench.root("/srv")), 0o700);
        assert!(machine.make_dir_with("/srv", Mode::new(0o777)).unwrap());
        assert_eq!(mode(&bench.root("/srv")), 0o777);
    }

    #[test]
    fn a_link_to_a_folder_is_a_folder_unless_it_would_be_changed() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        machine.make_dir("/run").unwrap();
        symlink("run", bench.root("/var-run")).unwrap();
        symlink("nowhere", bench.root("/dangling")).unwrap();
        assert!(!machine.make_dir("/var-run").unwrap());
        insta::assert_snapshot!(machine.make_dir_with("/var-run", Mode::new(0o700)).unwrap_err(), @"cannot make `/var-run`: a link is there");
        insta::assert_snapshot!(machine.make_dir("/dangling").unwrap_err(), @"cannot make `/dangling`: a link that leads to no folder is there");
    }

    #[test]
    fn a_file_is_in_the_way() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        machine.write("/etc/x", "").unwrap();
        insta::assert_snapshot!(machine.make_dir("/etc/x").unwrap_err(), @"cannot make `/etc/x`: a file is there");
        insta::assert_snapshot!(machine.make_dir("/etc/x/y").unwrap_err(), @"cannot make `/etc/x`: a file is there");
        insta::assert_snapshot!(machine.remove_tree("/etc/x").unwrap_err(), @"cannot remove `/etc/x`: a file is there");
    }

    #[test]
    fn a_tree_is_removed_without_following_links() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        machine.make_dir("/srv/data/deep").unwrap();
        machine.write("/etc/precious", "").unwrap();
        symlink(bench.root("/etc"), bench.root("/srv/data/deep/link")).unwrap();
        assert!(machine.remove_tree("/srv/data").unwrap());
        assert!(!machine.remove_tree("/srv/data").unwrap());
        assert!(machine.exists("/etc/precious").unwrap());
    }

    #[test]
    fn the_folders_of_the_system_are_not_removed() {
        let bench = Bench::new(&[]);
        for path in ["/", "/etc", "/etc/", "/./etc"] {
            let error = bench.machine().remove_tree(path).unwrap_err();
            assert!(
                error
                    .to_string()
                    .ends_with("it is the root or directly below it; name the folders in it")
            );
        }
        assert!(bench.root("/etc").exists());
    }

    #[test]
    fn a_double_notes_owners_and_forgets_those_of_removed_folders() {
        let machine = Machine::scratch();
        let scratch = machine.as_scratch().unwrap();
        let owner: Owner = "www-data:adm".parse().unwrap();
        machine.make_dir_with("/srv/www", owner.clone()).unwrap();
        machine.write_with("/srv/www/index", "", owner.clone()).unwrap();
        assert!(!machine.make_dir_with("/srv/www", owner.clone()).unwrap());
        assert_eq!(scratch.owner("/srv/www/index"), Some(owner));
        machine.remove_tree("/srv/www").unwrap();
        machine.make_dir("/srv/www").unwrap();
        assert_eq!(scratch.owner("/srv/www").unwrap().to_string(), "root:root");
        assert_eq!(scratch.owner("/srv/www/index"), None);
        fs::create_dir(scratch.root().join("srv/www/index")).unwrap();
        assert_eq!(scratch.owner("/srv/www/index").unwrap().to_string(), "root:root");
    }
}
