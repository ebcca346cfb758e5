//! A bus with a systemd on it that does what a test says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use zbus::connection::Builder;
use zbus::message::{Flags, Type};
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
    calls: Vec<String>,
    rules: BTreeSet<String>,
}

impl FakeSystemd {
    /// Returns a systemd, and a connection to its bus.
    pub(crate) async fn new() -> (Self, Connection) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let guid = Guid::generate();
        let server = Builder::unix_stream(ours).server(guid).p2p().build();
        let client = Builder::unix_stream(theirs).p2p().build();
        let (server, client) = (tokio::spawn(server), tokio::spawn(client));
        let connection = server.await.unwrap().unwrap();
        let world = World { owner: OWNER.to_owned(), ..World::default() };
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

    /// Systemd leaves the bus and comes back under another name.
    pub(crate) async fn restart(&self, owner: &str) {
        let old = std::mem::replace(&mut self.world.lock().unwrap().owner, owner.to_owned());
        for change in [(SYSTEMD, old.as_str(), ""), (SYSTEMD, "", owner)] {
            self.signal(BUS, "/org/freedesktop/DBus", BUS, "NameOwnerChanged", &change).await;
        }
    }

    /// Returns what was asked so far, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.world.lock().unwrap().calls.clone()
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
            (world.answer(&call).unwrap(), world.has_impostor)
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

impl World {
    fn answer(&mut self, call: &Message) -> zbus::Result<Message> {
        let header = call.header();
        let (body, member) = (call.body(), header.member().unwrap().as_str());
        self.calls.push(member.to_owned());
        let to_bus = header.destination().unwrap().as_str() == BUS;
        let sender = if to_bus { BUS } else { &self.owner };
        let refusal = self.refusals.iter().position(|(refused, _)| *refused == member);
        if let Some((_, error)) = refusal.map(|position| self.refusals.remove(position)) {
            return Message::error(&header, error).sender(sender).build(&"not now");
        }
        let reply = Message::method_return(&header).sender(sender);
        let unit = || SystemdUnitName::from_object_path(header.path().unwrap().as_str()).unwrap();
        match member {
            "AddMatch" => {
                assert!(self.rules.insert(body.deserialize::<&str>()?.to_owned()));
                assert!(self.rules.len() <= 512, "the bus takes no more rules");
                reply.build(&())
            }
            "RemoveMatch" => {
                assert!(self.rules.remove(body.deserialize::<&str>()?));
                reply.build(&())
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
                reply.build(&names.into_iter().map(unit).collect::<Vec<_>>())
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
