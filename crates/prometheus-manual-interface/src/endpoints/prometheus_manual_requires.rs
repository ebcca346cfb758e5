//! The side that runs Prometheus.

use std::ops::Deref;

use juju_types::RelationRole;
use reactive_endpoints::{Endpoint, Interface, ReceivedRequest, ResponderEndpoint, Result};

use super::INTERFACE;
use super::received_job::ReceivedJob;
use crate::scrape_settings::check_fields;
use crate::{JobRequest, JobResponse};

/// The endpoint of a charm that runs Prometheus, to which others hand jobs.
///
/// It keeps two flags beside those of [`ResponderEndpoint`], which are true in
/// every hook, and right after a response: `endpoint.NAME.has_jobs` while there
/// are jobs, and `endpoint.NAME.new_jobs` while there are jobs that this unit has
/// not responded to as they are now.
///
/// What a unit asks for that cannot be a job (no JSON, no name, settings that
/// are no mapping) is not among the jobs. It is logged, and is refused, with the
/// reason, whenever the flags are brought up to date: in each hook of the
/// endpoint, and in others in which somebody looks at it. So the charm need not
/// know of it. No reason quotes what is in the request.
///
/// ```
/// # use juju_types::CharmFiles;
/// # use reactive_endpoints::Charm;
/// use prometheus_manual_interface::PrometheusManualRequires;
/// use reactive_endpoints::{Context, EndpointKey, Result};
///
/// const MANUAL_JOBS: EndpointKey<PrometheusManualRequires> = EndpointKey::new("manual-jobs");
///
/// /// Runs when `MANUAL_JOBS.flag("new_jobs")` is set.
/// fn take_jobs(cx: &Context) -> Result {
///     for job in cx.endpoint(MANUAL_JOBS).new_jobs()? {
///         if job.job_name == "node" {
///             job.refuse("Prometheus has such a job already")?;
///         } else {
///             job.accept()?;
///         }
///     }
///     Ok(())
/// }
/// # let charm = Charm::new(()).when(MANUAL_JOBS.flag("new_jobs"), |(), cx| take_jobs(cx));
/// # drop(charm);
/// ```
#[derive(Debug)]
pub struct PrometheusManualRequires(ResponderEndpoint<JobRequest>);

impl PrometheusManualRequires {
    /// Returns all jobs, also those that were responded to, in the order of
    /// their ids.
    ///
    /// Two units may use the same id: then there are two jobs. So it is while one
    /// takes over from another as the leader of its application, before the other
    /// has noticed.
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say what is published.
    pub fn jobs(&self) -> Result<Vec<ReceivedJob>> {
        Ok(usable(self.all_requests()?))
    }

    /// Returns the jobs that this unit has not responded to, or not since they
    /// were changed.
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say what is published.
    pub fn new_jobs(&self) -> Result<Vec<ReceivedJob>> {
        Ok(usable(self.new_requests()?))
    }

    /// Refuses whatever cannot be a job.
    fn refuse_unusable(&self) -> Result {
        for malformed in self.malformed_requests()? {
            malformed.respond(&JobResponse::refused(malformed.to_string()))?;
        }
        for request in self.new_requests()? {
            if let Err(defect) = check_fields(&request) {
                let (id, unit) = (request.request_id(), request.unit().unit_name());
                let relation = request.relation().relation_id();
                tracing::warn!(
                    "refused the job `{id}` of unit `{unit}` in relation `{relation}`: {defect}"
                );
                request.respond(&JobResponse::refused(defect.to_string()))?;
            }
        }
        Ok(())
    }
}

fn usable(requests: Vec<ReceivedRequest<JobRequest>>) -> Vec<ReceivedJob> {
    let usable = requests.into_iter().filter(|request| check_fields(request).is_ok());
    usable.map(ReceivedJob::new).collect()
}

impl Interface for PrometheusManualRequires {
    const INTERFACE: Option<&'static str> = Some(INTERFACE);
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(endpoint: Endpoint) -> Self {
        Self(ResponderEndpoint::new(endpoint))
    }

    fn manage_flags(&self) -> Result {
        self.refuse_unusable()?;
        self.0.manage_flags()?;
        let (has_jobs, has_new) = (!self.jobs()?.is_empty(), !self.new_jobs()?.is_empty());
        self.toggle_flag("has_jobs", has_jobs);
        self.toggle_flag("new_jobs", has_new);
        Ok(())
    }
}

impl Deref for PrometheusManualRequires {
    type Target = ResponderEndpoint<JobRequest>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
