//! The protocol between a Juju unit agent and its hook tools, both ends.
