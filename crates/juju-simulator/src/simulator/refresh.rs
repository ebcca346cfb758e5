//! Replacing charms.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use juju_types::{ApplicationName, CharmFiles};

use super::Simulator;
use crate::charm_package::CharmPackage;
use crate::deploy_error::DeployError;
use crate::in_process::InProcess;

impl Simulator {
    /// Replaces the charm of an application by another one: `juju refresh`.
    ///
    /// # Errors
    ///
    /// - [`DeployError::NoApplication`] if there is no such application.
    /// - [`DeployError::Charm`] if the charm cannot be read, or Juju refuses it.
    /// - [`DeployError::ToolProgram`] if the program that plays the hook tools
    ///   is not there, and the former charm did not need it.
    pub fn refresh(
        &mut self,
        charm: impl AsRef<Path>,
        application: &str,
    ) -> Result<(), DeployError> {
        let name = self.application_to_change(application)?;
        let package = self.read_charm(charm.as_ref())?;
        self.start_agents()?.find_tools().map_err(DeployError::ToolProgram)?;
        self.replace_charm(name, package);
        Ok(())
    }

    /// Replaces the charm of an application by one that is a function of this
    /// process: `juju refresh` to what [`deploy_in_process`] deploys.
    ///
    /// # Errors
    ///
    /// - [`DeployError::NoApplication`] if there is no such application.
    /// - [`DeployError::Charm`] if Juju refuses the charm.
    ///
    /// [`deploy_in_process`]: Self::deploy_in_process
    pub fn refresh_in_process<C: Into<ExitCode>>(
        &mut self,
        charm: &CharmFiles,
        application: &str,
        run: impl Fn(BTreeMap<String, String>) -> C + Send + Sync + 'static,
    ) -> Result<(), DeployError> {
        let name = self.application_to_change(application)?;
        let package = self.read_function(charm, InProcess::new(run))?;
        self.replace_charm(name, package);
        Ok(())
    }

    fn replace_charm(&mut self, name: ApplicationName, package: CharmPackage) {
        let package = Arc::new(package);
        self.model.refresh(&name, Arc::clone(&package.charm));
        self.charms.insert(name, package);
    }
}
