//! Two things that are measured in turn.

use std::fmt;
use std::time::Duration;

/// What two things cost, measured in turn, so that both see the same machine.
pub(crate) struct SideBySide<T> {
    /// Of each round.
    rounds: Vec<(T, T)>,
}

impl<T> SideBySide<T> {
    pub(crate) fn measure(
        rounds: usize,
        mut one: impl FnMut() -> T,
        mut other: impl FnMut() -> T,
    ) -> Self {
        // The first of each fills caches.
        one();
        other();
        Self { rounds: (0..rounds).map(|_| (one(), other())).collect() }
    }

    pub(crate) fn map<U>(&self, f: impl Fn(&T) -> U) -> SideBySide<U> {
        SideBySide { rounds: self.rounds.iter().map(|(one, other)| (f(one), f(other))).collect() }
    }
}

impl SideBySide<Duration> {
    /// Returns the median of what the one took.
    pub(crate) fn one(&self) -> Duration {
        median(self.rounds.iter().map(|(one, _)| *one))
    }

    /// Returns the median of what the other took.
    pub(crate) fn other(&self) -> Duration {
        median(self.rounds.iter().map(|(_, other)| *other))
    }

    /// Returns the median of how many times as long as the other the one took.
    pub(crate) fn ratio(&self) -> f64 {
        let ratio = |(one, other): &(Duration, Duration)| one.as_secs_f64() / other.as_secs_f64();
        let mut ratios: Vec<f64> = self.rounds.iter().map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }
}

impl fmt::Display for SideBySide<Duration> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = (millis(self.one()), millis(self.other()));
        write!(f, "{one:.2} ms and {other:.2} ms: {:.2}", self.ratio())
    }
}

pub(crate) fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
