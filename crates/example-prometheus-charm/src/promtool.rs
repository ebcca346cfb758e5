//! Prometheus's own tool: it checks configurations, and asks the server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use charm_machine::{Command, CommandError, Machine, Output, Scratch};
use reactive_endpoints::{Result, blocked};
use serde::Deserialize;

/// A query that takes longer has no answer, and a server is not waited for longer.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How long to wait before a server that was just started is asked again.
const PAUSE: Duration = Duration::from_millis(250);

/// How many bytes of an answer are read.
const CAPTURE_LIMIT: usize = 16 << 20;

/// [promtool] on a machine.
///
/// [promtool]: https://prometheus.io/docs/prometheus/latest/command-line/promtool/
#[derive(Debug)]
pub(crate) struct Promtool<'a>(&'a Machine);

impl<'a> Promtool<'a> {
    pub(crate) fn new(machine: &'a Machine) -> Self {
        Self(machine)
    }

    /// Tells whether Prometheus would take a configuration, with the files that
    /// it names. What promtool says about it may quote a key, so nobody is told.
    pub(crate) fn accepts(&self, config: &Path) -> Result<bool> {
        let command = Command::new("promtool").args(["check", "config"]).arg(config);
        match self.0.run(&command) {
            Ok(_) => Ok(true),
            Err(CommandError::Failed { output, .. }) if output.code() == Some(1) => Ok(false),
            // Nothing is said about the configuration, nor may anything be told.
            Err(_) => Err(blocked("promtool does not work")),
        }
    }

    /// Waits until the server answers that was just started, but not for long:
    /// the status tells if it does not.
    pub(crate) fn wait_for_server(&self, port: u16) -> Result {
        let deadline = Instant::now() + TIME_LIMIT;
        while self.targets(port)?.is_none() && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Asks the server which targets are up; nothing if it does not answer.
    pub(crate) fn targets(&self, port: u16) -> Result<Option<Targets>> {
        let command = Command::new("promtool")
            .args(["query", "instant", "--format=json"])
            .arg(format!("http://localhost:{port}"))
            .arg("up")
            .time_limit(TIME_LIMIT)
            .capture_limit(CAPTURE_LIMIT);
        let output = match self.0.run(&command) {
            Ok(output) => output,
            Err(CommandError::Failed { .. } | CommandError::TimedOut { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let samples: Vec<Sample> = serde_json::from_slice(output.stdout())?;
        let mut targets = Targets::default();
        for Sample { metric, value: (_, value) } in samples {
            let count = targets.0.entry(metric.job).or_default();
            count.all += 1;
            count.up += usize::from(value == "1");
        }
        Ok(Some(targets))
    }
}

/// How many targets each job has, as far as they were scraped already.
#[derive(Debug, Default)]
pub(crate) struct Targets(BTreeMap<String, Count>);

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) up: usize,
    pub(crate) all: usize,
}

impl Targets {
    /// Counts the targets of these jobs. Those of a job that is gone stay among
    /// all for some minutes.
    pub(crate) fn of(&self, jobs: &BTreeSet<String>) -> Count {
        let counts = jobs.iter().filter_map(|name| self.0.get(name));
        counts.fold(Count::default(), |sum, count| Count {
            up: sum.up + count.up,
            all: sum.all + count.all,
        })
    }
}

/// A sample of the metric [`up`].
///
/// [`up`]: https://prometheus.io/docs/concepts/jobs_instances/
#[derive(Deserialize)]
struct Sample {
    metric: Metric,
    value: (f64, String),
}

#[derive(Deserialize)]
struct Metric {
    #[serde(default)]
    job: String,
}

/// Has a scratch machine answer as if all was well, and nothing scraped yet.
pub(crate) fn answer_on(scratch: &Scratch) {
    scratch.on_command("promtool", |command| match command.arguments().first() {
        Some(first) if first == "query" => Output::success("[]"),
        _ => Output::success(""),
    });
}
