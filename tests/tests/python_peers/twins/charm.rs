//! The Rust one of two charms that do the same; the other is
//! `python-charms/reactive-twin`.

use std::collections::BTreeMap;
use std::path::Path;

use juju_types::{Event, RelationRole, Status, StatusKind};
use python_json::Value;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointHandlers, EndpointKey, Flag, HookPattern, Interface, Request,
    RequestId, RequesterEndpoint, ResponderEndpoint, Result, Trigger, all, any, files_changed,
    none, not_all, once,
};
use serde::{Deserialize, Serialize};

const DB: EndpointKey<TwinDb> = EndpointKey::new("db");
const ASK: EndpointKey<RequesterEndpoint<Job>> = EndpointKey::new("ask");
const SERVE: EndpointKey<ResponderEndpoint<Job>> = EndpointKey::new("serve");

const INSTALLED: Flag = Flag::new("twin.installed");
const CONFIGURED: Flag = Flag::new("twin.configured");
const STALE: Flag = Flag::new("twin.stale");
const NOISY: Flag = Flag::new("twin.noisy");
const QUIET: Flag = Flag::new("twin.quiet");
const ALONE: Flag = Flag::new("twin.alone");
const POKED: Flag = Flag::new("twin.poked");

// Without their endpoints, whose own handlers come last, as in Python.
const DB_JOINED: Flag = Flag::new("endpoint.db.joined");
const DB_CHANGED: Flag = Flag::new("endpoint.db.changed");
const DB_HOST_CHANGED: Flag = Flag::new("endpoint.db.changed.host");
const DB_DEPARTED: Flag = Flag::new("endpoint.db.departed");
const ASK_JOINED: Flag = Flag::new("endpoint.ask.joined");
const HAS_RESPONSES: Flag = Flag::new("endpoint.ask.has_responses");
const NEW_REQUESTS: Flag = Flag::new("endpoint.serve.new_requests");

#[derive(Deserialize)]
struct Config {
    fail: bool,
    jobs: u32,
    tag: String,
}

/// The config as far as it is followed.
#[derive(Serialize)]
struct Followed<'a> {
    jobs: u32,
    tag: &'a str,
}

#[derive(Debug, Deserialize, Serialize)]
struct Job {
    name: String,
    port: u32,
}

#[derive(Debug, Deserialize, Serialize)]
struct Outcome {
    ok: bool,
}

impl Request for Job {
    type Response = Outcome;
}

/// The side that uses a database.
#[derive(Debug)]
struct TwinDb(Endpoint);

impl Interface for TwinDb {
    const INTERFACE: Option<&'static str> = Some("twindb");
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    fn manage_flags(&self) -> Result {
        let mut is_known = false;
        for unit in &self.0.all_joined_units()? {
            is_known |= unit.received()?.get_raw("port").is_some();
        }
        self.0.toggle_flag("available", is_known);
        Ok(())
    }

    fn handlers(handlers: &mut EndpointHandlers<Self>) {
        handlers.when(handlers.flag("changed.port"), |db, cx| {
            trace(cx, "port_changed")?;
            db.0.clear_flag("changed.port");
            db.0.set_flag("moved");
            Ok(())
        });
        handlers.when(all([handlers.flag("moved"), handlers.flag("available")]), |db, cx| {
            trace(cx, "settle")?;
            db.0.clear_flag("moved");
            Ok(())
        });
    }
}

/// Makes the charm that lives in a folder.
pub(super) fn twin(charm_dir: &str) -> Charm<()> {
    let members: HookPattern =
        "{requires:twindb}-relation-{joined,departed}".parse().expect("it is a pattern");
    Charm::new(())
        .trigger(Trigger::on_set(&CONFIGURED).set(&STALE).clear(&QUIET))
        .trigger(Trigger::on_set(&DB_JOINED).clear(&ALONE))
        .trigger(Trigger::on_clear(&DB_JOINED).set(&ALONE))
        .trigger(Trigger::on_set(&NOISY).call(|flags| {
            let kv = flags.kv();
            let rung = kv.get::<u32>("twin.count.rung").unwrap().unwrap_or_default();
            kv.set("twin.count.rung", &(rung + 1)).unwrap();
        }))
        .at_start(|(), cx| cx.kv().set("twin.trace", &[""; 0]))
        .on(Event::Install, |(), cx| {
            trace(cx, "on_install")?;
            cx.set(ALONE);
            Ok(())
        })
        .on(Event::ConfigChanged, |(), cx| {
            trace(cx, "on_config")?;
            cx.clear(CONFIGURED);
            cx.set(CONFIGURED);
            Ok(())
        })
        .on(members, |(), cx| {
            trace(cx, "on_members")?;
            count(cx, "members")
        })
        .when(
            all([INSTALLED]).and(files_changed([Path::new(charm_dir).join("watched.txt")])),
            |(), cx| {
                trace(cx, "read_file")?;
                count(cx, "files")
            },
        )
        .when(none([INSTALLED]), |(), cx| {
            trace(cx, "install")?;
            cx.set(INSTALLED);
            Ok(())
        })
        .when(all([INSTALLED]).and(once("twin.seed")), |(), cx| trace(cx, "seed"))
        .when(all([INSTALLED, STALE]), refresh)
        .when(any([NOISY, DB_DEPARTED]), |(), cx| {
            trace(cx, "bell")?;
            cx.set(QUIET);
            cx.clear(NOISY);
            Ok(())
        })
        .when(none([ALONE, QUIET]), |(), cx| trace(cx, "whisper"))
        .when(not_all([ALONE, QUIET]), |(), cx| trace(cx, "hum"))
        .when(all([QUIET]).and(none([DB_JOINED])), |(), cx| {
            trace(cx, "hush")?;
            cx.clear(QUIET);
            Ok(())
        })
        .when(DB_HOST_CHANGED, |(), cx| {
            trace(cx, "host_changed")?;
            cx.clear(DB_HOST_CHANGED);
            Ok(())
        })
        .when(DB_CHANGED, merge)
        .when(DB_JOINED, publish)
        .when(DB_DEPARTED, forget)
        .when(ASK_JOINED, ask)
        .when(HAS_RESPONSES, hear)
        .when(NEW_REQUESTS, answer)
        .when(POKED, |(), cx| {
            trace(cx, "poked")?;
            cx.clear(POKED);
            count(cx, "poked")
        })
        .when(INSTALLED, |(), cx| {
            let is_to_fail = cx.config::<Config>()?.fail;
            if is_to_fail { Err("as configured".into()) } else { Ok(()) }
        })
        .action("poke", |(): &mut (), cx: &Context| {
            cx.set(POKED);
            Ok(())
        })
        .endpoint(DB)
        .endpoint(ASK)
        .endpoint(SERVE)
        .status(status)
}

fn trace(cx: &Context, handler: &str) -> Result {
    let mut handlers = cx.kv().get::<Vec<String>>("twin.trace")?.unwrap_or_default();
    handlers.push(handler.to_owned());
    cx.kv().set("twin.trace", &handlers)
}

fn count(cx: &Context, what: &str) -> Result {
    let key = format!("twin.count.{what}");
    let count = cx.kv().get::<u32>(&key)?.unwrap_or_default();
    cx.kv().set(&key, &(count + 1))
}

fn refresh((): &mut (), cx: &Context) -> Result {
    trace(cx, "refresh")?;
    cx.clear(STALE);
    let config: Config = cx.config()?;
    let followed = Followed { jobs: config.jobs, tag: &config.tag };
    if cx.data_changed("twin.config", &followed)? {
        cx.set_with(NOISY, &BTreeMap::from([("tag", &config.tag)]))
    } else {
        cx.clear(NOISY);
        Ok(())
    }
}

fn merge((): &mut (), cx: &Context) -> Result {
    trace(cx, "merge")?;
    let units = cx.endpoint(DB).0.all_joined_units()?;
    let received = units.received()?;
    let merged: BTreeMap<&String, Value> =
        received.raw().keys().map(|key| (key, received.json(key))).collect();
    cx.kv().set("twin.merged", &merged)?;
    let mut ports = Vec::new();
    for unit in &units {
        ports.push((unit.unit_name().to_string(), unit.received()?.json("port")));
    }
    cx.kv().set("twin.ports", &ports)?;
    cx.clear(DB_CHANGED);
    Ok(())
}

fn publish((): &mut (), cx: &Context) -> Result {
    let config: Config = cx.config()?;
    for relation in &cx.endpoint(DB).0.relations()? {
        let published = relation.to_publish()?;
        published.set("tag", &config.tag)?;
        let units = relation.joined_units()?;
        let names: Vec<String> = units.keys().map(ToString::to_string).collect();
        let application =
            if names.is_empty() { None } else { Some(relation.application_name()?.to_string()) };
        published.set("members", &(application, names))?;
        published.set("none", &None::<u32>)?;
        published.set_raw("mode", if config.jobs % 2 == 1 { "odd" } else { "" });
        published.setdefault("first", &config.tag)?;
    }
    Ok(())
}

fn forget((): &mut (), cx: &Context) -> Result {
    trace(cx, "forget")?;
    let departed = cx.endpoint(DB).0.all_departed_units()?;
    let mut gone = Vec::new();
    for unit in departed.to_list().values() {
        let host = unit.received()?.get_raw("host").map(str::to_owned);
        gone.push((unit.unit_name().to_string(), host));
    }
    cx.kv().set("twin.gone", &gone)?;
    if cx.config::<Config>()?.tag != "keep" {
        departed.clear()?;
        cx.clear(DB_DEPARTED);
    }
    Ok(())
}

fn ask((): &mut (), cx: &Context) -> Result {
    trace(cx, "ask")?;
    let config: Config = cx.config()?;
    let endpoint = cx.endpoint(ASK);
    let unit = cx.env().unit().to_string().replace('/', "-");
    for relation in &endpoint.relations()? {
        for number in 0..config.jobs {
            let id: RequestId = format!("{}-{unit}-{number}", relation.relation_id()).parse()?;
            if let Some(mut known) = endpoint.get(&id)? {
                known.update(|job| job.name.clone_from(&config.tag))?;
            } else {
                let job = Job { name: config.tag.clone(), port: 80 };
                endpoint.create_with_id(relation, id, job)?;
            }
        }
    }
    Ok(())
}

fn hear((): &mut (), cx: &Context) -> Result {
    trace(cx, "hear")?;
    let mut answers = Vec::new();
    for request in cx.endpoint(ASK).requests()? {
        if let Some(response) = request.response()? {
            answers.push((request.request_id().to_string(), response.ok));
        }
    }
    cx.kv().set("twin.answers", &answers)
}

fn answer((): &mut (), cx: &Context) -> Result {
    for request in cx.endpoint(SERVE).new_requests()? {
        request.respond(&Outcome { ok: !request.request_id().as_ref().ends_with('3') })?;
    }
    Ok(())
}

fn status((): &mut (), cx: &Context) -> Result<Status> {
    let db = cx.endpoint(DB);
    let units = db.0.all_joined_units()?.len();
    let gone = db.0.all_departed_units()?.to_list().len();
    let message = format!("{units} units, {gone} gone, {}", cx.config::<Config>()?.tag);
    let is_joined = cx.is_set(DB_JOINED);
    let kind = if is_joined { StatusKind::Active } else { StatusKind::Waiting };
    Ok(Status::new(kind, message))
}
