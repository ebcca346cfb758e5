//! Flags, handlers and endpoints for [Juju] charms, in the manner of Python's
//! `charms.reactive`: with its words, its data on the wire and on disk, and
//! without its defects.
//!
//! [Juju]: https://juju.is

mod action;
mod automatic_flags;
mod binding;
mod cached_key_list;
mod charm;
mod charm_yaml;
mod combined_units_view;
mod condition;
mod context;
mod data_digest;
mod departed_units;
mod dispatcher;
mod endpoint;
mod endpoint_handlers;
mod endpoint_key;
mod endpoints;
mod events;
mod failure;
mod flag;
mod flag_watch;
mod flags;
mod handler;
mod handler_id;
mod hook_pattern;
mod interest;
mod interface;
mod invocation_id;
mod key_list;
mod kv;
mod memory_store;
mod publish;
mod published;
mod received;
mod related_unit;
mod relation;
mod run;
mod run_kind;
mod setting_deserializer;
#[cfg(feature = "sqlite")]
mod sqlite_store;
mod state;
mod store;
mod store_error;
#[doc(hidden)]
pub mod testing;
mod trace;
mod trigger;
mod watched_files;

pub use action::{ActionFunction, WithParameters, WithoutParameters};
pub use cached_key_list::CachedKeyList;
pub use charm::Charm;
pub use charm_yaml::CharmYamlError;
pub use combined_units_view::CombinedUnitsView;
pub use condition::{Condition, all, always, any, files_changed, hook, none, not_all, once, test};
pub use context::Context;
pub use departed_units::DepartedUnits;
pub use dispatcher::{EndlessError, HandlerError};
pub use endpoint::Endpoint;
pub use endpoint_handlers::EndpointHandlers;
pub use endpoint_key::EndpointKey;
pub use events::Events;
pub use failure::{Failure, OrStatus, Result, blocked, maintenance, waiting};
pub use flag::{Flag, ParseFlagError};
pub use flags::Flags;
pub use hook_pattern::{HookPattern, ParseHookPatternError};
pub use interface::Interface;
pub use invocation_id::InvocationId;
pub use key_list::{KeyList, KeyOrIndex, Keyed};
pub use kv::{Kv, KvError};
pub use memory_store::MemoryStore;
pub use publish::{Publish, PublishError};
pub use received::{ReceivedData, SettingError};
pub use related_unit::RelatedUnit;
pub use relation::Relation;
pub use run_kind::RunKind;
#[cfg(feature = "sqlite")]
pub use sqlite_store::SqliteStore;
pub use store::{Loaded, RowChanges, Rows, Store};
pub use store_error::StoreError;
pub use trace::{FlagChange, Phase, TraceEvent, Tracer};
pub use trigger::{Trigger, TriggerLoopError};
pub use watched_files::WatchedFileError;
