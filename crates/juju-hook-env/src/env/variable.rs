//! The names of the variables that Juju sets, in one place, and of the one
//! that is the operator's: [`CHARM_AGENT`].
//!
//! Juju sets a variable that has nothing to say to the empty string as often
//! as it leaves it out, so [`HookEnv`](crate::HookEnv) takes both for the same.

/// Declares a constant for each variable, and the list of them all.
macro_rules! variables {
    ($($(#[$doc:meta])* $name:ident $(= $text:literal)?,)*) => {
        $($(#[$doc])* pub const $name: &str = variables!(@text $name $($text)?);)*

        /// The name of every variable that [`HookEnv`](crate::HookEnv) knows,
        /// in alphabetical order.
        pub const ALL: &[&str] = &[$($name,)*];
    };
    (@text $name:ident) => { stringify!($name) };
    (@text $name:ident $text:literal) => { $text };
}

variables! {
    /// Keeps package installations quiet: `none`.
    APT_LISTCHANGES_FRONTEND,
    /// Which way hook tools are called: `programs`, `socket` or
    /// `socket-then-programs`. Juju never sets it, see
    /// [`UnitAgent`](crate::UnitAgent).
    CHARM_AGENT,
    /// The old name of [`JUJU_CHARM_DIR`].
    CHARM_DIR,
    /// The version of the cloud's API; on Kubernetes that of the cluster.
    CLOUD_API_VERSION,
    /// Keeps package installations from asking: `noninteractive`.
    DEBIAN_FRONTEND,
    /// The model's old-style proxy for FTP.
    FTP_PROXY,
    /// The model's old-style proxy for HTTPS.
    HTTPS_PROXY,
    /// The model's old-style proxy for HTTP.
    HTTP_PROXY,
    /// The name of the running action.
    JUJU_ACTION_NAME,
    /// The tag of the running action, `action-7`.
    JUJU_ACTION_TAG,
    /// The id of the running action, a decimal number.
    JUJU_ACTION_UUID,
    /// The file with the certificate that the agent's TCP socket shows (old
    /// Kubernetes charms, up to 3.6).
    JUJU_AGENT_CA_CERT,
    /// Where the agent's socket is.
    JUJU_AGENT_SOCKET_ADDRESS,
    /// What kind of socket it is: `unix` or `tcp`.
    JUJU_AGENT_SOCKET_NETWORK,
    /// A secret for the agent's TCP socket (old Kubernetes charms, up to 3.6).
    JUJU_AGENT_TOKEN,
    /// The addresses of the controller, `HOST:PORT` with blanks between.
    JUJU_API_ADDRESSES,
    /// The availability zone of the machine.
    JUJU_AVAILABILITY_ZONE,
    /// The folder of the charm's files.
    JUJU_CHARM_DIR,
    /// The model's proxy for FTP.
    JUJU_CHARM_FTP_PROXY,
    /// The model's proxy for HTTPS.
    JUJU_CHARM_HTTPS_PROXY,
    /// The model's proxy for HTTP.
    JUJU_CHARM_HTTP_PROXY,
    /// What is to be reached without a proxy.
    JUJU_CHARM_NO_PROXY,
    /// The certificate of the OTLP endpoints (4.0.6 and later).
    JUJU_CHARM_TRACE_CONFIG_CA_CERT,
    /// The OTLP endpoint that speaks gRPC (4.0.6 and later).
    JUJU_CHARM_TRACE_CONFIG_GRPC,
    /// The OTLP endpoint that speaks HTTP (4.0.6 and later).
    JUJU_CHARM_TRACE_CONFIG_HTTP,
    /// The id of this run, which hook tools show to the agent.
    JUJU_CONTEXT_ID,
    /// The folder of a debugging session.
    JUJU_DEBUG,
    /// The breakpoints of a debugging session, with commas between.
    JUJU_DEBUG_AT,
    /// The unit that leaves the relation.
    JUJU_DEPARTING_UNIT,
    /// What to run: `hooks/NAME` or `actions/NAME`.
    JUJU_DISPATCH_PATH,
    /// The name of the hook; empty in an action.
    JUJU_HOOK_NAME,
    /// The machine that the unit runs on.
    JUJU_MACHINE_ID,
    /// What is to be said about the metering status (up to 3.6.9).
    JUJU_METER_INFO,
    /// The metering status (up to 3.6.9).
    JUJU_METER_STATUS,
    /// The name of the model.
    JUJU_MODEL_NAME,
    /// The UUID of the model.
    JUJU_MODEL_UUID,
    /// The id of the Pebble notice.
    JUJU_NOTICE_ID,
    /// The key of the Pebble notice.
    JUJU_NOTICE_KEY,
    /// The type of the Pebble notice: `custom`.
    JUJU_NOTICE_TYPE,
    /// The Pebble check.
    JUJU_PEBBLE_CHECK_NAME,
    /// The unit that this unit is a subordinate of.
    JUJU_PRINCIPAL_UNIT,
    /// The charm's own endpoint of the relation.
    JUJU_RELATION,
    /// The id of the relation, `ENDPOINT:NUMBER`.
    JUJU_RELATION_ID,
    /// The application at the other end of the relation.
    JUJU_REMOTE_APP,
    /// The unit at the other end of the relation.
    JUJU_REMOTE_UNIT,
    /// The id of the secret.
    JUJU_SECRET_ID,
    /// The label of the secret.
    JUJU_SECRET_LABEL,
    /// The revision of the secret.
    JUJU_SECRET_REVISION,
    /// The service level of the model (up to 3.6).
    JUJU_SLA,
    /// The agent's tracing span (4.0 and later).
    JUJU_SPAN_ID,
    /// The id of the storage instance, `NAME/NUMBER`.
    JUJU_STORAGE_ID,
    /// What the storage is: `block` or `filesystem`.
    JUJU_STORAGE_KIND,
    /// The mount point or block device of the storage.
    JUJU_STORAGE_LOCATION,
    /// The release that the machine is upgraded to, `ubuntu@22.04`.
    JUJU_TARGET_BASE,
    /// The code name of that release.
    JUJU_TARGET_SERIES,
    /// The flags of the agent's trace, a decimal number (4.0 and later).
    JUJU_TRACE_FLAGS,
    /// The agent's trace (4.0 and later).
    JUJU_TRACE_ID,
    /// The name of the unit.
    JUJU_UNIT_NAME,
    /// The version of the agent.
    JUJU_VERSION,
    /// The workload container that the hook is about.
    JUJU_WORKLOAD_NAME,
    /// The URL of the Kubernetes API.
    KUBERNETES_PORT,
    /// The same URL.
    KUBERNETES_PORT_443_TCP,
    /// The address in that URL.
    KUBERNETES_PORT_443_TCP_ADDR,
    /// The port in that URL.
    KUBERNETES_PORT_443_TCP_PORT,
    /// The protocol in that URL.
    KUBERNETES_PORT_443_TCP_PROTO,
    /// The name of the Kubernetes API's service.
    KUBERNETES_SERVICE,
    /// The address of the Kubernetes API.
    KUBERNETES_SERVICE_HOST,
    /// The port of the Kubernetes API.
    KUBERNETES_SERVICE_PORT,
    /// The port of the Kubernetes API for HTTPS.
    KUBERNETES_SERVICE_PORT_HTTPS,
    /// The locale, `C.UTF-8`.
    LANG,
    /// What the old-style proxies are not for.
    NO_PROXY,
    /// Where programs are found, the hook tools first.
    PATH,
    /// The kind of terminal.
    TERM,
    /// The lower-case twin of [`FTP_PROXY`].
    FTP_PROXY_LOWER = "ftp_proxy",
    /// The lower-case twin of [`HTTP_PROXY`].
    HTTP_PROXY_LOWER = "http_proxy",
    /// The lower-case twin of [`HTTPS_PROXY`].
    HTTPS_PROXY_LOWER = "https_proxy",
    /// The lower-case twin of [`NO_PROXY`].
    NO_PROXY_LOWER = "no_proxy",
}
