//! Rules of relabelling.

use python_json::Value;

use crate::JobDefect;
use crate::check::Settings;
use crate::check::inspector::{is_set, text};
use crate::check::label;
use crate::check::place::Place;
use crate::check::quote::quote;
use crate::check::schema::{Kind, LIMIT, Rule, Section, field};

/// A [`relabel_config`].
///
/// [`relabel_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
pub(crate) const RELABEL_CONFIG: Section = Section {
    fields: &[
        field("action", Kind::Formed(check_action)).never_null(),
        field("modulus", LIMIT),
        field("regex", Kind::Regex),
        field("replacement", Kind::Text),
        field("separator", Kind::Text),
        field("source_labels", Kind::List(&Kind::Formed(label::check_name))),
        field("target_label", Kind::Text),
    ],
    inline: &[],
    rules: &[Rule::Holds(fields_fit_the_action)],
};

/// The actions, each with the fields that it looks at and that it needs.
const ACTIONS: [(&str, &[&str], &[&str]); 11] = [
    ("drop", EACH, &[]),
    ("dropequal", &["source_labels"], &["target_label"]),
    ("hashmod", EACH, &["modulus", "target_label"]),
    ("keep", EACH, &[]),
    ("keepequal", &["source_labels"], &["target_label"]),
    ("labeldrop", &["regex"], &[]),
    ("labelkeep", &["regex"], &[]),
    ("labelmap", EACH, &[]),
    ("lowercase", &["modulus", "regex", "separator", "source_labels"], &["target_label"]),
    ("replace", EACH, &["target_label"]),
    ("uppercase", &["modulus", "regex", "separator", "source_labels"], &["target_label"]),
];

const EACH: &[&str] =
    &["modulus", "regex", "replacement", "separator", "source_labels", "target_label"];

fn check_action(name: &str) -> Result<(), String> {
    if ACTIONS.iter().any(|(action, ..)| name.eq_ignore_ascii_case(action)) {
        return Ok(());
    }
    Err(format!("{} is no action of relabelling", quote(name)))
}

fn fields_fit_the_action(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let action = match settings.get("action") {
        None => "replace".to_owned(),
        Some(value) => text(value).unwrap_or_default().to_ascii_lowercase(),
    };
    let Some((_, allowed, needed)) = ACTIONS.iter().find(|(name, ..)| *name == action) else {
        return Ok(());
    };
    for name in settings.keys().filter(|name| *name != "action") {
        if !allowed.contains(&name.as_str()) && !needed.contains(&name.as_str()) {
            return Err(place
                .key(name)
                .defect(format!("it cannot be used for the action `{action}`")));
        }
    }
    for name in *needed {
        if !is_set(settings, name) {
            return Err(place.key(name).defect(format!("it is needed for the action `{action}`")));
        }
    }
    let value = |name| settings.get(name).and_then(text);
    let template = match action.as_str() {
        "labelmap" => "replacement",
        "hashmod" if value("modulus").as_deref() == Some("0") => {
            return Err(place.key("modulus").defect("it must not be 0"));
        }
        _ => "target_label",
    };
    let is_fit = match action.as_str() {
        "labelmap" | "replace" => label::is_name_template,
        "keep" | "drop" => return Ok(()),
        _ => label::is_name,
    };
    // What is unset has a default that fits, except for null.
    if template == "replacement" && settings.get(template) == Some(&Value::Null) {
        return Err(place.key(template).defect("it must not be null"));
    }
    match value(template) {
        Some(text) if !is_fit(&text) => {
            Err(place.key(template).defect(format!("{} is no label name", quote(&text))))
        }
        _ => Ok(()),
    }
}
