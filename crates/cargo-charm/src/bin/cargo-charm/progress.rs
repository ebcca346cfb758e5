//! What the author sees while it takes time.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use cargo_charm::Step;
use indicatif::ProgressBar;

/// Tells on standard error what is going on: with one moving line on a
/// terminal, with plain lines elsewhere.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar }
    }

    pub(crate) fn step(&self, step: &Step<'_>) {
        match step {
            Step::Building { charm, triple } => {
                self.state(&format!("building {charm} for {triple}"));
            }
            Step::Cargo(line) if is_status(line) => self.state(line),
            Step::Cargo(line) => self.line(line),
            Step::Zipping { file } => self.state(&format!("zipping {file}")),
            _ => {}
        }
    }

    fn state(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(text.trim().to_owned()),
            None => self.line(text),
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            // Nobody reads it any more: that is no reason to stop.
            None => drop(writeln!(io::stderr(), "{text}")),
        }
    }
}

impl Drop for Progress {
    /// Takes the moving line away.
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Tells whether cargo says what it does, as in `   Compiling serde v1.0.0`,
/// and not what is wrong.
fn is_status(line: &str) -> bool {
    let Some((verb, _)) = line.split_at_checked(12) else {
        return false;
    };
    let verb = verb.trim_start();
    verb.starts_with(|c: char| c.is_ascii_uppercase())
        && verb.chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_cargo_does_from_what_is_wrong() {
        for line in
            ["   Compiling serde v1.0.228", "    Finished `charm` profile", "  Downloaded a"]
        {
            assert!(is_status(line), "{line}");
        }
        for line in [
            "warning: unused",
            "  --> src/main.rs:1:1",
            "   |",
            "",
            "error[E0308]: x",
            "  = note: a",
        ] {
            assert!(!is_status(line), "{line}");
        }
    }
}
