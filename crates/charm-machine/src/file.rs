//! Files.

use std::fs;
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::access::Access;
use crate::file_error::{FileError, On};
use crate::machine::{FileChange, Ids, Last, Machine};
use crate::mode::Mode;
use crate::place::{flag_bits, folder_of, is_missing, kind, temporary};

/// Files and folders, all named by absolute paths without `..`.
impl Machine {
    /// Writes a file unless it has these contents already, and returns whether
    /// anything changed.
    ///
    /// A new file can be read by everybody (mode `0644`); one that exists keeps
    /// its mode and owner. Name them with [`Self::write_with`].
    ///
    /// Other programs see the old file or the new one, never a part: the
    /// contents go to a hidden file in the same folder, which takes the place
    /// of the old one when it is on the disk. So hard links, access control
    /// lists and extended attributes of the old file are not kept. **A symbolic
    /// link is replaced by a file**, not followed: whoever may write into the
    /// folder cannot lead us to another file by it.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::NoFolder`] if the folder of the file does not
    /// exist, [`FileError::Occupied`] if something else than a file or a link
    /// is in its place, [`FileError::InvalidPath`] if the path is not absolute,
    /// and [`FileError::Io`] if the system refuses. In each case the old file
    /// is as it was.
    pub fn write(
        &self,
        path: impl AsRef<Path>,
        contents: impl AsRef<[u8]>,
    ) -> Result<bool, FileError> {
        self.write_file(path.as_ref(), contents.as_ref(), &Access::new())
    }

    /// Writes a file unless it has these contents, this mode and this owner
    /// already, and returns whether anything changed.
    ///
    /// Mode and owner are set before the file appears, whatever the umask is.
    /// For a secret in a folder that others may write, name both: otherwise a
    /// file that somebody put there before keeps its owner.
    ///
    /// ```
    /// use charm_machine::{Machine, Mode};
    ///
    /// let machine = Machine::scratch();
    /// assert!(machine.write_with("/etc/key", "secret", Mode::new(0o600))?);
    /// assert!(!machine.write_with("/etc/key", "secret", Mode::new(0o600))?);
    /// assert!(machine.write_with("/etc/key", "secret", Mode::new(0o640))?);
    /// # Ok::<(), charm_machine::FileError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Self::write`], and [`FileError::UnknownAccount`] if the machine
    /// does not know the user or the group.
    pub fn write_with(
        &self,
        path: impl AsRef<Path>,
        contents: impl AsRef<[u8]>,
        access: impl Into<Access>,
    ) -> Result<bool, FileError> {
        self.write_file(path.as_ref(), contents.as_ref(), &access.into())
    }

    /// Returns the contents of a text file, or nothing if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::NotUtf8`] if the contents are no text,
    /// [`FileError::Occupied`] if something else than a file is there,
    /// [`FileError::InvalidPath`] if the path is not absolute, and
    /// [`FileError::Io`] if the system refuses.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Option<String>, FileError> {
        let path = path.as_ref();
        let bytes = self.read_bytes(path)?;
        bytes
            .map(String::from_utf8)
            .transpose()
            .map_err(|_| FileError::NotUtf8 { path: path.to_owned() })
    }

    /// Returns the contents of a file, or nothing if there is none.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], without [`FileError::NotUtf8`].
    pub fn read_bytes(&self, path: impl AsRef<Path>) -> Result<Option<Vec<u8>>, FileError> {
        let path = path.as_ref();
        let on = On { action: "read", path };
        let place = self.place(on, Last::Followed)?;
        match open_unblocked(on, &place, OFlags::empty()) {
            Ok((file, _)) => read_all(file).map(Some).map_err(|e| on.failed(e)),
            Err(FileError::Io { source, .. }) if is_missing(&source) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns whether anything is at `path`: a file, a folder, a link, even
    /// one that leads nowhere.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::InvalidPath`] if the path is not absolute, and
    /// [`FileError::Io`] if the system refuses to tell.
    pub fn exists(&self, path: impl AsRef<Path>) -> Result<bool, FileError> {
        let on = On { action: "look at", path: path.as_ref() };
        Ok(self.metadata(on)?.is_some())
    }

    /// Removes a file or a symbolic link, and returns whether there was one.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::Occupied`] if it is a folder (for those there is
    /// [`Self::remove_tree`]), [`FileError::InvalidPath`] if the path is not
    /// absolute, and [`FileError::Io`] if the system refuses.
    pub fn remove(&self, path: impl AsRef<Path>) -> Result<bool, FileError> {
        let on = On { action: "remove", path: path.as_ref() };
        let Some((place, metadata)) = self.metadata(on)? else { return Ok(false) };
        if metadata.is_dir() {
            return Err(on.occupied("a folder"));
        }
        fs::remove_file(&place).map_err(|e| on.failed(e))?;
        self.note(on, FileChange::Removed)
    }

    fn write_file(&self, path: &Path, contents: &[u8], access: &Access) -> Result<bool, FileError> {
        let on = On { action: "write", path };
        let place = self.place(on, Last::Itself)?;
        let named = access.owner.as_ref().map(|owner| self.ids_of(on, owner)).transpose()?;
        let old = self.old_file(on, &place, contents)?;
        let mode = access.mode.or(old.as_ref().map(|old| old.mode)).unwrap_or(Mode::new(0o644));
        let ids = named.or(old.as_ref().map(|old| old.ids));
        if old.is_some_and(|old| old.same_contents && old.mode == mode && Some(old.ids) == ids) {
            return Ok(false);
        }
        self.replace(&place, contents, mode, ids).map_err(|e| on.not_made(e))?;
        self.note(on, FileChange::Wrote { ids })
    }

    /// Puts a file into its place, in one step and to stay.
    fn replace(
        &self,
        place: &Path,
        contents: &[u8],
        mode: Mode,
        ids: Option<Ids>,
    ) -> io::Result<()> {
        let folder = folder_of(place);
        let mut file = temporary().tempfile_in(folder)?;
        file.write_all(contents)?;
        // The owner first: changing it takes away some bits of the mode.
        if let Some(ids) = ids {
            self.give(file.as_file(), ids)?;
        }
        file.as_file().set_permissions(Permissions::from_mode(mode.bits()))?;
        file.as_file().sync_all()?;
        file.persist(place).map_err(|e| e.error)?;
        // The new name itself must reach the disk too.
        File::open(folder)?.sync_all()
    }

    /// Looks at the file that is to be replaced: nothing, if there is none or
    /// only a link.
    fn old_file(
        &self,
        on: On<'_>,
        place: &Path,
        contents: &[u8],
    ) -> Result<Option<OldFile>, FileError> {
        let Some((_, metadata)) = self.metadata(on)?.filter(|(_, metadata)| !metadata.is_symlink())
        else {
            return Ok(None);
        };
        // Asked before opening, which alone can mean something to a device.
        if !metadata.is_file() {
            return Err(on.occupied(kind(&metadata)));
        }
        let (file, metadata) = open_unblocked(on, place, OFlags::NOFOLLOW)?;
        let same_size = usize::try_from(metadata.len()) == Ok(contents.len());
        Ok(Some(OldFile {
            same_contents: same_size && read_all(file).map_err(|e| on.failed(e))? == contents,
            mode: Mode::new(metadata.permissions().mode() & 0o7777),
            ids: self.ids(on.path, &metadata).map_err(|e| on.failed(e))?,
        }))
    }
}

struct OldFile {
    same_contents: bool,
    mode: Mode,
    ids: Ids,
}

/// Opens a file to read it. A pipe that took its place in between would make
/// us wait for ever, hence the flag.
fn open_unblocked(on: On<'_>, place: &Path, flags: OFlags) -> Result<(File, Metadata), FileError> {
    let flags = flag_bits(flags | OFlags::NONBLOCK);
    let file =
        OpenOptions::new().read(true).custom_flags(flags).open(place).map_err(|e| on.failed(e))?;
    let metadata = file.metadata().map_err(|e| on.failed(e))?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(on.occupied(kind(&metadata))) }
}

fn read_all(mut file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;
    use std::thread;

    use crate::access::Access;
    use crate::bench::Bench;
    use crate::command::Command;
    use crate::machine::Machine;
    use crate::mode::Mode;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Calls what must hold for a real machine and for its double alike.
    fn on_both(check: impl Fn(&Machine, &Path)) {
        let bench = Bench::new(&[]);
        let double = Machine::scratch();
        insta::allow_duplicates! {
            check(&bench.machine(), &bench.root("/"));
            check(&double, double.as_scratch().unwrap().root());
        }
    }

    #[test]
    fn writes_only_what_differs() {
        on_both(|machine, root| {
            assert!(machine.write("/etc/x", "one").unwrap());
            let inode = root.join("etc/x").metadata().unwrap().ino();
            assert!(!machine.write("/etc/x", "one").unwrap());
            assert_eq!(root.join("etc/x").metadata().unwrap().ino(), inode);
            assert!(machine.write("/etc/x", "two").unwrap());
            assert_eq!(machine.read("/etc/x").unwrap().as_deref(), Some("two"));
        });
    }

    #[test]
    fn a_new_file_is_readable_by_all_and_an_old_one_keeps_its_mode() {
        on_both(|machine, root| {
            machine.write("/etc/x", "one").unwrap();
            assert_eq!(mode(&root.join("etc/x")), 0o644);
            fs::set_permissions(root.join("etc/x"), fs::Permissions::from_mode(0o4711)).unwrap();
            machine.write("/etc/x", "two").unwrap();
            assert_eq!(mode(&root.join("etc/x")), 0o4711);
        });
    }

    #[test]
    fn a_mode_that_differs_is_a_change() {
        on_both(|machine, root| {
            // No umask allows this mode, unless it is set explicitly.
            assert!(machine.write_with("/etc/x", "one", Mode::new(0o777)).unwrap());
            assert_eq!(mode(&root.join("etc/x")), 0o777);
            assert!(!machine.write_with("/etc/x", "one", Mode::new(0o777)).unwrap());
            assert!(machine.write_with("/etc/x", "one", Mode::new(0o600)).unwrap());
            assert_eq!(mode(&root.join("etc/x")), 0o600);
        });
    }

    #[test]
    fn an_owner_is_looked_up_in_the_machines_own_files() {
        let bench = Bench::new(&[]);
        let own = bench.root("/").metadata().unwrap();
        fs::write(bench.root("/etc/passwd"), format!("me:x:{}:0::/:/bin/sh\n", own.uid())).unwrap();
        fs::write(bench.root("/etc/group"), format!("us:x:{}:\n", own.gid())).unwrap();
        let machine = bench.machine();
        let access = Access::new().owner("me:us".parse().unwrap());
        assert!(machine.write_with("/etc/x", "one", access.clone()).unwrap());
        assert!(!machine.write_with("/etc/x", "one", access).unwrap());

        let owner: crate::owner::Owner = "me:them".parse().unwrap();
        insta::assert_snapshot!(
            machine.write_with("/etc/x", "two", owner).unwrap_err(),
            @"cannot give `/etc/x` to the group `them`: the machine has none of that name; add it first"
        );
        assert_eq!(machine.read("/etc/x").unwrap().as_deref(), Some("one"));
    }

    #[test]
    fn a_link_is_replaced_and_what_it_leads_to_is_left_alone() {
        on_both(|machine, root| {
            fs::write(root.join("etc/target"), "precious").unwrap();
            symlink("target", root.join("etc/x")).unwrap();
            assert!(machine.write("/etc/x", "precious").unwrap());
            assert!(root.join("etc/x").symlink_metadata().unwrap().is_file());
            machine.write("/etc/x", "new").unwrap();
            assert_eq!(fs::read_to_string(root.join("etc/target")).unwrap(), "precious");
        });
    }

    #[test]
    fn what_cannot_be_put_into_its_place_leaves_no_trace() {
        let bench = Bench::new(&[]);
        fs::create_dir_all(bench.root("/etc/x/full")).unwrap();
        let before = names(&bench.root("/etc"));
        bench.machine().replace(&bench.root("/etc/x"), b"new", Mode::new(0o644), None).unwrap_err();
        assert_eq!(names(&bench.root("/etc")), before);
    }

    #[test]
    fn writers_at_the_same_time_never_mix() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        let text = |writer: usize| writer.to_string().repeat(100_000);
        machine.write("/etc/x", text(0)).unwrap();
        thread::scope(|scope| {
            for writer in 1..5 {
                let machine = &machine;
                scope.spawn(move || {
                    for _ in 0..10 {
                        machine.write("/etc/x", text(writer)).unwrap();
                    }
                });
            }
            for _ in 0..100 {
                let read = machine.read("/etc/x").unwrap().unwrap();
                assert!((0..5).any(|writer| read == text(writer)));
            }
        });
        assert_eq!(names(&bench.root("/etc")), ["systemd", "x"]);
    }

    #[test]
    fn pipes_and_folders_are_neither_read_nor_replaced() {
        let bench = Bench::new(&[]);
        let machine = bench.machine();
        let pipe = bench.root("/etc/pipe");
        Machine::host().run(&Command::new("mkfifo").arg(pipe)).unwrap();
        insta::assert_snapshot!(machine.write("/etc/pipe", "").unwrap_err(), @"cannot write `/etc/pipe`: a device, pipe or socket is there");
        insta::assert_snapshot!(machine.read("/etc/pipe").unwrap_err(), @"cannot read `/etc/pipe`: a device, pipe or socket is there");
        insta::assert_snapshot!(machine.write("/etc/systemd", "").unwrap_err(), @"cannot write `/etc/systemd`: a folder is there");
        insta::assert_snapshot!(machine.read("/etc/systemd").unwrap_err(), @"cannot read `/etc/systemd`: a folder is there");
        insta::assert_snapshot!(machine.remove("/etc/systemd").unwrap_err(), @"cannot remove `/etc/systemd`: a folder is there");
        assert!(machine.remove("/etc/pipe").unwrap());
    }

    #[test]
    fn reads_nothing_where_nothing_is() {
        on_both(|machine, _| {
            assert_eq!(machine.read("/etc/missing").unwrap(), None);
            assert_eq!(machine.read_bytes("/missing/missing").unwrap(), None);
            assert!(!machine.exists("/etc/missing").unwrap());
            assert!(!machine.remove("/etc/missing").unwrap());
        });
    }

    #[test]
    fn reads_text_and_bytes() {
        on_both(|machine, _| {
            machine.write("/etc/x", [0xff, 0]).unwrap();
            assert_eq!(machine.read_bytes("/etc/x").unwrap(), Some(vec![0xff, 0]));
            insta::assert_snapshot!(machine.read("/etc/x").unwrap_err(), @"cannot read `/etc/x` as text: it is not UTF-8; use `read_bytes`");
        });
    }

    #[test]
    fn a_link_that_leads_nowhere_exists_and_can_be_removed() {
        on_both(|machine, root| {
            symlink("/nowhere", root.join("etc/x")).unwrap();
            assert!(machine.exists("/etc/x").unwrap());
            assert_eq!(machine.read("/etc/x").unwrap(), None);
            assert!(machine.remove("/etc/x").unwrap());
            assert!(!machine.exists("/etc/x").unwrap());
        });
    }

    #[test]
    fn says_what_is_wrong_with_a_path() {
        on_both(|machine, _| {
            insta::assert_snapshot!(machine.write("etc/x", "").unwrap_err(), @"invalid path `etc/x`: it must be absolute");
            insta::assert_snapshot!(machine.read("/etc/../x").unwrap_err(), @"invalid path `/etc/../x`: it must not contain `..`");
            insta::assert_snapshot!(
                machine.write("/etc/missing/x", "").unwrap_err(),
                @"cannot write `/etc/missing/x`: the folder `/etc/missing` does not exist; make it first with `make_dir`"
            );
            let error = machine.write("/etc/a\0b", "").unwrap_err();
            assert!(std::error::Error::source(&error).is_some());
        });
    }
}
