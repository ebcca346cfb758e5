/// When a charm wants its machine rebooted: what `juju-reboot` was told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reboot {
    /// When the operation has succeeded.
    Afterwards,
    /// At once: the charm is killed.
    Now,
}
