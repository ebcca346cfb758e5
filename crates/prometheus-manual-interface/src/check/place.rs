//! A place in a job.

use std::fmt;

use crate::JobDefect;
use crate::check::quote::shorten;

/// Where in a job a value is. It is made on the way down, without memory of
/// its own, and printed only if there is a defect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Job,
    Key(&'a str),
    Index(usize),
}

impl Place<'_> {
    pub(crate) const JOB: Place<'static> = Place { parent: None, step: Step::Job };

    pub(crate) fn key<'a>(&'a self, key: &'a str) -> Place<'a> {
        Place { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&self, index: usize) -> Place<'_> {
        Place { parent: Some(self), step: Step::Index(index) }
    }

    pub(crate) fn defect(&self, rule: impl Into<String>) -> JobDefect {
        JobDefect::new(self.to_string(), rule)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else {
            return f.write_str("scrape_config");
        };
        if parent.parent.is_some() {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Job => Ok(()),
            Step::Key(key) if parent.parent.is_none() => f.write_str(&shorten(key)),
            Step::Key(key) => write!(f, ".{}", shorten(key)),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}
