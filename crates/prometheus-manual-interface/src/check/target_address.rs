//! Where static targets are scraped.

use python_json::Value;

use crate::check::settings::{Settings, list, text};
use crate::job_defect::JobDefect;
use crate::place::Place;

/// Checks that static targets are hosts with a port when relabelling is done
/// with them: as they are, or as a rule makes them, as for the blackbox
/// exporter.
///
/// What a rule makes by a regular expression is not computed. If that is no
/// address, Prometheus leaves the target out, but promtool refuses the job.
pub(crate) fn targets_are_hosts(job: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let rules = list(job, "relabel_configs");
    let mut addresses = Addresses::OfTargets;
    for (index, rule) in rules.iter().enumerate() {
        if let Value::Object(rule) = rule {
            addresses = addresses.after(rule, index);
        }
    }
    let rule = "a target is a host and a port, without scheme and path";
    match addresses {
        Addresses::Computed => Ok(()),
        Addresses::OfRule(_) if !has_targets(job) => Ok(()),
        Addresses::OfRule(index) => {
            let Some(Value::Object(settings)) = rules.get(index) else { return Ok(()) };
            let address = settings.get("replacement").and_then(text).unwrap_or_default();
            if is_address(&address) {
                return Ok(());
            }
            let place = place.key("relabel_configs");
            Err(place.item(index).key("replacement").defect(rule))
        }
        Addresses::OfTargets => {
            let place = place.key("static_configs");
            for (index, config) in list(job, "static_configs").iter().enumerate() {
                let Value::Object(config) = config else { continue };
                for (target_index, target) in list(config, "targets").iter().enumerate() {
                    if text(target).is_some_and(|target| !is_address(&target)) {
                        let place = place.item(index);
                        return Err(place.key("targets").item(target_index).defect(rule));
                    }
                }
            }
            Ok(())
        }
    }
}

/// Where the addresses of a job's static targets come from.
#[derive(Clone, Copy)]
enum Addresses {
    OfTargets,
    /// All are what this rule says.
    OfRule(usize),
    Computed,
}

impl Addresses {
    /// Returns where they come from after one more rule.
    fn after(self, rule: &Settings, index: usize) -> Self {
        let action = rule.get("action").and_then(text).unwrap_or("replace".into());
        let target_label = rule.get("target_label").and_then(text).unwrap_or_default();
        let may_set = target_label == "__address__" || target_label.contains('$');
        match action.to_ascii_lowercase().as_str() {
            "keep" | "drop" | "keepequal" | "dropequal" => self,
            "labelmap" | "labeldrop" | "labelkeep" => Self::Computed,
            "replace" if may_set => {
                let is_always = rule.get("regex").is_none_or(|regex| *regex == Value::Null);
                let replacement = rule.get("replacement").and_then(text);
                let is_constant = replacement.is_some_and(|text| !text.contains('$'));
                if is_always && is_constant && target_label == "__address__" {
                    Self::OfRule(index)
                } else {
                    Self::Computed
                }
            }
            _ if may_set => Self::Computed,
            _ => self,
        }
    }
}

fn has_targets(job: &Settings) -> bool {
    list(job, "static_configs").iter().any(
        |config| matches!(config, Value::Object(config) if !list(config, "targets").is_empty()),
    )
}

fn is_address(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}
