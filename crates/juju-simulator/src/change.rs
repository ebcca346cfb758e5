use std::fmt;

use juju_types::{EndpointName, PortRange, RelationId, SecretId};

use crate::status_text::StatusText;

/// One difference that an operation made in the model.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A result of an action; nested keys are joined with `.`.
    ActionResult {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// The status of the application.
    ApplicationStatus {
        /// Before the operation; nothing if the leader had set none.
        before: Option<StatusText>,
        /// Now.
        after: StatusText,
    },
    /// A setting of the leader.
    LeaderSetting {
        /// The key.
        key: String,
        /// The value; nothing if it was deleted.
        value: Option<String>,
    },
    /// A range of ports is no longer open.
    PortClosed {
        /// The ports.
        ports: PortRange,
        /// For which endpoint; nothing means for all.
        endpoint: Option<EndpointName>,
    },
    /// A range of ports is open now.
    PortOpened {
        /// The ports.
        ports: PortRange,
        /// For which endpoint; nothing means for all.
        endpoint: Option<EndpointName>,
    },
    /// The machine was rebooted.
    Reboot,
    /// What the leader publishes in a relation, for its application.
    RelationApplicationData {
        /// The relation.
        relation: RelationId,
        /// The key.
        key: String,
        /// The value; nothing if it was deleted.
        value: Option<String>,
    },
    /// What the unit publishes in a relation.
    RelationUnitData {
        /// The relation.
        relation: RelationId,
        /// The key.
        key: String,
        /// The value; nothing if it was deleted.
        value: Option<String>,
    },
    /// There is a new secret.
    SecretAdded {
        /// Its id.
        secret: SecretId,
    },
    /// A unit or an application may read a secret.
    SecretGranted {
        /// Its id.
        secret: SecretId,
        /// The tag of who may read it, such as `unit-web-0`.
        reader: String,
    },
    /// A secret is gone.
    SecretRemoved {
        /// Its id.
        secret: SecretId,
    },
    /// A secret has another latest revision.
    SecretRevised {
        /// Its id.
        secret: SecretId,
        /// The number of the revision.
        revision: u32,
    },
    /// A unit or an application may not read a secret any more.
    SecretRevoked {
        /// Its id.
        secret: SecretId,
        /// The tag of who may not read it, such as `unit-web-0`.
        reader: String,
    },
    /// An entry of the charm's state.
    State {
        /// The key.
        key: String,
        /// The value; nothing if it was deleted.
        value: Option<String>,
    },
    /// The status of the unit.
    Status {
        /// Before the operation.
        before: StatusText,
        /// Now.
        after: StatusText,
    },
    /// The version of the workload.
    Version {
        /// Before the operation; empty if there was none.
        before: String,
        /// Now.
        after: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ActionResult { key, value } => write!(f, "result: {key} = {}", Shown(value)),
            Self::ApplicationStatus { before: Some(before), after } => {
                write!(f, "application status: {before} -> {after}")
            }
            Self::ApplicationStatus { before: None, after } => {
                write!(f, "application status: {after}")
            }
            Self::LeaderSetting { key, value } => {
                write_entry(f, "leader setting", key, value.as_deref())
            }
            Self::PortClosed { ports, endpoint } => {
                write_ports(f, "closed", *ports, endpoint.as_ref())
            }
            Self::PortOpened { ports, endpoint } => {
                write_ports(f, "opened", *ports, endpoint.as_ref())
            }
            Self::Reboot => f.write_str("reboot"),
            Self::RelationApplicationData { relation, key, value } => {
                write_entry(f, &format!("{relation} application"), key, value.as_deref())
            }
            Self::RelationUnitData { relation, key, value } => {
                write_entry(f, &format!("{relation} unit"), key, value.as_deref())
            }
            Self::SecretAdded { secret } => write!(f, "secret added: {}", secret.id()),
            Self::SecretGranted { secret, reader } => {
                write!(f, "secret granted: {} to {reader}", secret.id())
            }
            Self::SecretRemoved { secret } => write!(f, "secret removed: {}", secret.id()),
            Self::SecretRevised { secret, revision } => {
                write!(f, "secret revised: {} is at {revision}", secret.id())
            }
            Self::SecretRevoked { secret, reader } => {
                write!(f, "secret revoked: {} from {reader}", secret.id())
            }
            Self::State { key, value } => write_entry(f, "state", key, value.as_deref()),
            Self::Status { before, after } => write!(f, "status: {before} -> {after}"),
            Self::Version { before, after } if before.is_empty() => write!(f, "version: {after}"),
            Self::Version { before, after } => write!(f, "version: {before} -> {after}"),
        }
    }
}

/// A value on one line.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() || self.0.contains(char::is_control) {
            return write!(f, "{:?}", self.0);
        }
        f.write_str(self.0)
    }
}

fn write_entry(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    key: &str,
    value: Option<&str>,
) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{what}: {key} = {}", Shown(value)),
        None => write!(f, "{what} deleted: {key}"),
    }
}

fn write_ports(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    ports: PortRange,
    endpoint: Option<&EndpointName>,
) -> fmt::Result {
    write!(f, "port {what}: {ports}")?;
    endpoint.map_or(Ok(()), |endpoint| write!(f, " ({endpoint})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_line() {
        let changes = [
            Change::ActionResult { key: "a.b".to_owned(), value: "x\ny".to_owned() },
            Change::ApplicationStatus { before: None, after: StatusText::new("active", "") },
            Change::LeaderSetting { key: "k".to_owned(), value: None },
            Change::PortOpened { ports: PortRange::tcp(80), endpoint: None },
            Change::PortClosed { ports: PortRange::icmp(), endpoint: "db".parse().ok() },
            Change::Reboot,
            Change::RelationApplicationData {
                relation: "db:7".parse().unwrap(),
                key: "k".to_owned(),
                value: Some("v".to_owned()),
            },
            Change::RelationUnitData {
                relation: "db:7".parse().unwrap(),
                key: "k".to_owned(),
                value: None,
            },
            Change::State { key: "k".to_owned(), value: Some(String::new()) },
            Change::Status {
                before: StatusText::new("waiting", "for a machine"),
                after: StatusText::new("active", ""),
            },
            Change::Version { before: String::new(), after: "1.5".to_owned() },
            Change::Version { before: "1.5".to_owned(), after: "1.6".to_owned() },
        ];
        let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        result: a.b = "x\ny"
        application status: active
        leader setting deleted: k
        port opened: 80/tcp
        port closed: icmp (db)
        reboot
        db:7 application: k = v
        db:7 unit deleted: k
        state: k = ""
        status: waiting: for a machine -> active
        version: 1.5
        version: 1.5 -> 1.6
        "#);
    }
}
