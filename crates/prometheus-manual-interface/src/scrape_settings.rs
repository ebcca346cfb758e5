//! The settings that a request asks for, in the shapes that producers send.

use std::collections::BTreeMap;

use python_json::Value;

use crate::check::scrape_config::SCRAPE_CONFIG;
use crate::job_defect::JobDefect;
use crate::job_request::JobRequest;

/// Tells why a request cannot be one for a job, whatever its settings are.
pub(crate) fn check_fields(request: &JobRequest) -> Result<(), JobDefect> {
    let is_no_text = |field: &&str| request.other.contains_key(*field);
    if let Some(field) = JobRequest::TEXTS.into_iter().find(is_no_text) {
        return Err(JobDefect::new(field, "it must be text"));
    }
    if request.job_name.is_empty() {
        return Err(JobDefect::new("job_name", "it must not be empty"));
    }
    match request.job_data {
        // A mapping as it mostly is, which need not be copied.
        Value::Object(_) => Ok(()),
        _ => job_data(request).map(drop),
    }
}

/// Returns the settings that a request asks for, without the name of the job.
pub(crate) fn scrape_settings(request: &JobRequest) -> Result<BTreeMap<String, Value>, JobDefect> {
    check_fields(request)?;
    let mut settings = job_data(request)?;
    settings.remove("job_name");
    // Some producers send settings beside `job_data` instead of within.
    for (key, value) in &request.other {
        let is_missing = settings.get(key).is_none_or(|value| *value == Value::Null);
        if is_missing && SCRAPE_CONFIG.field(key).is_some() {
            settings.insert(key.clone(), value.clone());
        }
    }
    if let Some(Value::Array(groups)) = settings.get_mut("static_configs") {
        groups.iter_mut().for_each(list_targets);
    }
    Ok(settings)
}

fn job_data(request: &JobRequest) -> Result<BTreeMap<String, Value>, JobDefect> {
    let defect = |rule| JobDefect::new("job_data", rule);
    match &request.job_data {
        Value::Null => Err(defect("it is missing")),
        Value::Object(settings) => Ok(settings.clone()),
        Value::String(text) => match text.parse() {
            Ok(Value::Object(settings)) => Ok(settings),
            _ => Err(defect("it must be a mapping, or one as JSON")),
        },
        _ => Err(defect("it must be a mapping")),
    }
}

/// Makes a list of the targets of a group that are one text.
fn list_targets(group: &mut Value) {
    let Value::Object(group) = group else { return };
    let Some(targets) = group.get_mut("targets") else { return };
    if let Value::String(text) = targets {
        let texts = text.split(|c: char| c == ',' || c.is_whitespace());
        let texts = texts.filter(|text| !text.is_empty());
        *targets = Value::Array(texts.map(|text| Value::String(text.to_owned())).collect());
    }
}
