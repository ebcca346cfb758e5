//! The nouns of a model and the rules between them.
//!
//! Nothing in here starts a process, touches a file or knows a hook tool: an
//! agent plays a model, and a front shows it.
//!
//! What a unit does next is decided in `next_step`, and asked only of units
//! that are *stirred*: those that look at something which has changed since
//! they were last found to have nothing to do. What units look at can be
//! changed only by the methods in `watched`, which stir them.

mod action_schema;
mod application;
mod binding_change;
mod bindings;
mod command;
mod commit;
mod config;
mod configuration;
mod deployment;
mod ids;
mod integrate;
mod life;
mod machine;
mod network;
mod next_step;
mod out_of_turn;
mod ports;
mod progress;
mod relation;
mod relation_hooks;
mod resource;
mod secret;
mod secret_hooks;
mod space;
mod status_record;
mod stirred;
mod storage;
mod subnet;
mod subordinate;
mod task;
mod unit;
mod watched;
mod why;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use juju_types::{
    ApplicationName, JujuVersion, MachineId, ModelName, ModelUuid, StorageName, UnitName,
};

use crate::cloud::Cloud;

pub(crate) use action_schema::complete as complete_params;
pub(crate) use application::Application;
pub(crate) use binding_change::BindingChange;
pub(crate) use command::{Command, CommandRelation, exec_name};
pub(crate) use commit::later;
pub(crate) use config::{Config, ConfigRefusal, ConfigValues};
pub(crate) use configuration::Configuration;
pub(crate) use ids::Ids;
pub(crate) use integrate::{RelationRefusal, Side};
pub(crate) use life::Life;
pub(crate) use machine::Machine;
pub(crate) use network::{Device, Network, NetworkInfo};
pub(crate) use next_step::Step;
pub(crate) use ports::OpenedPorts;
pub(crate) use progress::{Leadership, Progress};
pub(crate) use relation::{DataBag, Relation, RelationEnd, overlay};
pub(crate) use resource::Resource;
pub(crate) use secret::{
    Party, RotatePolicy, Secret, SecretConsumer, SecretContent, SecretRevision, SecretSpec,
};
pub(crate) use space::{Space, SpaceRefusal};
pub(crate) use status_record::StatusRecord;
use stirred::Stirred;
pub(crate) use storage::Storage;
pub(crate) use subnet::Subnet;
pub(crate) use task::Task;
pub(crate) use unit::Unit;
use watched::Watched;

/// A Juju model.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) name: ModelName,
    pub(crate) uuid: ModelUuid,
    pub(crate) version: JujuVersion,
    pub(crate) cloud: Cloud,
    /// The virtual clock.
    pub(crate) now: Timestamp,
    /// How often update-status comes due; zero: never by itself.
    pub(crate) update_status_interval: Duration,
    pub(crate) applications: Watched<BTreeMap<ApplicationName, Application>>,
    pub(crate) units: Watched<BTreeMap<UnitName, Unit>>,
    pub(crate) machines: Watched<BTreeMap<MachineId, Machine>>,
    pub(crate) spaces: Vec<Space>,
    pub(crate) relations: Watched<BTreeMap<u32, Relation>>,
    /// The secrets, by their bare ids.
    pub(crate) secrets: Watched<BTreeMap<String, Secret>>,
    /// The secrets that have changed since this was last cleared, as they were
    /// then; nothing for those that are new.
    pub(crate) former_secrets: BTreeMap<String, Option<Secret>>,
    pub(crate) tasks: BTreeMap<u32, Task>,
    /// What `juju-exec` has asked for, and is not answered yet.
    pub(crate) commands: BTreeMap<u32, Command>,
    pub(crate) ids: Ids,
    pub(crate) next_task: u32,
    pub(crate) next_command: u32,
    pub(crate) next_relation: u32,
    pub(crate) next_storage: u32,
    /// The folder that storage is in.
    pub(crate) storage_root: PathBuf,
    /// What `storage-add` has asked for, and what is not there yet.
    pub(crate) storage_due: BTreeMap<UnitName, Vec<(StorageName, u32)>>,
    next_machine: u32,
    stirred: Stirred,
    /// Something has changed that may call for units of subordinates.
    may_lack_subordinates: bool,
}

impl Model {
    /// The first moment of the virtual clock.
    const BEGINNING: Timestamp = Timestamp::constant(1_704_067_200, 0);

    pub(crate) fn new(name: ModelName, version: JujuVersion, seed: u64) -> Self {
        let mut ids = Ids::new(seed);
        let uuid = ids.uuid().parse().expect("`Ids` makes valid uuids");
        Self {
            name,
            uuid,
            version,
            cloud: Cloud::new("simulated", "simulated").region("nowhere"),
            now: Self::BEGINNING,
            update_status_interval: Duration::from_mins(5),
            applications: Watched::default(),
            units: Watched::default(),
            machines: Watched::default(),
            spaces: vec![Space::alpha()],
            relations: Watched::default(),
            secrets: Watched::default(),
            former_secrets: BTreeMap::new(),
            tasks: BTreeMap::new(),
            commands: BTreeMap::new(),
            ids,
            next_task: 1,
            next_command: 0,
            next_relation: 0,
            next_storage: 0,
            storage_root: PathBuf::from("/var/lib/juju/storage"),
            storage_due: BTreeMap::new(),
            next_machine: 0,
            stirred: Stirred::default(),
            may_lack_subordinates: false,
        }
    }

    /// Returns how far the virtual clock has come.
    pub(crate) fn since_beginning(&self) -> Duration {
        self.now.duration_since(Self::BEGINNING).unsigned_abs()
    }

    /// Returns a unit that is known to exist.
    pub(crate) fn unit(&self, unit: &UnitName) -> &Unit {
        self.units.get(unit).expect("a unit stays in the model until its last operation")
    }

    /// Returns the application of a unit that is known to exist.
    pub(crate) fn application_of(&self, unit: &UnitName) -> &Application {
        let application = self.applications.get(unit.application());
        application.expect("an application outlives its units")
    }

    pub(crate) fn is_leader(&self, unit: &UnitName) -> bool {
        self.application_of(unit).leader.as_ref() == Some(unit)
    }

    pub(crate) fn units_of<'a>(
        &'a self,
        application: &'a ApplicationName,
    ) -> impl Iterator<Item = &'a Unit> {
        units_named(&self.units, application).map(|(_, unit)| unit)
    }

    /// Returns the relations that a unit has entered; no other does its agent know.
    pub(crate) fn relations_of<'a>(
        &'a self,
        unit: &'a UnitName,
    ) -> impl Iterator<Item = &'a Relation> {
        let known = self.units.get(unit).map(|unit| &unit.progress.relations);
        self.relations.values().filter(move |relation| {
            // As it leaves, a unit is no member, and knows the relation still.
            relation.members.contains_key(unit)
                || known.is_some_and(|known| known.contains_key(&relation.id))
        })
    }
}

/// Returns the part of a map that is about the units of one application.
fn units_named<'a, T>(
    units: &'a BTreeMap<UnitName, T>,
    application: &'a ApplicationName,
) -> impl Iterator<Item = (&'a UnitName, &'a T)> {
    let first = UnitName::new(application.clone(), 0);
    units.range(first..).take_while(move |(unit, _)| unit.application() == application)
}
