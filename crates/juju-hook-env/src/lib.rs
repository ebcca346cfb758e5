//! The environment of a Juju hook, and every hook tool as a typed method.
