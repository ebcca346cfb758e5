//! Targets with labels.

use std::collections::BTreeMap;
use std::fmt;

use python_json::Value;

use crate::job_defect::JobDefect;
use crate::place::Place;

/// Targets that have labels in common: an item of [`static_configs`].
///
/// ```
/// use prometheus_manual_interface::TargetGroup;
///
/// let group = TargetGroup::new(["10.0.0.5:9100", "10.0.0.6:9100"]).label("zone", "a");
/// ```
///
/// [`static_configs`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config
#[derive(Clone, Debug, PartialEq)]
pub struct TargetGroup {
    targets: Vec<String>,
    labels: BTreeMap<String, String>,
}

impl TargetGroup {
    /// Takes addresses: those of the standard library, such as
    /// [`SocketAddr`](std::net::SocketAddr), or texts such as
    /// `exporter.local:9100`.
    pub fn new(targets: impl IntoIterator<Item: fmt::Display>) -> Self {
        let targets = targets.into_iter().map(|target| target.to_string()).collect();
        Self { targets, labels: BTreeMap::new() }
    }

    /// Gives all metrics of these targets a label.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    pub(crate) fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    pub(crate) fn add(&mut self, targets: Self) {
        self.targets.extend(targets.targets);
    }

    /// Makes the setting of it.
    pub(crate) fn build(self, place: &Place<'_>) -> Result<Value, JobDefect> {
        let targets_place = place.key("targets");
        for (index, target) in self.targets.iter().enumerate() {
            if !is_address(target) {
                let rule = "it must be a host and a port, such as `10.0.0.5:9100`";
                return Err(targets_place.item(index).defect(rule));
            }
        }
        if let Some(name) = self.labels.keys().find(|name| !is_label(name)) {
            let rule = "the name of a label must be letters, digits and `_`, with no digit first";
            return Err(place.key("labels").key(name).defect(rule));
        }
        let targets = Value::Array(self.targets.into_iter().map(Value::String).collect());
        let mut group = BTreeMap::from([("targets".to_owned(), targets)]);
        if !self.labels.is_empty() {
            let labels = self.labels.into_iter().map(|(name, value)| (name, Value::String(value)));
            group.insert("labels".to_owned(), Value::Object(labels.collect()));
        }
        Ok(Value::Object(group))
    }
}

/// Tells whether a text is a host and a port, an IPv6 address in brackets.
fn is_address(target: &str) -> bool {
    let Some((host, port)) = target.rsplit_once(':') else { return false };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-._".contains(c)),
    };
    is_host && !port.starts_with('+') && port.parse::<u16>().is_ok()
}

fn is_label(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[track_caller]
    fn defect(group: TargetGroup) -> String {
        group.build(&Place::Job.key("static_configs").item(0)).unwrap_err().to_string()
    }

    #[test]
    fn takes_addresses_of_all_kinds() {
        let v6: SocketAddr = "[::1]:80".parse().unwrap();
        let group =
            TargetGroup::new([v6.to_string(), "größe.local:1".to_owned()]).label("a_1", "ä");
        let text = group.build(&Place::Job).unwrap().to_string();
        assert_eq!(
            text,
            r#"{"labels": {"a_1": "\u00e4"}, "targets": ["[::1]:80", "gr\u00f6\u00dfe.local:1"]}"#
        );
    }

    #[test]
    fn says_which_target_or_label_cannot_be() {
        for target in [
            "",
            "a",
            ":1",
            "a:",
            "a:+1",
            "a:65536",
            "::1:80",
            "[a]:80",
            "http://a:80",
            "a b:80",
            "a:80/m",
        ] {
            assert_eq!(
                defect(TargetGroup::new(["a:1", target])),
                "`static_configs[0].targets[1]`: it must be a host and a port, such as `10.0.0.5:9100`"
            );
        }
        for label in ["", "1a", "a-b", "ä"] {
            assert_eq!(
                defect(TargetGroup::new(["a:1"]).label(label, "")),
                format!(
                    "`static_configs[0].labels.{label}`: the name of a label must be letters, digits and `_`, with no digit first"
                )
            );
        }
    }
}
