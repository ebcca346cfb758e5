//! The two ways to the agent give the same results and the same errors.
//!
//! These are the tests of `juju-hook-env` that replay what the real tools said.
//! Here each call goes through a tool program and over the socket, to one
//! server, and both must be the same request and bring the same answer.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "../../../crates/juju-hook-env/tests/it/conformance/mod.rs"]
mod conformance;
mod refusals;
mod seam;
#[path = "../../../crates/juju-hook-env/tests/it/support.rs"]
#[expect(dead_code, reason = "the other tests of `juju-hook-env` use more of it")]
mod support;
#[path = "../tool_program/mod.rs"]
mod tool_program;
