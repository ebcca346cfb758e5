//! Where traces go (4.0.6 and later).

/// Where the model wants the charm's own traces to be sent (4.0.6 and later).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct TraceConfig {
    /// The certificate of both endpoints, as text.
    pub ca_cert: Option<String>,
    /// The OTLP endpoint that speaks gRPC.
    pub grpc: Option<String>,
    /// The OTLP endpoint that speaks HTTP.
    pub http: Option<String>,
}
