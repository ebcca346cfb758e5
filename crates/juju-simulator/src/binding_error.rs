use thiserror::Error;

/// Why endpoints are not bound to spaces.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum BindingError {
    /// What is asked for cannot be read.
    #[error("cannot parse binding \"{binding}\": it must be `ENDPOINT=SPACE` or `SPACE`")]
    Binding {
        /// The part that cannot be read.
        binding: String,
    },
    /// More than one space is to be the one for all other endpoints.
    #[error("cannot bind to \"{space}\" by default: \"{default}\" is the default space already")]
    Default {
        /// The second one.
        space: String,
        /// The first one.
        default: String,
    },
    /// The charm has no such endpoint.
    #[error("unknown endpoint \"{endpoint}\" not valid")]
    Endpoint {
        /// The name.
        endpoint: String,
    },
    /// The model has no such space.
    #[error("space \"{space}\" not found")]
    Space {
        /// The name.
        space: String,
    },
}
