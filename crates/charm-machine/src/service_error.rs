//! Why systemd did not do what it was asked.

use thiserror::Error;

use crate::command_error::CommandError;
use crate::file_error::FileError;
use crate::name::ParseNameError;
use crate::service_name::ServiceName;

/// Why systemd did not do what it was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// `systemctl` failed or could not be run.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A unit file could not be written or removed.
    #[error(transparent)]
    File(#[from] FileError),
    /// Somebody forbade the service, which a charm should respect.
    #[error(
        "`{service}` is masked: it can be neither started nor enabled before `systemctl unmask {service}`"
    )]
    Masked {
        /// The service.
        service: ServiceName,
    },
    /// A name breaks a rule.
    #[error(transparent)]
    Name(#[from] ParseNameError),
    /// systemd does not know the service.
    #[error(
        "systemd does not know `{service}`: install the package that brings it, or write its unit file first"
    )]
    NotFound {
        /// The service.
        service: ServiceName,
    },
}
