//! What the check does not look at.

use python_json::Value;

use crate::promtool;

/// Names a file that is there wherever a job names one of the machine.
pub(crate) fn point_at_a_file(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(point_at_a_file),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Array(_) | Value::Object(_) => point_at_a_file(value),
                    Value::Null => {}
                    Value::String(text) if PLACEHOLDERS.contains(&text.as_str()) => {}
                    _ if key.ends_with("_file") => *value = Value::String("/dev/null".to_owned()),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

const PLACEHOLDERS: [&str; 3] = ["__ca_file__", "__cert_file__", "__key_file__"];

/// Takes out of jobs those that promtool refuses for what a regular expression
/// makes of a static target, of which it thinks more strictly than Prometheus,
/// and counts them. Tells of others that it refuses.
pub(crate) fn excuse(mut jobs: Vec<Value>) -> Result<usize, String> {
    let mut excused = 0;
    while let Some((mut job, said)) = promtool::culprit(&jobs) {
        jobs.retain(|other| *other != job);
        let told = format!("{job}: {said}");
        take_targets(&mut job);
        if promtool::refusal(std::slice::from_ref(&job)).is_some() {
            return Err(told);
        }
        excused += 1;
    }
    Ok(excused)
}

/// Takes the static targets out of a job that relabels them.
fn take_targets(job: &mut Value) {
    let Value::Object(settings) = job else { return };
    let is_relabelled =
        matches!(settings.get("relabel_configs"), Some(Value::Array(rules)) if !rules.is_empty());
    if is_relabelled {
        settings.remove("static_configs");
    }
}
