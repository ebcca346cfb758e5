//! The flag of an upgrade of the machine's base.

use juju_simulator::Simulator;
use juju_types::JujuVersion;
use reactive_endpoints::{Charm, MemoryStore};

use crate::support::{files, flags, keeping};

#[test]
fn an_upgrade_of_the_base_has_a_flag_from_its_first_hook_to_its_last() {
    let store = MemoryStore::new();
    let mut unit = Simulator::unit("app/0")
        .charm_files(files(""))
        .juju_version(JujuVersion::new(3, 6, 5))
        .charm(keeping(&store, || Charm::new(())));
    unit.run("pre-series-upgrade");
    assert_eq!(flags(&store.rows()), ["upgrade.series.in-progress"]);
    unit.run("update-status");
    assert_eq!(flags(&store.rows()), ["upgrade.series.in-progress"]);
    unit.run("post-series-upgrade");
    assert!(flags(&store.rows()).is_empty());
}
