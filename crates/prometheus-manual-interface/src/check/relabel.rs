//! Rules of relabelling.

use python_json::Value;

use crate::check::label;
use crate::check::rule::Rule;
use crate::check::schema::{Kind, Section, field};
use crate::check::settings::{Settings, is_set, text};
use crate::job_defect::JobDefect;
use crate::place::Place;
use crate::shortened::quoted;

/// A [`relabel_config`].
///
/// [`relabel_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
pub(crate) const RELABEL_CONFIG: Section = Section {
    fields: &[
        field("action", Kind::Formed(check_action)).never_null(),
        field("modulus", Kind::Integer(1, u64::MAX)),
        field("regex", Kind::Regex),
        field("replacement", Kind::Text),
        field("separator", Kind::Text),
        field("source_labels", Kind::List(&Kind::Formed(label::check_name))),
        field("target_label", Kind::Text),
    ],
    inline: &[],
    rules: &[Rule::Holds(fields_fit_the_action)],
};

/// A field that names a label, and what it must be.
type Label = (&'static str, fn(&str) -> bool);

/// What is done, and with which fields.
struct Action {
    name: &'static str,
    allowed: &'static [&'static str],
    needed: &'static [&'static str],
    label: Option<Label>,
}

const ACTIONS: [Action; 11] = [
    action("drop", EACH, &[], None),
    action("dropequal", COMPARED, &["target_label"], TARGET),
    action("hashmod", EACH, &["modulus", "target_label"], TARGET),
    action("keep", EACH, &[], None),
    action("keepequal", COMPARED, &["target_label"], TARGET),
    action("labeldrop", &["regex"], &[], None),
    action("labelkeep", &["regex"], &[], None),
    action("labelmap", EACH, &[], Some(("replacement", label::is_name_template))),
    action("lowercase", CHANGED, &["target_label"], TARGET),
    action("replace", EACH, &["target_label"], Some(("target_label", label::is_name_template))),
    action("uppercase", CHANGED, &["target_label"], TARGET),
];

const EACH: &[&str] =
    &["modulus", "regex", "replacement", "separator", "source_labels", "target_label"];
const COMPARED: &[&str] = &["source_labels", "target_label"];
const CHANGED: &[&str] = &["modulus", "regex", "separator", "source_labels", "target_label"];
const TARGET: Option<Label> = Some(("target_label", label::is_name));

const fn action(
    name: &'static str,
    allowed: &'static [&'static str],
    needed: &'static [&'static str],
    label: Option<Label>,
) -> Action {
    Action { name, allowed, needed, label }
}

fn find(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| name.eq_ignore_ascii_case(action.name))
}

fn check_action(name: &str) -> Result<(), String> {
    match find(name) {
        Some(_) => Ok(()),
        None => Err(format!("{} is no action of relabelling", quoted(name))),
    }
}

fn fields_fit_the_action(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let name = settings.get("action").and_then(text).unwrap_or("replace".into());
    let Some(Action { name, allowed, needed, label }) = find(&name) else {
        return Ok(());
    };
    let mut others = settings.keys().filter(|key| !allowed.contains(&key.as_str()));
    if let Some(other) = others.find(|key| *key != "action") {
        return Err(place.key(other).defect(format!("it cannot be used for the action `{name}`")));
    }
    if let Some(missing) = needed.iter().find(|key| !is_set(settings, key)) {
        return Err(place.key(missing).defect(format!("it is needed for the action `{name}`")));
    }
    let Some((key, is_fit)) = label else {
        return Ok(());
    };
    match settings.get(*key) {
        // Unset, it has a default that fits; null would be an empty name.
        Some(Value::Null) => Err(place.key(key).defect("it must not be null")),
        Some(value) => match text(value).filter(|text| !is_fit(text)) {
            Some(text) => Err(place.key(key).defect(format!("{} is no label name", quoted(&text)))),
            None => Ok(()),
        },
        None => Ok(()),
    }
}
