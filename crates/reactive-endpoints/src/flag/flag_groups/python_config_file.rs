//! The file in which a Python charm remembers its config.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use python_json::{HashType, Value};
use thiserror::Error;

use crate::flag::flag_groups::config_changes::Options;

/// `.juju-persistent-config` in the charm's folder, in which a Python charm
/// remembers its config: an object with all options, and whatever else the
/// charm has put there.
///
/// Python writes no end of line at the end of the file, and reads one. So that
/// tells who has written it last.
pub(crate) struct PythonConfigFile {
    path: PathBuf,
    text: String,
    options: Options,
}

impl PythonConfigFile {
    /// Reads the file in the charm's folder, if there is one and it can be
    /// understood.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, PythonConfigError> {
        let path = folder.join(".juju-persistent-config");
        let content = match fs::read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(PythonConfigError { doing: "read", path, source }),
        };
        let text = String::from_utf8(content).unwrap_or_default();
        if let Ok(Value::Object(options)) = text.trim_end().parse() {
            return Ok(Some(Self { path, text, options }));
        }
        // Python passes it over, too.
        tracing::warn!("`{}` holds no config, and is passed over", path.display());
        Ok(None)
    }

    /// Tells whether it was a Python charm that has last written it.
    pub(crate) fn is_of_python(&self) -> bool {
        !self.text.ends_with('\n')
    }

    /// Returns a digest of the whole text.
    pub(crate) fn digest(&self) -> String {
        HashType::Md5.digest_bytes(&self.text).to_string()
    }

    /// Returns all that is in it.
    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Writes these options in the place of those that are there, for the owner
    /// only, at once or not at all. What is no option stays as it is.
    pub(crate) fn write(&self, options: &Options) -> Result<(), PythonConfigError> {
        let mut all = self.options.clone();
        all.extend(options.iter().map(|(option, value)| (option.clone(), value.clone())));
        let text = format!("{}\n", Value::Object(all));
        let new = self.path.with_extension("new");
        let write = || {
            let mut open = OpenOptions::new();
            let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &self.path)
        };
        write().map_err(|source| PythonConfigError {
            doing: "write",
            path: self.path.clone(),
            source,
        })
    }
}

impl fmt::Debug for PythonConfigFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        f.debug_struct("PythonConfigFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The file in which a Python charm remembers its config cannot be read or
/// written.
#[derive(Debug, Error)]
#[error("cannot {doing} `{}`", path.display())]
pub struct PythonConfigError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}
