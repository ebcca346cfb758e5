//! The connection to systemd.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream as _;
use zbus::message::{Body, Header, Type};
use zbus::{Connection, Message, MessageStream, ObjectPath, Variant};

use crate::active_state::ActiveState;
use crate::daemon::manager::{BUS, ListedUnit, MANAGER, MANAGER_PATH, PROPERTIES, SYSTEMD, UNIT};
use crate::daemon::seen::Seen;
use crate::systemd_unit_name::SystemdUnitName;
use crate::word::Word;

/// The connection to systemd over the bus.
///
/// Calls are sent without waiting for their answers, and everything that comes
/// in, signals and answers, is read in the order in which it was sent: so an
/// answer is never older than a signal that came before it.
#[derive(Debug)]
pub(crate) struct Systemd {
    connection: Connection,
    messages: MessageStream,
    calls: HashMap<NonZeroU32, Call>,
    /// Calls that wait until others are answered.
    outbox: VecDeque<(Message, Call)>,
    /// The unique name of systemd on the bus; `None` while it has none.
    ///
    /// Everybody may send signals that look like systemd's, and only the
    /// unique name of the sender is the bus's word.
    owner: Option<String>,
}

/// How many calls may be unanswered. The bus refuses more than 128.
const MOST_CALLS: usize = 96;

/// A call that is not answered yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Call {
    AddMatch,
    /// The states of these units.
    List(Vec<SystemdUnitName>),
    /// The state of this unit, if it is loaded.
    Loaded(SystemdUnitName),
    NameOwner,
    /// One property of the unit.
    Property(SystemdUnitName, &'static str),
    /// Properties of the unit.
    Properties(SystemdUnitName, Extent),
    /// There is no answer.
    Unanswered,
}

/// How much of a unit is known with an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Extent {
    /// Some of its properties, and more will come.
    Part,
    /// In which run it is.
    Run,
    /// All of its properties.
    Whole,
}

/// What comes from the bus.
#[derive(Debug)]
pub(crate) enum News {
    /// Systemd is there, perhaps anew: nothing that was seen holds.
    Arrived,
    /// A unit has changed.
    Changed(SystemdUnitName, Changes),
    /// The bus takes no more rules.
    NoMoreRules,
    /// These units are in these states, by the name that was asked for.
    Listed(Vec<(SystemdUnitName, UnitStatus)>),
    /// A unit was loaded.
    Loaded(SystemdUnitName),
    /// A unit that was loaded is in this state.
    LoadedIn(UnitStatus),
    /// Properties of a unit that were asked for; `None` if it is gone.
    Read(SystemdUnitName, Option<Changes>, Extent),
    /// Systemd has read its unit files again.
    Reloaded,
    /// Systemd has no list of these units.
    Unlisted(Vec<SystemdUnitName>),
}

/// What systemd says of a unit in a list.
#[derive(Debug)]
pub(crate) struct UnitStatus {
    /// The name of the unit itself, where it was asked for by an alias.
    pub(crate) unit: SystemdUnitName,
    pub(crate) state: ActiveState,
    pub(crate) sub_state: Word,
    pub(crate) has_job: bool,
}

/// Properties of a unit, unread.
#[derive(Debug)]
pub(crate) struct Changes(Body, Form);

#[derive(Clone, Copy, Debug)]
enum Form {
    /// The answer to `Get` for this property.
    One(&'static str),
    /// The answer to `GetAll`.
    All,
    /// The signal `PropertiesChanged`.
    Signal,
}

impl Systemd {
    /// Speaks to systemd over `connection`.
    pub(crate) fn new(connection: Connection) -> Self {
        let messages = MessageStream::from(&connection);
        Self { connection, messages, calls: HashMap::new(), outbox: VecDeque::new(), owner: None }
    }

    /// Sends `calls`, many at once.
    ///
    /// # Errors
    ///
    /// Fails if the connection is lost.
    pub(crate) async fn send(&mut self, calls: Vec<(Message, Call)>) -> zbus::Result<()> {
        self.outbox.extend(calls);
        if self.calls.len() > MOST_CALLS / 2 {
            return Ok(());
        }
        let mut messages = Vec::new();
        while self.calls.len() < MOST_CALLS
            && let Some((message, call)) = self.outbox.pop_front()
        {
            if call != Call::Unanswered {
                self.calls.insert(message.primary_header().serial_num(), call);
            }
            messages.push(message);
        }
        self.connection.send_all(&messages).await
    }

    /// Waits for the next message, or for `None` when the connection is lost.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        let next = Pin::new(&mut self.messages).poll_next(context);
        next.map(|message| message?.ok())
    }

    /// Says what `message` means, if it means anything.
    pub(crate) fn read(&mut self, message: &Message) -> Option<News> {
        let header = message.header();
        let sender = header.sender()?.as_str();
        match header.message_type() {
            Type::Signal if sender == BUS => self.read_owner(&header, message),
            Type::Signal if self.is_systemd(sender) => read_signal(&header, message),
            Type::Error | Type::MethodReturn => {
                let call = self.calls.remove(&header.reply_serial()?)?;
                let is_error = header.message_type() == Type::Error;
                self.read_answer(call, sender, (!is_error).then(|| message.body()))
            }
            Type::MethodCall | Type::Signal => None,
        }
    }

    fn is_systemd(&self, sender: &str) -> bool {
        self.owner.as_deref() == Some(sender)
    }

    fn read_owner(&mut self, header: &Header<'_>, message: &Message) -> Option<News> {
        if header.interface()?.as_str() != BUS || header.member()?.as_str() != "NameOwnerChanged" {
            return None;
        }
        let body = message.body();
        let (name, _, owner) = body.deserialize::<(&str, &str, &str)>().ok()?;
        if name != SYSTEMD {
            return None;
        }
        self.arrive(owner)
    }

    /// The bus says who systemd is: nobody, if `owner` is empty.
    fn arrive(&mut self, owner: &str) -> Option<News> {
        self.calls.retain(|_, call| matches!(call, Call::AddMatch | Call::NameOwner));
        self.outbox.retain(|(_, call)| matches!(call, Call::AddMatch | Call::Unanswered));
        self.owner = (!owner.is_empty()).then(|| owner.to_owned());
        self.owner.is_some().then_some(News::Arrived)
    }

    /// An answer without a body is a refusal.
    fn read_answer(&mut self, call: Call, sender: &str, body: Option<Body>) -> Option<News> {
        let is_right = match call {
            Call::AddMatch | Call::NameOwner => sender == BUS,
            // The bus itself answers for a systemd that is gone.
            _ => self.is_systemd(sender) || (sender == BUS && body.is_none()),
        };
        if !is_right {
            return None;
        }
        match call {
            Call::AddMatch => body.is_none().then_some(News::NoMoreRules),
            Call::List(names) => Some(listed(names, body.as_ref())),
            Call::Loaded(unit) => match listed(vec![unit], body.as_ref()) {
                News::Listed(mut units) => Some(News::LoadedIn(units.pop()?.1)),
                _ => None,
            },
            // Systemd will be told as the new owner when it is there.
            Call::NameOwner => self.arrive(body?.deserialize().ok()?),
            Call::Property(unit, name) => {
                let changes = body.map(|body| Changes(body, Form::One(name)));
                Some(News::Read(unit, changes, Extent::Run))
            }
            Call::Properties(unit, extent) => {
                Some(News::Read(unit, body.map(|body| Changes(body, Form::All)), extent))
            }
            Call::Unanswered => None,
        }
    }
}

impl Changes {
    /// The answer to `Get` for the property `name`.
    #[cfg(test)]
    pub(crate) fn one(name: &'static str, answer: &Message) -> Self {
        Self(answer.body(), Form::One(name))
    }

    /// Takes over what matters into `seen`. Returns whether the state of the
    /// unit is in it, which systemd sends last, after the details.
    pub(crate) fn update(&self, seen: &mut Seen) -> bool {
        let Self(body, form) = self;
        match form {
            Form::One(name) => {
                let Ok(value) = body.deserialize::<Variant<'_>>() else { return false };
                seen.update(&HashMap::from([(*name, value)]));
                false
            }
            Form::All => {
                let Ok(properties) = body.deserialize() else { return false };
                seen.update(&properties);
                false
            }
            Form::Signal => {
                let Ok((interface, properties, _)) =
                    body.deserialize::<(&str, HashMap<&str, Variant<'_>>, Vec<&str>)>()
                else {
                    return false;
                };
                seen.update(&properties);
                interface == UNIT
            }
        }
    }
}

fn read_signal(header: &Header<'_>, message: &Message) -> Option<News> {
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (PROPERTIES, "PropertiesChanged") => {
            let unit = SystemdUnitName::from_object_path(header.path()?.as_str()).ok()?;
            Some(News::Changed(unit, Changes(message.body(), Form::Signal)))
        }
        (MANAGER, member) if header.path()?.as_str() == MANAGER_PATH => match member {
            "Reloading" => {
                let is_beginning = message.body().deserialize::<bool>().ok()?;
                (!is_beginning).then_some(News::Reloaded)
            }
            "UnitNew" => {
                let body = message.body();
                let (unit, _) = body.deserialize::<(&str, ObjectPath<'_>)>().ok()?;
                Some(News::Loaded(unit.parse().ok()?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Reads the list that systemd has sent for `names`. A unit that is not
/// understood is left out.
fn listed(names: Vec<SystemdUnitName>, body: Option<&Body>) -> News {
    let units = body.and_then(|body| body.deserialize::<Vec<ListedUnit<'_>>>().ok());
    // Systemd passes over a name that it finds invalid.
    let Some(units) = units.filter(|units| units.len() == names.len()) else {
        return News::Unlisted(names);
    };
    let status = |unit: ListedUnit<'_>| {
        Some(UnitStatus {
            unit: unit.0.parse().ok()?,
            state: unit.3.parse().ok()?,
            sub_state: unit.4.parse().ok()?,
            has_job: unit.7 != 0,
        })
    };
    let listed = names.into_iter().zip(units);
    News::Listed(listed.filter_map(|(name, unit)| Some((name, status(unit)?))).collect())
}
