//! The Prometheus of one unit: its service and its files.

use charm_machine::{FileError, Machine, ServiceError};
use juju_types::UnitName;
use thiserror::Error;

use crate::options::Options;

/// The folder of all that is configured.
const FOLDER: &str = "/etc/prometheus";

/// The Prometheus of one unit, of which several may be on a machine.
#[derive(Debug)]
pub(crate) struct Server<'a> {
    machine: &'a Machine,
    unit: &'a UnitName,
    /// The unit's name as it can be part of others.
    name: String,
    service: String,
}

impl<'a> Server<'a> {
    pub(crate) fn new(machine: &'a Machine, unit: &'a UnitName) -> Self {
        let name = unit.to_string().replace('/', "-");
        let service = format!("{name}-server");
        Self { machine, unit, name, service }
    }

    /// Returns the name of its service, such as `prometheus-0-server`.
    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// Returns the file of its configuration.
    pub(crate) fn config_file(&self) -> String {
        format!("{}/prometheus.yml", self.folder())
    }

    /// Returns the folder of the certificates and keys of its jobs.
    pub(crate) fn certificate_folder(&self) -> String {
        format!("{}/certificates", self.folder())
    }

    fn folder(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    /// Has systemd know the service. What it runs with comes with the jobs.
    pub(crate) fn set_up(&self, options: &Options) -> Result<(), ServerError> {
        self.machine.make_dir(FOLDER)?;
        self.machine.make_dir(self.folder())?;
        self.machine.write_unit(&self.service, self.unit_file(options))?;
        self.machine.enable(&self.service)?;
        Ok(())
    }

    /// Removes the service and all files, but not what was measured.
    pub(crate) fn remove(&self) -> Result<(), ServerError> {
        self.machine.remove_unit(&self.service)?;
        self.machine.remove_tree(self.folder())?;
        Ok(())
    }

    /// Returns the unit file by which systemd starts it.
    pub(crate) fn unit_file(&self, options: &Options) -> String {
        let Self { unit, name, .. } = self;
        format!(
            "# Written by the charm: changes are lost.\n\
             [Unit]\n\
             Description=Prometheus of the unit {unit}\n\
             \n\
             [Service]\n\
             User=prometheus\n\
             StateDirectory=prometheus/{name}\n\
             ExecStart=/usr/bin/prometheus --config.file={} \
             --storage.tsdb.path=/var/lib/prometheus/{name} --web.listen-address=:{}\n\
             ExecReload=/bin/kill -HUP $MAINPID\n\
             TimeoutStopSec=20s\n\
             Restart=always\n\
             \n\
             [Install]\n\
             WantedBy=multi-user.target\n",
            self.config_file(),
            options.port,
        )
    }
}

/// The server is not set up, or not removed, at least not wholly.
#[derive(Debug, Error)]
pub(crate) enum ServerError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Service(#[from] ServiceError),
}
