//! The jobs that other charms ask for, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{Status, StatusKind};
use prometheus_manual_interface::{JobSet, PrometheusManualRequires, ReceivedJob, Trial};
use reactive_endpoints::{Result, blocked};
use serde_json::{Value, json};

use crate::configuration::{Configuration, NAMING};
use crate::culprits::Culprits;
use crate::promtool::Targets;

/// Why a job is refused that only Prometheus's own tool finds a fault in. What
/// the tool says may quote a key, so that it is not repeated.
const REFUSED_BY_PROMTOOL: &str = "`promtool check config` refuses a configuration with this job";

/// Why a job is refused that may be without a fault.
const SUSPECTED: &str = "`promtool check config` refuses a configuration with this job and others \
                         of its application, too many of which are wrong to tell which";

/// How often that tool is run to find the culprits among the jobs of one
/// application, which is enough for one among thousands; what is suspected then
/// is refused as a whole.
const MOST_RUNS: usize = 32;

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
        // If it is not about the jobs, looking for culprits is in vain.
        if outcome.is_none() && configuration.try_out(&configuration.no_jobs())? {
            let culprits = culprits(configuration, &usable)?;
            usable.retain(|job| !culprits.iter().any(|(culprit, _)| std::ptr::eq(*culprit, *job)));
            refused.extend(culprits);
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
/// it takes without them, and says what their producers are to be told.
///
/// First it finds the applications that ask for them, so that nobody has to
/// suffer for what another one asks for; then their jobs, as far as that goes.
fn culprits<'a>(
    configuration: &Configuration<'_>,
    jobs: &[&'a ReceivedJob],
) -> Result<Vec<(&'a ReceivedJob, String)>> {
    let mut by_application = BTreeMap::<_, Vec<&ReceivedJob>>::new();
    for job in jobs {
        by_application.entry(job.unit().unit_name().application()).or_default().push(job);
    }
    let accepts = |jobs: &[&ReceivedJob]| configuration.try_out(&set_of(configuration, jobs));
    let groups: Vec<&Vec<&ReceivedJob>> = by_application.values().collect();
    // How many applications there are is for the operator to say.
    let bad = Culprits::find(&groups, usize::MAX, |groups| {
        accepts(&groups.iter().copied().flatten().copied().collect::<Vec<_>>())
    })?;
    let mut refused = Vec::new();
    for jobs in bad.found {
        let Culprits { found, suspects } = Culprits::find(jobs, MOST_RUNS, accepts)?;
        refused.extend(found.into_iter().map(|job| (job, REFUSED_BY_PROMTOOL.to_owned())));
        refused.extend(suspects.into_iter().map(|job| (job, SUSPECTED.to_owned())));
    }
    Ok(refused)
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
