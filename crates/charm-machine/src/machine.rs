//! The machine that a charm works on: the real one, or a double.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::command::Command;
use crate::command_error::CommandError;
use crate::file_error::FileError;
use crate::host::Host;
use crate::output::Output;
use crate::scratch::Scratch;

/// The machine that a charm works on.
///
/// [`Machine::host`] is the real one; [`Machine::scratch`] is a double for
/// tests, on which the same calls change nothing but a folder. Clones are the
/// same machine.
///
/// ```
/// use charm_machine::Machine;
///
/// fn configure(machine: &Machine) -> Result<(), Box<dyn std::error::Error>> {
///     machine.apt().install(["prometheus-node-exporter"])?;
///     if machine.write("/etc/default/prometheus-node-exporter", "ARGS=--collector.wifi\n")? {
///         machine.restart("prometheus-node-exporter")?;
///     }
///     Ok(())
/// }
///
/// let machine = Machine::scratch();
/// machine.as_scratch().expect("this is one").provide_any_package();
/// configure(&machine)?;
/// assert!(machine.is_active("prometheus-node-exporter")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Machine {
    place: Arc<Place>,
}

/// Where the work is done: the only difference between a real machine and its
/// double.
#[derive(Debug)]
enum Place {
    Host(Host),
    Scratch(Scratch),
}

impl Machine {
    /// Returns the machine that this program runs on.
    pub fn host() -> Self {
        Self { place: Arc::new(Place::Host(Host::this_machine())) }
    }

    /// Makes a double in a temporary folder, which goes away with the last
    /// clone.
    ///
    /// # Panics
    ///
    /// Panics if the folder cannot be made.
    pub fn scratch() -> Self {
        Self { place: Arc::new(Place::Scratch(Scratch::temporary())) }
    }

    /// Opens the double that lives below `folder`, or makes it there.
    ///
    /// Its whole state is in files (see [`Scratch`]), so that several programs,
    /// one after the other or at the same time, see one machine.
    ///
    /// # Errors
    ///
    /// Returns [`FileError::InvalidPath`] if `folder` is not absolute, and
    /// [`FileError::Io`] if it cannot be written.
    pub fn scratch_at(folder: impl AsRef<Path>) -> Result<Self, FileError> {
        let folder = folder.as_ref();
        if !folder.is_absolute() {
            return Err(FileError::InvalidPath {
                path: folder.to_owned(),
                rule: "it must be absolute",
            });
        }
        let scratch = Scratch::at(folder).map_err(|source| FileError::Io {
            action: "make a scratch machine in",
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self { place: Arc::new(Place::Scratch(scratch)) })
    }

    /// Returns the double behind this machine, to prepare it and to look into
    /// it, or nothing if this is a real machine.
    pub fn as_scratch(&self) -> Option<&Scratch> {
        match &*self.place {
            Place::Host(_) => None,
            Place::Scratch(scratch) => Some(scratch),
        }
    }

    #[cfg(test)]
    pub(crate) fn with_host(host: Host) -> Self {
        Self { place: Arc::new(Place::Host(host)) }
    }

    /// Runs a program, whatever its exit code: the one seam to programs.
    pub(crate) fn execute(&self, command: &Command) -> Result<Output, CommandError> {
        match &*self.place {
            Place::Host(host) => host.execute(command),
            Place::Scratch(scratch) => scratch.execute(command),
        }
    }

    /// Returns where the operating system finds what the machine calls `path`.
    pub(crate) fn locate(&self, path: &Path, last: Last) -> io::Result<PathBuf> {
        match &*self.place {
            Place::Host(host) => Ok(host.locate(path)),
            Place::Scratch(scratch) => scratch.locate(path, last),
        }
    }

    /// Returns who owns what lies at `path`.
    pub(crate) fn ids(&self, path: &Path, metadata: &Metadata) -> io::Result<Ids> {
        match &*self.place {
            Place::Host(_) => Ok(Ids::of(metadata)),
            Place::Scratch(scratch) => scratch.ids(path),
        }
    }

    /// Gives a file that is not in its place yet to its owner.
    pub(crate) fn give(&self, file: &File, ids: Ids) -> io::Result<()> {
        match &*self.place {
            Place::Host(_) if Ids::of(&file.metadata()?) == ids => Ok(()),
            Place::Host(_) => fchown(file, Some(ids.user), Some(ids.group)),
            // Only root may give files away; `record` notes the owner instead.
            Place::Scratch(_) => Ok(()),
        }
    }

    /// Lets a double note what was changed at `path`.
    pub(crate) fn record(&self, path: &Path, change: FileChange) -> io::Result<()> {
        match &*self.place {
            Place::Host(_) => Ok(()),
            Place::Scratch(scratch) => scratch.record(path, change),
        }
    }

    /// Waits, for somebody else to let go of something.
    pub(crate) fn pause(&self, duration: Duration) {
        match &*self.place {
            Place::Host(_) => thread::sleep(duration),
            // Nobody else is at work there.
            Place::Scratch(_) => {}
        }
    }
}

/// What to do with a symbolic link at the end of a path.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Last {
    Followed,
    Itself,
}

/// The numbers of the user and the group that own a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ids {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

impl Ids {
    pub(crate) const ROOT: Self = Self { user: 0, group: 0 };

    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self { user: metadata.uid(), group: metadata.gid() }
    }
}

/// A change to a file or folder, for a double to note.
pub(crate) enum FileChange {
    Linked { target: PathBuf },
    MadeFolder { ids: Option<Ids> },
    Removed,
    SetAccess { ids: Option<Ids> },
    Wrote { ids: Option<Ids> },
}
