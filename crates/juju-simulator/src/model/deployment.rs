use std::collections::BTreeMap;
use std::sync::Arc;

use juju_types::{ApplicationName, Charm, CharmBase, MachineId, StatusKind, UnitName};

use super::bindings::Bindings;
use super::{Application, Config, Life, Machine, Model, OpenedPorts, Progress, Resource, Unit};

impl Model {
    /// Adds an application without units, under a name that is not taken.
    pub(crate) fn add_application(&mut self, name: &ApplicationName, charm: Arc<Charm>) {
        let application = Application {
            name: name.clone(),
            life: Life::Alive,
            base: default_base(&charm),
            config: Config::new(charm.config()),
            is_trusted: false,
            bindings: Bindings::new(),
            storage: BTreeMap::new(),
            charm,
            charm_revision: 0,
            leader: None,
            leader_settings: BTreeMap::new(),
            leader_settings_version: 0,
            status: None,
            resources: BTreeMap::new(),
            workload_version: String::new(),
            next_unit: 0,
        };
        self.insert_application(application);
        self.add_peer_relations(name);
    }

    /// Adds a unit to an application that exists, on a machine of its own or on
    /// one that is there. The first unit is the leader.
    pub(crate) fn add_unit(
        &mut self,
        application: &ApplicationName,
        machine: Option<MachineId>,
    ) -> UnitName {
        let base = &self.applications.get(application).expect("the caller has looked").base;
        let base = base.clone();
        let machine = machine.unwrap_or_else(|| self.add_machine(base));
        let unit = self.add_unit_on(application, Some(machine.clone()), None);
        self.connect_unit(&unit);
        let address = self.machines.get(&machine).map(|machine| machine.address().to_owned());
        let address = address.unwrap_or_default();
        let added = self.unit_mut(&unit);
        added.public_address.clone_from(&address);
        added.private_address = address;
        unit
    }

    /// Adds a unit without addresses on a machine.
    pub(super) fn add_unit_on(
        &mut self,
        application: &ApplicationName,
        machine: Option<MachineId>,
        principal: Option<UnitName>,
    ) -> UnitName {
        let application = self.application_mut(application).expect("the caller has looked");
        let name = UnitName::new(application.name.clone(), application.next_unit);
        application.next_unit += 1;
        application.leader.get_or_insert_with(|| name.clone());
        let unit = Unit {
            name: name.clone(),
            life: Life::Alive,
            principal,
            workload: self.status(StatusKind::Waiting, "waiting for machine"),
            public_address: String::new(),
            private_address: String::new(),
            machine,
            ports: OpenedPorts::default(),
            storage: BTreeMap::new(),
            charm_state: BTreeMap::new(),
            stated_network: None,
            stated_goal: None,
            progress: Progress::default(),
            is_extra: false,
        };
        self.insert_unit(unit);
        self.provide_storage(&name);
        name
    }

    /// Gives an application another charm, which its units have yet to unpack.
    pub(crate) fn refresh(&mut self, application: &ApplicationName, charm: Arc<Charm>) {
        if let Some(application) = self.application_mut(application) {
            application.config.declare(charm.config());
            application.charm = charm;
            application.charm_revision += 1;
        }
        for unit in self.unit_names_of(application) {
            self.unit_mut(&unit).progress.upgrade_due = true;
        }
    }

    /// Gives an application a resource. Units that are installed hear of it as
    /// of another charm.
    pub(crate) fn attach_resource(
        &mut self,
        application: &ApplicationName,
        name: String,
        resource: Resource,
    ) {
        if let Some(application) = self.application_mut(application) {
            application.resources.insert(name, resource);
        }
        for unit in self.unit_names_of(application) {
            let unit = self.unit_mut(&unit);
            unit.progress.upgrade_due |= unit.progress.installed && !unit.is_extra;
        }
    }

    /// Makes a unit the leader of its application.
    pub(crate) fn set_leader(&mut self, unit: &UnitName) {
        let has_leader_settings = self.version.has_leader_settings();
        let former = self.application_of_mut(unit).leader.replace(unit.clone());
        if let Some(former) = former.filter(|former| former != unit && !has_leader_settings)
            && self.units.contains_key(&former)
        {
            // From Juju 4 on, no hook tells a unit that it lost the leadership.
            self.unit_mut(&former).progress.leadership = None;
        }
    }

    /// Takes the leadership from a unit, in the middle of an operation, for
    /// another one of its application, if there is one.
    pub(crate) fn depose(&mut self, unit: &UnitName) {
        let is_other = |other: &&Unit| other.name != *unit && other.life == Life::Alive;
        let other = self.units_of(unit.application()).find(is_other);
        let successor = other.map(|other| other.name.clone());
        match successor {
            Some(successor) => self.set_leader(&successor),
            None => self.application_of_mut(unit).leader = None,
        }
    }

    /// Ends what [`depose`](Self::depose) has begun, once the operation has
    /// ended: a unit that has no successor is elected again.
    pub(crate) fn settle_leadership(&mut self, unit: &UnitName) {
        let has_leader_settings = self.version.has_leader_settings();
        let leader = &mut self.application_of_mut(unit).leader;
        let is_vacant = leader.is_none();
        leader.get_or_insert_with(|| unit.clone());
        if is_vacant || !has_leader_settings {
            self.unit_mut(unit).progress.leadership = None;
        }
    }

    /// Lets an application and all of its units go.
    pub(crate) fn remove_application(&mut self, application: &ApplicationName) {
        if let Some(application) = self.application_mut(application) {
            application.life = Life::Dying;
        }
        let lost = self
            .relations
            .values()
            .filter(|relation| !relation.is_peer() && relation.endpoint_of(application).is_some());
        let lost: Vec<u32> = lost.map(|relation| relation.id).collect();
        for number in lost {
            if let Some(relation) = self.relation_mut(number) {
                relation.life = Life::Dying;
            }
        }
        for unit in self.unit_names_of(application) {
            if self.unit(&unit).is_extra {
                // It has no agent to run its last hooks.
                self.take_unit(&unit);
            } else {
                self.unit_mut(&unit).life = Life::Dying;
            }
        }
        self.forget_dead_relations();
        self.remove_lost_subordinates();
        if self.units_of(application).next().is_none() {
            self.forget_application(application);
        }
    }

    /// Removes an application without units. Others may still have to break
    /// their relations to it.
    pub(crate) fn forget_application(&mut self, application: &ApplicationName) {
        self.take_application(application);
        let peers = self
            .relations
            .values()
            .filter(|relation| relation.is_peer() && relation.endpoint_of(application).is_some());
        let peers: Vec<u32> = peers.map(|relation| relation.id).collect();
        for number in peers {
            self.forget_relation(number);
        }
    }

    /// Lets a unit go.
    pub(crate) fn remove_unit(&mut self, unit: &UnitName) {
        self.unit_mut(unit).life = Life::Dying;
        self.remove_lost_subordinates();
    }

    fn unit_names_of(&self, application: &ApplicationName) -> Vec<UnitName> {
        self.units_of(application).map(|unit| unit.name.clone()).collect()
    }

    /// Adds a machine, which has no network yet.
    pub(crate) fn add_machine(&mut self, base: CharmBase) -> MachineId {
        let number = self.next_machine;
        self.next_machine += 1;
        let uuid = self.uuid.to_string();
        let id: MachineId = number.to_string().parse().expect("a number is a machine id");
        let machine = Machine {
            id: id.clone(),
            number,
            instance_id: format!("juju-{}-{number}", &uuid[uuid.len() - 6..]),
            base,
            availability_zone: String::new(),
            entrance: Vec::new(),
            nics: Vec::new(),
        };
        self.insert_machine(machine);
        id
    }
}

fn default_base(charm: &Charm) -> CharmBase {
    let supported = charm.bases().first().map(|supported| supported.base.clone());
    supported.unwrap_or_else(|| "ubuntu@24.04".parse().expect("it is a base"))
}
