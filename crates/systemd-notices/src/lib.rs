//! Wakes a Juju charm when a systemd unit on its machine changes.
//!
//! # Crate features
//!
//! - `daemon` (default): the daemon that watches systemd, as a call.

mod active_state;
#[cfg(feature = "daemon")]
mod daemon;
mod executable;
mod invocation_id;
mod main_exit;
mod notice;
mod notice_event;
mod notices;
mod notices_error;
mod notices_paths;
mod object_label;
mod python_hooks;
mod service;
mod service_alias;
mod setup;
mod shell_quoting;
mod systemctl;
mod systemd_unit_name;
mod text;
mod text_file;
mod unit_file;
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
pub use notices::SystemdNotices;
pub use notices_error::NoticesError;
pub use service::Service;
pub use service_alias::{ParseServiceAliasError, ServiceAlias};
pub use systemd_unit_name::{ParseSystemdUnitNameError, SystemdUnitName};
pub use unit_file::SUBCOMMAND;
pub use watch_list::{WatchList, WatchListError};
pub use watched_service::{WatchedService, WatchedServiceError};
pub use word::{ParseWordError, Word};
