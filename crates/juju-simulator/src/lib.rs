//! A Juju model in a box, to run charms in: real charms, in any language, as
//! processes, without a controller, a cloud or a wait.
//!
//! ```
//! use juju_simulator::Simulator;
//! # use std::{fs, os::unix::fs::PermissionsExt};
//!
//! # let charm = tempfile::tempdir()?;
//! # let charm = charm.path();
//! # fs::write(charm.join("metadata.yaml"), "name: exporter\nsummary: s\ndescription: d\n")?;
//! # fs::write(charm.join("config.yaml"), "options: {port: {type: int, default: 9100}}\n")?;
//! # fs::write(charm.join("dispatch"), "#!/bin/sh\necho Hello\n")?;
//! # fs::set_permissions(charm.join("dispatch"), fs::Permissions::from_mode(0o755))?;
//! let mut juju = Simulator::new();
//! # // This charm calls no hook tool, so any program will do.
//! # let mut juju = Simulator::builder().tool_program("/bin/true").build();
//! juju.deploy(charm, "exporter")?; // a folder or a `.charm` file
//! juju.run_until_idle()?;
//!
//! let hooks: Vec<String> = juju.operations().iter().map(|ran| ran.kind.to_string()).collect();
//! assert_eq!(hooks, ["install", "leader-elected", "config-changed", "start"]);
//! assert_eq!(juju.operations()[0].log[0].to_string(), "DEBUG unit.exporter/0.install Hello");
//!
//! juju.configure("exporter", [("port", "9200")])?;
//! juju.run_until_idle()?;
//! assert_eq!(juju.status().unit("exporter/0").unwrap().workload.to_string(), "unknown");
//! println!("{}", juju.status()); // as `juju status` shows it
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Test your charm
//!
//! A test of a charm in Rust needs no process and no tool program:
//! [`Simulator::unit`] runs it in a thread, one event after the other, and each
//! turns one [`UnitState`] into another. Tests run side by side. The YAML files
//! are those of the crate whose tests run. Here `charm` is a function from the
//! variables of a hook to an exit code; with `reactive-endpoints` that is
//! `|variables| charm().run_in(variables)`, with `juju-hook-env` alone
//! `|variables| run_with(variables, charm)`.
//!
//! ```
//! use juju_simulator::{Simulator, StatusText};
//!
//! # use std::collections::BTreeMap;
//! # use juju_agent_rpc::{Client, Request};
//! # fn charm(variables: BTreeMap<String, String>) -> u8 {
//! #     let mut client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
//! #     let mut call = |words: &[&str]| {
//! #         let request = Request {
//! #             context_id: variables["JUJU_CONTEXT_ID"].clone(),
//! #             dir: variables["JUJU_CHARM_DIR"].clone(),
//! #             command_name: words[0].to_owned(),
//! #             args: words[1..].iter().map(|word| (*word).to_owned()).collect(),
//! #             ..Request::default()
//! #         };
//! #         String::from_utf8(client.call(&request).unwrap().stdout).unwrap()
//! #     };
//! #     match call(&["config-get", "port"]).trim() {
//! #         "" => call(&["status-set", "blocked", "set the option port"]),
//! #         port => call(&["open-port", port]) + &call(&["status-set", "active"]),
//! #     };
//! #     0
//! # }
//! # let folder = tempfile::tempdir()?;
//! # let write = |name, text: &str| std::fs::write(folder.path().join(name), text);
//! # write("metadata.yaml", "{name: web, summary: s, description: d}")?;
//! # write("config.yaml", "options: {port: {type: int}}")?;
//! let mut unit = Simulator::unit("web/0")
//! #   .charm_folder(folder.path())
//!     .charm(charm);
//! unit.deploy();
//! assert_eq!(unit.status(), StatusText::new("blocked", "set the option port"));
//!
//! unit.change(|state| state.with_config("port", 8080));
//! unit.run("config-changed");
//! assert_eq!(unit.status(), StatusText::new("active", ""));
//! assert_eq!(unit.state().open_ports(), [(8080.into(), None)]);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A state that Juju could not produce is refused, and so is an event that does
//! not fit it: see [`UnitState::check`].
//!
//! # What is real
//!
//! The charm runs as a real process (or as a function of the test's own, see
//! [`Simulator::deploy_in_process`]), with the environment that the unit agent
//! gives it and nothing else, in a folder of its own below a temporary one. The
//! hook tools on its `PATH` are links to one small program, `juju-sim-tool`,
//! which speaks the real protocol to the agent's socket; a charm that speaks it
//! itself may do so. The tools answer as those of Juju 3.6.28 do, checked
//! against recordings of them. Charms on Python's ops and charms.reactive run
//! unchanged.
//!
//! Hooks come in Juju's order. What a charm changes is kept back until its
//! process has ended well, and dropped otherwise; a hook that has failed is
//! retried. Units that rest cost nothing, so that a model can have a thousand.
//! Time is a virtual clock, and all ids follow from a seed: the same
//! test gives the same text each time, whatever else runs beside it. The seed
//! can also choose [which unit runs next](SimulatorBuilder::interleave_units),
//! and a test what [goes wrong](Simulator::inject).
//!
//! ```
//! use juju_simulator::Simulator;
//! use juju_types::CharmFiles;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let files = |metadata: &str| {
//!     CharmFiles::read(|name| {
//!         Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
//!     })
//!     .unwrap()
//! };
//! let web = "{name: web, summary: s, description: d, requires: {db: {interface: sql}}}";
//! let database = "{name: sql, summary: s, description: d, provides: {db: {interface: sql}}}";
//!
//! let mut juju = Simulator::new();
//! juju.deploy_in_process(&files(web), "web", |_variables| 0)?; // a charm can be a function
//! juju.deploy_in_process(&files(database), "sql", |_variables| 0)?;
//! let relation = juju.integrate("web", "sql")?;
//! juju.run_until_idle()?;
//!
//! assert_eq!(relation.to_string(), "db:0");
//! assert_eq!(juju.operations().last().unwrap().to_string(), "web/0 db-relation-changed\n");
//! # Ok(())
//! # }
//! ```
//!
//! Text for a shell runs in the context of a unit as `juju-exec` runs it, be it
//! asked for by [the test](Simulator::exec) or by what a charm has left behind
//! and [the program](Simulator::exec_program) of that name.
//!
//! # What a test looks at
//!
//! [`Simulator::operations`] holds all that has run, each with its calls, what
//! it has changed and logged, and how it ended; [`Simulator::timeline`] tells
//! that with its reasons, as text and as JSON. [`Simulator::status`] is what
//! `juju status` shows, [`Simulator::unit_state`] all that concerns one unit.
//! Their texts are the same in every run, for snapshots.
//!
//! # When it is killed
//!
//! [`KillPoints`] runs a scenario again for every call, exit and flush at which a
//! charm can be lost, lets Juju retry, and checks what has become of it:
//!
//! ```
//! use juju_simulator::KillPoints;
//! # use juju_types::CharmFiles;
//! # let charm = CharmFiles::read(|name| {
//! #     let metadata = "{name: exporter, summary: s, description: d}";
//! #     Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
//! # }).unwrap();
//!
//! let points = KillPoints::new(|builder| {
//!     let mut juju = builder.build();
//!     juju.deploy_in_process(&charm, "exporter", |_variables| 0)?;
//!     juju.run_until_idle()?;
//!     Ok(juju)
//! });
//! points.same_end().run()?; // or the kill points, with what was run, that do harm
//! # Ok::<(), juju_simulator::KillPointsError>(())
//! ```
//!
//! # The tool program
//!
//! It is looked for in the variable `JUJU_SIM_TOOL`, beside the running
//! executable and one folder up (tests lie in `target/debug/deps`), and on
//! `PATH`; [`SimulatorBuilder::tool_program`] names it otherwise.
//!
//! # Differences from Juju
//!
//! - A charm that takes longer than a [limit] is killed, so that tests end.
//! - A hook that has failed is retried after 5, 10, 20 and so on up to 300
//!   seconds exactly; Juju varies these times a little.
//! - An agent waits for ever for connections that something has left open. Here
//!   that is [an error] which names them.
//! - Storage lies in the model's own temporary folder, wherever the charm wants
//!   it mounted; a block device is an empty file.
//! - A folder can be deployed in every version of Juju.
//! - `--help` lists the options of a hook tool, without their meaning.
//! - secret-changed is not run by those who may change the secret themselves.
//! - The program `juju-exec` is found on a charm's `PATH` and not in `/usr/bin`.
//!   What it asks for waits until the simulator is told to run something.
//! - A reboot ends the operation that is running, but not what charms have
//!   left behind.
//!
//! As in the recordings, a flush that Juju refuses because of a secret is not
//! undone: relation data and new secrets that were sent before stay.
//!
//! What differs between the versions of Juju is listed in [`versions`].
//!
//! # What is not here
//!
//! - A cloud that one could use the credential of. Constraints, storage pools
//!   and sizes, and containers on machines.
//! - Secret backends, and secrets that the user of a model owns.
//! - Relations across models, and suspended relations.
//! - Kubernetes: units are on machines.
//! - `/var/lib/juju`: what looks there for `jujud`, as charmhelpers does for the
//!   version of Juju, does not find it.
//! - Anything that knows a charm's framework. `juju-hook-env` is one for Rust.
//!
//! [limit]: SimulatorBuilder::time_limit
//! [an error]: SimulatorError::ConnectionsLeftOpen

#[doc = include_str!("../VERSIONS.md")]
pub mod versions {}

mod action_outcome;
mod agent;
mod application_status;
mod binding_error;
mod builder;
mod cause;
mod change;
mod charm_error;
mod charm_package;
mod cloud;
mod deploy_error;
mod deployment;
mod exec;
mod exec_outcome;
mod fault;
mod go;
mod in_process;
mod kill_point;
mod kill_points;
mod log_line;
mod model;
mod model_status;
mod operation;
mod panic_text;
mod reboot;
mod retry;
mod simulated_unit;
mod simulator;
mod simulator_error;
mod state_faults;
mod stated;
mod status_text;
mod storage_directive;
mod table;
mod timeline;
mod tool;
mod tool_call;
mod trial;
mod unit_event;
mod unit_state;
mod unit_status;

pub use action_outcome::{ActionOutcome, ActionStatus};
pub use agent::ToolProgramError;
pub use application_status::ApplicationStatus;
pub use binding_error::BindingError;
pub use builder::SimulatorBuilder;
pub use cause::Cause;
pub use change::Change;
pub use charm_error::CharmError;
pub use cloud::Cloud;
pub use deploy_error::DeployError;
pub use deployment::Deployment;
pub use exec::Exec;
pub use exec_outcome::ExecOutcome;
pub use fault::Fault;
pub use kill_point::KillPoint;
pub use kill_points::{KillPointFailure, KillPoints, KillPointsError};
pub use log_line::{LogLevel, LogLine};
pub use model_status::ModelStatus;
pub use operation::{Exit, Operation, OperationKind};
pub use retry::Retry;
pub use simulated_unit::{SimulatedUnit, SimulatedUnitBuilder, UnitError};
pub use simulator::Simulator;
pub use simulator_error::SimulatorError;
pub use state_faults::StateFaults;
pub use status_text::StatusText;
pub use storage_directive::StorageDirectiveError;
pub use timeline::Timeline;
pub use tool_call::ToolCall;
pub use unit_event::UnitEvent;
pub use unit_state::{ParseUnitStateError, RelationState, SecretState, StorageState, UnitState};
pub use unit_status::UnitStatus;
