//! What jobs need of Prometheus and its machine.

use crate::job_defect::JobDefect;

/// What a job needs of Prometheus and its machine, or several together.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Needs {
    /// About how many bytes it has in the configuration, and with certificates.
    pub(crate) size: usize,
    /// How large its regular expressions are, in instructions of Go's matcher.
    pub(crate) regexes: usize,
}

impl Needs {
    /// What all jobs of an application may need. It is far more than a thousand
    /// units do, and no more than a server can bear of each application that its
    /// operator relates to it: so none depends on what another one asks for.
    ///
    /// An instruction takes about 40 bytes of Prometheus's memory.
    pub(crate) const OF_APPLICATION: Self = Self { size: 32 << 20, regexes: 5_000_000 };

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { size: self.size + other.size, regexes: self.regexes + other.regexes }
    }

    /// Checks what the jobs of one application need together.
    pub(crate) fn check_of_application(self) -> Result<(), JobDefect> {
        let rule = if self.size > Self::OF_APPLICATION.size {
            "the jobs of one application must not be larger than 32 MiB together"
        } else if self.regexes > Self::OF_APPLICATION.regexes {
            "the regular expressions in all jobs of one application are too large"
        } else {
            return Ok(());
        };
        Err(JobDefect::new("scrape_configs", rule))
    }
}
