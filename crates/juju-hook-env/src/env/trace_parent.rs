//! The agent's own span (4.0 and later).

/// The agent's own span, which the charm's spans can have as their parent.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TraceParent {
    /// The id of the trace, hexadecimal.
    pub trace_id: String,
    /// The id of the agent's span, hexadecimal.
    pub span_id: String,
    /// The flags of the trace.
    pub flags: u8,
}

impl TraceParent {
    /// Describes the span `span_id` of the trace `trace_id`.
    pub fn new(trace_id: impl Into<String>, span_id: impl Into<String>, flags: u8) -> Self {
        Self { trace_id: trace_id.into(), span_id: span_id.into(), flags }
    }
}
