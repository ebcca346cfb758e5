//! JSON text exactly as Python's `json.dumps(value, sort_keys=True)` writes it,
//! for data that a program shares with Python: byte for byte the same, so that
//! neither side sees a change where there is none.
//!
//! ```
//! #[derive(serde::Serialize)]
//! struct Job {
//!     targets: Vec<&'static str>,
//!     interval: f64,
//!     labels: Option<()>,
//! }
//!
//! let job = Job { targets: vec!["größe:9100"], interval: 15.0, labels: None };
//! assert_eq!(
//!     python_json::to_string(&job)?,
//!     r#"{"interval": 15.0, "labels": null, "targets": ["gr\u00f6\u00dfe:9100"]}"#
//! );
//! assert_eq!(python_json::digest(&job)?.as_str(), "2753e09d4a00bce210527716d294515b");
//! # Ok::<(), python_json::SerializeError>(())
//! ```
//!
//! # Writing
//!
//! [`to_string()`] takes whatever serde serialises, in the form that `serde_json`
//! gives it. What differs is the text:
//!
//! - `, ` and `: ` stand between items, and all that is not ASCII is escaped,
//!   beyond U+FFFF as a surrogate pair.
//! - Keys are sorted by code point, the fields of structs among them. Keys that
//!   are numbers are sorted as numbers, before they become text; keys of two
//!   kinds are refused, for Python cannot sort them.
//! - Floats are written as `repr` does: `1.0`, `1e-05`, `1e+16`. An `f32` is
//!   widened first. `NaN` and infinities are refused: Python would write them,
//!   as what is no JSON.
//! - Integers may have any size.
//!
//! [`digest()`] gives the MD5 of that text, which is what `data_changed` of
//! `charms.reactive` stores, as JSON like any other value; [`HashType`] has
//! the other functions that it takes as `hash_type`.
//!
//! # Reading
//!
//! A [`Value`] holds what Python wrote so that it can be written again
//! unchanged: `1` and `1.0` stay apart, and integers keep all their digits.
//! [`from_str()`] reads typed data in the same way, a field of type `Value`
//! included. They read what `json.loads` reads, a duplicate key included (the
//! last one wins), except for what cannot be kept:
//!
//! - `NaN`, `Infinity`, `-Infinity` and floats beyond the range of 64 bits,
//! - escapes of half a surrogate pair, which a Rust string cannot hold,
//! - nesting beyond [`DEPTH_LIMIT`]; Python's own limit depends on its stack.
//!
//! # What is not here
//!
//! - The other options of `json.dumps`, such as `indent` or `ensure_ascii=False`.
//! - Python's order of insertion in a [`Value`]: what was written without
//!   `sort_keys` is read, and is written sorted.
//! - Hash functions of `hashlib` outside of MD5, SHA-1 and SHA-2.
//! - Where digests are stored, and what is done about a change.

mod deserialize_error;
mod digest;
mod float;
mod from_str;
mod hash_type;
mod integer;
mod key;
mod parse;
mod quote;
mod serialize_error;
mod to_string;
mod value;
mod value_deserializer;
mod writer;

pub use deserialize_error::DeserializeError;
pub use digest::{Digest, ParseDigestError, digest};
pub use float::{Float, NotFiniteError};
pub use from_str::{from_str, from_value};
pub use hash_type::{HashType, ParseHashTypeError};
pub use integer::{Integer, ParseIntegerError};
pub use parse::{DEPTH_LIMIT, ParseValueError};
pub use serialize_error::SerializeError;
pub use to_string::{to_string, to_string_in_order};
pub use value::Value;
