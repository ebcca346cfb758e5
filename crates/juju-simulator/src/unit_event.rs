mod resolve;

use juju_types::Event;

/// One event for one unit, as a test names it: by the name of the hook, and by
/// what it is about, as far as that is not clear from the unit's state.
///
/// A name alone converts into one, and so does an [`Event`].
///
/// ```
/// use juju_simulator::UnitEvent;
/// use juju_types::Event;
///
/// let _ = UnitEvent::from("update-status");
/// let _ = UnitEvent::from(Event::UpdateStatus);
/// // Only if the unit is in several relations of `db`, with several units.
/// let _ = UnitEvent::new("db-relation-changed").relation("db:7").unit("sql/1");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct UnitEvent(What);

#[derive(Clone, Debug, Eq, PartialEq)]
enum What {
    Custom(String),
    Event(Event),
    Named(Named),
}

/// A hook of Juju's, and what a test says of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Named {
    hook: String,
    relation: Option<String>,
    unit: Option<String>,
    is_of_application: bool,
    departing: Option<String>,
    secret: Option<String>,
    revision: Option<u32>,
    storage: Option<String>,
}

impl UnitEvent {
    /// Names a hook of Juju's, such as `db-relation-joined`.
    pub fn new(hook: impl Into<String>) -> Self {
        Self(What::Named(Named { hook: hook.into(), ..Named::default() }))
    }

    /// Names a hook that Juju does not define, such as `service-web-stopped`.
    /// (A name that [`new`](Self::new) does not know is taken to be misspelt.)
    pub fn custom(hook: impl Into<String>) -> Self {
        Self(What::Custom(hook.into()))
    }

    /// Says which relation a relation hook is about, by its id.
    pub fn relation(self, id: impl Into<String>) -> Self {
        self.with(|named| named.relation = Some(id.into()))
    }

    /// Says which remote unit a relation hook is about.
    pub fn unit(self, unit: impl Into<String>) -> Self {
        self.with(|named| named.unit = Some(unit.into()))
    }

    /// Says that it is the remote application whose data have changed, and
    /// none of its units.
    pub fn of_application(self) -> Self {
        self.with(|named| named.is_of_application = true)
    }

    /// Says which unit departs: the remote one, as without this, or the unit
    /// itself.
    pub fn departing(self, unit: impl Into<String>) -> Self {
        self.with(|named| named.departing = Some(unit.into()))
    }

    /// Says which secret a secret hook is about, by its id or a label.
    pub fn secret(self, id_or_label: impl Into<String>) -> Self {
        self.with(|named| named.secret = Some(id_or_label.into()))
    }

    /// Says which revision of the secret is meant.
    pub fn revision(self, revision: u32) -> Self {
        self.with(|named| named.revision = Some(revision))
    }

    /// Says which storage instance a storage hook is about, by its id.
    pub fn storage(self, id: impl Into<String>) -> Self {
        self.with(|named| named.storage = Some(id.into()))
    }

    /// An event that is whole says all this itself.
    fn with(mut self, say: impl FnOnce(&mut Named)) -> Self {
        if let What::Named(named) = &mut self.0 {
            say(named);
        }
        self
    }
}

impl From<&str> for UnitEvent {
    fn from(hook: &str) -> Self {
        Self::new(hook)
    }
}

impl From<Event> for UnitEvent {
    fn from(event: Event) -> Self {
        Self(What::Event(event))
    }
}
