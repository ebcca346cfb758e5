use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::Sender;

use super::HookContext;
use super::charm_output::{CharmOutput, Lines};
use super::incident::Incident;
use crate::log_line::LogLevel;

/// One output of the charm, on its way to the log.
pub(super) struct Printed {
    output: Option<CharmOutput>,
    lines: Lines,
    level: LogLevel,
    all: Vec<u8>,
}

impl Printed {
    pub(super) fn new(
        pipe: Option<impl Into<OwnedFd>>,
        level: LogLevel,
        incidents: &Sender<Incident>,
    ) -> io::Result<Self> {
        let incidents = incidents.clone();
        let on_close = move || {
            // Nobody waits for it any more once the operation is over.
            let _ = incidents.send(Incident::OutputClosed);
        };
        let output = pipe.map(|pipe| CharmOutput::new(pipe.into(), on_close)).transpose()?;
        Ok(Self { output, lines: Lines::default(), level, all: Vec::new() })
    }

    /// Logs the lines that are complete.
    pub(super) fn log(&mut self, context: &mut HookContext<'_>) {
        let printed = self.output.as_ref().map(CharmOutput::take).unwrap_or_default();
        for line in self.lines.add(&printed) {
            context.log_printed(self.level, line);
        }
        self.all.extend(printed);
    }

    /// Logs what is left, and returns all that was printed.
    pub(super) fn finish(mut self, context: &mut HookContext<'_>) -> Vec<u8> {
        self.log(context);
        if let Some(line) = self.lines.finish() {
            context.log_printed(self.level, line);
        }
        self.all
    }
}
