/// What becomes of a hook that has failed, when its error is resolved.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "`juju resolved` has these two ways and no other")]
pub enum Retry {
    /// It is skipped, as if it had succeeded: `juju resolved --no-retry`.
    No,
    /// It is run again at once: `juju resolved`.
    Yes,
}
