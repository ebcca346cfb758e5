//! The settings that a request asks for, in the shapes that producers send.

use std::collections::BTreeMap;

use python_json::Value;

use crate::job_defect::JobDefect;
use crate::job_request::JobRequest;

/// Settings that some producers send beside `job_data` instead of within.
const BESIDE: [&str; 18] = [
    "authorization",
    "basic_auth",
    "bearer_token",
    "honor_labels",
    "honor_timestamps",
    "metric_relabel_configs",
    "metrics_path",
    "oauth2",
    "params",
    "proxy_url",
    "relabel_configs",
    "sample_limit",
    "scheme",
    "scrape_interval",
    "scrape_timeout",
    "static_configs",
    "target_limit",
    "tls_config",
];

/// Returns the settings that a request asks for, without the name of the job.
pub(crate) fn scrape_settings(request: &JobRequest) -> Result<BTreeMap<String, Value>, JobDefect> {
    let defect = |rule| JobDefect::new("job_data", rule);
    let mut settings = match &request.job_data {
        Value::Null => return Err(defect("it is missing")),
        Value::Object(settings) => settings.clone(),
        Value::String(text) => match text.parse() {
            Ok(Value::Object(settings)) => settings,
            _ => return Err(defect("it must be a mapping, or one as JSON")),
        },
        _ => return Err(defect("it must be a mapping")),
    };
    settings.remove("job_name");
    for key in BESIDE {
        if let Some(value) = request.other.get(key)
            && settings.get(key).is_none_or(|value| *value == Value::Null)
        {
            settings.insert(key.to_owned(), value.clone());
        }
    }
    if let Some(Value::Array(groups)) = settings.get_mut("static_configs") {
        groups.iter_mut().for_each(list_targets);
    }
    Ok(settings)
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
