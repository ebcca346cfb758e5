//! Places within a job.

use std::fmt;

use crate::job_defect::JobDefect;
use crate::shortened::excerpt;

/// A place within the settings of a job. It becomes a text only for a defect:
/// whoever walks through a job makes one for each value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    Job,
    Key(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// How many steps of a place are shown; the innermost ones.
    const MOST_STEPS: usize = 8;

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }

    /// Says what is wrong here.
    pub(crate) fn defect(&self, rule: impl Into<String>) -> JobDefect {
        JobDefect::new(self.to_string(), rule)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, steps: usize) -> fmt::Result {
        let (Self::Key(parent, _) | Self::Item(parent, _)) = *self else { return Ok(()) };
        match parent {
            Self::Job => {}
            _ if steps == 1 => f.write_str("…")?,
            _ => parent.write(f, steps - 1)?,
        }
        match *self {
            Self::Job => Ok(()),
            Self::Key(Self::Job, key) => f.write_str(&excerpt(key)),
            Self::Key(_, key) => write!(f, ".{}", excerpt(key)),
            Self::Item(_, index) => write!(f, "[{index}]"),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job => f.write_str("scrape_config"),
            _ => self.write(f, Self::MOST_STEPS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_people_write_it_and_never_long() {
        assert_eq!(Place::Job.to_string(), "scrape_config");
        let configs = Place::Job.key("http_sd_configs");
        let config = configs.item(1);
        assert_eq!(config.key("tls\n").defect("no").to_string(), r"`http_sd_configs[1].tls\n`: no");
        let keys: Vec<String> = (0..100).map(|number| format!("{number:0100}")).collect();
        check_depth(&Place::Job, &keys);
    }

    fn check_depth(place: &Place<'_>, keys: &[String]) {
        assert!(place.to_string().chars().count() < 8 * 50);
        if let Some((key, keys)) = keys.split_first() {
            check_depth(&place.key(key), keys);
        }
    }
}
