//! The nouns of Juju: names, ids, statuses, events and charm metadata, parsed once.
//!
//! ```
//! use juju_types::{Event, UnitName};
//!
//! let unit: UnitName = "postgresql/3".parse()?;
//! assert_eq!(unit.number(), 3);
//!
//! let event = Event::from_variables([("JUJU_DISPATCH_PATH", "hooks/install")])?;
//! assert_eq!(event, Some(Event::Install));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A name or id is always well formed: its only door is [`FromStr`], which
//! serde uses too, and `Display` gives back what was parsed. Whatever Juju
//! accepts is accepted here.
//!
//! # What is not here
//!
//! Nothing in this crate runs a program, reads the environment or touches the
//! disk. The hook's environment and the hook tools are the business of
//! `juju-hook-env`.
//!
//! [`FromStr`]: std::str::FromStr

mod action_name;
mod application_name;
mod architecture;
mod base_channel;
mod channel_risk;
mod charm;
mod charm_base;
mod charm_name;
mod check_name;
mod container_name;
mod endpoint_name;
mod event;
mod event_name;
mod event_reader;
mod event_variables_error;
mod interface_name;
mod juju_version;
mod machine_id;
mod model_name;
mod model_uuid;
mod notice;
mod port_range;
mod protocol;
mod relation_context;
mod relation_id;
mod relation_role;
mod relation_scope;
mod resource_name;
mod secret_context;
mod secret_id;
mod secret_limits;
mod space_name;
mod status;
mod status_kind;
mod status_value;
mod storage_context;
mod storage_id;
mod storage_kind;
mod storage_name;
mod text;
mod unit_name;
mod variable_fault;
mod variable_reader;
mod yaml;

pub use action_name::{ActionName, ParseActionNameError};
pub use application_name::{ApplicationName, ParseApplicationNameError};
pub use architecture::{Architecture, ParseArchitectureError};
pub use base_channel::{BaseChannel, ParseBaseChannelError};
pub use channel_risk::{ChannelRisk, ParseChannelRiskError};
pub use charm::{
    ActionDefinition, AssumedFeature, AssumedVersion, Assumption, BuildBases, BuildTarget, Charm,
    CharmActions, CharmConfig, CharmFault, CharmFaults, CharmFiles, CharmLinks, CharmMetadata,
    CharmUser, Charmcraft, ConfigOption, ConfigType, ConfigValue, ContainerDefinition,
    ContainerMount, DeviceDefinition, EndpointDefinition, ParseCharmUserError,
    ParseConfigTypeError, ParseTermIdError, Platform, ResourceDefinition, ResourceKind,
    StorageCount, StorageDefinition, SupportedBase, TermId, UnsupportedArchitectureError,
};
pub use charm_base::{CharmBase, ParseCharmBaseError};
pub use charm_name::{CharmName, ParseCharmNameError};
pub use check_name::{CheckName, ParseCheckNameError};
pub use container_name::{ContainerName, ParseContainerNameError};
pub use endpoint_name::{EndpointName, ParseEndpointNameError};
pub use event::Event;
pub use event_name::{EventName, ParseEventNameError};
pub use event_variables_error::EventVariablesError;
pub use interface_name::{InterfaceName, ParseInterfaceNameError};
pub use juju_version::{JujuVersion, ParseJujuVersionError};
pub use machine_id::{MachineId, ParseMachineIdError};
pub use model_name::{ModelName, ParseModelNameError};
pub use model_uuid::{ModelUuid, ParseModelUuidError};
pub use notice::Notice;
pub use port_range::{ParsePortRangeError, PortRange};
pub use protocol::{ParseProtocolError, Protocol};
pub use relation_context::RelationContext;
pub use relation_id::{ParseRelationIdError, RelationId};
pub use relation_role::{ParseRelationRoleError, RelationRole};
pub use relation_scope::{ParseRelationScopeError, RelationScope};
pub use resource_name::{ParseResourceNameError, ResourceName};
pub use secret_context::SecretContext;
pub use secret_id::{ParseSecretIdError, SecretId};
pub use secret_limits::SecretLimits;
pub use space_name::{ParseSpaceNameError, SpaceName};
pub use status::{ParseStatusError, Status};
pub use status_kind::{ParseStatusKindError, StatusKind};
pub use status_value::StatusValue;
pub use storage_context::StorageContext;
pub use storage_id::{ParseStorageIdError, StorageId};
pub use storage_kind::{ParseStorageKindError, StorageKind};
pub use storage_name::{ParseStorageNameError, StorageName};
pub use unit_name::{ParseUnitNameError, UnitName};
pub use variable_fault::VariableFault;
