//! What Kubernetes says about its API.

use crate::address::Address;

/// The variables that Kubernetes gives every container and Juju passes on to
/// the charm. Machine charms see none of them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct KubernetesApi {
    /// The address of the service.
    pub host: Option<Address>,
    /// The port of the service.
    pub port: Option<u16>,
    /// The port of the service for HTTPS.
    pub port_https: Option<u16>,
    /// The name of the service.
    pub service: Option<String>,
    /// The address in [`tcp_url`](Self::tcp_url).
    pub tcp_address: Option<Address>,
    /// The port in [`tcp_url`](Self::tcp_url).
    pub tcp_port: Option<u16>,
    /// The protocol in [`tcp_url`](Self::tcp_url).
    pub tcp_protocol: Option<String>,
    /// The service as `tcp://ADDRESS:PORT`, for port 443.
    pub tcp_url: Option<String>,
    /// The service as `tcp://ADDRESS:PORT`.
    pub url: Option<String>,
}
