//! The connection to systemd.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream as _;
use zbus::message::{Body, Header, Type};
use zbus::{Connection, Message, MessageStream, ObjectPath};

use crate::active_state::ActiveState;
use crate::daemon::changes::{Changes, Form};
use crate::daemon::manager::{BUS, ListedUnit, MANAGER, MANAGER_PATH, PROPERTIES, SYSTEMD};
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
    /// The state of the unit that has these names, if it is loaded.
    Loaded(Vec<SystemdUnitName>),
    NameOwner,
    /// One property of the unit.
    Property(SystemdUnitName, &'static str),
    /// Properties of the unit.
    Properties(SystemdUnitName, Extent),
    /// There is no answer.
    Unanswered,
}

/// Calls to make.
pub(crate) type Calls = Vec<(Message, Call)>;

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
    /// The unit that has these names was loaded, and is in this state.
    LoadedIn(Vec<SystemdUnitName>, UnitStatus),
    /// Properties of a unit that were asked for; `None` if there is no such
    /// unit.
    Read(SystemdUnitName, Option<Changes>, Extent),
    /// What was asked about these units is not answered, for this reason.
    Refused(Vec<SystemdUnitName>, String),
    /// Systemd has read its unit files again.
    Reloaded,
    /// One of these units cannot be: systemd finds its name invalid.
    Unlisted(Vec<SystemdUnitName>),
}

/// What systemd says of a unit in a list.
#[derive(Debug)]
pub(crate) struct UnitStatus {
    /// The name of the unit itself, where it was asked for by an alias.
    pub(crate) unit: SystemdUnitName,
    /// Its state and sub-state, or why they are not understood.
    pub(crate) states: Result<(ActiveState, Word), String>,
    pub(crate) has_job: bool,
}

/// Why a call has no answer.
#[derive(Debug)]
enum Refusal {
    /// There is no unit of this name, or there cannot be one.
    NoSuchUnit,
    /// Anything else, which says nothing about the unit.
    Other(String),
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
    pub(crate) async fn send(&mut self, calls: Calls) -> zbus::Result<()> {
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
                let serial = header.reply_serial()?;
                let answer = answer(&header, message);
                if !self.is_right(self.calls.get(&serial)?, sender, answer.is_err()) {
                    return None;
                }
                let call = self.calls.remove(&serial)?;
                self.read_answer(call, answer)
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

    /// Tells whether it is for `sender` to answer `call`, or to refuse it. Who
    /// guesses the number of a call may send an answer, too.
    fn is_right(&self, call: &Call, sender: &str, is_refusal: bool) -> bool {
        match call {
            Call::AddMatch | Call::NameOwner => sender == BUS,
            // The bus itself answers for a systemd that is gone, or does not
            // let the call pass.
            _ => self.is_systemd(sender) || (sender == BUS && is_refusal),
        }
    }

    fn read_answer(&mut self, call: Call, answer: Result<Body, Refusal>) -> Option<News> {
        match call {
            Call::AddMatch => answer.is_err().then_some(News::NoMoreRules),
            Call::List(names) => Some(match answer {
                Ok(body) => listed(names, &body),
                Err(Refusal::NoSuchUnit) => News::Unlisted(names),
                Err(Refusal::Other(reason)) => News::Refused(names, reason),
            }),
            Call::Loaded(names) => match answer {
                Ok(body) => match listed(names[..1].to_vec(), &body) {
                    News::Listed(mut units) => Some(News::LoadedIn(names, units.pop()?.1)),
                    _ => None,
                },
                Err(Refusal::NoSuchUnit) => None,
                Err(Refusal::Other(reason)) => Some(News::Refused(names, reason)),
            },
            // Systemd will be told as the new owner when it is there.
            Call::NameOwner => self.arrive(answer.ok()?.deserialize().ok()?),
            Call::Property(unit, name) => Some(read(unit, answer, Form::One(name), Extent::Run)),
            Call::Properties(unit, extent) => Some(read(unit, answer, Form::All, extent)),
            Call::Unanswered => None,
        }
    }
}

/// Returns what the answer to a call is.
///
/// That there is no such unit is what these errors of systemd 252 say. Each
/// other says only that there is no answer: that the bus is at a limit, does
/// not allow the call, or has waited too long.
fn answer(header: &Header<'_>, message: &Message) -> Result<Body, Refusal> {
    if header.message_type() == Type::MethodReturn {
        return Ok(message.body());
    }
    Err(match header.error_name().map_or("", |name| name.as_str()) {
        "org.freedesktop.DBus.Error.InvalidArgs"
        | "org.freedesktop.DBus.Error.UnknownInterface"
        | "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.systemd1.NoSuchUnit" => Refusal::NoSuchUnit,
        name => Refusal::Other(format!("`{name}`")),
    })
}

fn read(unit: SystemdUnitName, answer: Result<Body, Refusal>, form: Form, extent: Extent) -> News {
    match answer {
        Ok(body) => News::Read(unit, Some(Changes::new(body, form)), extent),
        Err(Refusal::NoSuchUnit) => News::Read(unit, None, extent),
        Err(Refusal::Other(reason)) => News::Refused(vec![unit], reason),
    }
}

fn read_signal(header: &Header<'_>, message: &Message) -> Option<News> {
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (PROPERTIES, "PropertiesChanged") => {
            let unit = SystemdUnitName::from_object_path(header.path()?.as_str()).ok()?;
            Some(News::Changed(unit, Changes::new(message.body(), Form::Signal)))
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

/// Reads the list that systemd has sent for `names`.
fn listed(names: Vec<SystemdUnitName>, body: &Body) -> News {
    let units: Vec<ListedUnit<'_>> = match body.deserialize() {
        Ok(units) => units,
        Err(error) => return News::Refused(names, error.to_string()),
    };
    // Systemd passes over a name that it finds invalid.
    if units.len() != names.len() {
        return News::Unlisted(names);
    }
    let status = |(name, unit): (SystemdUnitName, ListedUnit<'_>)| {
        let status = UnitStatus {
            unit: unit.0.parse().unwrap_or_else(|_| name.clone()),
            states: states(&unit),
            has_job: unit.7 != 0,
        };
        (name, status)
    };
    News::Listed(names.into_iter().zip(units).map(status).collect())
}

fn states(unit: &ListedUnit<'_>) -> Result<(ActiveState, Word), String> {
    let _: SystemdUnitName = unit.0.parse().map_err(reason)?;
    Ok((unit.3.parse().map_err(reason)?, unit.4.parse().map_err(reason)?))
}

#[expect(clippy::needless_pass_by_value, reason = "this is what `map_err` passes")]
fn reason(error: impl ToString) -> String {
    error.to_string()
}
