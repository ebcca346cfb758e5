//! Flags, handlers and endpoints for [Juju] charms, in the manner of Python's
//! `charms.reactive`: with its words, its data on the wire and on disk, and
//! without its defects.
//!
//! ```
//! use juju_types::{Event, Status};
//! use reactive_endpoints::{Charm, Context, Endpoint, EndpointKey, Flag, OrStatus, Result, all, none};
//!
//! const CONFIGURED: Flag = Flag::new("web.configured");
//! const SITE: EndpointKey<Endpoint> = EndpointKey::new("site");
//!
//! /// What `main` does is `web().run()`.
//! fn web() -> Charm<Web> {
//!     Charm::new(Web)
//!         .on([Event::ConfigChanged, Event::UpgradeCharm], |_, cx| Ok(cx.clear(CONFIGURED)))
//!         .when(none([&CONFIGURED]), Web::configure)
//!         .when(all([&CONFIGURED, &SITE.joined()]), Web::publish)
//!         .status(Web::status)
//! }
//!
//! struct Web;
//!
//! impl Web {
//!     fn configure(&mut self, cx: &Context) -> Result {
//!         let port: Option<u16> = cx.juju().config_get_key("port").or_blocked("port")?;
//!         cx.juju().set_ports([port.or_blocked("set the option port")?])?;
//!         cx.set(CONFIGURED);
//!         Ok(())
//!     }
//!
//!     fn publish(&mut self, cx: &Context) -> Result {
//!         for relation in &cx.endpoint(SITE).relations()? {
//!             let port: Option<u16> = cx.juju().config_get_key("port")?;
//!             relation.to_publish()?.set("port", &port)?;
//!         }
//!         Ok(())
//!     }
//!
//!     fn status(&mut self, cx: &Context) -> Result<Status> {
//!         if cx.is_set(CONFIGURED) { Ok(Status::active()) } else { Ok(Status::waiting("config")) }
//!     }
//! }
//!
//! // And its test, of one unit in a simulated model:
//! # use juju_types::CharmFiles;
//! # let files = CharmFiles::read(|name| Ok::<_, ()>(match name {
//! #     "metadata.yaml" => Some("{name: web, summary: s, description: d, \
//! #         provides: {site: {interface: http}}}".to_owned()),
//! #     "config.yaml" => Some("options: {port: {type: int}}".to_owned()),
//! #     _ => None,
//! # })).unwrap();
//! use juju_simulator::Simulator;
//!
//! let mut unit = Simulator::unit("web/0").charm_files(files).charm(|variables| web().run_in(variables));
//! unit.deploy();
//! assert_eq!(unit.status().to_string(), "blocked: set the option port");
//!
//! unit.juju().configure("web", [("port", "80")])?;
//! unit.juju().run_until_idle()?;
//! assert_eq!(unit.status().to_string(), "active");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Charm`] is the builder, [`Context`] what handlers work with, [`Condition`]
//! when they run, [`Endpoint`] where relations are, and [`Interface`] how one
//! side of an interface becomes a type. [`Request`] is the pattern of requests
//! and responses. Those who know `charms.reactive` find each of its names in
//! [`coming_from_charms_reactive`].
//!
//! # A run
//!
//! 1. The state of the unit is read: flags and stored data.
//! 2. Triggers are registered, functions [at the start](Charm::at_start) are
//!    called, and the endpoint whose hook it is brings its flags up to date.
//! 3. The handlers of the event run, in the order of their registration.
//! 4. The handlers of flags run, in iterations, until none is due; see
//!    [`Charm::when`].
//! 5. What was to be called [at the end](Context::at_exit) is called, and the
//!    status is asked for.
//! 6. What differs is published, and the state is committed.
//!
//! An error or a panic in any handler ends the run: nothing is published or
//! kept, Juju is told by the exit code, and retries the hook.
//!
//! # Nothing is half done
//!
//! Juju keeps back what a charm tells it until the charm has ended well, and
//! may refuse it even then; and a charm can be killed at any moment. So the
//! commit is provisional until Juju is known to have accepted the same run; the
//! next run finds that out, and otherwise restores what was before. See
//! [`Store`].
//!
//! # On a unit
//!
//! The program of a charm takes subcommands, for `juju exec` and for
//! `juju debug-hooks`:
//!
//! ```text
//! juju exec --unit web/0 './dispatch get-flags'
//! juju exec --unit web/0 './dispatch set-flag web.configured'
//! juju exec --unit web/0 './dispatch explain config-changed'
//! ```
//!
//! What they change is kept if Juju keeps the run, as in a hook; `--help` lists
//! them. A charm adds its own with [`Charm::subcommand`]. In a test an
//! [`Explainer`] tells which handlers ran and why, and [`Charm::check_folder`]
//! whether the charm fits its YAML, as `cargo charm pack` asks it, too.
//!
//! # Crate features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `sqlite` | yes | [`SqliteStore`], which keeps state in `.unit-state.db` as Python does; a charm without it needs [`Charm::store`] |
//!
//! # What is not here
//!
//! - `RelationBase` and conversations, deprecated in Python since 0.6. Their
//!   rows are left as they are.
//! - Handlers that are programs. A handler is a function, which may start one.
//! - Any interface.
//! - What a charm does to its machine: `charm-machine`.
//!
//! [Juju]: https://juju.is

mod charm;
#[doc = include_str!("../docs/coming-from-charms-reactive.md")]
pub mod coming_from_charms_reactive {}
mod condition;
mod context;
mod endpoint;
mod failure;
mod flag;
mod handler;
mod key_list;
mod misfit;
mod request;
mod run;
mod state;
#[doc(hidden)]
pub mod testing;
mod trace;

pub use charm::Charm;
pub use charm::action::{ActionFunction, WithParameters, WithoutParameters};
pub use charm::charm_yaml::CharmYamlError;
pub use charm::check_faults::{CheckFaults, CheckFolderError};
pub use charm::command_answer::CommandAnswer;
pub use charm::explainer::Explainer;
pub use charm::explanation::{
    ExplainedFlag, ExplainedHandler, ExplainedPhase, Explanation, Outcome,
};
pub use charm::graph::Graph;
pub use charm::subcommand_end::SubcommandEnd;
pub use condition::invocation_id::InvocationId;
pub use condition::watched_files::WatchedFileError;
pub use condition::{Condition, all, always, any, files_changed, hook, none, not_all, once, test};
pub use context::Context;
pub use endpoint::Endpoint;
pub use endpoint::combined_units_view::CombinedUnitsView;
pub use endpoint::departed_units::DepartedUnits;
pub use endpoint::endpoint_handlers::EndpointHandlers;
pub use endpoint::endpoint_key::EndpointKey;
pub use endpoint::interface::Interface;
pub use endpoint::publish::{Publish, PublishError};
pub use endpoint::received::{ReceivedData, SettingError};
pub use endpoint::related_unit::RelatedUnit;
pub use endpoint::relation::Relation;
pub use failure::{Failure, OrStatus, Result, blocked, maintenance, waiting};
pub use flag::flag_groups::config_changes::ConfigChanges;
pub use flag::flag_groups::leader_settings_flags::NoLeaderSettingsError;
pub use flag::flag_groups::python_config_file::PythonConfigError;
pub use flag::flags::Flags;
pub use flag::trigger::{Trigger, TriggerLoopError};
pub use flag::{Flag, ParseFlagError};
pub use handler::dispatcher::{EndlessError, HandlerError};
pub use handler::events::Events;
pub use handler::hook_pattern::{HookPattern, ParseHookPatternError};
pub use key_list::cached_key_list::CachedKeyList;
pub use key_list::{KeyList, KeyOrIndex, Keyed};
pub use request::created_request::CreatedRequest;
pub use request::malformed_request::MalformedRequest;
pub use request::received_request::ReceivedRequest;
pub use request::received_response::ReceivedResponse;
pub use request::request_id::{ParseRequestIdError, RequestId};
pub use request::requester_endpoint::RequesterEndpoint;
pub use request::responder_endpoint::ResponderEndpoint;
pub use request::{Request, RequestOwner};
pub use run::run_kind::RunKind;
pub use state::kv::{Kv, KvError};
pub use state::memory_store::MemoryStore;
#[cfg(feature = "sqlite")]
pub use state::sqlite_store::SqliteStore;
pub use state::store::{Loaded, RowChanges, Rows, Store};
pub use state::store_error::StoreError;
pub use trace::{FlagChange, Phase, TraceEvent, TracedHandler, Tracer};
