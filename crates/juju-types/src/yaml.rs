//! YAML as the charm's files need it: a small tree that knows the place of
//! every node, read as Juju reads it (YAML 1.1), and written back.
//!
//! Nothing here knows what a charm is. What cannot be read, and what readers
//! of YAML disagree about, comes back as [`YamlFault`]s, all of them at once.

mod characters;
mod fault;
mod node;
mod open_mapping;
mod parse;
mod path;
mod place;
mod scalar;
mod tabs;
mod write;

pub(crate) use fault::YamlFault;
pub(crate) use node::{Entry, Node, Value};
pub(crate) use parse::parse;
pub(crate) use path::{join_index, join_key, printable};
pub(crate) use place::Place;
pub(crate) use scalar::{Resolved, Scalar};
pub(crate) use write::write;
