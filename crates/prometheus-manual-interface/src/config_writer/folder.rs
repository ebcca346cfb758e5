//! A folder that files are written to.

use std::fs::File;
use std::io;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, RawMode, Stat};
use rustix::io::Errno;

use crate::config_writer::file_owner::Ids;
use crate::config_writer::write_error::WriteError;

/// A folder that files are written to, and held on to: whoever puts a link in
/// its place meanwhile does not lead us elsewhere. No link in it is followed.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    handle: OwnedFd,
}

/// Who may do what with a file or folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) mode: RawMode,
    /// Whoever we are, if it is not said.
    pub(crate) ids: Option<Ids>,
}

/// What is where a file is to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// The file, as it should be.
    Same,
    /// The file, with a wrong mode or owner.
    SameContents,
    /// Something else.
    Other,
}

impl Folder {
    /// Opens a folder, or nothing if there is none.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, WriteError> {
        Self::open_with(path, OFlags::empty())
    }

    /// Opens a folder, or nothing if there is none; a link is refused.
    pub(crate) fn open_itself(path: &Path) -> Result<Option<Self>, WriteError> {
        Self::open_with(path, OFlags::NOFOLLOW)
    }

    /// Makes a folder that nobody else can use.
    pub(crate) fn make(path: &Path) -> Result<Self, WriteError> {
        let made = change("make", path, || Ok(fs::mkdirat(CWD, path, Mode::RWXU)?));
        if let Err(WriteError::Io { source, .. }) = &made
            && source.kind() == io::ErrorKind::NotFound
        {
            let folder = path.parent().unwrap_or(path).to_owned();
            return Err(WriteError::NoFolder { folder });
        }
        made?;
        Self::open_itself(path)?.ok_or_else(|| WriteError::NoFolder { folder: path.to_owned() })
    }

    /// Gives the folder its mode and owner, if they differ.
    pub(crate) fn mend(&self, access: Access) -> Result<(), WriteError> {
        let stat = fs::fstat(&self.handle).map_err(|e| failed("look at", &self.path, e))?;
        if !access.fits(&stat) {
            give(&self.handle, &self.path, access)?;
        }
        Ok(())
    }

    /// Returns the names of what is in it, apart from those that are no UTF-8.
    pub(crate) fn names(&self) -> Result<Vec<String>, WriteError> {
        let list = || {
            let entries = Dir::read_from(&self.handle)?;
            let names = entries.map(|entry| Ok(entry?.file_name().to_owned().into_string().ok()));
            names.filter_map(Result::transpose).collect::<rustix::io::Result<Vec<_>>>()
        };
        list().map_err(|e| failed("list", &self.path, e))
    }

    /// Looks at what is where a file is to be.
    pub(crate) fn find(
        &self,
        name: &str,
        contents: &[u8],
        access: Access,
    ) -> Result<Found, WriteError> {
        let fail = |source| failed("read", &self.path.join(name), source);
        // A pipe in its place would make us wait for ever.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            Err(Errno::LOOP | Errno::NXIO) => return Ok(Found::Other),
            Err(error) => return Err(fail(error)),
        };
        let stat = fs::fstat(&file).map_err(fail)?;
        let same_size = u64::try_from(stat.st_size) == Ok(contents.len() as u64);
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || !same_size {
            return Ok(Found::Other);
        }
        let mut old = Vec::with_capacity(contents.len());
        // What grows meanwhile is not the same either.
        let mut file = File::from(file).take(contents.len() as u64 + 1);
        file.read_to_end(&mut old).map_err(|source| WriteError::Io {
            action: "read",
            path: self.path.join(name),
            source,
        })?;
        Ok(match old == contents {
            true if access.fits(&stat) => Found::Same,
            true => Found::SameContents,
            false => Found::Other,
        })
    }

    /// Tells whether there is anything of this name.
    pub(crate) fn has(&self, name: &str) -> Result<bool, WriteError> {
        match fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(failed("look at", &self.path.join(name), error)),
        }
    }

    /// Makes a file, in the place of what an earlier run has left of that name.
    ///
    /// Nobody else can read it until it has its owner.
    pub(crate) fn create(
        &self,
        name: &str,
        contents: &[u8],
        access: Access,
    ) -> Result<(), WriteError> {
        let made = self.create_file(name, contents, access);
        if made.is_err() {
            // If it stays, the next one replaces it.
            let _ = self.remove(name);
        }
        made
    }

    /// Gives a file a second name, which nothing has.
    pub(crate) fn link(&self, name: &str, other: &str) -> Result<(), WriteError> {
        change("preserve", &self.path.join(name), || {
            Ok(fs::linkat(&self.handle, name, &self.handle, other, AtFlags::empty())?)
        })
    }

    /// Gives a file another name, in the place of what has it.
    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), WriteError> {
        change("replace", &self.path.join(to), || {
            Ok(fs::renameat(&self.handle, from, &self.handle, to)?)
        })
    }

    /// Removes a file, if there is one.
    pub(crate) fn remove(&self, name: &str) -> Result<(), WriteError> {
        change("remove", &self.path.join(name), || {
            match fs::unlinkat(&self.handle, name, AtFlags::empty()) {
                Err(Errno::NOENT) => Ok(()),
                result => Ok(result?),
            }
        })
    }

    /// Has all names in it reach the disk.
    pub(crate) fn sync(&self) -> Result<(), WriteError> {
        change("sync", &self.path, || Ok(fs::fsync(&self.handle)?))
    }

    fn open_with(path: &Path, flags: OFlags) -> Result<Option<Self>, WriteError> {
        let flags = flags | OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match fs::openat(CWD, path, flags, Mode::empty()) {
            Ok(handle) => Ok(Some(Self { path: path.to_owned(), handle })),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => Err(WriteError::Occupied { path: path.to_owned() }),
            Err(error) => Err(failed("open", path, error)),
        }
    }

    fn create_file(&self, name: &str, contents: &[u8], access: Access) -> Result<(), WriteError> {
        self.remove(name)?;
        let path = self.path.join(name);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let file = change("make", &path, || Ok(fs::openat(&self.handle, name, flags, mode)?))?;
        let mut file = File::from(file);
        change("write", &path, || file.write_all(contents))?;
        give(&file, &path, access)?;
        change("sync", &path, || file.sync_all())
    }
}

impl Access {
    fn fits(self, stat: &Stat) -> bool {
        let has_ids =
            |ids: Ids| (ids.user.as_raw(), ids.group.as_raw()) == (stat.st_uid, stat.st_gid);
        stat.st_mode & 0o7777 == self.mode && self.ids.is_none_or(has_ids)
    }
}

/// Gives a file or folder its owner and its mode.
fn give(file: impl AsFd, path: &Path, access: Access) -> Result<(), WriteError> {
    // The owner first: changing it takes away some bits of the mode.
    if let Some(Ids { user, group }) = access.ids {
        change("give away", path, || Ok(fs::fchown(&file, Some(user), Some(group))?))?;
    }
    let mode = Mode::from_raw_mode(access.mode);
    change("set the mode of", path, || Ok(fs::fchmod(&file, mode)?))
}

/// Changes something on the disk: all changes go through here.
fn change<T>(
    action: &'static str,
    path: &Path,
    operation: impl FnOnce() -> io::Result<T>,
) -> Result<T, WriteError> {
    #[cfg(test)]
    let operation = || crate::config_writer::kill_point::pass().and_then(|()| operation());
    operation().map_err(|source| WriteError::Io { action, path: path.to_owned(), source })
}

fn failed(action: &'static str, path: &Path, error: Errno) -> WriteError {
    WriteError::Io { action, path: path.to_owned(), source: error.into() }
}
