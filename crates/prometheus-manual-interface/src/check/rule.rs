//! What holds between settings.

use crate::check::settings::{Settings, is_set};
use crate::job_defect::JobDefect;
use crate::place::Place;

/// What must hold between the fields of a section.
#[derive(Debug)]
pub(crate) enum Rule {
    AtMostOne(&'static [&'static str]),
    ExactlyOne(&'static [&'static str]),
    /// The first makes no sense without the second.
    Needs(&'static str, &'static str),
    Holds(fn(&Settings, &Place<'_>) -> Result<(), JobDefect>),
}

impl Rule {
    pub(crate) fn check(&self, settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
        let has = |name: &str| is_set(settings, name);
        match self {
            Self::AtMostOne(names) | Self::ExactlyOne(names) => {
                let mut given = names.iter().filter(|name| has(name));
                match (given.next(), given.next(), self) {
                    (Some(first), Some(second), _) => {
                        Err(place.key(second).defect(format!("it cannot stand beside `{first}`")))
                    }
                    (None, _, Self::ExactlyOne(_)) => Err(place.key(names[0]).defect(format!(
                        "it is missing; one of `{}` is needed",
                        names.join("`, `")
                    ))),
                    _ => Ok(()),
                }
            }
            Self::Needs(name, other) if has(name) && !has(other) => {
                Err(place.key(name).defect(format!("it needs `{other}` beside it")))
            }
            Self::Needs(..) => Ok(()),
            Self::Holds(holds) => holds(settings, place),
        }
    }
}
