//! Deploying charms.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use juju_types::{ApplicationName, CharmFiles, MachineId, UnitName};

use super::Simulator;
use crate::agent::Agents;
use crate::charm_package::CharmPackage;
use crate::deploy_error::DeployError;
use crate::deployment::{CharmSource, Deployment, Plan, check_machine};
use crate::in_process::InProcess;
use crate::model::Life;
use crate::simulator_error::SimulatorError;
use crate::unit_state::UnitState;

/// Where a new unit is put.
enum Place<'a> {
    Beside(&'a UnitName),
    NewMachine,
    On(MachineId),
}

impl Simulator {
    /// Deploys a charm as an application with one unit, and returns the unit:
    /// `juju deploy`.
    ///
    /// `charm` is a `.charm` file, or a folder with what would be packed; a
    /// folder is taken in every version of Juju.
    ///
    /// # Errors
    ///
    /// - [`DeployError::Charm`] if the charm cannot be read, or Juju refuses it.
    /// - [`DeployError::Exists`] or [`DeployError::Name`] if the name is taken,
    ///   or is none.
    /// - [`DeployError::Folder`] if the charm cannot be unpacked.
    /// - [`DeployError::Subordinate`] if the charm is one:
    ///   [`deploy_subordinate`](Self::deploy_subordinate) deploys it.
    /// - [`DeployError::ToolProgram`] if the program that plays the hook tools
    ///   is not there.
    pub fn deploy(
        &mut self,
        charm: impl AsRef<Path>,
        application: &str,
    ) -> Result<UnitName, DeployError> {
        self.deploy_one(Deployment::new(charm, application))
    }

    /// Deploys a charm as the deployment says, and returns the units that the
    /// application begins with: `juju deploy`.
    ///
    /// # Errors
    ///
    /// Those of [`deploy`](Self::deploy) but for [`DeployError::Subordinate`],
    /// and:
    ///
    /// - [`DeployError::Base`] or [`DeployError::UnsupportedBase`] if the base
    ///   is none, or not one of the charm's.
    /// - [`DeployError::Binding`] if an endpoint cannot be bound like that.
    /// - [`DeployError::NoMachine`] or [`DeployError::OtherBase`] if a machine is
    ///   not there, or runs another base.
    /// - [`DeployError::NoResource`] if the charm has no such resource.
    /// - [`DeployError::NoStorage`], [`DeployError::StorageCount`] or
    ///   [`DeployError::StorageDirective`] if the charm has no such storage, or
    ///   not so much of it, or what is said of it cannot be read.
    /// - [`DeployError::Placements`] if there are more machines than units.
    /// - [`DeployError::SubordinateUnits`] if units are asked for a subordinate.
    /// - [`DeployError::UnknownOption`] or [`DeployError::WrongType`] if the
    ///   charm has no such option, or not with such a value.
    ///
    /// Then nothing has changed.
    pub fn deploy_with(&mut self, deployment: Deployment) -> Result<Vec<UnitName>, DeployError> {
        let (name, package) = self.read(&deployment)?;
        self.carry_out(&name, package, deployment)
    }

    /// Deploys a charm that is a function of this process, and returns the
    /// unit. Each hook and action runs it in a thread, with the variables that
    /// a program would find in its environment; it talks to the agent by the
    /// socket named in them, and what it returns is its exit code.
    ///
    /// The working directory stays that of the whole process. A function that
    /// is late cannot be killed; it loses its connections instead.
    ///
    /// # Errors
    ///
    /// Those of [`deploy`](Self::deploy).
    pub fn deploy_in_process<C: Into<ExitCode>>(
        &mut self,
        charm: &CharmFiles,
        application: &str,
        run: impl Fn(BTreeMap<String, String>) -> C + Send + Sync + 'static,
    ) -> Result<UnitName, DeployError> {
        self.deploy_one(Deployment::in_process(charm, application, run))
    }

    /// Deploys the charm of a subordinate as an application without units.
    /// They come beside the units of the applications that it is integrated
    /// with.
    ///
    /// # Errors
    ///
    /// Those of [`deploy`](Self::deploy), with [`DeployError::NotSubordinate`]
    /// in the place of [`DeployError::Subordinate`].
    pub fn deploy_subordinate(
        &mut self,
        charm: impl AsRef<Path>,
        application: &str,
    ) -> Result<(), DeployError> {
        let deployment = Deployment::new(charm, application);
        let (name, package) = self.read(&deployment)?;
        if !package.charm.metadata().subordinate {
            return Err(DeployError::NotSubordinate { application: application.to_owned() });
        }
        self.carry_out(&name, package, deployment)?;
        Ok(())
    }

    /// Deploys a charm into the middle of its life: a unit that has been
    /// installed and started, and is idle, in the state that is given. Where the
    /// state names the model, the model takes over name and UUID.
    ///
    /// # Errors
    ///
    /// - [`DeployError::State`] if Juju could not produce the state, unless
    ///   [`unchecked_states`](crate::SimulatorBuilder::unchecked_states) lets
    ///   it pass.
    /// - Those of [`deploy`](Self::deploy).
    pub fn restore(
        &mut self,
        charm: impl AsRef<Path>,
        state: &UnitState,
    ) -> Result<UnitName, DeployError> {
        let package = self.read_charm(charm.as_ref())?;
        self.restore_package(package, state)
    }

    pub(crate) fn restore_package(
        &mut self,
        package: CharmPackage,
        state: &UnitState,
    ) -> Result<UnitName, DeployError> {
        let name = self.free_name(state.unit().application().as_str())?;
        if !self.settings.takes_any_state {
            state.check(&package.charm, &self.model.version).map_err(DeployError::State)?;
        }
        self.add_application(&name, package)?;
        state.prepare(&mut self.model);
        let unit = self.unpack_new_unit(&name, Place::NewMachine);
        let unit = unit.inspect_err(|_| self.abandon(&name))?;
        state.restore(&mut self.model);
        self.make_storage(&unit).map_err(DeployError::Folder)?;
        Ok(unit)
    }

    /// Adds a unit to an application, and returns it: `juju add-unit`.
    ///
    /// # Errors
    ///
    /// - [`DeployError::NoApplication`] if there is no such application.
    /// - [`DeployError::Folder`] if the charm cannot be unpacked.
    /// - [`DeployError::Subordinate`] if the charm is one.
    pub fn add_unit(&mut self, application: &str) -> Result<UnitName, DeployError> {
        let name = self.principal_to_change(application)?;
        self.unpack_new_unit(&name, Place::NewMachine)
    }

    /// Adds a unit to an application on a machine that is there, and returns
    /// it: `juju add-unit --to`.
    ///
    /// # Errors
    ///
    /// Those of [`add_unit`](Self::add_unit), and
    /// [`DeployError::NoMachine`] or [`DeployError::OtherBase`] if the machine is
    /// not there, or runs another base.
    pub fn add_unit_to(
        &mut self,
        application: &str,
        machine: &str,
    ) -> Result<UnitName, DeployError> {
        let name = self.principal_to_change(application)?;
        let base = &self.model.applications[&name].base;
        let machine = check_machine(machine, Some(base), &self.model)?;
        self.unpack_new_unit(&name, Place::On(machine))
    }

    /// Adds the units of subordinates that are missing.
    pub(super) fn add_subordinates(&mut self) -> Result<(), SimulatorError> {
        for (application, principal) in self.model.missing_subordinates() {
            let added = self.unpack_new_unit(&application, Place::Beside(&principal));
            added.map_err(|error| SimulatorError::Subordinate {
                principal,
                application,
                source: Box::new(error),
            })?;
        }
        self.model.commit_subordinates();
        Ok(())
    }

    /// Deploys a charm that is no subordinate, with one unit.
    fn deploy_one(&mut self, deployment: Deployment) -> Result<UnitName, DeployError> {
        let (name, package) = self.read(&deployment)?;
        if package.charm.metadata().subordinate {
            return Err(DeployError::Subordinate { application: deployment.application });
        }
        let mut units = self.carry_out(&name, package, deployment)?;
        Ok(units.remove(0))
    }

    fn read(
        &self,
        deployment: &Deployment,
    ) -> Result<(ApplicationName, CharmPackage), DeployError> {
        let name = self.free_name(&deployment.application)?;
        let package = match &deployment.source {
            CharmSource::InProcess { files, run } => self.read_function(files, run.clone())?,
            CharmSource::Path(path) => self.read_charm(path)?,
        };
        Ok((name, package))
    }

    pub(super) fn read_function(
        &self,
        files: &CharmFiles,
        run: InProcess,
    ) -> Result<CharmPackage, DeployError> {
        let package = CharmPackage::in_process(files, run).map_err(DeployError::Charm)?;
        package.check_config(&self.model.version).map_err(DeployError::Charm)?;
        Ok(package)
    }

    fn carry_out(
        &mut self,
        name: &ApplicationName,
        package: CharmPackage,
        deployment: Deployment,
    ) -> Result<Vec<UnitName>, DeployError> {
        let mut plan = Plan::new(deployment, &package.charm, &self.model)?;
        let machines = std::mem::take(&mut plan.units);
        self.add_application(name, package)?;
        plan.apply(&mut self.model, name);
        let place = |machine: Option<MachineId>| machine.map_or(Place::NewMachine, Place::On);
        let units = machines.into_iter().map(|machine| self.unpack_new_unit(name, place(machine)));
        let units: Result<Vec<UnitName>, DeployError> = units.collect();
        units.inspect_err(|_| self.abandon(name))
    }

    /// Takes back an application that has just been added.
    fn abandon(&mut self, name: &ApplicationName) {
        self.model.remove_application(name);
        let units: Vec<UnitName> =
            self.model.units_of(name).map(|unit| unit.name.clone()).collect();
        for unit in units {
            self.forget(&unit);
        }
        self.model.forget_application(name);
        self.charms.remove(name);
    }

    fn add_application(
        &mut self,
        name: &ApplicationName,
        package: CharmPackage,
    ) -> Result<(), DeployError> {
        let is_program = package.function.is_none();
        let agents = self.start_agents()?;
        if is_program {
            agents.find_tools().map_err(DeployError::ToolProgram)?;
        }
        let package = Arc::new(package);
        self.model.add_application(name, Arc::clone(&package.charm));
        self.charms.insert(name.clone(), package);
        Ok(())
    }

    pub(super) fn start_agents(&mut self) -> Result<&mut Agents, DeployError> {
        let agents = match self.agents.take() {
            Some(agents) => agents,
            None => Agents::new(self.settings.clone(), &self.model.version)
                .map_err(DeployError::Folder)?,
        };
        self.model.storage_root = agents.storage_root();
        Ok(self.agents.insert(agents))
    }

    fn unpack_new_unit(
        &mut self,
        application: &ApplicationName,
        place: Place<'_>,
    ) -> Result<UnitName, DeployError> {
        let agents = self.agents.as_ref().expect("agents begin with the first charm");
        let package = Arc::clone(&self.charms[application]);
        let unit = match place {
            Place::Beside(principal) => self.model.add_subordinate(application, principal),
            Place::NewMachine => self.model.add_unit(application, None),
            Place::On(machine) => self.model.add_unit(application, Some(machine)),
        };
        let laid_out = agents.add_unit(&self.model, &unit);
        let laid_out = laid_out.and_then(|()| agents.make_storage(&self.model, &unit));
        let unpacked = laid_out.and_then(|()| package.unpack(&agents.charm_dir(&unit)));
        if let Err(source) = unpacked {
            self.model.forget_unit(&unit);
            return Err(DeployError::Folder(source));
        }
        if let Some(agents) = &mut self.agents {
            agents.set_function(&unit, package.function.as_ref());
        }
        self.unpacked.insert(unit.clone(), package);
        Ok(unit)
    }

    pub(super) fn read_charm(&self, charm: &Path) -> Result<CharmPackage, DeployError> {
        CharmPackage::read(charm, &self.model.version).map_err(DeployError::Charm)
    }

    fn free_name(&self, application: &str) -> Result<ApplicationName, DeployError> {
        let name: ApplicationName = application.parse().map_err(DeployError::Name)?;
        if self.model.applications.contains_key(&name) {
            return Err(DeployError::Exists { application: application.to_owned() });
        }
        Ok(name)
    }

    fn principal_to_change(&self, application: &str) -> Result<ApplicationName, DeployError> {
        let name = self.application_to_change(application)?;
        if self.model.is_subordinate(&name) {
            return Err(DeployError::Subordinate { application: application.to_owned() });
        }
        Ok(name)
    }

    pub(super) fn application_to_change(
        &self,
        application: &str,
    ) -> Result<ApplicationName, DeployError> {
        let name = application.parse().ok();
        let found = name.filter(|name| {
            self.model.applications.get(name).is_some_and(|found| found.life == Life::Alive)
        });
        found.ok_or_else(|| DeployError::NoApplication { application: application.to_owned() })
    }
}
