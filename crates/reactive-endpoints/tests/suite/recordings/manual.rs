//! The two charms that were recorded, and the sides of `prometheus-manual` that
//! they use.

use std::borrow::Cow;
use std::ops::Deref;

use juju_types::{RelationRole, Status, StatusKind};
use python_json::Value;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Flag, Interface, Request, RequesterEndpoint,
    ResponderEndpoint, Result, none,
};
use serde::{Deserialize, Serialize};

/// A scrape job.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[expect(clippy::struct_field_names, reason = "they are those of the wire")]
pub(super) struct Job {
    pub(super) job_name: String,
    job_data: Value,
    ca_cert: Option<String>,
    client_cert: Option<String>,
    client_key: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Outcome {
    success: bool,
    reason: Option<String>,
}

impl Request for Job {
    type Response = Outcome;

    fn key(&self) -> Option<Cow<'_, str>> {
        Some(self.job_name.as_str().into())
    }
}

/// The side that registers jobs.
#[derive(Debug)]
struct ManualProvides(RequesterEndpoint<Job>);

impl Interface for ManualProvides {
    const INTERFACE: Option<&'static str> = Some("prometheus-manual");
    const ROLE: Option<RelationRole> = Some(RelationRole::Provider);

    fn new(endpoint: Endpoint) -> Self {
        Self(RequesterEndpoint::new(endpoint))
    }

    fn manage_flags(&self) -> Result {
        self.0.manage_flags()?;
        let is_available = self.is_joined()? && !self.requests()?.is_empty();
        self.toggle_flag("available", is_available);
        Ok(())
    }
}

impl Deref for ManualProvides {
    type Target = RequesterEndpoint<Job>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The side that is asked to scrape.
#[derive(Debug)]
struct ManualRequires(ResponderEndpoint<Job>);

impl Interface for ManualRequires {
    const INTERFACE: Option<&'static str> = Some("prometheus-manual");
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(endpoint: Endpoint) -> Self {
        Self(ResponderEndpoint::new(endpoint))
    }

    fn manage_flags(&self) -> Result {
        self.0.manage_flags()?;
        let is_joined = self.is_joined()?;
        self.toggle_flag("has_jobs", is_joined && !self.all_requests()?.is_empty());
        self.toggle_flag("new_jobs", is_joined && !self.new_requests()?.is_empty());
        Ok(())
    }
}

impl Deref for ManualRequires {
    type Target = ResponderEndpoint<Job>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

const INSTALLED: Flag = Flag::new("exporter.installed");
const PROMETHEUS: EndpointKey<ManualProvides> = EndpointKey::new("prometheus");
const MANUAL_JOBS: EndpointKey<ManualRequires> = EndpointKey::new("manual-jobs");

/// The charm that registers these jobs in every hook, while it is joined.
pub(super) fn exporter(jobs: Vec<Job>) -> Charm<()> {
    let register = move |(): &mut (), cx: &Context| {
        let prometheus = cx.endpoint(PROMETHEUS);
        for relation in &prometheus.relations()? {
            for job in &jobs {
                prometheus.create_or_update(relation, job.clone())?;
            }
        }
        Ok(())
    };
    Charm::new(())
        .when(none([INSTALLED]), |(), cx| {
            cx.set(INSTALLED);
            Ok(())
        })
        .when(PROMETHEUS.joined(), register)
        .when(PROMETHEUS.flag("all_responses"), |(), cx| {
            let prometheus = cx.endpoint(PROMETHEUS);
            let good = prometheus.responses()?.iter().filter(|response| response.success).count();
            let all = prometheus.requests()?.len();
            Ok(cx
                .juju()
                .status_set(&Status::new(StatusKind::Active, format!("{good} of {all}")))?)
        })
}

/// The charm that answers all new jobs, and refuses one by its name.
pub(super) fn prometheus() -> Charm<()> {
    Charm::new(()).when(MANUAL_JOBS.flag("new_jobs"), |(), cx| {
        let jobs = cx.endpoint(MANUAL_JOBS);
        for job in jobs.new_requests()? {
            let is_refused = job.job_name == "refused";
            let reason = is_refused.then(|| "name is refused".to_owned());
            job.respond(&Outcome { success: !is_refused, reason })?;
        }
        let all = jobs.all_requests()?.len();
        Ok(cx.juju().status_set(&Status::new(StatusKind::Active, format!("{all} jobs")))?)
    })
}

/// Reads what is published as a job.
pub(super) fn job(text: &str) -> Job {
    python_json::from_str(text).unwrap()
}
