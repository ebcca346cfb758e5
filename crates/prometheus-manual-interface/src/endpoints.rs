//! The endpoints of both sides.

pub(crate) mod job_error;
pub(crate) mod job_scope;
pub(crate) mod prometheus_manual_provides;
pub(crate) mod prometheus_manual_requires;
pub(crate) mod received_job;
pub(crate) mod received_job_response;

use std::borrow::Cow;

use reactive_endpoints::Request;

use crate::{JobRequest, JobResponse};

/// The name of the interface.
const INTERFACE: &str = "prometheus-manual";

impl Request for JobRequest {
    type Response = JobResponse;

    fn key(&self) -> Option<Cow<'_, str>> {
        Some(self.job_name.as_str().into())
    }
}
