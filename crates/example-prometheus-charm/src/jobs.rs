//! The jobs that other charms ask for, and what becomes of them.

use std::collections::BTreeSet;

use juju_types::{Status, StatusKind};
use prometheus_manual_interface::{JobSet, PrometheusManualRequires, ReceivedJob, Trial};
use reactive_endpoints::{Result, blocked};
use serde_json::{Value, json};

use crate::configuration::{Configuration, NAMING};
use crate::promtool::Targets;

/// Why a job is refused that only Prometheus's own tool finds a fault in. What
/// the tool says may quote a key, so that it is not repeated.
const REFUSED_BY_PROMTOOL: &str = "`promtool check config` refuses a configuration with this job";

/// All jobs, in an order that stays: of two that want one name, the first has
/// it.
#[derive(Debug)]
pub(crate) struct Jobs(Vec<ReceivedJob>);

impl Jobs {
    pub(crate) fn of(endpoint: &PrometheusManualRequires) -> Result<Self> {
        Ok(Self(endpoint.jobs()?))
    }

    /// Has the configuration say what is asked for, as far as Prometheus can use
    /// it, for the time being, and returns what is to be answered if it stays so.
    /// If nothing works, all files stay.
    pub(crate) fn apply(&self, configuration: &Configuration<'_>) -> Result<(Trial, Answers<'_>)> {
        let (mut usable, mut refused) = (Vec::new(), Vec::new());
        let mut set = configuration.no_jobs();
        for job in &self.0 {
            match add(&mut set, job) {
                Ok(()) => usable.push(job),
                Err(reason) => refused.push((job, reason)),
            }
        }
        let mut outcome = configuration.use_jobs(&set)?;
        if outcome.is_none() {
            // If it is not about the jobs, looking for culprits is in vain.
            let is_about_jobs = configuration.try_out(&configuration.no_jobs())?;
            let suspects = if is_about_jobs { &usable[..] } else { &[] };
            let culprits = culprits(configuration, suspects)?;
            usable.retain(|job| !culprits.iter().any(|culprit| std::ptr::eq(*culprit, *job)));
            refused.extend(culprits.into_iter().map(|job| (job, REFUSED_BY_PROMTOOL.to_owned())));
            outcome = configuration.use_jobs(&set_of(configuration, &usable))?;
        }
        let Some(trial) = outcome else {
            return Err(blocked("promtool refuses the configuration"));
        };
        Ok((trial, Answers { usable, refused }))
    }

    /// Says how many jobs and targets there are, and which jobs are refused.
    pub(crate) fn status(&self, targets: &Targets) -> Result<Status> {
        let (mut used, mut refused) = (BTreeSet::new(), Vec::new());
        for job in &self.0 {
            match job.response()? {
                Some(response) if response.success => {
                    let unit = job.unit().unit_name().to_string();
                    used.insert(NAMING.name(&job.job_name, &job.id(), &unit));
                }
                Some(_) => refused.push(format!("{} of {}", job.job_name, job.unit().unit_name())),
                None => {}
            }
        }
        let count = targets.of(&used);
        let jobs =
            if used.len() == 1 { "1 job".to_owned() } else { format!("{} jobs", used.len()) };
        let mut message = format!("{jobs}, {} of {} targets up", count.up, count.all);
        if !refused.is_empty() {
            message.push_str("; refused: ");
            message.push_str(&refused.join(", "));
        }
        Ok(Status::new(StatusKind::Active, message))
    }

    /// Returns all jobs with what they were answered, for a user.
    pub(crate) fn list(&self) -> Result<Value> {
        let mut list = serde_json::Map::new();
        for (number, job) in self.0.iter().enumerate() {
            let response = job.response()?;
            let outcome = match &response {
                None => "not looked at yet".to_owned(),
                Some(response) if response.success => "used".to_owned(),
                Some(response) => {
                    format!("refused: {}", response.reason.as_deref().unwrap_or_default())
                }
            };
            let job = json!({
                "name": job.job_name,
                "unit": job.unit().unit_name(),
                "outcome": outcome,
            });
            list.insert(format!("job-{number}"), job);
        }
        Ok(list.into())
    }
}

/// What the jobs are to be answered.
#[derive(Debug)]
pub(crate) struct Answers<'a> {
    usable: Vec<&'a ReceivedJob>,
    refused: Vec<(&'a ReceivedJob, String)>,
}

impl Answers<'_> {
    pub(crate) fn send(self) -> Result {
        self.usable.into_iter().try_for_each(ReceivedJob::accept)?;
        self.refused.into_iter().try_for_each(|(job, reason)| job.refuse(reason))
    }
}

/// Finds the jobs with which Prometheus's own tool refuses a configuration that
/// it takes without them.
fn culprits<'a>(
    configuration: &Configuration<'_>,
    jobs: &[&'a ReceivedJob],
) -> Result<Vec<&'a ReceivedJob>> {
    if jobs.is_empty() || configuration.try_out(&set_of(configuration, jobs))? {
        return Ok(Vec::new());
    }
    if let [job] = jobs {
        return Ok(vec![job]);
    }
    let (one, other) = jobs.split_at(jobs.len() / 2);
    let mut culprits = self::culprits(configuration, one)?;
    culprits.extend(self::culprits(configuration, other)?);
    Ok(culprits)
}

/// Returns the set of jobs that have been found good already.
fn set_of(configuration: &Configuration<'_>, jobs: &[&ReceivedJob]) -> JobSet {
    let mut set = configuration.no_jobs();
    for job in jobs {
        // It was found good in a larger set.
        let _ = add(&mut set, job);
    }
    set
}

/// Adds a job, or says what its producer is to be told.
fn add(set: &mut JobSet, job: &ReceivedJob) -> std::result::Result<(), String> {
    let unit = job.unit().unit_name().to_string();
    set.add(&job.id(), &unit, job).map_err(|defect| defect.to_string())
}
