use std::fmt;
use std::time::Duration;

/// Something that goes wrong, once, in one hook or action.
///
/// [`Simulator::inject`](crate::Simulator::inject) takes it for the next
/// operation of a unit, [`SimulatorBuilder::inject`] for one by its number in
/// the whole run. [`Operation::faults`] tells what has struck. What cannot
/// strike, such as a kill at the ninth call of a hook that makes three, is
/// [`SimulatorError::FaultsMissed`].
///
/// A call is counted from 1, and is what [`Operation::calls`] lists. A charm
/// that is a function cannot be killed: from the moment of its death on, each
/// of its calls ends with an error, and whatever it returns, the operation has
/// ended by signal 9.
///
/// [`Operation::calls`]: crate::Operation::calls
/// [`Operation::faults`]: crate::Operation::faults
/// [`SimulatorBuilder::inject`]: crate::SimulatorBuilder::inject
/// [`SimulatorError::FaultsMissed`]: crate::SimulatorError::FaultsMissed
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The agent's socket goes away when the charm makes its call of that
    /// number: all connections are closed, the call is not answered, and nobody
    /// can connect any more.
    DropSocketAtCall(usize),
    /// What the charm has changed is refused as a whole at the end.
    FailFlush,
    /// Each call of this hook tool fails with exit code 1, and does nothing.
    FailTool(String),
    /// The charm's folder is on a disk that has no room left: what the charm
    /// writes there meets `ENOSPC`. An empty file can still be made, and a file
    /// that is removed gives its room back.
    ///
    /// The folder is on a file system of its own while the operation runs, in a
    /// mount namespace that only the charm is in. That needs the programs
    /// `unshare` and `nsenter`, and either root or a machine that lets everybody
    /// make user namespaces, in which the charm then believes to be root. A
    /// function finds the folder under the path in `JUJU_CHARM_DIR` only. The
    /// agent is elsewhere: a file that a tool is to read comes from the folder as
    /// it was before.
    FullDisk,
    /// The charm is killed when it has run for that long by the wall clock.
    KillAfter(Duration),
    /// The charm is killed when the agent has done what its call of that number
    /// asks, and before it has the answer.
    KillAfterCall(usize),
    /// The charm is killed when it makes its call of that number, before the
    /// agent does anything.
    KillAtCall(usize),
    /// The charm is killed after the last thing that it does, and before its
    /// exit: it runs to its end, which then counts as a death by signal 9. From
    /// outside the two are the same.
    KillAtExit,
    /// Another unit of the application is the leader when the charm makes its
    /// call of that number. If there is no other unit, nobody is the leader
    /// until the operation has ended, and then the unit is elected again. It
    /// does not strike in a unit that is not the leader.
    LoseLeadershipAtCall(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DropSocketAtCall(call) => write!(f, "socket dropped at call {call}"),
            Self::FailFlush => f.write_str("flush refused"),
            Self::FailTool(tool) => write!(f, "{tool} fails"),
            Self::FullDisk => f.write_str("disk full"),
            Self::KillAfter(time) => write!(f, "killed after {time:?}"),
            Self::KillAfterCall(call) => write!(f, "killed after call {call}"),
            Self::KillAtCall(call) => write!(f, "killed at call {call}"),
            Self::KillAtExit => f.write_str("killed at its exit"),
            Self::LoseLeadershipAtCall(call) => write!(f, "leadership lost at call {call}"),
        }
    }
}
