//! What the check does not look at.

use python_json::Value;

/// Makes a job that the check has accepted one of many, and takes out of it what
/// the check leaves to others: whether a file is there, and what relabelling makes
/// of a target, of which promtool thinks more strictly than Prometheus.
pub(crate) fn settle(job: &mut Value, index: usize) {
    point_at_a_file(job);
    let Value::Object(settings) = job else { return };
    let name = settings.get("job_name").cloned().unwrap_or_default();
    let name = if let Value::String(name) = name { name } else { name.to_string() };
    settings.insert("job_name".to_owned(), Value::String(format!("{name}{index}")));
    let is_relabelled =
        matches!(settings.get("relabel_configs"), Some(Value::Array(rules)) if !rules.is_empty());
    if let (true, Some(Value::Array(configs))) = (is_relabelled, settings.get_mut("static_configs"))
    {
        for config in configs {
            if let Value::Object(config) = config {
                config.insert("targets".to_owned(), Value::Array(Vec::new()));
            }
        }
    }
}

fn point_at_a_file(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(point_at_a_file),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Array(_) | Value::Object(_) => point_at_a_file(value),
                    Value::Null => {}
                    _ if key.ends_with("_file") => *value = Value::String("/dev/null".to_owned()),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
