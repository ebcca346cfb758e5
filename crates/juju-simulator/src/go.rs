//! How Go's libraries read and write values: the agent's output follows from them.

mod duration;
mod json;
mod text;
mod value;
mod yaml;

pub(crate) use duration::parse_duration;
pub(crate) use json::to_json;
pub(crate) use text::{parse_bool, quote, quote_all};
pub(crate) use value::Value;
pub(crate) use yaml::to_yaml;
