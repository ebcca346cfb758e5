//! A random life, lived by both twins.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use juju_simulator::{Fault, Retry};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::json;

use super::puppet::Pull;
use super::world::{Language, Outcome, World};

/// What can be integrated.
const PAIRS: [(&str, &str); 6] = [
    ("app:db", "one:db"),
    ("app:db", "two:db"),
    ("app:ask", "one:serve"),
    ("app:ask", "two:serve"),
    ("app:serve", "one:ask"),
    ("app:serve", "two:ask"),
];

/// Texts that a unit publishes. Python takes some for JSON.
const TEXTS: [&str; 16] = [
    "10.0.0.7",
    "8000",
    "1.10",
    "true",
    "null",
    "01",
    "1e5",
    "-0",
    "-0.0",
    "12345678901234567890123",
    "[1, 2.50, \"\\u00e9\", {}]",
    "{\"a\": {\"z\": null}, \"b\": 1}",
    "\"text\"",
    "\"\\ud83d\\ude00 \\u007f\"",
    "grün 😀",
    " {\"a\": 1 ",
];

/// Both worlds, and what was asked of both.
pub(super) struct Life {
    python: World,
    rust: World,
    /// Whether the charm of the second world becomes Python's at times, and
    /// Rust's again.
    is_fickle: bool,
    rng: TestRng,
    /// Counts up, for texts that were never there before.
    fresh: u32,
    /// The settings, each after its unit, that were taken back.
    taken_back: BTreeSet<(String, &'static str)>,
    related: BTreeSet<usize>,
    relations: usize,
    units: BTreeMap<&'static str, Vec<u32>>,
    hooks: usize,
    story: String,
}

impl Life {
    pub(super) fn begin(seed: u8) -> Self {
        let mut life = Self {
            python: World::new(Language::Python),
            rust: World::new(Language::Rust),
            is_fickle: false,
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
            fresh: 0,
            taken_back: BTreeSet::new(),
            related: BTreeSet::new(),
            relations: 0,
            units: BTreeMap::from([("one", vec![0]), ("two", vec![0])]),
            hooks: 0,
            story: format!("seed {seed}\n"),
        };
        life.settle();
        life
    }

    /// Has the charm of the second world be one and then the other.
    pub(super) fn fickle(self) -> Self {
        Self { is_fickle: true, ..self }
    }

    /// Lives until `app` has run so many hooks.
    #[track_caller]
    pub(super) fn live(mut self, hooks: usize) {
        while self.hooks < hooks {
            self.step();
            self.settle();
            let is_failed = |world: &World| {
                world.juju.status().unit("app/0").unwrap().workload.to_string().starts_with("error")
            };
            while is_failed(&self.python) {
                assert!(is_failed(&self.rust), "{}", self.story);
                self.tell("resolve");
                self.both(|world| world.juju.resolve("app/0", Retry::Yes).unwrap());
                self.settle();
            }
        }
    }

    fn step(&mut self) {
        if self.is_fickle && self.below(5) == 0 {
            let language = self.choose(&[Language::Python, Language::Rust]);
            self.tell(&format!("refresh to {language:?}"));
            self.python.refresh(Language::Python);
            self.rust.refresh(language);
            return;
        }
        match self.below(16) {
            0..4 => self.publish(),
            4 | 5 => self.request(),
            6 => {
                let unit = self.unit();
                self.pull(&unit, &Pull::Respond);
            }
            7 | 8 => self.relate(),
            9 | 10 => self.scale(),
            11 => self.configure(),
            12 => {
                let fault =
                    self.choose(&[Fault::KillAtCall(1), Fault::FailTool("config-get".to_owned())]);
                self.tell(&format!("inject {fault:?}"));
                self.both(|world| world.juju.inject("app/0", fault.clone()).unwrap());
                self.publish();
            }
            13 => {
                self.tell("poke");
                let outcomes = self.both(|world| {
                    world.juju.run_action("app/0", "poke", json!({})).unwrap().status
                });
                assert_eq!(outcomes[0], outcomes[1], "{}", self.story);
                self.compare();
            }
            14 => {
                let text = self.fresh();
                self.tell(&format!("write {text}"));
                self.both(|world| {
                    let file = world.juju.charm_dir("app/0").unwrap().join("watched.txt");
                    std::fs::write(file, &text).unwrap();
                });
            }
            _ => {
                self.tell("update-status");
                self.both(|world| world.juju.update_status("app/0").unwrap());
                self.compare();
            }
        }
    }

    fn publish(&mut self) {
        let unit = self.unit();
        let key = self.choose(&["host", "port", "flavour"]);
        let setting = (unit.clone(), key);
        let text = match self.below(6) {
            0 => {
                self.taken_back.insert(setting);
                String::new()
            }
            // What was taken back comes back with a text that was not there.
            _ if self.taken_back.remove(&setting) => self.fresh(),
            1 | 2 => self.fresh(),
            _ => self.choose(&TEXTS).to_owned(),
        };
        self.pull(&unit, &Pull::Publish { endpoint: "db", key: key.to_owned(), text });
    }

    fn request(&mut self) {
        let unit = self.unit();
        let id = format!("{}-{}", unit.replace('/', "-"), self.below(4));
        let text = if self.below(4) == 0 {
            String::new()
        } else {
            let name = self.fresh();
            format!("{{\"name\": \"{name}\", \"port\": 1, \"request_id\": \"{id}\"}}")
        };
        let key = format!("request_{id}");
        self.pull(&unit, &Pull::Publish { endpoint: "ask", key, text });
    }

    fn relate(&mut self) {
        let pair = self.below(PAIRS.len());
        let (one, other) = PAIRS[pair];
        if self.related.remove(&pair) {
            self.tell(&format!("remove-relation {one} {other}"));
            self.both(|world| world.juju.remove_relation(one, other).unwrap());
        } else if self.relations < 10 {
            self.relations += 1;
            self.related.insert(pair);
            self.tell(&format!("integrate {one} {other}"));
            self.both(|world| world.juju.integrate(one, other).unwrap());
        }
    }

    fn scale(&mut self) {
        let application = self.choose(&["one", "two"]);
        let numbers = self.units.get_mut(application).unwrap();
        let next = numbers.last().unwrap() + 1;
        if numbers.len() < 3 && next < 10 {
            numbers.push(next);
            self.tell(&format!("add-unit {application}"));
            self.both(|world| world.juju.add_unit(application).unwrap());
        } else if numbers.len() > 1 {
            let unit = format!("{application}/{}", numbers.remove(0));
            self.tell(&format!("remove-unit {unit}"));
            self.both(|world| world.juju.remove_unit(&unit).unwrap());
        }
    }

    fn configure(&mut self) {
        let (option, value) = match self.below(3) {
            0 => ("jobs", self.choose(&["0", "1", "2", "3"])),
            _ => ("tag", self.choose(&["a", "b", "keep", "é"])),
        };
        self.tell(&format!("config {option}={value}"));
        self.both(|world| world.juju.configure("app", [(option, value)]).unwrap());
    }

    fn pull(&mut self, unit: &str, pull: &Pull) {
        self.tell(&format!("{unit}: {pull:?}"));
        self.both(|world| world.pull(unit, pull.clone()));
    }

    /// Runs all that is due, side by side.
    #[track_caller]
    fn settle(&mut self) {
        loop {
            let ran = self.both(|world| world.juju.run_next().unwrap());
            assert_eq!(ran[0], ran[1], "{}", self.story);
            if !ran[0] {
                return;
            }
            self.compare();
        }
    }

    /// Compares what has just run.
    #[track_caller]
    fn compare(&mut self) {
        let (python, rust) = (self.python.last(), self.rust.last());
        let unit = python.unit.to_string();
        let what = format!("{unit} {}", python.kind);
        assert_eq!(what, format!("{} {}", rust.unit, rust.kind), "{}", self.story);
        let both = format!("{}\n{python}\n{rust}", self.story);
        assert_eq!(python.exit.is_success(), rust.exit.is_success(), "{both}");
        if !unit.starts_with("app/") {
            return;
        }
        self.hooks += 1;
        let has_done_nothing =
            python.kind.to_string() == "update-status" && python.exit.is_success();
        let (python, rust) = (self.python.outcome(&unit), self.rust.outcome(&unit));
        let differences = differences(&python, &rust, has_done_nothing);
        assert!(differences.is_empty(), "{both}\n{differences}");
        let _ = writeln!(self.story, "  {what}: {}", rust.rows["twin.trace"]);
    }

    fn both<T>(&mut self, act: impl Fn(&mut World) -> T) -> [T; 2] {
        [act(&mut self.python), act(&mut self.rust)]
    }

    fn tell(&mut self, what: &str) {
        let _ = writeln!(self.story, "{what}");
    }

    fn unit(&mut self) -> String {
        let application = self.choose(&["one", "two"]);
        let numbers = self.units[application].clone();
        format!("{application}/{}", self.choose(&numbers))
    }

    fn fresh(&mut self) -> String {
        self.fresh += 1;
        format!("fresh-{}", self.fresh)
    }

    fn choose<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap() % limit
    }
}

fn differences(python: &Outcome, rust: &Outcome, has_done_nothing: bool) -> String {
    let mut differences = String::new();
    let mut compare = |what: &str, python: String, rust: String| {
        let (python, rust): (Vec<&str>, Vec<&str>) =
            (python.lines().collect(), rust.lines().collect());
        for line in python.iter().filter(|line| !rust.contains(line)) {
            let _ = writeln!(differences, "{what}, Python: {line}");
        }
        for line in rust.iter().filter(|line| !python.contains(line)) {
            let _ = writeln!(differences, "{what}, Rust: {line}");
        }
    };
    compare("flags", format!("{:#?}", python.flags), format!("{:#?}", rust.flags));
    compare("rows", format!("{:#?}", python.rows), format!("{:#?}", rust.rows));
    compare("published", format!("{:#?}", python.published), format!("{:#?}", rust.published));
    compare("status", format!("{:?}", python.status), format!("{:?}", rust.status));
    if has_done_nothing {
        compare("kept", format!("{:#?}", python.kept), format!("{:#?}", rust.kept));
    }
    differences
}
