//! What a machine asks of its double.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::state::State;
use super::{Scratch, accounts, apt, mode_of, root, snap, systemctl};
use crate::command::Command;
use crate::command_error::CommandError;
use crate::machine::{FileChange, Ids, Last};
use crate::output::Output;

impl Scratch {
    /// Plays one command.
    pub(crate) fn execute(&self, command: &Command) -> Result<Output, CommandError> {
        let follow = |source| CommandError::Follow { command: command.to_string(), source };
        let line = command.to_string();
        let failure = self.store.change(|state| state.run(&line)).map_err(follow)?;
        if let Some(failure) = failure {
            return Ok(failure);
        }
        let answer = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&command.program)
            .cloned();
        if let Some(answer) = answer {
            // Outside of all locks: the answer may look at the machine itself.
            let output = answer(command);
            self.store.change(|state| state.note(format!("ran {line}"))).map_err(follow)?;
            return Ok(output);
        }
        let played =
            self.store.change(|state| play(command, state, self.store.root())).map_err(follow)?;
        played
            .ok_or_else(|| CommandError::NotFound { program: command.program.clone() })?
            .map_err(follow)
    }

    pub(crate) fn locate(&self, path: &Path, last: Last) -> io::Result<PathBuf> {
        root::resolve(self.store.root(), path, last)
    }

    pub(crate) fn ids(&self, path: &Path) -> io::Result<Ids> {
        let key = self.key(path)?;
        self.store.change(|state| state.ids(&key))
    }

    pub(crate) fn record(&self, path: &Path, change: FileChange) -> io::Result<()> {
        let key = self.key(path)?;
        let access = |ids: Option<Ids>, usual: u32| -> io::Result<String> {
            let mode = mode_of(&self.locate(path, Last::Itself)?.symlink_metadata()?);
            let mode = if mode.bits() == usual { String::new() } else { format!(", mode {mode}") };
            let owner = ids
                .filter(|ids| *ids != Ids::ROOT)
                .map(|ids| accounts::owner(self.store.root(), ids));
            Ok(mode + &owner.map(|owner| format!(", owner {owner}")).unwrap_or_default())
        };
        let removed = matches!(change, FileChange::Removed);
        let shown = path.display();
        let (line, ids) = match change {
            FileChange::Linked { target } => {
                (format!("linked {shown} to {}", target.display()), None)
            }
            FileChange::MadeFolder { ids } => {
                (format!("made folder {shown}{}", access(ids, 0o755)?), ids)
            }
            FileChange::Removed => (format!("removed {shown}"), None),
            FileChange::SetAccess { ids } => {
                (format!("set access of {shown}{}", access(ids, 0o755)?), ids)
            }
            FileChange::Wrote { ids } => (format!("wrote {shown}{}", access(ids, 0o644)?), ids),
        };
        self.store.change(|state| {
            if removed {
                state.forget_ids(&key);
            } else {
                state.set_ids(&key, ids);
            }
            state.units_outdated |= systemctl::is_unit_file(&key);
            state.note(line);
        })
    }

    /// Names a file by its path below the root, links on the way followed.
    fn key(&self, path: &Path) -> io::Result<String> {
        let place = self.locate(path, Last::Itself)?;
        Ok(Path::new("/")
            .join(place.strip_prefix(self.store.root()).unwrap_or(&place))
            .to_string_lossy()
            .into_owned())
    }
}

/// Lets the machine's own programs answer, and returns nothing if it has no
/// such program.
fn play(command: &Command, state: &mut State, root: &Path) -> Option<io::Result<Output>> {
    let arguments = command.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let played = match command.program.as_str() {
        "apt-get" => apt::apt_get(state, root, &arguments),
        "apt-mark" => Ok(apt::apt_mark(state, &arguments)),
        "dpkg" => Ok(apt::dpkg(&arguments)),
        "dpkg-query" => Ok(apt::dpkg_query(state, &arguments)),
        "groupadd" => accounts::groupadd(state, root, &arguments),
        "snap" => Ok(snap::snap(state, &arguments)),
        "systemctl" => systemctl::systemctl(state, root, &arguments),
        "useradd" => accounts::useradd(state, root, &arguments),
        "usermod" => accounts::usermod(state, root, &arguments),
        _ => return None,
    };
    let unknown = || {
        let advice = "the scratch machine does not know this call; answer it with `on_command`";
        Output::failure(64, format!("{advice}\n"))
    };
    Some(played.map(|output| output.unwrap_or_else(unknown)))
}
