//! A service that the charm wants to hear of.

/// A service that the charm wants to hear of, or another unit of systemd that
/// starts and stops.
///
/// Plain text is a service, too, wherever one is asked for.
///
/// ```
/// use systemd_notices::Service;
///
/// let database = Service::new("snap.postgresql.daemon").alias("database").with_failed();
/// let nightly = Service::from("backup.timer");
/// ```
///
/// What the text may be is only checked by the
/// [`WatchList`](crate::WatchList) that it becomes part of.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Service {
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) failed: bool,
    pub(crate) restarted: bool,
}

impl Service {
    /// Names the unit: `nginx`, `web@1`, `backup.timer`. A name without one of
    /// systemd's suffixes is that of a `.service`.
    ///
    /// It may be an alias. One that is made while the daemon runs needs a
    /// `systemctl daemon-reload` (`systemctl enable` does one): until then,
    /// systemd calls the unit by its own name alone.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), alias: None, failed: false, restarted: false }
    }

    /// Replaces the part of the names of the events that is otherwise derived
    /// from the name of the unit: with the alias `web`, its events are
    /// `service-web-started` and `service-web-stopped`.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// Asks for `service-<alias>-failed` in place of `service-<alias>-stopped`
    /// when the unit has failed, also if systemd is about to start it again.
    #[must_use]
    pub fn with_failed(mut self) -> Self {
        self.failed = true;
        self
    }

    /// Asks for `service-<alias>-restarted` in place of a
    /// `service-<alias>-stopped` with a `service-<alias>-started` right after
    /// it, when the unit has come up anew before its end was told.
    ///
    /// The end is not told for as long as systemd is to bring the unit up
    /// again, which `RestartSec=` may make long.
    #[must_use]
    pub fn with_restarted(mut self) -> Self {
        self.restarted = true;
        self
    }
}

impl From<&str> for Service {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Service {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}
