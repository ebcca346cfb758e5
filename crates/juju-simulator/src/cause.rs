use std::fmt;

use serde::Serialize;

/// Why a unit ran something.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Cause {
    /// Somebody has asked for it: the user of the model, or `juju-exec`.
    Asked,
    /// The config of its application, its trust, its addresses or its bindings
    /// have changed.
    ConfigChanged {
        /// The options that have another value.
        options: Vec<String>,
    },
    /// What others publish in a relation has changed.
    DataChanged {
        /// The unit or application that has published.
        by: String,
    },
    /// It comes due by itself: update-status, or what has to do with secrets.
    Due,
    /// It follows from another hook.
    Follows {
        /// The other hook, such as `upgrade-charm`.
        hook: String,
    },
    /// The leader of the application is another, or its settings are.
    LeaderChanged,
    /// The machine was rebooted.
    Rebooted,
    /// The charm was replaced, or a resource.
    Refreshed,
    /// A relation is there.
    Related,
    /// A relation goes.
    RelationRemoved,
    /// It has failed before.
    Retry {
        /// How often it has failed.
        failures: u32,
    },
    /// There is another revision of a secret, or one that nobody uses any more.
    SecretChanged,
    /// Storage comes or goes.
    Storage,
    /// The unit is there.
    UnitAdded,
    /// A remote unit has left.
    UnitLeft {
        /// The remote unit.
        unit: String,
    },
    /// A remote unit has entered the relation.
    UnitJoined {
        /// The remote unit.
        unit: String,
    },
    /// The unit goes.
    UnitRemoved,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked for"),
            Self::ConfigChanged { options } if options.is_empty() => {
                f.write_str("trust, addresses or bindings changed")
            }
            Self::ConfigChanged { options } => write!(f, "config changed: {}", options.join(", ")),
            Self::DataChanged { by } => write!(f, "{by} has published"),
            Self::Due => f.write_str("due"),
            Self::Follows { hook } => write!(f, "follows {hook}"),
            Self::LeaderChanged => f.write_str("leader changed"),
            Self::Rebooted => f.write_str("rebooted"),
            Self::Refreshed => f.write_str("refreshed"),
            Self::Related => f.write_str("related"),
            Self::RelationRemoved => f.write_str("relation removed"),
            Self::Retry { failures: 1 } => f.write_str("failed before"),
            Self::Retry { failures } => write!(f, "failed {failures} times before"),
            Self::SecretChanged => f.write_str("secret changed"),
            Self::Storage => f.write_str("storage"),
            Self::UnitAdded => f.write_str("unit added"),
            Self::UnitLeft { unit } => write!(f, "{unit} has left"),
            Self::UnitJoined { unit } => write!(f, "{unit} has joined"),
            Self::UnitRemoved => f.write_str("unit removed"),
        }
    }
}
