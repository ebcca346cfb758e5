//! The only ways to change what units look at.
//!
//! What a unit does next follows from itself, its application, its machine, its
//! relations, the secrets that it owns or has read, its subordinates, and the clock:
//! [`Model::next_step`] looks at nothing else. All of these but the clock are
//! [`Watched`], so that whoever changes them has to come here, where each
//! change stirs the units that look at what is changed. A new thing that units
//! look at belongs here, too.

use std::collections::BTreeMap;
use std::ops::Deref;

use juju_types::{ApplicationName, MachineId, StatusValue, UnitName};

use super::relation::DataBag;
use super::{
    Application, Life, Machine, Model, Party, Relation, Secret, SecretConsumer, StatusRecord, Unit,
    units_named,
};

/// A part of the model that is read by all, and changed only in this file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched<T>(T);

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Units. Only the unit itself looks at what it is and how far it has come;
/// its principal looks at whether it is there.
impl Model {
    /// Returns a unit that is known to exist.
    pub(crate) fn unit_mut(&mut self, unit: &UnitName) -> &mut Unit {
        self.stirred.stir(unit.clone());
        self.units.0.get_mut(unit).expect("a unit stays in the model until its last operation")
    }

    pub(crate) fn insert_unit(&mut self, unit: Unit) {
        self.stir([unit.name.clone()]);
        self.stir(unit.principal.clone());
        self.units.0.insert(unit.name.clone(), unit);
    }

    pub(super) fn take_unit(&mut self, unit: &UnitName) -> Option<Unit> {
        let unit = self.units.0.remove(unit)?;
        self.stirred.forget(&unit.name);
        self.stir(unit.principal.clone());
        self.stir_subordinates();
        Some(unit)
    }
}

/// Applications. All of their units look at config, bindings, leadership, and
/// life.
impl Model {
    pub(crate) fn application_mut(&mut self, name: &ApplicationName) -> Option<&mut Application> {
        self.stir_application(name);
        self.stir_subordinates();
        self.applications.0.get_mut(name)
    }

    /// Returns the application of a unit that is known to exist.
    pub(crate) fn application_of_mut(&mut self, unit: &UnitName) -> &mut Application {
        let application = self.application_mut(unit.application());
        application.expect("an application outlives its units")
    }

    pub(super) fn insert_application(&mut self, application: Application) {
        self.applications.0.insert(application.name.clone(), application);
        self.stir_subordinates();
    }

    /// Takes an application without units.
    pub(super) fn take_application(&mut self, name: &ApplicationName) {
        self.applications.0.remove(name);
    }

    /// Sets what no unit looks at: the status of the application.
    pub(crate) fn set_application_status(&mut self, name: &ApplicationName, status: StatusRecord) {
        if let Some(application) = self.applications.0.get_mut(name) {
            application.status = Some(status);
        }
    }

    /// Sets what no unit looks at: the version of the workload.
    pub(crate) fn set_workload_version(&mut self, name: &ApplicationName, version: &str) {
        if let Some(application) = self.applications.0.get_mut(name) {
            version.clone_into(&mut application.workload_version);
        }
    }
}

/// Machines. The units on them look at their addresses.
impl Model {
    pub(super) fn machine_mut(&mut self, id: &MachineId) -> Option<&mut Machine> {
        self.stir(self.unit_names_on(id));
        self.machines.0.get_mut(id)
    }

    pub(super) fn insert_machine(&mut self, machine: Machine) {
        self.machines.0.insert(machine.id.clone(), machine);
    }

    /// Removes a machine without units.
    pub(crate) fn remove_machine(&mut self, id: &MachineId) {
        self.machines.0.remove(id);
    }

    pub(super) fn unit_names_on(&self, machine: &MachineId) -> Vec<UnitName> {
        let units = self.units.values().filter(|unit| unit.machine.as_ref() == Some(machine));
        units.map(|unit| unit.name.clone()).collect()
    }
}

/// Relations. All units of their applications look at their life; who is in
/// them and what is published is looked at by the other end.
impl Model {
    pub(super) fn relation_mut(&mut self, number: u32) -> Option<&mut Relation> {
        self.stir_ends(number);
        self.relations.0.get_mut(&number)
    }

    pub(crate) fn insert_relation(&mut self, relation: Relation) {
        let number = relation.id;
        self.relations.0.insert(number, relation);
        self.stir_ends(number);
        self.stir_subordinates();
    }

    /// Sets what no unit looks at: how far the relation is. It is broken only
    /// if it is to go.
    pub(super) fn set_relation_status(&mut self, number: u32, status: &str) {
        let record = self.status(StatusValue::from(status), "");
        let Some(relation) = self.relations.0.get_mut(&number) else { return };
        let can_be = relation.life == Life::Dying || status != "broken";
        if can_be && relation.status.text != record.text {
            relation.status = record;
        }
    }

    pub(crate) fn forget_relation(&mut self, number: u32) {
        self.stir_ends(number);
        self.relations.0.remove(&number);
    }

    /// Lets a unit enter a relation. It publishes these settings, if any, as
    /// long as it has published nothing there.
    pub(super) fn enter_relation(
        &mut self,
        number: u32,
        unit: &UnitName,
        beside: &UnitName,
        settings: Option<BTreeMap<String, String>>,
    ) {
        let Some(relation) = self.relations.0.get_mut(&number) else { return };
        relation.members.entry(unit.clone()).or_insert_with(|| beside.clone());
        if let Some(settings) = settings {
            relation.units.entry(unit.clone()).or_insert_with(|| DataBag::new(settings));
        }
        self.stir_viewers(number, unit);
        self.stir_subordinates();
    }

    /// Lets a unit leave a relation. What it writes from here on is lost.
    pub(super) fn leave_relation(&mut self, number: u32, unit: &UnitName) {
        self.stir_viewers(number, unit);
        if let Some(relation) = self.relations.0.get_mut(&number) {
            relation.members.remove(unit);
        }
    }

    /// Writes what a unit publishes; an empty value deletes.
    pub(crate) fn publish(
        &mut self,
        number: u32,
        unit: &UnitName,
        settings: &BTreeMap<String, String>,
    ) {
        if let Some(relation) = self.relations.0.get_mut(&number) {
            relation.units.entry(unit.clone()).or_default().write(settings);
            self.stir_viewers(number, unit);
        }
    }

    /// Writes what an application publishes; an empty value deletes.
    pub(crate) fn publish_for_application(
        &mut self,
        number: u32,
        application: &ApplicationName,
        settings: &BTreeMap<String, String>,
    ) {
        if let Some(relation) = self.relations.0.get_mut(&number) {
            relation.applications.entry(application.clone()).or_default().write(settings);
            let remote = relation.remote_application(application).clone();
            self.stir_application(&remote);
        }
    }
}

/// Secrets. Who manages one and who has read it looks at its revisions; who
/// manages it looks at which of them are read, too.
impl Model {
    pub(crate) fn secret_mut(&mut self, id: &str) -> Option<&mut Secret> {
        self.stir_all_of_secret(id);
        self.remember_secret(id);
        self.secrets.0.get_mut(id)
    }

    pub(crate) fn insert_secret(&mut self, id: &str, secret: Secret) {
        self.remember_secret(id);
        self.secrets.0.insert(id.to_owned(), secret);
        self.stir_all_of_secret(id);
    }

    pub(crate) fn remove_secret(&mut self, id: &str) {
        self.stir_all_of_secret(id);
        self.remember_secret(id);
        self.secrets.0.remove(id);
    }

    /// Returns what a unit that reads a secret knows of it. Only the unit and
    /// the manager look at that.
    pub(crate) fn secret_consumer_mut(
        &mut self,
        id: &str,
        unit: &UnitName,
    ) -> Option<&mut SecretConsumer> {
        self.stir(self.manager_of(id));
        self.stir([unit.clone()]);
        Some(self.secrets.0.get_mut(id)?.consumers.entry(unit.clone()).or_default())
    }

    fn remember_secret(&mut self, id: &str) {
        if !self.former_secrets.contains_key(id) {
            self.former_secrets.insert(id.to_owned(), self.secrets.get(id).cloned());
        }
    }
}

/// Who looks at what.
impl Model {
    /// Has units asked again what they do next.
    fn stir(&mut self, units: impl IntoIterator<Item = UnitName>) {
        units.into_iter().for_each(|unit| self.stirred.stir(unit));
    }

    /// Stirs everybody: the clock has moved.
    pub(super) fn stir_all(&mut self) {
        self.units.0.keys().cloned().for_each(|unit| self.stirred.stir(unit));
    }

    fn stir_application(&mut self, application: &ApplicationName) {
        let units = units_named(&self.units.0, application);
        units.for_each(|(unit, _)| self.stirred.stir(unit.clone()));
    }

    /// Stirs the units of all applications of a relation.
    fn stir_ends(&mut self, number: u32) {
        let ends = self.relations.get(&number).map(|relation| relation.ends.clone());
        for end in ends.into_iter().flatten() {
            self.stir_application(&end.application);
        }
    }

    /// Stirs the units that see a unit in a relation.
    fn stir_viewers(&mut self, number: u32, unit: &UnitName) {
        let Some(relation) = self.relations.0.get(&number) else { return };
        relation.remote_members(unit).cloned().for_each(|viewer| self.stirred.stir(viewer));
    }

    fn stir_all_of_secret(&mut self, id: &str) {
        self.stir(self.manager_of(id));
        let consumers =
            self.secrets.0.get(id).into_iter().flat_map(|secret| secret.consumers.keys());
        consumers.cloned().for_each(|unit| self.stirred.stir(unit));
    }

    /// Returns the unit that may change a secret.
    fn manager_of(&self, id: &str) -> Option<UnitName> {
        match &self.secrets.get(id)?.owner {
            Party::Application(owner) => self.applications.get(owner)?.leader.clone(),
            Party::Unit(owner) => Some(owner.clone()),
        }
    }
}
