use std::collections::BTreeMap;

use juju_types::{MachineId, StatusValue, StorageId, UnitName};

use super::life::Life;
use super::network::NetworkInfo;
use super::ports::OpenedPorts;
use super::progress::Progress;
use super::status_record::StatusRecord;
use super::storage::Storage;
use crate::status_text::StatusText;

/// A unit of an application.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) name: UnitName,
    pub(crate) life: Life,
    /// The unit that a subordinate is beside, for all of its life.
    pub(crate) principal: Option<UnitName>,
    pub(crate) machine: Option<MachineId>,
    /// What the charm says, or Juju in its place. A failed hook does not touch it.
    pub(crate) workload: StatusRecord,
    pub(crate) public_address: String,
    pub(crate) private_address: String,
    pub(crate) ports: OpenedPorts,
    pub(crate) storage: BTreeMap<StorageId, Storage>,
    /// What `state-set` has stored.
    pub(crate) charm_state: BTreeMap<String, String>,
    /// The bindings, where they are stated and do not follow from the machine.
    pub(crate) stated_network: Option<BTreeMap<String, NetworkInfo>>,
    /// What `goal-state` answers, where it is stated and does not follow from the model.
    pub(crate) stated_goal: Option<serde_json::Value>,
    pub(crate) progress: Progress,
    /// A unit without a charm, which is only there to be seen by others.
    pub(crate) is_extra: bool,
}

impl Unit {
    /// Returns the error of a failed hook, or what the charm says.
    pub(crate) fn shown_status(&self) -> StatusText {
        self.shown_record().text
    }

    /// Returns the shown status, and since when it holds.
    pub(crate) fn shown_record(&self) -> StatusRecord {
        match &self.progress.failed {
            Some(failed) => {
                let message = format!("hook failed: \"{}\"", failed.event);
                let text = StatusText::new(StatusValue::Error, message);
                StatusRecord { text, since: failed.since }
            }
            None => self.workload.clone(),
        }
    }
}
