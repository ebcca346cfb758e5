//! Targets that are named in the job itself.

use python_json::Value;

use crate::check::duration;
use crate::check::label;
use crate::check::rule::Rule;
use crate::check::schema::{Kind, Section, field};
use crate::check::settings::{Settings, list, text};
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

/// Checks that the targets are hosts with a port, unless relabelling makes
/// hosts of them, as it does for the blackbox exporter.
pub(crate) fn targets_are_hosts(job: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    if matches!(job.get("relabel_configs"), Some(Value::Array(rules)) if !rules.is_empty()) {
        return Ok(());
    }
    let place = place.key("static_configs");
    for (index, config) in list(job, "static_configs").iter().enumerate() {
        let Value::Object(config) = config else { continue };
        for (target_index, target) in list(config, "targets").iter().enumerate() {
            if text(target).is_some_and(|target| target.contains('/')) {
                let rule = "a target is a host and a port, without scheme and path";
                return Err(place.item(index).key("targets").item(target_index).defect(rule));
            }
        }
    }
    Ok(())
}
