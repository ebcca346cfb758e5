//! A real machine of a temporary folder and played programs, for our tests.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::host::Host;
use crate::machine::Machine;

/// Everything of a real machine, except that its root is a temporary folder
/// and that its programs say what the test laid down.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    /// Makes a machine whose named programs do nothing, with success.
    pub(crate) fn new(programs: &[&str]) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["answers", "programs", "root/etc/systemd/system"] {
            fs::create_dir_all(bench.path(folder)).unwrap();
        }
        for program in programs {
            // A link, for a script that is just written cannot be run while
            // another thread starts a process that inherits the open file.
            let play = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/play");
            symlink(play, bench.path(&format!("programs/{program}"))).unwrap();
            fs::create_dir(bench.path(&format!("answers/{program}"))).unwrap();
        }
        bench
    }

    /// Lays down what a program says to its next call that has no answer yet.
    pub(crate) fn answer(&self, program: &str, code: i32, stdout: &str, stderr: &str) -> &Self {
        let answers = self.path(&format!("answers/{program}"));
        let number = (1..100).find(|number| !answers.join(number.to_string()).exists()).unwrap();
        let answer = answers.join(number.to_string());
        fs::create_dir(&answer).unwrap();
        for (name, text) in [("code", &*code.to_string()), ("stdout", stdout), ("stderr", stderr)] {
            fs::write(answer.join(name), text).unwrap();
        }
        self
    }

    pub(crate) fn machine(&self) -> Machine {
        Machine::with_host(Host::at(&self.path("root"), &self.path("programs")))
    }

    /// Returns the calls of programs so far, a line each.
    pub(crate) fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }

    /// Returns where a path of the machine really is.
    pub(crate) fn root(&self, path: &str) -> PathBuf {
        self.path("root").join(path.trim_start_matches('/'))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }
}
