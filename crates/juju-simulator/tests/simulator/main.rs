//! Charms in the simulator, as processes.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod actions;
mod charm;
mod checker;
mod conformance;
mod credentials;
mod deployments;
mod entrance;
mod environment;
mod errors;
mod exchange;
mod exec;
mod exec_program;
mod faults;
mod goal_state;
mod in_process;
mod kill_points;
mod life;
mod limits;
mod one_unit;
mod packages;
mod reboot;
mod recording;
mod relations;
mod scale;
mod secrets;
mod spaces;
mod states;
mod status;
mod storage;
mod timeline;
mod tool_program;
mod versions;
