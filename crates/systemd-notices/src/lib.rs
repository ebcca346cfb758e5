//! Wakes a Juju charm when a systemd unit on its machine changes.
//!
//! # Crate features
//!
//! - `daemon` (default): the daemon that watches systemd, as a call.

mod active_state;
#[cfg(feature = "daemon")]
mod daemon;
mod invocation_id;
mod main_exit;
mod notice;
mod notice_event;
#[expect(dead_code, reason = "its users follow")]
mod notices_paths;
mod object_label;
mod service;
mod service_alias;
mod shell_quoting;
mod systemd_unit_name;
mod text;
mod watch_list;
mod watched_service;
mod word;

pub use active_state::{ActiveState, ParseActiveStateError};
#[cfg(feature = "daemon")]
pub use daemon::daemon;
pub use invocation_id::{InvocationId, ParseInvocationIdError};
pub use main_exit::{MainExit, ParseMainExitError};
pub use notice::{Notice, ParseNoticeError};
pub use notice_event::{NoticeEvent, ParseNoticeEventError};
pub use service::Service;
pub use service_alias::{ParseServiceAliasError, ServiceAlias};
pub use systemd_unit_name::{ParseSystemdUnitNameError, SystemdUnitName};
pub use watch_list::{WatchList, WatchListError};
pub use watched_service::{WatchedService, WatchedServiceError};
pub use word::{ParseWordError, Word};
