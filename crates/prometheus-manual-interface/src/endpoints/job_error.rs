//! Why a job cannot be registered.

use std::collections::BTreeSet;

use python_json::Value;
use thiserror::Error;

use crate::JobRequest;
use crate::shortened::shortened;

/// Why a job cannot be registered.
///
/// It quotes no more of a job than its name.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum JobError {
    /// The job has no name.
    #[error("`job_name` is empty")]
    NoName,
    /// The settings of the job are no mapping.
    #[error("`job_data` of the job `{job_name}` is not a mapping")]
    NotAMapping {
        /// The name of the job, fit to be shown.
        job_name: String,
    },
    /// Two jobs that should be registered have one name.
    #[error("there are two jobs with the name `{job_name}`")]
    SameName {
        /// The name of both, fit to be shown.
        job_name: String,
    },
}

impl JobError {
    /// Tells what is wrong with a job by itself.
    pub(crate) fn of(job: &JobRequest) -> Result<(), Self> {
        if job.job_name.is_empty() {
            return Err(Self::NoName);
        }
        match job.job_data {
            Value::Object(_) => Ok(()),
            _ => Err(Self::NotAMapping { job_name: shortened(&job.job_name) }),
        }
    }

    /// Tells what is wrong with jobs that are to be there together.
    pub(crate) fn of_all(jobs: &[JobRequest]) -> Result<(), Self> {
        let mut names = BTreeSet::new();
        for job in jobs {
            Self::of(job)?;
            if !names.insert(&job.job_name) {
                return Err(Self::SameName { job_name: shortened(&job.job_name) });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str, data: &str) -> JobRequest {
        JobRequest::new(name, data.parse().unwrap())
    }

    #[test]
    fn says_what_is_wrong_and_quotes_no_more_than_the_name() {
        let error = |jobs: &[JobRequest]| JobError::of_all(jobs).unwrap_err().to_string();
        insta::assert_snapshot!(error(&[job("", "{}")]), @"`job_name` is empty");
        insta::assert_snapshot!(error(&[job("a\n", r#""secret""#)]), @r"`job_data` of the job `a\n` is not a mapping");
        insta::assert_snapshot!(error(&[job("a", "{}"), job("b", "{}"), job("a", "{}")]), @"there are two jobs with the name `a`");
        assert!(error(&[job(&"ä".repeat(1000), "null")]).len() < 250);
    }
}
