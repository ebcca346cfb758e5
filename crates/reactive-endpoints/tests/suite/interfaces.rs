//! Interfaces that stand behind all endpoints of their kind.

use std::fs;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use juju_simulator::Simulator;
use juju_types::RelationRole;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointHandlers, EndpointKey, Flag, Interface, MemoryStore, Result,
    always, hook,
};

use crate::support::{files, flags};

/// The side of `sql` that asks.
#[derive(Debug)]
struct Sql(Endpoint);

impl Interface for Sql {
    const INTERFACE: Option<&'static str> = Some("sql");
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    fn manage_flags(&self) -> Result {
        self.0.toggle_flag("{endpoint_name}.ready", self.0.is_joined()?);
        Ok(())
    }

    fn handlers(handlers: &mut EndpointHandlers<Self>) {
        handlers.when(handlers.flag("{endpoint_name}.ready"), Self::note);
    }
}

impl Sql {
    #[expect(clippy::unnecessary_wraps, reason = "it is a handler")]
    fn note(&self, cx: &Context) -> Result {
        let name = self.0.endpoint_name();
        cx.mark_invoked(&*format!("note-{name}"));
        Ok(())
    }
}

const SHOP: EndpointKey<Endpoint> = EndpointKey::new("shop");
const METADATA: &str = "requires: {db: sql, shop: sql, web: http}\nprovides: {own: sql}\n";

/// Deploys a charm beside one that it can relate to, and returns the store.
fn deploy(charm: impl Fn() -> Charm<()> + Send + Sync + 'static) -> (Simulator, MemoryStore) {
    let store = MemoryStore::new();
    let kept = store.clone();
    let mut juju = Simulator::new();
    juju.deploy_in_process(&files(METADATA), "app", move |variables| {
        charm().store(kept.clone()).run_in(variables)
    })
    .unwrap();
    let provides = files("provides: {sql: sql}");
    juju.deploy_in_process(&provides, "mysql", |_| ExitCode::SUCCESS).unwrap();
    juju.run_until_idle().unwrap();
    (juju, store)
}

#[test]
fn it_stands_behind_each_endpoint_of_its_role_and_interface() {
    let (mut juju, store) = deploy(|| Charm::new(()).interface::<Sql>());
    juju.integrate("app:shop", "mysql").unwrap();
    juju.run_until_idle().unwrap();
    assert!(flags(&store.rows()).contains(&"shop.ready".to_owned()));
    let invoked = |store: &MemoryStore| {
        let rows = store.rows();
        rows.keys()
            .filter_map(|key| key.strip_prefix("reactive.invoked."))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(invoked(&store), ["note-shop"]);
    juju.integrate("app:db", "mysql").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(invoked(&store), ["note-db", "note-shop"]);
}

#[test]
fn all_endpoints_of_a_type_can_be_asked_for() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&names);
    deploy(move || {
        let noted = Arc::clone(&noted);
        Charm::new(()).interface::<Sql>().when(always(), move |(), cx| {
            let all = cx.endpoints_of::<Sql>();
            *noted.lock().unwrap() =
                all.iter().map(|sql| sql.0.endpoint_name().to_string()).collect();
            Ok(())
        })
    });
    assert_eq!(*names.lock().unwrap(), ["db", "shop"]);
}

#[test]
fn an_endpoint_that_is_registered_by_its_key_is_left_as_it_is() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&names);
    let (juju, _) = deploy(move || {
        let noted = Arc::clone(&noted);
        Charm::new(()).interface::<Sql>().endpoint(SHOP).when(always(), move |(), cx| {
            assert!(!cx.endpoint(SHOP).is_joined()?);
            let all = cx.endpoints_of::<Sql>();
            *noted.lock().unwrap() =
                all.iter().map(|sql| sql.0.endpoint_name().to_string()).collect();
            Ok(())
        })
    });
    assert!(juju.operations().iter().all(|operation| operation.exit.is_success()));
    assert_eq!(*names.lock().unwrap(), ["db"]);
}

#[test]
fn its_handlers_run_in_the_place_where_it_was_registered() {
    const READY: Flag = Flag::new("shop.ready");
    let (mut juju, store) = deploy(|| {
        let order = |name: &'static str| {
            move |(): &mut (), cx: &Context| {
                let is_noted = cx.was_invoked("note-shop");
                cx.kv().set(name, &is_noted)
            }
        };
        Charm::new(()).when(&READY, order("before")).interface::<Sql>().when(&READY, order("after"))
    });
    juju.integrate("app:shop", "mysql").unwrap();
    // The first hook in which there is a unit.
    while !store.rows().contains_key("before") {
        assert!(juju.run_next().unwrap());
    }
    let rows = store.rows();
    assert_eq!((rows["before"].as_str(), rows["after"].as_str()), ("false", "true"));
}

#[test]
fn a_hook_pattern_looks_into_the_same_yaml() {
    let (mut juju, store) = deploy(|| {
        let pattern = "{requires:sql}-relation-joined".parse().unwrap();
        Charm::new(()).interface::<Sql>().when(hook(pattern), |(), cx| {
            cx.mark_invoked("joined");
            Ok(())
        })
    });
    assert!(!store.rows().contains_key("reactive.invoked.joined"));
    juju.integrate("app:shop", "mysql").unwrap();
    juju.run_until_idle().unwrap();
    assert!(store.rows().contains_key("reactive.invoked.joined"));
}

#[test]
fn a_charm_whose_yaml_is_refused_fails_and_says_so() {
    let mut juju = Simulator::new();
    juju.deploy_in_process(&files(METADATA), "app", |variables| {
        let metadata = format!("{}/metadata.yaml", variables["JUJU_CHARM_DIR"]);
        fs::write(metadata, "name: app\n").unwrap();
        Charm::new(()).interface::<Sql>().store(MemoryStore::new()).run_in(variables)
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    let last = juju.operations().last().unwrap().to_string();
    assert!(last.contains("failed: the charm's own YAML files are refused: "), "{last}");
    assert!(last.contains("metadata.yaml:1:1: `summary` is missing"), "{last}");
}
