//! What the daemon promises, as an assertion: at least once, per service in
//! order, latest state wins.
//!
//! The tests under a real systemd and those without one both use it.

use std::collections::BTreeSet;

/// A unit came up or went down.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Happened {
    pub(crate) unit: String,
    pub(crate) is_up: bool,
    /// Which run of the unit this began or ended.
    pub(crate) run: String,
}

/// The charm was told something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Said {
    pub(crate) unit: String,
    /// `started`, `stopped`, `failed` or `restarted`.
    pub(crate) event: String,
    /// Which run this is about, if it says so.
    pub(crate) run: Option<String>,
    pub(crate) merged: bool,
    pub(crate) id: String,
}

impl Said {
    fn is_up(&self) -> bool {
        ["started", "restarted"].contains(&self.event.as_str())
    }

    fn is_about(&self, happened: &Happened) -> bool {
        let is_run = self.run.as_ref().is_none_or(|run| *run == happened.run);
        self.is_up() == happened.is_up && is_run
    }

    /// Tells whether this says that systemd has given up the run whose `end` is
    /// known. It has said before that the run has failed.
    fn is_given_up(&self, end: &Happened, all: &[Happened]) -> bool {
        let ends = all.iter().filter(|happened| *happened == end).count();
        self.event == "failed" && self.run.is_some() && self.is_about(end) && ends > 1
    }
}

/// Returns where `said` breaks the promise, given everything that `happened`.
///
/// Each time that the daemon or the machine dies during a delivery, that one
/// notice may be repeated: `repeats` is how often.
pub(crate) fn faults(happened: &[Happened], said: &[Said], repeats: usize) -> Vec<String> {
    let all = happened;
    let happened = once(all);
    let units: BTreeSet<_> = happened.iter().map(|happened| &happened.unit).collect();
    let units = units.into_iter().chain(said.iter().map(|said| &said.unit));
    let units: BTreeSet<_> = units.collect();
    let mut faults = Vec::new();
    let mut repeated = 0;
    for unit in units {
        let happened: Vec<_> = happened.iter().filter(|happened| happened.unit == *unit).collect();
        // How much of it the charm knows.
        let mut known: usize = 0;
        let mut last: Option<&Said> = None;
        for said in said.iter().filter(|said| said.unit == *unit) {
            if let Some(last) = last.filter(|last| last.id == said.id) {
                repeated += 1;
                if (&last.event, &last.run) != (&said.event, &said.run) {
                    faults.push(format!("{said:?} is said to be {last:?}"));
                }
                continue;
            }
            last = Some(said);
            let last_known = known.checked_sub(1).map(|last| happened[last]);
            if last_known.is_some_and(|end| said.is_given_up(end, all)) {
                continue;
            }
            let rest = happened.iter().skip(known);
            let Some(position) = rest.clone().position(|happened| said.is_about(happened)) else {
                let rest: Vec<_> = rest.collect();
                faults.push(format!("{said:?} did not happen, or not then, but {rest:?}"));
                continue;
            };
            // A run that began and ended while nobody looked leaves no trace,
            // so that only the end of a run that the charm knows can be said to
            // be left out. A restart is that end, too.
            let knows_run = last_known.is_some_and(|last| last.is_up);
            if position > 0 && knows_run && said.event != "restarted" && !said.merged {
                faults.push(format!("{said:?} leaves out {position} without saying so"));
            }
            known += position + 1;
        }
        let is_up = happened.last().is_some_and(|last| last.is_up);
        let is_known_as_up = known > 0 && happened[known - 1].is_up;
        if is_up != is_known_as_up || (is_up && known != happened.len()) {
            let rest: Vec<_> = happened.iter().skip(known).collect();
            faults.push(format!("of {unit}, the charm does not know {rest:?}"));
        }
    }
    if repeated > repeats {
        faults.push(format!("{repeated} notices were repeated, and not {repeats}"));
    }
    faults
}

/// Leaves out what happened to a run once more: systemd says more than once
/// that it has ended. What has ended does not start, such as a `oneshot`.
fn once(happened: &[Happened]) -> Vec<Happened> {
    let mut once: Vec<Happened> = Vec::new();
    for next in happened {
        let is_known = |earlier: &Happened| {
            earlier.unit == next.unit
                && earlier.run == next.run
                && (earlier.is_up == next.is_up || next.is_up)
        };
        if !once.iter().any(is_known) {
            once.push(next.clone());
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `+1 -1`: run 1 came up, and went down.
    fn happened(text: &str) -> Vec<Happened> {
        let one = |word: &str| Happened {
            unit: "web".to_owned(),
            is_up: word.starts_with('+'),
            run: word[1..].to_owned(),
        };
        text.split_whitespace().map(one).collect()
    }

    /// Reads `started-1 stopped-1-merged`, each with an id of its own, except
    /// for what is said twice in a row.
    fn said(text: &str) -> Vec<Said> {
        let one = |word: &str| {
            let mut parts = word.split('-').map(str::to_owned);
            Said {
                unit: "web".to_owned(),
                event: parts.next().unwrap(),
                run: parts.next().filter(|run| !run.is_empty()),
                merged: parts.next().is_some(),
                id: word.to_owned(),
            }
        };
        text.split_whitespace().map(one).collect()
    }

    #[test]
    fn what_is_kept() {
        for (events, notices, repeats) in [
            ("", "", 0),
            ("-1 -2", "", 0),
            ("+1 -1 -1 -1", "started-1 stopped-1", 0),
            ("+1 -1 +2", "started-1 stopped-1 started-2", 0),
            ("+1 -1 +2", "started-1 restarted-2", 0),
            ("+1 -1 +2 -2 +3", "started-1 stopped-1-merged started-3-merged", 0),
            ("+1 -1 +2 -2", "started-1 stopped-2-merged", 0),
            ("+1 -1 +2 -2", "started-1 stopped--merged", 0),
            ("+1 -1 -2 +3", "started-1 restarted-3", 0),
            ("+1 -1 +2 -2 +3", "started-1 restarted-3", 0),
            ("-1 -2 -2", "failed-1 failed-2 failed-2-", 0),
            ("+1 -1", "", 0),
            ("-1 +1", "failed-1", 0),
            ("+1 -1", "started-1 started-1 stopped-1", 1),
        ] {
            let faults = faults(&happened(events), &said(notices), repeats);
            assert_eq!(faults, [""; 0], "{events}: {notices}");
        }
    }

    #[test]
    fn what_is_broken() {
        for (events, notices) in [
            ("+1", ""),
            ("+1 -1", "started-1"),
            ("+1 -1 +2", "started-1"),
            ("+1 -1 +2", "started-1 stopped-1"),
            ("+1 -1 +2", "started-1 started-2"),
            ("+1 -1 +2 -2", "started-1 stopped-2"),
            ("+1 -1", "stopped-1 started-1"),
            ("+1 -1", "stopped-1-merged started-1-merged stopped-1-merged"),
            ("+1", "started-1 started-1"),
            ("+1 -1", "started-1 stopped-1 stopped--merged"),
            ("-1", "failed-1 failed-1-"),
            ("+1", "started-2"),
            ("", "stopped-1"),
        ] {
            assert_ne!(
                faults(&happened(events), &said(notices), 0),
                [""; 0],
                "{events}: {notices}"
            );
        }
    }
}
