//! The config as the charm has last seen it.

use std::cell::OnceCell;

use python_json::Value;
use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::flag::flag_groups::config_changes::{ConfigChanges, Options, is_same};
use crate::flag::flag_groups::python_config_file::PythonConfigFile;
use crate::run::Run;
use crate::state::State;

/// The key of the row.
const KEY: &str = "charmwright.config";

/// Remembers the config from run to run, for those who look at it.
///
/// The row of the charm's state is what counts, as it is taken back with a run
/// that Juju refuses. The file of a Python charm is no part of that:
///
/// - It counts where a Python charm has written it since, and then it is left
///   alone until the row that knows its text is confirmed.
/// - Later it is kept up to date, after the row was committed. If that run is
///   refused, the file is ahead of the row, but by its form it is known to be
///   ours, and does not count.
#[derive(Debug, Default)]
pub(crate) struct ConfigMemory(OnceCell<Looked>);

#[derive(Debug)]
struct Looked {
    changes: ConfigChanges,
    row: String,
    /// The file, if it is to be brought up to date.
    stale_file: Option<PythonConfigFile>,
}

#[derive(Deserialize, Serialize)]
struct Row {
    options: Options,
    /// The digest of the file of a Python charm that the options have taken the
    /// place of.
    python: Option<String>,
}

impl ConfigMemory {
    /// Returns how the config differs from what it was, and notes that it was
    /// looked at.
    pub(crate) fn changes(&self, run: &Run) -> Result<ConfigChanges> {
        if let Some(looked) = self.0.get() {
            return Ok(looked.changes.clone());
        }
        let looked = Looked::read(run)?;
        Ok(self.0.get_or_init(|| looked).changes.clone())
    }

    /// Has the state keep the config as it was seen.
    pub(crate) fn store(&self, state: &State) {
        if let Some(looked) = self.0.get() {
            state.set(KEY, Some(looked.row.clone()));
        }
    }

    /// Brings the file of a Python charm up to date. It is called when the
    /// state has been committed.
    pub(crate) fn update_file(&self) -> Result {
        match self.0.get() {
            Some(Looked { changes, stale_file: Some(file), .. }) => {
                Ok(file.write(changes.options())?)
            }
            _ => Ok(()),
        }
    }
}

impl Looked {
    fn read(run: &Run) -> Result<Self> {
        let mut now = Options::new();
        for (option, value) in run.juju.config_get_all()? {
            let value = value.map_or(Ok(Value::Null), |value| value.to_string().parse())?;
            now.insert(option, value);
        }
        let row: Option<Row> =
            run.state.get(KEY).map(|row| python_json::from_str(&row)).transpose()?;
        let file = PythonConfigFile::read(run.juju.env().charm_dir())?;
        let of_python =
            file.as_ref().filter(|file| file.is_of_python()).map(PythonConfigFile::digest);
        let is_known = row.as_ref().is_some_and(|row| row.python == of_python);
        let row_counts = row.is_some() && (of_python.is_none() || is_known);

        let is_stale = |file: &PythonConfigFile| {
            let differs = |(option, value): (&String, &Value)| {
                file.options().get(option).is_none_or(|kept| !is_same(kept, value))
            };
            row_counts && now.iter().any(differs)
        };
        let before = match row {
            Some(row) if row_counts => Some(row.options),
            _ => file.as_ref().map(|file| file.options().clone()),
        };
        let stale_file = file.filter(is_stale);
        let python = of_python.filter(|_| stale_file.is_none());
        let row = python_json::to_string(&Row { options: now.clone(), python })?;
        Ok(Self { changes: ConfigChanges::new(now, before), row, stale_file })
    }
}
