//! How a job of this charm was taken.

use std::fmt;
use std::ops::Deref;

use reactive_endpoints::{CreatedRequest, ReceivedResponse, RelatedUnit, Relation, Result};

use crate::{JobRequest, JobResponse};

/// How a unit at the other side has taken a job of this charm: a
/// [`JobResponse`], for which job it is, and who says so.
pub struct ReceivedJobResponse {
    job_name: String,
    response: ReceivedResponse<JobRequest>,
}

impl ReceivedJobResponse {
    /// Returns those to a job that have come, by the numbers of the units.
    pub(crate) fn all_of(request: &CreatedRequest<JobRequest>) -> Result<Vec<Self>> {
        let responses = request.responses()?.into_iter();
        let of = |response| Self { job_name: request.job_name.clone(), response };
        Ok(responses.map(of).collect())
    }

    /// Returns the name of the job.
    pub fn job_name(&self) -> &str {
        &self.job_name
    }

    /// Returns the unit that has responded.
    pub fn unit(&self) -> &RelatedUnit {
        self.response.unit()
    }

    /// Returns the relation.
    pub fn relation(&self) -> &Relation {
        self.unit().relation()
    }
}

impl Deref for ReceivedJobResponse {
    type Target = JobResponse;

    fn deref(&self) -> &JobResponse {
        &self.response
    }
}

impl fmt::Debug for ReceivedJobResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedJobResponse")
            .field("job_name", &self.job_name)
            .field("unit", self.unit())
            .field("response", &**self)
            .finish()
    }
}
