use std::io;
use std::net::IpAddr;

use juju_types::{
    ActionName, ApplicationName, ConfigType, MachineId, ParseCharmBaseError, ParseSpaceNameError,
    SpaceName, UnitName,
};
use thiserror::Error;

use crate::agent::ToolProgramError;
use crate::binding_error::BindingError;
use crate::deploy_error::DeployError;
use crate::fault::Fault;
use crate::operation::Operation;

/// Why the model refuses what it is asked, or why an operation could not be run.
///
/// A hook or an action that fails is no error: it is seen in the status of its
/// unit and in [`Simulator::operations`](crate::Simulator::operations).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// The action has not run: its unit is gone before it could.
    #[error("action \"{action}\" of unit \"{unit}\" has not run: the unit is gone")]
    ActionLost {
        /// The action.
        action: String,
        /// The unit.
        unit: String,
    },
    /// The text is no address.
    #[error("\"{address}\" is not an IP address")]
    Address {
        /// The text.
        address: String,
    },
    /// The two applications have several pairs of endpoints that fit together.
    #[error(
        "ambiguous relation: \"{one} {other}\" could refer to {}: name the endpoints",
        quoted(candidates)
    )]
    AmbiguousRelation {
        /// One side.
        one: String,
        /// The other side.
        other: String,
        /// The relations that could be meant.
        candidates: Vec<String>,
    },
    /// The base is none.
    #[error(transparent)]
    Base(ParseCharmBaseError),
    /// Endpoints cannot be bound like that.
    #[error(transparent)]
    Binding(BindingError),
    /// Something that the charm has started is still connected to the agent
    /// after the charm has ended. A real agent would wait for it for ever.
    #[error(
        "connections to the agent's socket are left open after \"{}\" of unit \"{}\" has ended, \
         and a real agent would wait for them for ever: {connections}",
        operation.kind, operation.unit
    )]
    ConnectionsLeftOpen {
        /// The operation, of which all else is in order.
        operation: Box<Operation>,
        /// Whose connections they are, and what they were used for.
        connections: String,
    },
    /// What `juju-exec` was to run has given no answer.
    #[error("cannot exec on unit \"{unit}\": {reason}")]
    Exec {
        /// The unit.
        unit: UnitName,
        /// Why, in Juju's words where Juju refuses it.
        reason: String,
    },
    /// Faults were injected that have not struck in their operation, such as a
    /// kill at a call that was not made.
    #[error(
        "no \"{}\" in \"{}\" of unit \"{}\": it has ended ({}) after {} calls",
        listed(faults), operation.kind, operation.unit, operation.exit, operation.calls.len()
    )]
    FaultsMissed {
        /// The operation, of which all else is in order.
        operation: Box<Operation>,
        /// What was to go wrong.
        faults: Vec<Fault>,
    },
    /// There are units on the machine.
    #[error("machine {machine} has unit \"{unit}\" assigned: remove the unit first")]
    MachineInUse {
        /// The machine.
        machine: MachineId,
        /// The first unit on it.
        unit: UnitName,
    },
    /// The charm has no such action.
    #[error("action \"{action}\" not defined on unit \"{unit}\"")]
    NoAction {
        /// The action.
        action: String,
        /// The unit.
        unit: String,
    },
    /// An action is no hook; it has an id and parameters, and
    /// [`run_action`](crate::Simulator::run_action) runs it.
    #[error("\"{action}\" is an action and no hook: run it as one")]
    NotAHook {
        /// The action.
        action: ActionName,
    },
    /// There is no such application.
    #[error("application \"{application}\" not found")]
    NoApplication {
        /// The name.
        application: String,
    },
    /// What stands behind the application's name is no name of an endpoint.
    #[error("\"{endpoint}\" is not a valid endpoint")]
    NoEndpoint {
        /// The application and the endpoint.
        endpoint: String,
    },
    /// There is no such machine.
    #[error("machine {machine} not found")]
    NoMachine {
        /// The id.
        machine: String,
    },
    /// The two applications have no endpoints that fit together, or are not related.
    #[error("no relation between \"{one}\" and \"{other}\" found")]
    NoRelation {
        /// One side.
        one: String,
        /// The other side.
        other: String,
    },
    /// No hook of the unit has failed.
    #[error("unit \"{unit}\" is not in an error state")]
    NotInError {
        /// The unit.
        unit: String,
    },
    /// The charm has no such resource.
    #[error("resource \"{resource}\" not found")]
    NoResource {
        /// The name.
        resource: String,
    },
    /// The address is in no subnet of the model.
    #[error("address {address} is in no subnet of any space: add a space with its subnet")]
    NoSubnet {
        /// The address.
        address: IpAddr,
    },
    /// There is no such unit.
    #[error("unit \"{unit}\" not found")]
    NoUnit {
        /// The name.
        unit: String,
    },
    /// The two applications are related already.
    #[error("cannot add relation \"{relation}\": relation already exists")]
    RelationExists {
        /// Both ends.
        relation: String,
    },
    /// The endpoint has as many relations as its charm allows.
    #[error(
        "establishing a new relation for {endpoint} would exceed its maximum relation limit of {limit}"
    )]
    RelationLimit {
        /// The application and the endpoint.
        endpoint: String,
        /// The most that it can have.
        limit: u32,
    },
    /// A unit always had something more to run.
    #[error(
        "unit \"{unit}\" is not idle after {operations} operations: some charm keeps giving it work"
    )]
    Restless {
        /// The unit.
        unit: UnitName,
        /// How many it has run.
        operations: usize,
    },
    /// The operating system does not let the agent work.
    #[error("cannot run \"{operation}\" of unit \"{unit}\"")]
    Run {
        /// The hook or action.
        operation: String,
        /// The unit.
        unit: UnitName,
        /// What the operating system says.
        source: io::Error,
    },
    /// The name is no name of a space.
    #[error(transparent)]
    Space(ParseSpaceNameError),
    /// There is such a space already.
    #[error("space \"{space}\" already exists")]
    SpaceExists {
        /// The name.
        space: SpaceName,
    },
    /// The storage of a unit cannot be made.
    #[error("cannot make the storage of unit \"{unit}\"")]
    Storage {
        /// The unit.
        unit: UnitName,
        /// What the operating system says.
        source: io::Error,
    },
    /// The text is no subnet.
    #[error(
        "\"{cidr}\" is not a valid CIDR: it must look like `10.1.0.0/24`, with only zeros behind the prefix"
    )]
    Subnet {
        /// The text.
        cidr: String,
    },
    /// Two subnets have addresses in common.
    #[error("subnet {subnet} overlaps with subnet {other}")]
    SubnetOverlap {
        /// The new subnet.
        subnet: String,
        /// The other one.
        other: String,
    },
    /// The unit of a subordinate cannot be added.
    #[error("cannot add a unit of \"{application}\" beside \"{principal}\"")]
    Subordinate {
        /// The application of the subordinate.
        application: ApplicationName,
        /// The unit beside which it belongs.
        principal: UnitName,
        /// Why it cannot.
        source: Box<DeployError>,
    },
    /// The program that plays the hook tools is not there.
    #[error("cannot exec without hook tools")]
    ToolProgram(#[source] ToolProgramError),
    /// The charm has no such config option.
    #[error("unknown option \"{option}\"")]
    UnknownOption {
        /// The option.
        option: String,
    },
    /// The charm of a unit cannot be replaced.
    #[error("cannot unpack the new charm of unit \"{unit}\"")]
    Upgrade {
        /// The unit.
        unit: UnitName,
        /// What the operating system says.
        source: io::Error,
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

fn quoted(relations: &[String]) -> String {
    let quoted: Vec<String> = relations.iter().map(|relation| format!("\"{relation}\"")).collect();
    quoted.join("; ")
}

fn listed(faults: &[Fault]) -> String {
    let listed: Vec<String> = faults.iter().map(ToString::to_string).collect();
    listed.join("; ")
}
