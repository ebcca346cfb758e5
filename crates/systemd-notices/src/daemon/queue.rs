//! The units of which there is something to tell.

use std::collections::{BTreeSet, VecDeque};

use crate::systemd_unit_name::SystemdUnitName;

/// The units of which there is something to tell, in the order in which they
/// have changed.
///
/// Each is in it once, however often it changes: what is told is decided when
/// its turn comes. So a unit that flaps takes no more room than another.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    order: VecDeque<SystemdUnitName>,
    waiting: BTreeSet<SystemdUnitName>,
}

impl Queue {
    /// Puts `name` at the end, unless it waits already.
    pub(crate) fn push(&mut self, name: SystemdUnitName) {
        if self.waiting.insert(name.clone()) {
            self.order.push_back(name);
        }
    }

    /// Puts `name` before all others.
    pub(crate) fn push_first(&mut self, name: SystemdUnitName) {
        if !self.waiting.insert(name.clone()) {
            self.order.retain(|waiting| *waiting != name);
        }
        self.order.push_front(name);
    }

    /// Takes the first.
    pub(crate) fn pop(&mut self) -> Option<SystemdUnitName> {
        let name = self.order.pop_front()?;
        self.waiting.remove(&name);
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_waits_once_where_it_was_put_first() {
        let name = |name: &str| name.parse::<SystemdUnitName>().unwrap();
        let mut queue = Queue::default();
        for unit in ["a", "b", "c", "a"] {
            queue.push(name(unit));
        }
        queue.push_first(name("b"));
        queue.push(name("b"));
        assert_eq!(queue.pop(), Some(name("b")));
        queue.push(name("b"));
        let rest: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(rest, ["a", "c", "b"].map(name));
    }
}
