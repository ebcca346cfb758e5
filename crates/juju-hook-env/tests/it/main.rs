//! The behaviour of `juju-hook-env`, seen from outside.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod conformance;
mod every_tool;
mod hook_env;
mod log_layer;
mod lost_answers;
mod memory;
mod ports;
mod redaction;
mod run;
mod scripted_agent;
mod seam;
mod secrets;
mod socket_agent;
mod support;
mod tool_programs;
mod traps;
mod values;
