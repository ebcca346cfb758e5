//! The side that has something to scrape.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use juju_types::{Event, RelationRole};
use reactive_endpoints::{
    Context, Endpoint, EndpointHandlers, Failure, Interface, Relation, RequestOwner,
    RequesterEndpoint, Result, none, test,
};

use super::INTERFACE;
use super::job_error::JobError;
use super::job_scope::{JobScope, PerUnit};
use super::received_job_response::ReceivedJobResponse;
use crate::JobRequest;

/// The endpoint of a charm that has something to scrape, and hands jobs to each
/// related Prometheus.
///
/// It keeps the flag `endpoint.NAME.available`, which is set while there are
/// remote units and this unit has registered jobs, beside those of
/// [`RequesterEndpoint`]: `endpoint.NAME.has_responses`, and
/// `endpoint.NAME.all_responses` while there are jobs and each has a response.
///
/// ```
/// # use reactive_endpoints::Charm;
/// use prometheus_manual_interface::{Job, PrometheusManualProvides};
/// use reactive_endpoints::{Context, EndpointKey, Result};
///
/// const PROMETHEUS: EndpointKey<PrometheusManualProvides> = EndpointKey::new("prometheus");
///
/// /// Runs when `PROMETHEUS.joined()` is set.
/// fn register_jobs(cx: &Context) -> Result {
///     cx.endpoint(PROMETHEUS).sync_jobs([Job::new("node").target("10.0.0.5:9100")])
/// }
/// # let charm = Charm::new(()).when(PROMETHEUS.joined(), |(), cx| register_jobs(cx));
/// # drop(charm);
/// ```
///
/// A job is known by its name: one that is registered again keeps its id in each
/// relation, also an id that a Python charm has given to it, and nothing is sent
/// if it is equal.
///
/// # Which units register
///
/// With [`PerUnit`], which is the default, each unit registers jobs of its own.
/// So the jobs of an application with three units are three of one name, with
/// three ids: right for what each unit serves itself, and thrice too much for a
/// job that finds all targets by itself.
///
/// With [`LeaderOnly`](crate::LeaderOnly) only the leader does:
///
/// ```
/// use prometheus_manual_interface::{LeaderOnly, PrometheusManualProvides};
/// use reactive_endpoints::EndpointKey;
///
/// const PROMETHEUS: EndpointKey<PrometheusManualProvides<LeaderOnly>> =
///     EndpointKey::new("prometheus");
/// ```
///
/// A unit that is not the leader registers nothing: the methods do nothing, and
/// `available` is not set. Jobs are published with the data of a unit, so those
/// of a unit that was the leader stay there until it takes them back. It does so
/// in the first hook in which it is not the leader any more, whichever that is.
/// The new leader registers them with the same ids.
///
/// Leadership is looked at once in a hook, at its cost: one call of `is-leader`,
/// and none in a unit that has taken back everything. A unit that Juju takes
/// leadership from *during* a hook may still publish jobs with that hook, as
/// Juju lets each unit write its own data. For a moment there are two of each;
/// the next hook mends it, and there is one: `leader-settings-changed`, or at
/// the latest `update-status`.
pub struct PrometheusManualProvides<S = PerUnit> {
    requests: RequesterEndpoint<JobRequest>,
    scope: PhantomData<fn() -> S>,
}

impl<S: JobScope> PrometheusManualProvides<S> {
    /// Registers a job with each related Prometheus, or updates it.
    ///
    /// All jobs of a charm are better [synchronised](Self::sync_jobs) together:
    /// then those that are not wanted any more go.
    ///
    /// # Errors
    ///
    /// Returns a [`JobDefect`](crate::JobDefect) if a [`Job`](crate::Job) is
    /// given that cannot be right, a [`JobError`] if the job has no name or its
    /// settings are no mapping, and an error of Juju if what is published already
    /// cannot be read.
    pub fn register_job<J: TryInto<JobRequest>>(&self, job: J) -> Result
    where
        Failure: From<J::Error>,
    {
        let job = job.try_into()?;
        for relation in &self.relations()? {
            self.register(relation, job.clone())?;
        }
        Ok(())
    }

    /// Registers a job in one relation, or updates it, where jobs differ from
    /// relation to relation; see [`register_job`](Self::register_job).
    ///
    /// # Errors
    ///
    /// Returns those of [`register_job`](Self::register_job).
    pub fn register_job_in<J: TryInto<JobRequest>>(&self, relation: &Relation, job: J) -> Result
    where
        Failure: From<J::Error>,
    {
        self.register(relation, job.try_into()?)
    }

    /// Takes the job of that name back from each related Prometheus.
    ///
    /// # Errors
    ///
    /// Returns an error of Juju if what is published cannot be read.
    pub fn unregister_job(&self, job_name: &str) -> Result {
        for relation in &self.relations()? {
            self.unregister_job_in(relation, job_name)?;
        }
        Ok(())
    }

    /// Takes the job of that name back in one relation.
    ///
    /// # Errors
    ///
    /// Returns an error of Juju if what is published cannot be read.
    pub fn unregister_job_in(&self, relation: &Relation, job_name: &str) -> Result {
        for request in self.requests_in(relation)? {
            if request.job_name == job_name {
                request.remove()?;
            }
        }
        Ok(())
    }

    /// Has each related Prometheus have exactly these jobs: missing ones are
    /// registered, others are taken back, and those that have changed are
    /// updated.
    ///
    /// # Errors
    ///
    /// Returns a [`JobDefect`](crate::JobDefect) if a [`Job`](crate::Job) cannot
    /// be right, and a [`JobError`] if two have one name, one has none, or the
    /// settings of one are no mapping; then nothing is changed. Returns an error of
    /// Juju if what is published already cannot be read.
    pub fn sync_jobs<J: TryInto<JobRequest>>(&self, desired: impl IntoIterator<Item = J>) -> Result
    where
        Failure: From<J::Error>,
    {
        let desired = checked(desired)?;
        for relation in &self.relations()? {
            self.sync_checked(relation, desired.clone())?;
        }
        Ok(())
    }

    /// Has one relation have exactly these jobs, where they differ from relation
    /// to relation; see [`sync_jobs`](Self::sync_jobs).
    ///
    /// # Errors
    ///
    /// Returns those of [`sync_jobs`](Self::sync_jobs).
    pub fn sync_jobs_in<J: TryInto<JobRequest>>(
        &self,
        relation: &Relation,
        desired: impl IntoIterator<Item = J>,
    ) -> Result
    where
        Failure: From<J::Error>,
    {
        self.sync_checked(relation, checked(desired)?)
    }

    /// Returns how each job was taken, by relation, job and unit. A unit that has
    /// not responded is not there.
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say what is published.
    pub fn job_responses(&self) -> Result<Vec<ReceivedJobResponse>> {
        let mut responses = Vec::new();
        for relation in &self.relations()? {
            let mut requests = self.requests_in(relation)?;
            requests.sort_by(|one, other| one.job_name.cmp(&other.job_name));
            for request in &requests {
                responses.extend(ReceivedJobResponse::all_of(request)?);
            }
        }
        Ok(responses)
    }

    /// Returns how the job of that name was taken, if a unit has responded: of
    /// several, the one in the first relation that has the lowest number.
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say what is published.
    pub fn response(&self, job_name: &str) -> Result<Option<ReceivedJobResponse>> {
        Ok(self.job_responses()?.into_iter().find(|response| response.job_name() == job_name))
    }

    fn register(&self, relation: &Relation, job: JobRequest) -> Result {
        JobError::of(&job)?;
        if self.registers()? {
            self.requests.create_or_update(relation, job)?;
        }
        Ok(())
    }

    fn sync_checked(&self, relation: &Relation, desired: Vec<JobRequest>) -> Result {
        if self.registers()? { self.requests.sync_in(relation, desired) } else { Ok(()) }
    }

    /// Tells whether this unit registers jobs.
    fn registers(&self) -> Result<bool> {
        match S::OWNER {
            RequestOwner::Application => self.is_leader(),
            RequestOwner::Unit => Ok(true),
        }
    }

    /// Takes everything back if it is not for this unit to register jobs, and
    /// notes that it has, so that later hooks need not look.
    fn follow_leadership(&self) -> Result {
        if S::OWNER == RequestOwner::Unit {
            return Ok(());
        }
        let is_withdrawn = !self.registers()? && self.withdraw_all()?;
        self.toggle_flag(WITHDRAWN, is_withdrawn);
        Ok(())
    }

    /// Takes all jobs back, and tells whether none is left: a relation is out of
    /// reach while its last unit leaves it.
    fn withdraw_all(&self) -> Result<bool> {
        self.requests.sync([])?;
        let all = self.juju().relation_ids(self.endpoint_name())?;
        Ok(self.relations()?.len() == all.len())
    }

    /// Runs in a unit that is not the leader and may have jobs.
    fn withdraw_jobs(&self, _: &Context) -> Result {
        self.follow_leadership()
    }
}

/// The flag of a unit that is not the leader and has no jobs.
///
/// Its name is not one of the endpoint's: who looks at one of those has all of
/// them brought up to date, at a cost.
const WITHDRAWN: &str = "charmwright.jobs-withdrawn.{endpoint_name}";

fn checked<J: TryInto<JobRequest>>(jobs: impl IntoIterator<Item = J>) -> Result<Vec<JobRequest>>
where
    Failure: From<J::Error>,
{
    let mut checked = Vec::new();
    for job in jobs {
        checked.push(job.try_into()?);
    }
    JobError::of_all(&checked)?;
    Ok(checked)
}

impl<S: JobScope> Interface for PrometheusManualProvides<S> {
    const INTERFACE: Option<&'static str> = Some(INTERFACE);
    const ROLE: Option<RelationRole> = Some(RelationRole::Provider);

    fn new(endpoint: Endpoint) -> Self {
        let requests = RequesterEndpoint::with_owner(endpoint, S::OWNER);
        Self { requests, scope: PhantomData }
    }

    fn manage_flags(&self) -> Result {
        self.follow_leadership()?;
        self.requests.manage_flags()?;
        let is_available = self.is_joined()? && !self.requests()?.is_empty();
        self.toggle_flag("available", is_available);
        Ok(())
    }

    fn handlers(handlers: &mut EndpointHandlers<Self>) {
        if S::OWNER == RequestOwner::Unit {
            return;
        }
        // A question that Juju does not answer is asked again by the handler,
        // which can say so.
        let is_no_leader =
            test("the unit is not the leader", |cx| !cx.is_leader().unwrap_or_default());
        let may_have_jobs = none([handlers.flag(WITHDRAWN)]);
        handlers.when(may_have_jobs.and(is_no_leader), Self::withdraw_jobs);
        // The charm before may have been Python's, which knows no such flag.
        handlers.on(Event::UpgradeCharm, Self::withdraw_jobs);
    }
}

impl<S> Deref for PrometheusManualProvides<S> {
    type Target = RequesterEndpoint<JobRequest>;

    fn deref(&self) -> &Self::Target {
        &self.requests
    }
}

impl<S> fmt::Debug for PrometheusManualProvides<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrometheusManualProvides({})", self.endpoint_name())
    }
}
