use std::fmt;

/// One line of a unit's log.
///
/// `Display` gives level, logger and message, as `juju debug-log` does, but
/// without the time.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LogLine {
    /// How important it is.
    pub level: LogLevel,
    /// Who logged it, such as `unit.exporter/0.juju-log`, or
    /// `unit.exporter/0.install` for what a hook has printed.
    pub logger: String,
    /// What was logged.
    pub message: String,
}

impl LogLine {
    pub(crate) fn new(
        level: LogLevel,
        logger: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { level, logger: logger.into(), message: message.into() }
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.level, self.logger, self.message)
    }
}

/// How important a line of the log is; the least important first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "`juju-log` knows these six and no other")]
pub enum LogLevel {
    /// For those who follow each step.
    Trace,
    /// For developers; also what a charm prints to its standard output.
    Debug,
    /// For users who want to know.
    Info,
    /// What may be wrong; also what a charm prints to its standard error.
    Warning,
    /// What is wrong.
    Error,
    /// What ends everything.
    Critical,
}

impl LogLevel {
    /// Reads a level as `juju-log` does, in any case.
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "TRACE" => Some(Self::Trace),
            "DEBUG" => Some(Self::Debug),
            "INFO" => Some(Self::Info),
            "WARN" | "WARNING" => Some(Self::Warning),
            "ERROR" => Some(Self::Error),
            "CRITICAL" => Some(Self::Critical),
            _ => None,
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        })
    }
}
