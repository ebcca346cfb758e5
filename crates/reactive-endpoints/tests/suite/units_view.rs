//! Units of several relations together, against a plain model.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use juju_hook_env::{HookEnv, HookTool, ScriptedAgent};
use juju_types::Event;
use proptest::collection::btree_map;
use proptest::prelude::*;
use reactive_endpoints::{Charm, Context, Endpoint, EndpointKey, MemoryStore, Result};

const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

type Settings = BTreeMap<String, String>;

/// The remote units, by the number of their relation and their own.
type Units = BTreeMap<(u32, u32), Settings>;

/// An agent that knows the units, and lists them in the order of their names.
fn agent(units: &Units) -> ScriptedAgent {
    let json = |names: &BTreeSet<String>| serde_json::to_string(names).unwrap();
    let relations: BTreeSet<u32> = units.keys().map(|(relation, _)| *relation).collect();
    let ids = relations.iter().map(|relation| format!("db:{relation}")).collect();
    let mut agent = ScriptedAgent::new()
        .accept(HookTool::JujuLog)
        .accept(HookTool::StateSet)
        .answer("state-get --format=json", "null")
        .answer("relation-ids --format=json db", json(&ids));
    for relation in relations {
        let of_relation = units.keys().filter(|(number, _)| *number == relation);
        let names = of_relation.map(|(_, unit)| format!("sql/{unit}")).collect();
        agent =
            agent.answer(&format!("relation-list -r db:{relation} --format=json"), json(&names));
    }
    for ((relation, unit), settings) in units {
        let call = format!("relation-get -r db:{relation} --format=json - sql/{unit}");
        agent = agent.answer(&call, serde_json::to_string(settings).unwrap());
    }
    agent
}

/// Compares the view of the endpoint with the model.
fn compare(cx: &Context, units: &Units) -> Result {
    let view = cx.endpoint(DB).all_joined_units()?;
    let place = |unit: &reactive_endpoints::RelatedUnit| {
        (unit.relation().relation_id().number(), unit.unit_name().number())
    };
    let places: Vec<(u32, u32)> = view.iter().map(place).collect();
    assert_eq!(places, units.keys().copied().collect::<Vec<_>>());

    for (_, number) in units.keys() {
        // Found by name, it is the one in the relation with the lowest number.
        let lowest = units.keys().find(|(_, other)| other == number).unwrap();
        assert_eq!(place(&view[format!("sql/{number}").as_str()]), *lowest);
    }
    assert!(view.get("sql/99").is_none());

    let mut merged = Settings::new();
    for settings in units.values() {
        for (key, value) in settings {
            merged.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    assert_eq!(*view.received()?.raw(), merged);
    Ok(())
}

fn settings() -> impl Strategy<Value = Settings> {
    btree_map("[a-c]", "[a-z0-9]{1,3}", 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn units_are_in_the_order_of_their_numbers_and_the_lowest_wins(
        units in btree_map((0..30_u32, 0..30_u32), settings(), 1..8)
    ) {
        let env = HookEnv::from_pairs([
            ("JUJU_CHARM_DIR", "/charm"),
            ("JUJU_CONTEXT_ID", "app/0-update-status-1"),
            ("JUJU_DISPATCH_PATH", "hooks/update-status"),
            ("JUJU_MODEL_NAME", "prod"),
            ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
            ("JUJU_UNIT_NAME", "app/0"),
            ("JUJU_VERSION", "3.6.28"),
        ]).unwrap();
        let agent = agent(&units);
        let charm = Charm::new(()).endpoint(DB).store(MemoryStore::new());
        let charm = charm.on(Event::UpdateStatus, move |(), cx| compare(cx, &units));
        let code = charm.run_with(&env, agent.clone());
        prop_assert_eq!(code, ExitCode::SUCCESS, "{}", agent.transcript());
    }
}
