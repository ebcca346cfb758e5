//! The names that jobs get.

use crate::job_id::JobId;

/// How the name of a job is made of the one that its producer asks for, so that
/// no two jobs have the same. It becomes the label `job` of all its metrics.
///
/// ```
/// use prometheus_manual_interface::{JobId, JobNaming};
///
/// let id: JobId = "ab8da742-e73c-4996-9563-c7887fcef153".parse()?;
/// assert_eq!(JobNaming::OfUnit.name("node", &id, "exporter/0"), "exporter-0-node");
/// assert_eq!(
///     JobNaming::WithId.name("node", &id, "exporter/0"),
///     "node-ab8da742-e73c-4996-9563-c7887fcef153"
/// );
/// # Ok::<(), prometheus_manual_interface::ParseJobIdError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum JobNaming {
    /// By the unit that asks: `exporter-0-node`. The name stays when units are
    /// related anew, and with it their series. Each unit must give its jobs
    /// different names.
    OfUnit,
    /// By the id of the request, as Python does it: `node-UUID`.
    WithId,
}

impl JobNaming {
    /// Makes the name of a job of a unit, such as `exporter/0`.
    pub fn name(self, job_name: &str, id: &JobId, unit: &str) -> String {
        match self {
            // The first part of a unit's name that is a number ends it: no
            // application has such parts. So no two make the same.
            Self::OfUnit => format!("{}-{job_name}", unit.replace('/', "-")),
            Self::WithId => format!("{job_name}-{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_names_with_dashes_and_numbers_do_not_meet() {
        let name = |unit, name| JobNaming::OfUnit.name(name, &"id".parse().unwrap(), unit);
        assert_ne!(name("a/1", "1-b"), name("a/11", "b"));
        assert_ne!(name("a-b/1", "c"), name("a/1", "b-1-c"));
        assert_ne!(name("a/1", "b-2-c"), name("a-b/1", "2-c"));
    }
}
