//! A bus with a systemd on it that does what a test says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use zbus::connection::Builder;
use zbus::message::{Flags, Header, Type};
use zbus::{Connection, Guid, Message, MessageStream, ObjectPath, Variant};

use crate::daemon::manager::{BUS, MANAGER, MANAGER_PATH, PROPERTIES, SYSTEMD, UNIT};
use crate::systemd_unit_name::SystemdUnitName;

/// The unique name of systemd, at first.
pub(crate) const OWNER: &str = ":1.0";

/// A bus with a systemd on it, at the other end of a connection.
pub(crate) struct FakeSystemd {
    connection: Connection,
    world: Arc<Mutex<World>>,
}

/// What the systemd says, and what it was asked.
#[derive(Default)]
struct World {
    owner: String,
    /// The active state of units; others are inactive.
    states: BTreeMap<String, (&'static str, u8)>,
    /// The units that other names are aliases of.
    aliases: BTreeMap<String, String>,
    /// The errors that the next calls of these members are answered with.
    refusals: Vec<(&'static str, &'static str)>,
    /// Whether somebody else answers each call first.
    has_impostor: bool,
    /// The units that systemd passes over when it is asked for them.
    unknown: BTreeSet<String>,
    calls: Vec<String>,
    /// The calls for properties that nobody has answered, if they are kept.
    kept: Option<Vec<Message>>,
    rules: BTreeSet<String>,
    /// How many rules the bus takes.
    most_rules: usize,
    has_refused: bool,
}

/// How many rules a bus takes from a connection, unless it is set up otherwise.
const MOST_RULES: usize = 512;

impl FakeSystemd {
    /// Returns a systemd, and a connection to its bus.
    pub(crate) async fn new() -> (Self, Connection) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let guid = Guid::generate();
        let server = Builder::unix_stream(ours).server(guid).p2p().build();
        let client = Builder::unix_stream(theirs).p2p().build();
        let (server, client) = (tokio::spawn(server), tokio::spawn(client));
        let connection = server.await.unwrap().unwrap();
        let world = World { owner: OWNER.to_owned(), most_rules: MOST_RULES, ..World::default() };
        let fake = Self { connection, world: Arc::new(Mutex::new(world)) };
        tokio::spawn(answer(fake.connection.clone(), Arc::clone(&fake.world)));
        (fake, client.await.unwrap().unwrap())
    }

    /// The unit is in `state` from now on, in the run `run`; nobody is told.
    pub(crate) fn set(&self, unit: &str, state: &'static str, run: u8) {
        self.world.lock().unwrap().states.insert(unit.to_owned(), (state, run));
    }

    /// `alias` is another name of `unit`.
    pub(crate) fn alias(&self, alias: &str, unit: &str) {
        self.world.lock().unwrap().aliases.insert(alias.to_owned(), unit.to_owned());
    }

    /// The next call of `member` is answered with this error.
    pub(crate) fn refuse(&self, member: &'static str, error: &'static str) {
        self.world.lock().unwrap().refusals.push((member, error));
    }

    /// Somebody who is not systemd answers each call first.
    pub(crate) fn let_impostor_answer(&self) {
        self.world.lock().unwrap().has_impostor = true;
    }

    /// Systemd knows no such unit.
    pub(crate) fn forget(&self, unit: &str) {
        self.world.lock().unwrap().unknown.insert(unit.to_owned());
    }

    /// The bus takes no more than `most` rules.
    pub(crate) fn limit_rules(&self, most: usize) {
        self.world.lock().unwrap().most_rules = most;
    }

    /// Sends the signal of a change, in the name of `sender`.
    pub(crate) async fn change(&self, sender: &str, unit: &str, state: &'static str, run: u8) {
        let path = unit.parse::<SystemdUnitName>().unwrap().object_path();
        let body = (UNIT, properties(state, run), Vec::<&str>::new());
        self.signal(sender, &path, PROPERTIES, "PropertiesChanged", &body).await;
    }

    /// Sends a signal in the name of `sender`.
    pub(crate) async fn signal<B>(
        &self,
        sender: &str,
        path: &str,
        interface: &str,
        member: &str,
        body: &B,
    ) where
        B: serde::Serialize + zbus::DynamicType,
    {
        let signal = Message::signal(path, interface, member).sender(sender).build(body).unwrap();
        self.connection.send(&signal).await.unwrap();
    }

    /// Systemd is not on the bus.
    pub(crate) fn leave(&self) {
        self.world.lock().unwrap().owner.clear();
    }

    /// Systemd answers no more calls for properties.
    pub(crate) fn keep_calls(&self) {
        self.world.lock().unwrap().kept = Some(Vec::new());
    }

    /// Systemd leaves the bus, which answers the calls in its place, and comes
    /// back under another name.
    pub(crate) async fn restart(&self, owner: &str) {
        let (old, kept) = {
            let mut world = self.world.lock().unwrap();
            (std::mem::take(&mut world.owner), world.kept.take())
        };
        self.change_owner(&old, "").await;
        for call in kept.into_iter().flatten() {
            let answer = gone(&call.header()).unwrap();
            self.connection.send(&answer).await.unwrap();
        }
        // Time for a daemon that does what it should not.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        owner.clone_into(&mut self.world.lock().unwrap().owner);
        self.change_owner("", owner).await;
    }

    async fn change_owner(&self, old: &str, new: &str) {
        let change = (SYSTEMD, old, new);
        self.signal(BUS, "/org/freedesktop/DBus", BUS, "NameOwnerChanged", &change).await;
    }

    /// Returns what was asked so far, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.world.lock().unwrap().calls.clone()
    }

    /// Tells whether the bus has refused a rule.
    pub(crate) fn has_refused(&self) -> bool {
        self.world.lock().unwrap().has_refused
    }

    /// Returns how many rules are in force.
    pub(crate) fn rules(&self) -> usize {
        self.world.lock().unwrap().rules.len()
    }
}

async fn answer(connection: Connection, world: Arc<Mutex<World>>) {
    let mut messages = MessageStream::from(&connection);
    loop {
        let next = std::future::poll_fn(|context| {
            futures_core::Stream::poll_next(std::pin::Pin::new(&mut messages), context)
        });
        let Some(Ok(call)) = next.await else { return };
        if call.message_type() != Type::MethodCall {
            continue;
        }
        let (answer, has_impostor) = {
            let mut world = world.lock().unwrap();
            let Some(answer) = world.take(&call) else { continue };
            (answer, world.has_impostor)
        };
        if call.primary_header().flags().contains(Flags::NO_REPLY_EXPECTED) {
            continue;
        }
        if has_impostor {
            let lie = Message::error(&call.header(), "org.freedesktop.DBus.Error.InvalidArgs");
            connection.send(&lie.sender(":1.66").build(&"").unwrap()).await.unwrap();
        }
        connection.send(&answer).await.unwrap();
    }
}

/// The answer of the bus in place of a systemd that has left.
fn gone(call: &Header<'_>) -> zbus::Result<Message> {
    Message::error(call, "org.freedesktop.DBus.Error.NoReply").sender(BUS).build(&"it has left")
}

impl World {
    /// Takes a call. Returns the answer, unless the call is kept.
    fn take(&mut self, call: &Message) -> Option<Message> {
        let header = call.header();
        let member = header.member().unwrap().as_str();
        self.calls.push(member.to_owned());
        match &mut self.kept {
            Some(kept) if member == "GetAll" => {
                kept.push(call.clone());
                None
            }
            _ => Some(self.answer(call).unwrap()),
        }
    }

    fn answer(&mut self, call: &Message) -> zbus::Result<Message> {
        let header = call.header();
        let (body, member) = (call.body(), header.member().unwrap().as_str());
        let to_bus = header.destination().unwrap().as_str() == BUS;
        if !to_bus && self.owner.is_empty() {
            return gone(&header);
        }
        let sender = if to_bus { BUS } else { &self.owner };
        let refusal = self.refusals.iter().position(|(refused, _)| *refused == member);
        if let Some((_, error)) = refusal.map(|position| self.refusals.remove(position)) {
            return Message::error(&header, error).sender(sender).build(&"not now");
        }
        let reply = Message::method_return(&header).sender(sender);
        let unit = || SystemdUnitName::from_object_path(header.path().unwrap().as_str()).unwrap();
        match member {
            "AddMatch" if self.rules.len() == self.most_rules => {
                self.has_refused = true;
                let error = "org.freedesktop.DBus.Error.LimitsExceeded";
                Message::error(&header, error).sender(sender).build(&"no more rules")
            }
            "AddMatch" => {
                assert!(self.rules.insert(body.deserialize::<&str>()?.to_owned()));
                reply.build(&())
            }
            "RemoveMatch" => {
                let is_there = self.rules.remove(body.deserialize::<&str>()?);
                assert!(is_there || self.has_refused);
                reply.build(&())
            }
            "GetNameOwner" if self.owner.is_empty() => {
                let error = "org.freedesktop.DBus.Error.NameHasNoOwner";
                Message::error(&header, error).sender(sender).build(&"nobody has the name")
            }
            "GetNameOwner" => reply.build(&self.owner),
            "Get" => {
                let (_, name) = body.deserialize::<(&str, &str)>()?;
                let (state, run) = self.state(unit().as_str());
                reply.build(&properties(state, run)[name])
            }
            "GetAll" if body.deserialize::<&str>()? == UNIT => {
                let (state, run) = self.state(unit().as_str());
                reply.build(&properties(state, run))
            }
            "GetAll" => reply.build(&HashMap::from([("Result", Variant::from("success"))])),
            "ListUnitsByNames" | "ListUnitsByPatterns" => {
                let names = if member == "ListUnitsByNames" {
                    body.deserialize::<Vec<&str>>()?
                } else {
                    body.deserialize::<(Vec<&str>, Vec<&str>)>()?.1
                };
                let root = || ObjectPath::try_from("/").unwrap();
                let unit = |name: &str| {
                    let name = self.aliases.get(name).map_or(name, String::as_str).to_owned();
                    let (state, _) = self.state(&name);
                    (name, "", "loaded", state, "dead", "", root(), 0_u32, "", root())
                };
                let known = names.into_iter().filter(|name| !self.unknown.contains(*name));
                reply.build(&known.map(unit).collect::<Vec<_>>())
            }
            "Subscribe" => {
                assert_eq!(header.path().unwrap().as_str(), MANAGER_PATH);
                assert_eq!(header.interface().unwrap().as_str(), MANAGER);
                reply.build(&())
            }
            _ => panic!("nobody has to call `{member}`"),
        }
    }

    fn state(&self, unit: &str) -> (&'static str, u8) {
        self.states.get(unit).copied().unwrap_or(("inactive", 0))
    }
}

fn properties(state: &'static str, run: u8) -> HashMap<&'static str, Variant<'static>> {
    HashMap::from([
        ("ActiveState", Variant::from(state)),
        ("SubState", Variant::from("dead")),
        ("InvocationID", Variant::from(vec![run; 16])),
        ("StateChangeTimestamp", Variant::from(1_u64)),
    ])
}
