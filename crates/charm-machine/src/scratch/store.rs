//! The folder in which a scratch machine is kept.

use std::fs;
use std::fs::{File, OpenOptions};
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::root;
use super::state::State;

/// The folder in which a scratch machine is kept, and all that is remembered
/// of it.
pub(super) struct Store {
    folder: PathBuf,
    root: PathBuf,
}

impl Store {
    /// Opens the folder, or makes it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let store = Self { folder: folder.to_owned(), root: folder.join("root") };
        fs::create_dir_all(folder)?;
        let _lock = store.lock()?;
        if !folder.join(STATE).exists() {
            root::furnish(&store.root)?;
            State::default().save(&folder.join(STATE))?;
        }
        Ok(store)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the state, lets it change, and writes it back, while nobody else
    /// does.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        let _lock = self.lock()?;
        let file = self.folder.join(STATE);
        let before = State::load(&file)?;
        let mut state = before.clone();
        let result = change(&mut state);
        self.append(COMMANDS, &std::mem::take(&mut state.new_commands))?;
        self.append(CHANGES, &std::mem::take(&mut state.new_changes))?;
        if state != before {
            state.save(&file)?;
        }
        Ok(result)
    }

    pub(super) fn changes(&self) -> io::Result<Vec<String>> {
        self.lines(CHANGES)
    }

    pub(super) fn commands(&self) -> io::Result<Vec<String>> {
        self.lines(COMMANDS)
    }

    /// Keeps other threads and processes out until it is dropped.
    fn lock(&self) -> io::Result<File> {
        let lock = OpenOptions::new().create(true).append(true).open(self.folder.join("lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    fn append(&self, name: &str, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let text: String = lines.iter().map(|line| line.replace('\n', "\\n") + "\n").collect();
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(name))?
            .write_all(text.as_bytes())
    }

    fn lines(&self, name: &str) -> io::Result<Vec<String>> {
        match fs::read_to_string(self.folder.join(name)) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

const CHANGES: &str = "changes.txt";
const COMMANDS: &str = "commands.txt";
const STATE: &str = "state.json";
