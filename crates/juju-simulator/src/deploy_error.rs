use std::io;

use juju_types::{
    CharmBase, CharmName, ConfigType, ParseApplicationNameError, ParseCharmBaseError, StorageName,
};
use thiserror::Error;

use crate::agent::ToolProgramError;
use crate::binding_error::BindingError;
use crate::charm_error::CharmError;
use crate::state_faults::StateFaults;
use crate::storage_directive::StorageDirectiveError;

/// Why a charm is not deployed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The base is none.
    #[error(transparent)]
    Base(ParseCharmBaseError),
    /// Endpoints cannot be bound like that.
    #[error(transparent)]
    Binding(BindingError),
    /// The charm itself is at fault.
    #[error(transparent)]
    Charm(CharmError),
    /// The name is taken.
    #[error("cannot add application \"{application}\": application already exists")]
    Exists {
        /// The name.
        application: String,
    },
    /// The folders of the model or of a unit cannot be made.
    #[error("cannot make the folders of the simulated machine")]
    Folder(#[source] io::Error),
    /// The name is none.
    #[error(transparent)]
    Name(ParseApplicationNameError),
    /// There is no such application to be refreshed.
    #[error("application \"{application}\" not found")]
    NoApplication {
        /// The name.
        application: String,
    },
    /// There is no such machine.
    #[error("machine {machine} not found")]
    NoMachine {
        /// The id.
        machine: String,
    },
    /// The charm has no such resource.
    #[error("unrecognized resource \"{resource}\"")]
    NoResource {
        /// The name.
        resource: String,
    },
    /// The charm has no such storage.
    #[error("charm \"{charm}\" has no store called \"{storage}\"")]
    NoStorage {
        /// The charm.
        charm: CharmName,
        /// The name.
        storage: String,
    },
    /// The charm is no subordinate, and so does not wait for a principal.
    #[error("application \"{application}\" is not a subordinate: deploy it by itself")]
    NotSubordinate {
        /// The name.
        application: String,
    },
    /// The machine runs another base.
    #[error("base does not match: unit has \"{base}\", machine {machine} has \"{machine_base}\"")]
    OtherBase {
        /// The machine.
        machine: String,
        /// The base of the application.
        base: Box<CharmBase>,
        /// The base of the machine.
        machine_base: Box<CharmBase>,
    },
    /// More machines are named than there are to be units.
    #[error("{placements} machines are named for {units} units: ask for more units")]
    Placements {
        /// How many machines are named.
        placements: usize,
        /// How many units there are to be.
        units: usize,
    },
    /// A unit of the charm cannot have so many instances of a storage.
    #[error("charm \"{charm}\" store \"{storage}\": {rule}, {count} specified")]
    StorageCount {
        /// The charm.
        charm: CharmName,
        /// The storage.
        storage: StorageName,
        /// How many there can be.
        rule: String,
        /// How many there were to be.
        count: u32,
    },
    /// What is said of a storage cannot be read.
    #[error(transparent)]
    StorageDirective(StorageDirectiveError),
    /// Juju could not produce the state.
    #[error(transparent)]
    State(StateFaults),
    /// The charm is a subordinate: its units come with those of another
    /// application, when the two are integrated.
    #[error("application \"{application}\" is a subordinate: its units come with a relation")]
    Subordinate {
        /// The name.
        application: String,
    },
    /// The charm is a subordinate, whose units cannot be counted or placed.
    #[error("cannot use --num-units or --to with subordinate application \"{application}\"")]
    SubordinateUnits {
        /// The name.
        application: String,
    },
    /// The program that plays the hook tools is not there.
    #[error(transparent)]
    ToolProgram(ToolProgramError),
    /// The charm has no such config option.
    #[error("unknown option \"{option}\"")]
    UnknownOption {
        /// The option.
        option: String,
    },
    /// The charm does not run on the base.
    #[error("base \"{base}\" is not supported by the charm, supported bases are: {supported}")]
    UnsupportedBase {
        /// The base.
        base: String,
        /// Those on which it runs.
        supported: String,
    },
    /// The value does not fit the type of the config option.
    #[error("option \"{option}\" expected {expected}, got \"{value}\"")]
    WrongType {
        /// The option.
        option: String,
        /// Its type.
        expected: ConfigType,
        /// The value.
        value: String,
    },
}
