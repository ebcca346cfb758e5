//! Whether the units that are asked are all that have something to do.
//!
//! Random scenarios run here step by step, and after each of them the answer
//! of the stirred units is compared with that of asking every unit. Whoever
//! lets units look at something new adds it to [`Scenario::ask`], or to what
//! [`charm`] does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use juju_agent_rpc::{Client, Request};
use juju_types::{CharmFiles, Event, JujuVersion, UnitName};
use serde_json::Value;

use super::Simulator;
use crate::exec::Exec;
use crate::fault::Fault;
use crate::model::{Ids, later};
use crate::retry::Retry;
use crate::simulator_error::SimulatorError;

#[test]
fn asking_the_stirred_units_is_asking_all() {
    let mut seen = BTreeSet::new();
    for seed in 0..16 {
        let mut scenario = Scenario::new(seed);
        for _ in 0..60 {
            scenario.ask();
            scenario.run();
        }
        let operations = scenario.juju.operations().iter();
        seen.extend(operations.map(|ran| match ran.kind.to_string().rsplit_once('-') {
            Some((_, suffix)) => suffix.to_owned(),
            None => ran.kind.to_string(),
        }));
    }
    // The scenarios are worth something only if all of this happens in them.
    for kind in [
        "act",
        "attached",
        "broken",
        "changed",
        "created",
        "departed",
        "detaching",
        "elected",
        "expired",
        "install",
        "joined",
        "remove",
        "rotate",
        "start",
        "status",
        "stop",
    ] {
        assert!(seen.contains(kind), "no {kind} among {seen:?}");
    }
}

/// A model in which things happen by chance, the same with the same seed.
struct Scenario {
    juju: Simulator,
    chance: Ids,
    secrets: Secrets,
    /// What was asked, to be read if the test fails.
    asked: Vec<String>,
    seed: u64,
}

/// The secrets that charms have made, as everybody knows them.
type Secrets = Arc<Mutex<Vec<String>>>;

const SQL: &str = "{name: sql, summary: s, description: d, provides: {db: {interface: sql}}, \
    peers: {cluster: {interface: cluster}}, storage: {data: {type: filesystem, \
    multiple: {range: 0-}}}, resources: {file: {type: file, filename: f}}}";
const WEB: &str = "{name: web, summary: s, description: d, requires: {db: {interface: sql}, \
    spare: {interface: sql}}}";
const AGENT: &str = "{name: agent, summary: s, description: d, subordinate: true, \
    requires: {host: {interface: juju-info, scope: container}}}";

const BASES: &str = "bases: [{name: ubuntu, channel: '24.04'}]";

impl Scenario {
    fn new(seed: u64) -> Self {
        let mut builder = Simulator::builder().tool_program("/bin/true").seed(seed);
        if !seed.is_multiple_of(2) {
            builder = builder.interleave_units();
        }
        if seed.is_multiple_of(3) {
            builder = builder.juju_version(JujuVersion::new(4, 0, 4));
        }
        let (chance, secrets) = (Ids::new(seed), Secrets::default());
        let juju = builder.build();
        let mut scenario = Self { juju, chance, secrets, asked: Vec::new(), seed };
        for application in ["sql", "web"] {
            scenario.deploy(application).unwrap();
            scenario.juju.add_unit(application).unwrap();
        }
        scenario.juju.integrate("web:db", "sql").unwrap();
        if seed % 5 < 3 {
            scenario.deploy("agent").unwrap();
            scenario.juju.integrate("agent", "web").unwrap();
        }
        scenario
    }

    /// Does something that a user, the clock or bad luck can do.
    fn ask(&mut self) {
        let unit = self.unit().map(|unit| unit.to_string()).unwrap_or_default();
        let application = ["agent", "sql", "web"][self.chance.choose(3)];
        let what = self.chance.choose(25);
        self.asked.push(format!("{what} {unit} {application}"));
        // Much of it is refused, because chance does not know what there is.
        match what {
            0 | 1 => drop(self.deploy(application)),
            2 | 3 => drop(self.juju.add_unit(application)),
            4 | 5 => drop(self.juju.integrate("web:db", "sql")),
            6 => drop(self.juju.integrate("web:spare", "sql")),
            7 | 8 => drop(self.juju.integrate("agent", application)),
            9 if self.chance.choose(2) == 0 => drop(self.juju.remove_unit(&unit)),
            10 if self.chance.choose(4) == 0 => drop(self.juju.remove_application(application)),
            11 => drop(self.juju.remove_relation("web", application)),
            12 => drop(self.juju.remove_relation("agent", application)),
            13 => drop(self.juju.set_leader(&unit)),
            14 => {
                let value = self.chance.choose(3).to_string();
                drop(self.juju.configure(application, [("option", value)]));
            }
            15 => {
                let seconds = [5, 300, 4000][self.chance.choose(3)];
                let now = later(self.juju.model.now, Duration::from_secs(seconds));
                self.juju.model.set_clock(now);
            }
            16 => {
                let fault = match self.chance.choose(3) {
                    0 => Fault::FailFlush,
                    1 => Fault::KillAtExit,
                    _ => Fault::LoseLeadershipAtCall(1),
                };
                drop(self.juju.inject(&unit, fault));
            }
            17 => {
                let retry = [Retry::Yes, Retry::No][self.chance.choose(2)];
                drop(self.juju.resolve(&unit, retry));
            }
            18 => {
                if let Some(unit) = self.unit() {
                    drop(self.juju.model.add_task(&unit, "act", Value::Null));
                }
            }
            19 => drop(self.juju.attach_resource("sql", "file", "new")),
            20 => drop(self.juju.run_hook(&unit, &Event::UpdateStatus)),
            21 => {
                let address = format!("10.0.9.{}", self.chance.choose(3) + 1);
                drop(self.juju.set_address("0", &address));
            }
            22 => {
                let space = ["alpha", "dmz"][self.chance.choose(2)];
                drop(self.juju.add_space("dmz", ["192.168.0.0/24"]));
                drop(self.juju.bind(application, space));
            }
            23 => drop(self.juju.trust(application)),
            24 => {
                if let Some(unit) = self.unit() {
                    let command = self.juju.model.add_command(Exec::custom_event("thing"));
                    self.juju.model.queue_command(&unit, command);
                }
            }
            _ => {}
        }
        self.compare();
    }

    fn deploy(&mut self, application: &str) -> Result<(), Box<dyn std::error::Error>> {
        if application == "agent" {
            // There is nothing to run in it, but it has a life.
            let folder = tempfile::tempdir()?;
            fs::write(folder.path().join("metadata.yaml"), AGENT)?;
            fs::write(folder.path().join("manifest.yaml"), BASES)?;
            fs::create_dir(folder.path().join("hooks"))?;
            fs::write(folder.path().join("hooks/other"), "")?;
            return Ok(self.juju.deploy_subordinate(folder.path(), application)?);
        }
        let files = CharmFiles::read(|name| {
            let text = match (name, application) {
                ("metadata.yaml", "sql") => SQL,
                ("metadata.yaml", _) => WEB,
                ("config.yaml", _) => "options: {option: {type: string}}",
                ("actions.yaml", _) => "act: {}",
                ("manifest.yaml", _) => BASES,
                _ => return Ok::<_, ()>(None),
            };
            Ok(Some(text.to_owned()))
        });
        let secrets = Arc::clone(&self.secrets);
        let run = move |variables: BTreeMap<String, String>| charm(&variables, &secrets);
        self.juju.deploy_in_process(&files.unwrap(), application, run)?;
        Ok(())
    }

    /// Takes a few steps, as long as there are any.
    fn run(&mut self) {
        for _ in 0..self.chance.choose(40) {
            match self.juju.run_next() {
                Ok(true) | Err(SimulatorError::FaultsMissed { .. }) => self.compare(),
                Ok(false) => return,
                Err(error) => panic!("{error} with seed {}", self.seed),
            }
        }
    }

    fn unit(&mut self) -> Option<UnitName> {
        let units: Vec<&UnitName> = self.juju.model.units.keys().collect();
        units.get(self.chance.choose(units.len())).map(|unit| (*unit).clone())
    }

    fn compare(&self) {
        let model = &self.juju.model;
        let asked = || format!("with seed {}, after {:#?}", self.seed, self.asked);
        assert_eq!(model.steps_of_stirred(), model.steps_of_all(), "{}", asked());
        let mut all = model.clone();
        all.stir_subordinates();
        assert_eq!(model.missing_subordinates(), all.missing_subordinates(), "{}", asked());
    }
}

/// Does by chance what other units look at, and fails at times.
fn charm(variables: &BTreeMap<String, String>, secrets: &Mutex<Vec<String>>) -> u8 {
    let context_id = &variables["JUJU_CONTEXT_ID"];
    let digits = &context_id[context_id.len() - 16..];
    let mut chance = Ids::new(u64::from_str_radix(digits, 16).unwrap());
    let mut client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
    let mut call = |words: &str| {
        let mut words = words.split(' ').map(str::to_owned);
        let request = Request {
            context_id: context_id.clone(),
            dir: variables["JUJU_CHARM_DIR"].clone(),
            command_name: words.next().unwrap(),
            args: words.collect(),
            ..Request::default()
        };
        let answer = client.call(&request).map(|response| response.stdout);
        String::from_utf8(answer.unwrap_or_default()).unwrap().trim().to_owned()
    };
    let relation = match variables.get("JUJU_RELATION_ID") {
        Some(relation) => relation.clone(),
        None => call("relation-ids db").split(' ').next().unwrap_or_default().to_owned(),
    };
    for _ in 0..chance.choose(4) {
        let value = chance.choose(3);
        let known = secrets.lock().unwrap().clone();
        let secret = known.get(chance.choose(known.len())).map_or("none", String::as_str);
        match chance.choose(14) {
            0 | 1 => call(&format!("relation-set -r {relation} key={value}")),
            2 => call(&format!("relation-set -r {relation} --app key={value}")),
            3 => call(&format!("leader-set key={value}")),
            4 | 5 => {
                let owner = ["application", "unit"][chance.choose(2)];
                let made = call(&format!(
                    "secret-add --owner {owner} --rotate hourly --expire 90m key=value{value}"
                ));
                secrets.lock().unwrap().extend((!made.is_empty()).then(|| made.clone()));
                call(&format!("secret-grant {made} -r {relation}"))
            }
            6 => call(&format!("secret-get {secret}")),
            7 => call(&format!("secret-get {secret} --refresh")),
            8 => call(&format!("secret-set {secret} key=value{value}")),
            9 => call(&format!("secret-remove {secret}")),
            10 => call("storage-add data"),
            11 => call(["juju-reboot", "juju-reboot --now"][chance.choose(2)]),
            12 => call("status-set active"),
            _ => call("state-set key=value"),
        };
    }
    u8::from(chance.choose(12) == 0)
}
