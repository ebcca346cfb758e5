//! The digests of what units have published, which most hooks do not look at.

use juju_simulator::{RelationState, SimulatedUnit, Simulator, UnitError};
use reactive_endpoints::{Charm, Endpoint, EndpointKey, Loaded, MemoryStore, RowChanges};
use reactive_endpoints::{Rows, Store, StoreError};

use crate::support::files;

const DB: EndpointKey<Endpoint> = EndpointKey::new("db");

/// A store whose digests cannot be read.
#[derive(Debug)]
struct Torn(MemoryStore);

impl Store for Torn {
    fn load(&self) -> std::result::Result<Loaded, StoreError> {
        self.0.load()
    }

    fn rows_of(&self, keys: std::ops::Range<&str>) -> std::result::Result<Rows, StoreError> {
        let path = keys.start.into();
        Err(StoreError::Corrupt { path, source: "a page is torn".into() })
    }

    fn confirm(&self) -> std::result::Result<(), StoreError> {
        self.0.confirm()
    }

    fn restore(&self) -> std::result::Result<Rows, StoreError> {
        self.0.restore()
    }

    fn commit(
        &self,
        changes: &RowChanges,
        run: Option<&str>,
    ) -> std::result::Result<(), StoreError> {
        self.0.commit(changes, run)
    }
}

fn related(store: &MemoryStore) -> SimulatedUnit {
    let kept = store.clone();
    let relation = RelationState::new("db:1", "sql").with_unit("sql/0", [("host", "10.0.0.1")]);
    Simulator::unit("app/0")
        .charm_files(files("requires: {db: {interface: sql}}"))
        .relation(relation)
        .charm(move |variables| {
            let charm = Charm::new(())
                .endpoint(DB)
                .when(DB.changed(), |(), cx| cx.kv().set("handled", &true));
            charm.store(Torn(kept.clone())).run_in(variables)
        })
}

#[test]
fn a_hook_that_looks_at_no_endpoint_reads_no_digest() {
    let unit = Simulator::unit("app/0").charm_files(files("requires: {db: {interface: sql}}"));
    let mut unit = unit.charm(|variables| {
        let store = Torn(MemoryStore::new());
        Charm::new(()).endpoint(DB).store(store).run_in(variables)
    });
    unit.run("update-status");
}

#[test]
fn nothing_counts_as_changed_where_the_digests_cannot_be_read() {
    let store = MemoryStore::new();
    let mut unit = related(&store);
    let Err(UnitError::Failed(failed)) = unit.try_run("db-relation-changed") else {
        panic!("the hook has not failed")
    };
    let log = failed.log.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(log, @"ERROR unit.app/0.juju-log db:1: the hook `db-relation-changed` failed: the state in `reactive.data_changed.` is damaged: put back a copy of it, or move it away to begin without flags and stored data: a page is torn");
    assert!(store.rows().is_empty());
}
