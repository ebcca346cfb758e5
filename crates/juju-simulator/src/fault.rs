/// Something that goes wrong, once, in the next hook or action of a unit.
///
/// [`Simulator::inject`](crate::Simulator::inject) takes it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// What the charm has changed is refused as a whole at the end.
    FailFlush,
    /// Each call of this hook tool fails with exit code 1, and does nothing.
    FailTool(String),
    /// The charm is killed when it makes its call of that number, counted from
    /// 1, before the agent does anything. A charm that is a function gets an
    /// error for this call and all others, and whatever it returns has failed.
    KillAtCall(usize),
}
