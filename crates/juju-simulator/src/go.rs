//! How Go's libraries read and write values: the agent's output follows from them.

mod json;
mod text;
mod value;
mod yaml;

pub(crate) use json::to_json;
pub(crate) use text::{parse_bool, quote, quote_all};
pub(crate) use value::Value;
pub(crate) use yaml::to_yaml;
