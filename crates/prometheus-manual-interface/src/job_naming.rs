//! The names that jobs get.

use crate::job_id::JobId;

/// How the name of a job is made of the one that its producer asks for, so that
/// jobs of different units rarely have the same; of two that do, a
/// [`JobSet`](crate::JobSet) takes the first. It becomes the label `job` of all its metrics.
///
/// Such a set begins with [`WithId`](Self::WithId), so that who
/// comes from Python keeps the names of its jobs, and their series; whoever
/// begins anew is better off with [`OfUnit`](Self::OfUnit).
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
    ///
    /// A peer chooses both. One that knows or guesses what another one has can
    /// ask for the same name, and whichever comes first keeps it: Prometheus
    /// takes no two jobs of one name, and nothing tells which is the right one.
    /// So where peers do not trust each other, use [`OfUnit`](Self::OfUnit),
    /// whose names begin with what no peer can choose.
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
    use proptest::prelude::*;

    use super::*;

    /// Takes a name apart again.
    fn unit_and_name(name: &str) -> Option<(String, &str)> {
        let mut end = 0;
        for part in name.split('-') {
            let start = end;
            end = start + part.len() + 1;
            if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
                return Some((format!("{}/{part}", &name[..start - 1]), &name[end..]));
            }
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_two_names_of_units_are_the_same(
            application in "[a-z][a-z0-9]{0,2}(-[0-9]{0,2}[a-z][a-z0-9]{0,2}){0,3}",
            number in 0..100_u32,
            job_name in "[a-z0-9-]{1,9}",
        ) {
            let unit = format!("{application}/{number}");
            let name = JobNaming::OfUnit.name(&job_name, &"id".parse().unwrap(), &unit);
            prop_assert_eq!(unit_and_name(&name), Some((unit, job_name.as_str())));
        }
    }
}
