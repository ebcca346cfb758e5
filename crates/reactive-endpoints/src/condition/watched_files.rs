//! Files whose changes handlers wait for.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use python_json::HashType;
use thiserror::Error;

use crate::handler::handler_id::HandlerId;
use crate::run::Run;
use crate::state::data_digest::hash_of;

/// Files whose changes handlers wait for.
///
/// A change counts as seen only when every handler that was due because of it
/// has succeeded: each is shown the change, whoever runs first. One that was not
/// due, because its condition wants something else as well, does not count.
#[derive(Debug)]
pub(crate) struct WatchedFiles {
    run: Rc<Run>,
    /// The digests that each handler was shown in this run, and whether it has
    /// succeeded with them.
    shown: RefCell<BTreeMap<(HandlerId, PathBuf), Shown>>,
}

#[derive(Clone, Debug)]
struct Shown {
    digest: Option<String>,
    /// Whether the handler was due in this run, or would have been but for what
    /// another one did before its turn.
    was_due: bool,
    is_done: bool,
}

impl WatchedFiles {
    pub(crate) fn new(run: Rc<Run>) -> Self {
        Self { run, shown: RefCell::default() }
    }

    /// Tells whether a handler has not yet seen one of the files as it is now.
    pub(crate) fn any_changed(&self, handler: HandlerId, files: &[PathBuf]) -> bool {
        let mut any = false;
        // All of them: each is acknowledged as it was shown.
        for file in files {
            any |= self.has_changed(handler, file);
        }
        any
    }

    /// Tells whether a file is not as it was when a handler succeeded with it
    /// in this run.
    pub(crate) fn have_news(&self, handler: HandlerId, files: &[PathBuf]) -> bool {
        let is_done = |file: &PathBuf| {
            let shown = self.shown.borrow();
            shown.get(&(handler, file.clone())).is_some_and(|shown| shown.is_done)
        };
        files.iter().any(|file| is_done(file) && self.has_changed(handler, file))
    }

    /// Notes that a handler is due, because of the files that it was shown or
    /// not.
    pub(crate) fn expect(&self, handler: HandlerId) {
        for ((shown_to, _), shown) in self.shown.borrow_mut().iter_mut() {
            shown.was_due |= *shown_to == handler;
        }
    }

    /// Notes that a handler has succeeded with the files as it was shown them.
    pub(crate) fn acknowledge(&self, handler: HandlerId, files: &[PathBuf]) {
        let mut shown = self.shown.borrow_mut();
        for file in files {
            if let Some(shown) = shown.get_mut(&(handler, file.clone())) {
                shown.is_done = true;
            }
        }
    }

    /// Stores what all have seen. It is called at the end of the run.
    pub(crate) fn store(&self) {
        let shown = self.shown.borrow();
        let mut files: BTreeMap<&Path, Vec<&Shown>> = BTreeMap::new();
        for ((_, file), shown) in shown.iter().filter(|(_, shown)| shown.was_due) {
            files.entry(file).or_default().push(shown);
        }
        for (file, shown) in files {
            let all_done = shown.iter().all(|shown| shown.is_done);
            let digest = &shown[0].digest;
            if all_done && shown.iter().all(|shown| shown.digest == *digest) {
                self.run.state.set(&key_of(file), Some(row_of(digest.as_deref())));
            }
        }
    }

    fn has_changed(&self, handler: HandlerId, file: &Path) -> bool {
        let kept = self.run.state.get(&key_of(file));
        let digest = match digest(file, hash_of(kept.as_deref())) {
            Ok(digest) => digest,
            Err(source) => {
                let error = WatchedFileError { file: file.to_owned(), source };
                self.run.fail(error.into());
                return false;
            }
        };
        let key = (handler, file.to_owned());
        let mut shown = self.shown.borrow_mut();
        if let Some(done) = shown.get_mut(&key).filter(|shown| shown.is_done) {
            let has_changed = done.digest != digest;
            if has_changed {
                *done = Shown { digest, was_due: true, is_done: false };
            }
            return has_changed;
        }
        let has_changed = kept.unwrap_or_else(|| row_of(None)) != row_of(digest.as_deref());
        if has_changed {
            let was_due = shown.get(&key).is_some_and(|shown| shown.was_due);
            shown.insert(key, Shown { digest, was_due, is_done: false });
        } else {
            shown.remove(&key);
        }
        has_changed
    }
}

/// A file that a handler waits for cannot be read.
#[derive(Debug, Error)]
#[error("cannot read `{}` to see whether it has changed", file.display())]
pub struct WatchedFileError {
    file: PathBuf,
    source: io::Error,
}

fn digest(file: &Path, hash: HashType) -> io::Result<Option<String>> {
    match fs::read(file) {
        Ok(content) => Ok(Some(hash.digest_bytes(content).to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn key_of(file: &Path) -> String {
    format!("reactive.files_changed.{}", file.display())
}

fn row_of(digest: Option<&str>) -> String {
    digest.map_or_else(|| "null".to_owned(), |digest| format!("\"{digest}\""))
}
