//! Which secret is meant, and which revision.

use juju_types::SecretId;

/// Which secret is meant.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "Juju finds secrets in these two ways")]
pub enum SecretRef {
    /// The one with this id.
    Id(SecretId),
    /// The one to which this unit or application has given this label.
    Label(String),
}

impl From<SecretId> for SecretRef {
    fn from(id: SecretId) -> Self {
        Self::Id(id)
    }
}

impl From<&SecretId> for SecretRef {
    fn from(id: &SecretId) -> Self {
        Self::Id(id.clone())
    }
}

/// Which secret is to be read, and which revision of it.
///
/// Each reader *tracks* a revision: the one that was the latest when it first
/// read the secret. It goes on to read that one, also as the owner, until it
/// asks for the latest.
///
/// ```
/// use juju_hook_env::SecretQuery;
/// use juju_types::SecretId;
///
/// let id: SecretId = "secret:9m4e2mr0ui3e8a215n4g".parse()?;
/// let tracked = SecretQuery::id(&id);
/// let latest = SecretQuery::label("db-password").refresh();
/// assert_ne!(tracked, latest);
/// # Ok::<(), juju_types::ParseSecretIdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[must_use]
pub struct SecretQuery {
    pub(super) secret: SecretRef,
    pub(super) new_label: Option<String>,
    pub(super) reading: Reading,
}

impl SecretQuery {
    /// Reads the secret with this id.
    pub fn id(id: &SecretId) -> Self {
        SecretRef::from(id).into()
    }

    /// Reads the secret with this label.
    pub fn label(label: impl Into<String>) -> Self {
        SecretRef::Label(label.into()).into()
    }

    /// Gives a secret that is looked up by its id a label, by which this
    /// reader finds it from now on. Only the reader knows it.
    ///
    /// On a secret that is looked up by its label this is an error.
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.new_label = Some(label.into());
        self
    }

    /// Reads the latest revision, and goes on to track the old one.
    pub fn peek(mut self) -> Self {
        self.reading = Reading::Peek;
        self
    }

    /// Reads the latest revision, and tracks that one from now on.
    pub fn refresh(mut self) -> Self {
        self.reading = Reading::Refresh;
        self
    }
}

impl<R: Into<SecretRef>> From<R> for SecretQuery {
    fn from(secret: R) -> Self {
        Self { secret: secret.into(), new_label: None, reading: Reading::Tracked }
    }
}

/// Which revision is to be read.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Reading {
    Peek,
    Refresh,
    Tracked,
}

impl Reading {
    pub(super) fn flag(self) -> Option<&'static str> {
        match self {
            Self::Peek => Some("--peek"),
            Self::Refresh => Some("--refresh"),
            Self::Tracked => None,
        }
    }
}
