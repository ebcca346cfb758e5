use std::collections::BTreeMap;
use std::sync::Arc;

use juju_types::{ApplicationName, Charm, CharmBase, StorageName, UnitName};

use super::bindings::Bindings;
use super::config::Config;
use super::life::Life;
use super::resource::Resource;
use super::status_record::StatusRecord;

/// An application: a charm, its config, and what its units share.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) name: ApplicationName,
    pub(crate) life: Life,
    pub(crate) charm: Arc<Charm>,
    /// How often the charm was replaced by another one.
    pub(crate) charm_revision: u32,
    /// What its units run on.
    pub(crate) base: CharmBase,
    pub(crate) config: Config,
    /// It may have the credential of the cloud.
    pub(crate) is_trusted: bool,
    pub(crate) bindings: Bindings,
    /// How many instances of a storage a unit begins with, where that is said.
    pub(crate) storage: BTreeMap<StorageName, u32>,
    pub(crate) leader: Option<UnitName>,
    pub(crate) leader_settings: BTreeMap<String, String>,
    /// How often the leader settings were written.
    pub(crate) leader_settings_version: u64,
    /// What the leader has set, if it has.
    pub(crate) status: Option<StatusRecord>,
    pub(crate) resources: BTreeMap<String, Resource>,
    pub(crate) workload_version: String,
    pub(crate) next_unit: u32,
}
