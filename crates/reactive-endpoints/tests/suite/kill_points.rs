//! A charm that is killed at any moment, or whose flush is refused, ends in the
//! same state as one that nobody has disturbed.

use std::error::Error;
use std::path::Path;

use juju_simulator::{KillPoints, Simulator, SimulatorBuilder};
use juju_types::Event;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Flag, Result, SqliteStore, Store, Trigger, all, none,
    once,
};
use serde_json::Value;

use crate::support::files;

const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
const INSTALLED: Flag = Flag::new("app.installed");
const CONFIGURED: Flag = Flag::new("app.configured");
const STALE: Flag = Flag::new("app.stale");

/// A charm that keeps something of everything: flags, triggers, stored data,
/// what it did once, what it publishes, and the units that have departed.
fn charm() -> Charm<()> {
    Charm::new(())
        .trigger(Trigger::on_clear(&CONFIGURED).set(&STALE))
        .on(Event::Install, |(), cx| {
            cx.set(INSTALLED);
            Ok(())
        })
        .on(Event::ConfigChanged, |(), cx| {
            cx.clear(CONFIGURED);
            cx.set(CONFIGURED);
            count(cx, "configured")
        })
        .when(all([&INSTALLED]).and(once("schema")), |(), cx| count(cx, "schema"))
        .when(all([&STALE]).and(none([&DB.departed()])), |(), cx| {
            cx.clear(STALE);
            count(cx, "stale")
        })
        .when(DB.joined(), |(), cx| {
            for relation in &cx.endpoint(DB).relations()? {
                let names: Vec<String> =
                    relation.joined_units()?.keys().map(str::to_owned).collect();
                relation.to_publish()?.set("seen", &names)?;
            }
            Ok(())
        })
        .when(DB.changed(), |(), cx| {
            cx.clear(DB.changed());
            count(cx, "changed")
        })
        .when(DB.departed(), |(), cx| {
            let departed = cx.endpoint(DB).all_departed_units()?;
            for unit in departed.to_list().values() {
                count(cx, &format!("departed {}", unit.unit_name()))?;
            }
            departed.clear()?;
            cx.clear(DB.departed());
            Ok(())
        })
}

fn count(cx: &Context, what: &str) -> Result {
    let key = format!("count.{what}");
    let count = cx.kv().get::<u32>(&key)?.unwrap_or_default();
    cx.kv().set(&key, &(count + 1))
}

/// Plays a life: install, a relation, more units, one that goes, the end of the
/// relation, and a hook in which nothing happens.
fn life(builder: SimulatorBuilder) -> std::result::Result<Simulator, Box<dyn Error>> {
    let mut juju = builder.build();
    let app = files("requires: {db: {interface: sql}}");
    juju.deploy_in_process(&app, "app", |variables| charm().run_in(variables))?;
    juju.deploy_in_process(&files("provides: {db: {interface: sql}}"), "sql", |_| 0)?;
    juju.run_until_idle()?;
    juju.integrate("app", "sql")?;
    juju.add_unit("sql")?;
    juju.run_until_idle()?;
    juju.remove_unit("sql/0")?;
    juju.run_until_idle()?;
    juju.update_status("app/0")?;
    juju.remove_relation("app", "sql")?;
    juju.run_until_idle()?;
    juju.update_status("app/0")?;
    Ok(juju)
}

/// Returns what is kept of `app/0`: by itself, as the next run will see it, and
/// by Juju, but for the id of the last run.
fn kept(juju: &Simulator) -> std::result::Result<String, Box<dyn Error>> {
    let mut state = serde_json::to_value(juju.unit_state("app/0").ok_or("no unit")?)?;
    let told = state["charm_state"].as_object_mut().and_then(|kept| kept.remove("charmwright.run"));
    let rows = rows(&juju.charm_dir("app/0").ok_or("no folder")?, told.as_ref())?;
    Ok(format!("{}\n{rows:#?}", serde_json::to_string_pretty(&state)?))
}

fn rows(
    charm_dir: &Path,
    told: Option<&Value>,
) -> std::result::Result<reactive_endpoints::Rows, Box<dyn Error>> {
    let store = SqliteStore::new(charm_dir.join(".unit-state.db"));
    let loaded = store.load()?;
    let told = told.and_then(Value::as_str);
    match loaded.provisional {
        Some(run) if Some(run.as_str()) != told => Ok(store.restore()?),
        _ => Ok(loaded.rows),
    }
}

#[test]
fn wherever_a_charm_is_killed_it_recovers_to_the_same_state() {
    let survived = KillPoints::new(life)
        .operations(|operation| operation.unit.application().as_str() == "app")
        .snapshot(kept)
        .check(|juju| {
            let rows = rows(&juju.charm_dir("app/0").ok_or("no folder")?, None)?;
            assert_eq!(rows["count.schema"], "1");
            assert_eq!(rows["count.departed sql/0"], "1");
            assert_eq!(rows["count.departed sql/1"], "1");
            Ok(())
        })
        .run()
        .unwrap();
    assert!(survived.len() > 100, "only {} kill points", survived.len());
}

#[test]
fn a_charm_that_commits_for_good_at_once_is_caught() {
    /// Tells nobody that what it commits is provisional.
    #[derive(Debug)]
    struct Hasty(SqliteStore);

    impl Store for Hasty {
        fn load(
            &self,
        ) -> std::result::Result<reactive_endpoints::Loaded, reactive_endpoints::StoreError>
        {
            self.0.load()
        }

        fn confirm(&self) -> std::result::Result<(), reactive_endpoints::StoreError> {
            self.0.confirm()
        }

        fn restore(
            &self,
        ) -> std::result::Result<reactive_endpoints::Rows, reactive_endpoints::StoreError> {
            self.0.restore()
        }

        fn commit(
            &self,
            changes: &reactive_endpoints::RowChanges,
            _: Option<&str>,
        ) -> std::result::Result<(), reactive_endpoints::StoreError> {
            self.0.commit(changes, None)
        }
    }

    let hasty = |builder: SimulatorBuilder| {
        let mut juju = builder.build();
        juju.deploy_in_process(&files(""), "app", |variables| {
            let path = Path::new(&variables["JUJU_CHARM_DIR"]).join(".unit-state.db");
            charm().store(Hasty(SqliteStore::new(path))).run_in(variables)
        })?;
        juju.run_until_idle()?;
        Ok(juju)
    };
    let error = KillPoints::new(hasty).snapshot(kept).run().unwrap_err();
    let text = error.to_string();
    assert!(text.contains("killed at its exit") && text.contains("flush refused"), "{text}");
}
