//! Targets that are named in the job itself.

use python_json::Value;

use crate::check::duration;
use crate::check::label;
use crate::check::rule::Rule;
use crate::check::schema::{Kind, Section, field};
use crate::check::settings::{Settings, text};
use crate::job_defect::JobDefect;
use crate::place::Place;
use crate::shortened::quoted;

/// A [`static_config`].
///
/// [`static_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config
pub(crate) const STATIC_CONFIG: Section = Section {
    fields: &[
        field("labels", Kind::Map(label::check_name, &Kind::Text)),
        field("targets", Kind::List(&Kind::Formed(check_target))),
    ],
    inline: &[],
    rules: &[Rule::Holds(labels_of_a_scrape_are_usable)],
};

fn check_target(target: &str) -> Result<(), String> {
    if target.is_empty() { Err("a target must not be empty".to_owned()) } else { Ok(()) }
}

/// Labels of these names change how the targets are scraped.
fn labels_of_a_scrape_are_usable(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let Some(Value::Object(labels)) = settings.get("labels") else {
        return Ok(());
    };
    for name in ["__scheme__", "__scrape_interval__", "__scrape_timeout__"] {
        let Some(value) = labels.get(name).and_then(text) else {
            continue;
        };
        let checked = match name {
            "__scheme__" if matches!(&*value, "http" | "https") => Ok(()),
            "__scheme__" => Err(format!("{} is none of `http`, `https`", quoted(&value))),
            _ => duration::check_positive(&value),
        };
        checked.map_err(|rule| place.key("labels").key(name).defect(rule))?;
    }
    Ok(())
}
