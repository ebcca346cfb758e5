//! The flags, relations and units of an endpoint.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use juju_hook_env::{HookEnv, Juju, UnitAgent};
use juju_simulator::{Fault, Simulator};
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Interface, MemoryStore, Result, always,
};

use crate::support::{files, flags};

const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

/// What the remote units publish: pairs of key and value, an empty value for a
/// key that is to go.
type Data = Arc<Mutex<Vec<(String, String)>>>;

/// A model in which `app/0`, with the charm under test, requires `db`, and
/// `sql` provides it.
struct Model {
    juju: Simulator,
    store: MemoryStore,
    unit_data: Data,
    app_data: Data,
}

impl Model {
    fn new<S: 'static>(charm: impl Fn() -> Charm<S> + Send + Sync + 'static) -> Self {
        let (store, unit_data, app_data) = (MemoryStore::new(), Data::default(), Data::default());
        let mut juju = Simulator::new();
        let kept = store.clone();
        let requires = files("requires: {db: {interface: sql}}");
        juju.deploy_in_process(&requires, "app", move |variables| {
            charm().store(kept.clone()).run_in(variables)
        })
        .unwrap();
        let (unit, app) = (Arc::clone(&unit_data), Arc::clone(&app_data));
        juju.deploy_in_process(
            &files("provides: {db: {interface: sql}}"),
            "sql",
            move |variables| publish(variables, &unit, &app),
        )
        .unwrap();
        juju.run_until_idle().unwrap();
        Self { juju, store, unit_data, app_data }
    }

    fn relate(&mut self) {
        self.juju.integrate("app", "sql").unwrap();
        self.juju.run_until_idle().unwrap();
    }

    /// Has the unit `sql/0` publish.
    fn publish(&mut self, key: &str, value: &str) {
        self.unit_data.lock().unwrap().push((key.to_owned(), value.to_owned()));
        self.juju.update_status("sql/0").unwrap();
    }

    /// Has the leader of `sql` publish for its application.
    fn publish_app(&mut self, key: &str, value: &str) {
        self.app_data.lock().unwrap().push((key.to_owned(), value.to_owned()));
        self.juju.update_status("sql/0").unwrap();
    }

    /// Returns the flags of the endpoint, without `endpoint.db.`.
    fn flags(&self) -> Vec<String> {
        let flags = flags(&self.store.rows());
        flags
            .iter()
            .filter_map(|flag| flag.strip_prefix("endpoint.db."))
            .map(str::to_owned)
            .collect()
    }

    /// Returns the digests that are kept, by their ids.
    fn digests(&self) -> Vec<String> {
        let rows = self.store.rows();
        let ids = rows.keys().filter_map(|key| key.strip_prefix("reactive.data_changed."));
        ids.map(str::to_owned).collect()
    }
}

/// The remote charm: publishes in its one relation what the test has put down.
fn publish(variables: BTreeMap<String, String>, unit: &Data, app: &Data) -> ExitCode {
    let env = HookEnv::from_pairs(variables).unwrap();
    let juju = Juju::new(&env, UnitAgent::new(&env));
    for relation in juju.relation_ids(&"db".parse().unwrap()).unwrap() {
        juju.relation_set(&relation, unit.lock().unwrap().clone()).unwrap();
        if juju.is_leader().unwrap() {
            juju.relation_set_app(&relation, app.lock().unwrap().clone()).unwrap();
        }
    }
    ExitCode::SUCCESS
}

fn observer() -> Charm<()> {
    Charm::new(()).endpoint(DB)
}

#[test]
fn joined_and_changed_flags_are_those_of_python() {
    let mut model = Model::new(observer);
    assert!(model.flags().is_empty());
    model.relate();
    assert_eq!(
        model.flags(),
        [
            "changed",
            "changed.egress-subnets",
            "changed.ingress-address",
            "changed.private-address",
            "joined"
        ]
    );
    model.publish("host", "10.0.0.9");
    assert!(model.flags().contains(&"changed.host".to_owned()));
}

#[test]
fn a_changed_flag_is_set_again_only_when_the_value_changes() {
    let mut model = Model::new(|| {
        observer().when(DB.changed_key("host"), |(), cx| {
            cx.clear(DB.changed_key("host"));
            cx.kv().set("seen", &(cx.kv().get::<u32>("seen")?.unwrap_or_default() + 1))
        })
    });
    model.relate();
    let seen = |model: &Model| model.store.rows().get("seen").cloned();
    model.publish("host", "a");
    assert_eq!(seen(&model).as_deref(), Some("1"));
    model.publish("other", "x");
    assert_eq!(seen(&model).as_deref(), Some("1"));
    model.publish("host", "b");
    assert_eq!(seen(&model).as_deref(), Some("2"));
}

#[test]
fn a_departing_unit_is_among_the_departed_with_its_last_data() {
    let mut model = Model::new(observer);
    model.relate();
    model.publish("host", "10.0.0.9");
    model.juju.remove_relation("app", "sql").unwrap();
    model.juju.run_until_idle().unwrap();
    let flags = model.flags();
    assert!(!flags.contains(&"joined".to_owned()) && flags.contains(&"departed".to_owned()));
    insta::assert_snapshot!(
        model.store.rows()["reactive.endpoints.departed.db"],
        @r#"[{"relation": "db:0", "unit_name": "sql/0", "data": {"egress-subnets": "10.0.0.12/32", "host": "10.0.0.9", "ingress-address": "10.0.0.12", "private-address": "10.0.0.12"}}]"#
    );
    // What the charm has yet to deal with keeps its digests.
    assert!(model.digests().contains(&"endpoint.db.db:0.sql/0.host".to_owned()));
}

#[test]
fn a_departed_unit_is_listed_once_though_its_hook_is_retried() {
    let mut model = Model::new(observer);
    model.relate();
    model.juju.inject("app/0", Fault::FailFlush).unwrap();
    model.juju.remove_relation("app", "sql").unwrap();
    model.juju.run_until_idle().unwrap();
    assert_eq!(
        model.juju.status().unit("app/0").unwrap().workload.to_string(),
        "error: hook failed: \"db-relation-departed\""
    );
    // What is there is provisional; the next run takes it back, and does it again.
    model.juju.advance(Duration::from_mins(1)).unwrap();
    let departed = &model.store.rows()["reactive.endpoints.departed.db"];
    assert_eq!(departed.matches("sql/0").count(), 1, "{departed}");
    assert!(model.flags().contains(&"departed".to_owned()));
}

#[test]
fn digests_of_units_long_gone_are_pruned() {
    let mut model = Model::new(|| {
        observer().when(DB.departed(), |(), cx| {
            cx.clear(DB.departed());
            cx.endpoint(DB).all_departed_units()?.clear()
        })
    });
    model.relate();
    model.publish("host", "10.0.0.9");
    assert_eq!(model.digests().len(), 4);
    model.juju.remove_relation("app", "sql").unwrap();
    model.juju.run_until_idle().unwrap();
    assert!(model.digests().is_empty(), "{:?}", model.digests());
}

#[test]
fn removed_keys_application_data_and_departures_have_flags_of_their_own() {
    let mut model = Model::new(|| {
        let note = |flag: &'static str| {
            move |(): &mut (), cx: &Context| -> Result {
                cx.clear(DB.flag(flag));
                let noted = cx.kv().get::<Vec<String>>("noted")?.unwrap_or_default();
                cx.kv().set("noted", &[noted, vec![flag.to_owned()]].concat())
            }
        };
        observer()
            .when(DB.removed_key("host"), note("removed.host"))
            .when(DB.app_changed_key("version"), note("app-changed.version"))
            .when(DB.updated(), note("updated"))
    });
    let take = |model: &Model| {
        let noted = model.store.rows().get("noted").cloned().unwrap_or_default();
        serde_json::from_str::<Vec<String>>(&noted).unwrap_or_default()
    };
    model.relate();
    model.publish("host", "10.0.0.9");
    let before = take(&model).len();
    model.publish("host", "");
    assert_eq!(take(&model)[before..], ["removed.host", "updated"]);
    model.publish_app("version", "2");
    assert_eq!(take(&model)[before + 2..], ["app-changed.version", "updated"]);
    model.publish_app("version", "");
    assert_eq!(take(&model)[before + 4..], ["app-changed.version", "updated"]);
    model.juju.remove_unit("sql/0").unwrap();
    model.juju.run_until_idle().unwrap();
    assert_eq!(take(&model)[before + 6..], ["updated"]);
}

#[test]
fn a_hook_that_looks_at_no_relation_asks_for_none() {
    let mut model = Model::new(|| observer().when(always(), |(), _| Ok(())));
    model.relate();
    model.juju.update_status("app/0").unwrap();
    let last = model.juju.operations().last().unwrap();
    let tools: Vec<&str> = last.calls.iter().map(|call| call.tool.as_str()).collect();
    assert!(!tools.iter().any(|tool| tool.starts_with("relation-")), "{tools:?}");
}

#[test]
fn what_is_published_is_sent_once_and_can_be_taken_back() {
    let wanted = Arc::new(AtomicBool::new(true));
    let read = Arc::clone(&wanted);
    let mut model = Model::new(move || {
        let wanted = Arc::clone(&read);
        observer().when(DB.joined(), move |(), cx| {
            for relation in &cx.endpoint(DB).relations()? {
                let published = relation.to_publish()?;
                if wanted.load(Ordering::Relaxed) {
                    published.set("port", &5432)?;
                } else {
                    published.remove("port");
                }
            }
            Ok(())
        })
    });
    model.relate();
    let sent = |model: &Model| {
        let operations = model.juju.operations().iter();
        let calls = operations.flat_map(|ran| &ran.calls);
        calls.filter(|call| call.tool == "relation-set" && call.code == 0).count()
    };
    let published = |model: &Model| {
        let state = serde_json::to_value(model.juju.unit_state("app/0").unwrap()).unwrap();
        state["relations"][0]["local_unit_data"].get("port").cloned()
    };
    assert_eq!(published(&model), Some("5432".into()));
    let before = sent(&model);
    model.juju.update_status("app/0").unwrap();
    assert_eq!(sent(&model), before);
    wanted.store(false, Ordering::Relaxed);
    model.juju.update_status("app/0").unwrap();
    assert_eq!((published(&model), sent(&model)), (None, before + 1));
}

#[test]
fn the_departed_flag_is_cleared_by_the_next_hook_while_others_are_there() {
    let mut model = Model::new(observer);
    model.juju.add_unit("sql").unwrap();
    model.relate();
    model.juju.remove_unit("sql/1").unwrap();
    model.juju.run_until_idle().unwrap();
    assert!(model.flags().contains(&"departed".to_owned()));
    assert!(model.flags().contains(&"joined".to_owned()));
    model.publish("host", "10.0.0.9");
    assert!(!model.flags().contains(&"departed".to_owned()));
}

#[test]
fn only_the_leader_publishes_for_its_application() {
    let refused = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&refused);
    let mut model = Model::new(move || {
        let noted = Arc::clone(&noted);
        observer().when(DB.joined(), move |(), cx| {
            for relation in &cx.endpoint(DB).relations()? {
                match relation.to_publish_app() {
                    Ok(published) => {
                        assert_eq!(published.setdefault("port", &5432)?.to_string(), "5432");
                        assert_eq!(published.setdefault("port", &1)?.to_string(), "5432");
                        assert_eq!(published.get::<u16>("port")?, Some(5432));
                    }
                    Err(error) => {
                        let error = format!("{}: {error}", cx.env().unit());
                        noted.lock().unwrap().push(error);
                    }
                }
            }
            Ok(())
        })
    });
    model.relate();
    let published = |model: &Model| {
        let state = serde_json::to_value(model.juju.unit_state("app/0").unwrap()).unwrap();
        state["relations"][0]["local_app_data"].get("port").cloned()
    };
    assert_eq!(published(&model), Some("5432".into()));
    assert!(refused.lock().unwrap().is_empty());
    model.juju.add_unit("app").unwrap();
    model.juju.run_until_idle().unwrap();
    insta::assert_snapshot!(refused.lock().unwrap()[0], @"app/1: `relation-set` is for the leader only: only the leader publishes for its application in `db:0`");
}

/// A side that has a flag while it has nothing to say.
#[derive(Debug)]
struct Silent(Endpoint);

impl Interface for Silent {
    fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    fn manage_flags(&self) -> Result {
        for relation in &self.0.relations()? {
            self.0.toggle_flag("silent", relation.to_publish()?.get_raw("port").is_none());
        }
        Ok(())
    }
}

#[test]
fn flags_of_an_interface_follow_what_is_published_at_once() {
    const SILENT: EndpointKey<Silent> = EndpointKey::new("db");

    let ran = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&ran);
    let mut model = Model::new(move || {
        ["one", "two"].into_iter().fold(Charm::new(()), |charm, name| {
            let log = Arc::clone(&log);
            charm.when(SILENT.flag("silent"), move |(), cx| {
                log.lock().unwrap().push(name);
                cx.endpoint(SILENT).0.relations()?[0].to_publish()?.set("port", &1)?;
                assert!(!cx.is_set(SILENT.flag("silent")), "it has just said something");
                Ok(())
            })
        })
    });
    model.relate();
    assert_eq!(*ran.lock().unwrap(), ["one"]);
}
