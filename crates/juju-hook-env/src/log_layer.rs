//! The way from `tracing` to Juju's log.

use std::cell::Cell;
use std::error::Error;
use std::fmt::{self, Debug, Write as _};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::agent::Agent;
use crate::juju::log::{self, LogLevel};

/// Sends the events of the crate `tracing` to Juju's log, with their levels.
///
/// The text is the event's message, and its other fields after that as
/// `name=value`. Spans are not shown. What is sent is not filtered here: Juju
/// has its `logging-config`, and [`Layer::with_filter`] is there for more.
///
/// Events that an agent emits while it sends are dropped, so nothing goes
/// round in circles. If Juju's log cannot be reached, the first message goes
/// to standard error, with the reason.
///
/// Mostly [`with_juju_log`] is all one needs.
#[derive(Debug)]
pub struct JujuLogLayer<A> {
    agent: A,
    has_failed: AtomicBool,
}

impl<A: Agent + 'static> JujuLogLayer<A> {
    /// Sends events through `agent`.
    pub fn new(agent: A) -> Self {
        Self { agent, has_failed: AtomicBool::new(false) }
    }
}

impl<A, S> Layer<S> for JujuLogLayer<A>
where
    A: Agent + 'static,
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Some(_sending) = Sending::start() else { return };
        let mut line = Line::default();
        event.record(&mut line);
        let level = level(*event.metadata().level());
        let text = line.finish();
        if let Err(error) = log::send(&self.agent, level, &text)
            && !self.has_failed.swap(true, Ordering::Relaxed)
        {
            let causes = chain(&error);
            // There is no place left to complain to if this fails, too.
            let _ = writeln!(io::stderr(), "{level} {text}\ncannot write to juju's log: {causes}");
        }
    }
}

/// Runs `f` with a [`JujuLogLayer`] as the `tracing` subscriber of this
/// thread; nothing outside is changed.
///
/// ```
/// use juju_hook_env::{HookTool, ScriptedAgent, with_juju_log};
///
/// let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
/// with_juju_log(agent.clone(), || tracing::info!(port = 9100, "serving"));
/// assert_eq!(agent.transcript(), "juju-log -l INFO -- \"serving port=9100\"\n");
/// ```
pub fn with_juju_log<R>(agent: impl Agent + 'static, f: impl FnOnce() -> R) -> R {
    tracing::subscriber::with_default(Registry::default().with(JujuLogLayer::new(agent)), f)
}

/// Writes an error and all its causes in one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(line, ": {error}").expect("writing to a string succeeds");
        cause = error.source();
    }
    line
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::TRACE => LogLevel::Trace,
        Level::DEBUG => LogLevel::Debug,
        Level::INFO => LogLevel::Info,
        Level::WARN => LogLevel::Warning,
        Level::ERROR => LogLevel::Error,
    }
}

thread_local! {
    static IS_SENDING: Cell<bool> = const { Cell::new(false) };
}

/// Marks that this thread is sending, until it is dropped.
struct Sending;

impl Sending {
    /// Returns `None` if this thread is sending already, or is at its end.
    fn start() -> Option<Self> {
        let was_sending = IS_SENDING.try_with(|sending| sending.replace(true)).unwrap_or(true);
        if was_sending { None } else { Some(Self) }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        // A thread at its end has no mark to take back.
        let _ = IS_SENDING.try_with(|sending| sending.set(false));
    }
}

/// Collects the fields of an event.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Line {
    fn finish(self) -> String {
        match (self.message.as_str(), self.fields.trim_start()) {
            (message, "") => message.to_owned(),
            ("", fields) => fields.to_owned(),
            (message, fields) => format!("{message} {fields}"),
        }
    }

    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        // A `Debug` of a stranger may fail; then the text ends there.
        let _ = if field.name() == "message" {
            self.message.write_fmt(value)
        } else {
            write!(self.fields, " {}={value}", field.name())
        };
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.add(field, format_args!("{value}"));
        } else {
            self.add(field, format_args!("{value:?}"));
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add(field, format_args!("{:?}", chain(value)));
    }
}
