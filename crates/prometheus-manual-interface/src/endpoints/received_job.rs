//! A job that a unit asks for.

use std::fmt;
use std::ops::Deref;

use reactive_endpoints::{ReceivedRequest, Result};

use crate::{JobId, JobRequest, JobResponse};

/// A job that a unit at the other side asks for: its [`JobRequest`], and who
/// asks.
///
/// [`PrometheusManualRequires`](crate::PrometheusManualRequires) has them.
/// Clones are the same job. It is a [`ReceivedRequest`], which has the unit, the
/// relation, and what this unit has responded; and by that a [`JobRequest`], with
/// its fields, and wherever a reference to one is wanted.
#[derive(Clone)]
pub struct ReceivedJob(ReceivedRequest<JobRequest>);

impl ReceivedJob {
    pub(crate) fn new(request: ReceivedRequest<JobRequest>) -> Self {
        Self(request)
    }

    /// Returns the id. Only within one unit is it sure to be unique.
    ///
    /// # Panics
    ///
    /// Never: what is the id of a request can be that of a job.
    pub fn id(&self) -> JobId {
        self.0.request_id().as_ref().parse().expect("both have the same rules")
    }

    /// Responds that the job is used.
    ///
    /// # Errors
    ///
    /// Returns those of [`respond`](Self::respond).
    pub fn accept(&self) -> Result {
        self.respond(&JobResponse::accepted())
    }

    /// Responds that the job is not used, and why.
    ///
    /// # Errors
    ///
    /// Returns those of [`respond`](Self::respond).
    pub fn refuse(&self, reason: impl fmt::Display) -> Result {
        self.respond(&JobResponse::refused(reason.to_string()))
    }

    /// Responds to the job as it is, or replaces the response. A reason of more
    /// than 1,000 characters is cut.
    ///
    /// The job is not new any more, until it changes. The response is sent at
    /// the end of the run; a run that fails has not responded.
    ///
    /// # Errors
    ///
    /// Returns an error of Juju if what is published already cannot be read.
    pub fn respond(&self, response: &JobResponse) -> Result {
        self.0.respond(&bounded(response.clone()))
    }
}

impl Deref for ReceivedJob {
    type Target = ReceivedRequest<JobRequest>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl fmt::Debug for ReceivedJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The settings may be secret.
        f.debug_struct("ReceivedJob")
            .field("id", &self.id())
            .field("job_name", &self.job_name)
            .field("unit", self.unit())
            .finish()
    }
}

/// Cuts a reason that is longer than anybody reads: what is published is sent
/// to every unit at the other side.
fn bounded(mut response: JobResponse) -> JobResponse {
    const LONGEST: usize = 1000;
    if let Some(reason) = &mut response.reason
        && let Some((end, _)) = reason.char_indices().nth(LONGEST)
    {
        reason.truncate(end);
        reason.push('…');
    }
    response
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reactive_endpoints::RequestId;

    use super::*;

    proptest! {
        #[test]
        fn what_is_the_id_of_a_request_can_be_that_of_a_job(id in any::<String>(), times in 0..300_usize) {
            for id in [id.clone(), id.repeat(times)] {
                prop_assert_eq!(id.parse::<RequestId>().is_ok(), id.parse::<JobId>().is_ok());
            }
        }
    }

    #[test]
    fn a_reason_is_cut_where_nobody_reads_on() {
        let reason = |text: String| bounded(JobResponse::refused(text)).reason.unwrap();
        assert_eq!(reason("ä".repeat(1000)), "ä".repeat(1000));
        assert_eq!(reason("ä".repeat(1001)), format!("{}…", "ä".repeat(1000)));
        assert_eq!(bounded(JobResponse::accepted()), JobResponse::accepted());
    }
}
