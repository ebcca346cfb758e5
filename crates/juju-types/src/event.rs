//! What Juju runs the charm for.

use std::fmt;

use crate::action_name::ActionName;
use crate::charm_base::CharmBase;
use crate::check_name::CheckName;
use crate::container_name::ContainerName;
use crate::event_name::EventName;
use crate::event_reader::read_event;
use crate::event_variables_error::EventVariablesError;
use crate::notice::Notice;
use crate::relation_context::RelationContext;
use crate::secret_context::SecretContext;
use crate::storage_context::StorageContext;
use crate::unit_name::UnitName;

/// What Juju runs the charm for: a hook, an action, or a hook that somebody
/// has made up.
///
/// `Display` gives the name of the hook or action.
///
/// ```
/// use juju_types::Event;
///
/// let event = Event::from_variables([
///     ("JUJU_DISPATCH_PATH", "hooks/db-relation-joined"),
///     ("JUJU_RELATION", "db"),
///     ("JUJU_RELATION_ID", "db:7"),
///     ("JUJU_REMOTE_APP", "postgresql"),
///     ("JUJU_REMOTE_UNIT", "postgresql/0"),
/// ])?;
/// let Some(Event::RelationJoined { relation, unit }) = event else { panic!("{event:?}") };
/// assert_eq!(relation.id.number(), 7);
/// assert_eq!(unit.number(), 0);
/// # Ok::<(), juju_types::EventVariablesError>(())
/// ```
///
/// The [hooks] and their order are described in Juju's documentation.
///
/// [hooks]: https://documentation.ubuntu.com/juju/3.6/reference/hook/
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// An action that a user has asked for. Its id is not part of the event.
    Action(ActionName),
    /// Juju asks for metrics, in a limited context (up to 3.6.9).
    CollectMetrics,
    /// The config, the trust or the addresses of the machine may have changed.
    ConfigChanged,
    /// A hook that Juju does not define: made up by another program on the
    /// machine, or new in a Juju that this crate does not know. A charm that
    /// has nothing to do for it succeeds.
    Custom(EventName),
    /// The first hook of a unit, after its storage is attached.
    Install,
    /// This unit has become the leader.
    LeaderElected,
    /// The leader has changed, or its settings (up to 3.6).
    LeaderSettingsChanged,
    /// The state of metering has changed, in a limited context (up to 3.6.9).
    MeterStatusChanged,
    /// A health check of Pebble has failed as often as it may (3.6 and later).
    PebbleCheckFailed {
        /// Where the check runs.
        container: ContainerName,
        /// The check.
        check: CheckName,
    },
    /// A health check of Pebble succeeds again (3.6 and later).
    PebbleCheckRecovered {
        /// Where the check runs.
        container: ContainerName,
        /// The check.
        check: CheckName,
    },
    /// Somebody has left a notice at Pebble (3.4 and later).
    PebbleCustomNotice {
        /// Where the notice was left.
        container: ContainerName,
        /// The notice.
        notice: Notice,
    },
    /// Pebble has come up in a container.
    PebbleReady(ContainerName),
    /// The machine has been upgraded to another release (up to 3.6).
    PostSeriesUpgrade,
    /// The machine is about to be upgraded to another release (up to 3.6).
    PreSeriesUpgrade {
        /// The release it is upgraded to; Juju 2.9 does not tell.
        base: Option<CharmBase>,
        /// The code name of that release, such as `jammy`.
        series: Option<String>,
    },
    /// The relation is over; no remote unit is left in it.
    RelationBroken(RelationContext),
    /// The data of a remote unit or application have changed.
    RelationChanged {
        /// The relation.
        relation: RelationContext,
        /// The unit whose data have changed, or nothing if the data of the
        /// remote application have.
        unit: Option<UnitName>,
    },
    /// The unit has entered the relation; remote units join later.
    RelationCreated(RelationContext),
    /// A remote unit has gone, or this one is going.
    RelationDeparted {
        /// The relation.
        relation: RelationContext,
        /// The remote unit that is no longer seen.
        unit: UnitName,
        /// The unit that goes away: the remote one, or this one. Juju before
        /// 2.8 does not tell.
        departing: Option<UnitName>,
    },
    /// A remote unit is seen for the first time.
    RelationJoined {
        /// The relation.
        relation: RelationContext,
        /// The remote unit.
        unit: UnitName,
    },
    /// The very last hook of a unit.
    Remove,
    /// A secret that the charm reads has a new revision (3.0 and later).
    SecretChanged(SecretContext),
    /// A revision of a secret of the charm is past its expiry (3.0 and later).
    SecretExpired {
        /// The secret.
        secret: SecretContext,
        /// The revision that has expired, at least 1.
        revision: u32,
    },
    /// Nobody reads a revision of a secret of the charm any more (3.0 and later).
    SecretRemove {
        /// The secret.
        secret: SecretContext,
        /// The revision that can be removed, at least 1.
        revision: u32,
    },
    /// A secret of the charm is due for new content (3.0 and later).
    SecretRotate(SecretContext),
    /// The unit may begin its work; again after each reboot of the machine.
    Start,
    /// The unit is going away.
    Stop,
    /// Storage is ready for use.
    StorageAttached(StorageContext),
    /// Storage is about to be taken away.
    StorageDetaching(StorageContext),
    /// Nothing has happened for a while (five minutes by default).
    UpdateStatus,
    /// The charm's files or resources have been replaced.
    UpgradeCharm,
}

impl Event {
    /// Tells from the variables of the charm's process what it is run for, or
    /// `None` if for no event: for a command of `juju-exec`.
    ///
    /// `JUJU_DISPATCH_PATH` decides; without it `JUJU_HOOK_NAME`, then
    /// `JUJU_ACTION_NAME`. All pairs that have nothing to do with events are
    /// ignored. An empty variable counts as absent, as Juju means it.
    ///
    /// A name such as `db-relation-joined` alone does not make an event of a
    /// relation: `juju-exec` can run the charm with a path made up by hand.
    /// It is one only if the variables name the same endpoint; otherwise it is
    /// [`Event::Custom`], for which a charm without a handler does nothing. The
    /// same holds for Pebble's notices and checks. Storage hooks and
    /// `pebble-ready` do without variables, because the name says enough, and
    /// because Juju leaves them out for storage that is already gone.
    ///
    /// # Errors
    ///
    /// Returns every fault if a variable that the event needs is missing or
    /// malformed, if the path is neither `hooks/NAME` nor `actions/NAME`, or if
    /// its name is not valid.
    pub fn from_variables<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Option<Self>, EventVariablesError>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let pairs = pairs.into_iter();
        let variables =
            pairs.map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned()));
        read_event(&variables.collect())
    }

    /// Returns what Juju sets `JUJU_DISPATCH_PATH` to for this event, such as
    /// `hooks/install` or `actions/backup`.
    pub fn dispatch_path(&self) -> String {
        match self {
            Self::Action(name) => format!("actions/{name}"),
            _ => format!("hooks/{self}"),
        }
    }

    /// Returns the relation of a relation event.
    pub fn relation(&self) -> Option<&RelationContext> {
        match self {
            Self::RelationBroken(relation)
            | Self::RelationChanged { relation, .. }
            | Self::RelationCreated(relation)
            | Self::RelationDeparted { relation, .. }
            | Self::RelationJoined { relation, .. } => Some(relation),
            _ => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(name) => name.fmt(f),
            Self::CollectMetrics => f.write_str("collect-metrics"),
            Self::ConfigChanged => f.write_str("config-changed"),
            Self::Custom(name) => name.fmt(f),
            Self::Install => f.write_str("install"),
            Self::LeaderElected => f.write_str("leader-elected"),
            Self::LeaderSettingsChanged => f.write_str("leader-settings-changed"),
            Self::MeterStatusChanged => f.write_str("meter-status-changed"),
            Self::PebbleCheckFailed { container, .. } => {
                write!(f, "{container}-pebble-check-failed")
            }
            Self::PebbleCheckRecovered { container, .. } => {
                write!(f, "{container}-pebble-check-recovered")
            }
            Self::PebbleCustomNotice { container, .. } => {
                write!(f, "{container}-pebble-custom-notice")
            }
            Self::PebbleReady(container) => write!(f, "{container}-pebble-ready"),
            Self::PostSeriesUpgrade => f.write_str("post-series-upgrade"),
            Self::PreSeriesUpgrade { .. } => f.write_str("pre-series-upgrade"),
            Self::RelationBroken(relation) => write!(f, "{}-relation-broken", relation.endpoint),
            Self::RelationChanged { relation, .. } => {
                write!(f, "{}-relation-changed", relation.endpoint)
            }
            Self::RelationCreated(relation) => write!(f, "{}-relation-created", relation.endpoint),
            Self::RelationDeparted { relation, .. } => {
                write!(f, "{}-relation-departed", relation.endpoint)
            }
            Self::RelationJoined { relation, .. } => {
                write!(f, "{}-relation-joined", relation.endpoint)
            }
            Self::Remove => f.write_str("remove"),
            Self::SecretChanged(_) => f.write_str("secret-changed"),
            Self::SecretExpired { .. } => f.write_str("secret-expired"),
            Self::SecretRemove { .. } => f.write_str("secret-remove"),
            Self::SecretRotate(_) => f.write_str("secret-rotate"),
            Self::Start => f.write_str("start"),
            Self::Stop => f.write_str("stop"),
            Self::StorageAttached(storage) => write!(f, "{}-storage-attached", storage.name),
            Self::StorageDetaching(storage) => write!(f, "{}-storage-detaching", storage.name),
            Self::UpdateStatus => f.write_str("update-status"),
            Self::UpgradeCharm => f.write_str("upgrade-charm"),
        }
    }
}
