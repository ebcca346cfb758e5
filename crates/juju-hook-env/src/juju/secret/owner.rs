//! Who owns a secret.

/// Who owns a secret.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "of a charm's secrets, Juju knows these owners")]
pub enum SecretOwner {
    /// The application; only its leader can change the secret.
    Application,
    /// This unit.
    Unit,
}
