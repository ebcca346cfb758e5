//! What the charm was told, and when.

use std::collections::HashMap;
use std::str::FromStr;

/// A line of what `juju-exec` has written down.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Whether it began then, or ended.
    pub(crate) is_begin: bool,
    /// In microseconds since 1970.
    pub(crate) time: u64,
    /// The event without `service-`, such as `web-7-started`.
    pub(crate) event: String,
}

impl FromStr for Told {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let words: Vec<_> = line.split(' ').collect();
        let [word, time, event] = words[..] else { return Err(line.to_owned()) };
        let time = time.parse().map_err(|_| line.to_owned())?;
        Ok(Self { is_begin: word == "begin", time, event: event.to_owned() })
    }
}

/// Returns how many were told at one time.
pub(crate) fn most_at_once(told: &[Told]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for told in told {
        now = if told.is_begin { now + 1 } else { now.saturating_sub(1) };
        most = most.max(now);
    }
    most
}

/// Returns how many events came, and how many of them at a wrong place: a start
/// of what was up already, or an end of what was down.
pub(crate) fn wrong_places(told: &[Told]) -> (usize, usize) {
    // All services are up at first.
    let mut is_up: HashMap<&str, bool> = HashMap::new();
    let (mut all, mut wrong) = (0, 0);
    for told in told.iter().filter(|told| told.is_begin) {
        let (alias, what) = told.event.rsplit_once('-').unwrap();
        let is_start = what == "started";
        let was_up = is_up.insert(alias, is_start).unwrap_or(true);
        all += 1;
        wrong += usize::from(was_up == is_start);
    }
    (all, wrong)
}

/// Returns how long after each change the charm began to be told, in
/// microseconds; `None` if it was not told.
pub(crate) fn delays(changes: &[(u64, String)], told: &[Told]) -> Vec<Option<u64>> {
    let mut told = told.iter().filter(|told| told.is_begin).peekable();
    let delay = |(changed, event): &(u64, String)| {
        while told.next_if(|told| told.time < *changed).is_some() {}
        let told = told.next_if(|told| told.event == *event)?;
        Some(told.time - changed)
    };
    changes.iter().map(delay).collect()
}
