//! When the charm may be told of a unit again.

use std::time::Duration;

use tokio::time::Instant;

use crate::daemon::backoff::Backoff;

/// When the charm may be told of a unit again, so that no unit keeps the agent
/// busy, whatever the unit or the charm does.
///
/// The first notices go out at once. A unit that goes on changing is then told
/// of at a steady pace, and so is one that the charm itself restarts on each
/// notice; the latest state wins meanwhile. After a refusal, the unit rests,
/// and longer after each in a row: what was in the charm's way may be over
/// then. Other units do not wait.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When a whole burst may go out again.
    recovered: Instant,
    /// Until when the unit rests after a refusal.
    rested: Instant,
    after_refusal: Backoff,
}

/// How many notices of a unit may go out at once. A restart takes two.
const BURST: u32 = 10;

/// How long it takes until another one may.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long a unit rests after the first refusal.
const SHORTEST_REST: Duration = Duration::from_secs(3);

/// How long it rests after many in a row.
const LONGEST_REST: Duration = Duration::from_mins(5);

impl Pace {
    /// Nothing has been told yet.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        let after_refusal = Backoff::from(SHORTEST_REST, LONGEST_REST);
        Self { recovered: now, rested: now, after_refusal }
    }

    /// Returns until when there is to wait, if there is.
    pub(crate) fn rests_until(&self) -> Option<Instant> {
        let now = Instant::now();
        let spread = INTERVAL * (BURST - 1);
        let is_spent = self.recovered > now + spread;
        let next = if is_spent { self.recovered - spread } else { now };
        Some(next.max(self.rested)).filter(|next| *next > now)
    }

    /// The charm was told.
    pub(crate) fn delivered(&mut self) {
        self.spend();
        self.after_refusal.reset();
    }

    /// The charm has failed.
    pub(crate) fn refused(&mut self) {
        self.spend();
        self.rested = Instant::now() + self.after_refusal.next();
    }

    fn spend(&mut self) {
        self.recovered = self.recovered.max(Instant::now()) + INTERVAL;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many notices go out within `time`, if there is always one to
    /// tell and `end` becomes of each.
    async fn notices_in(time: Duration, pace: &mut Pace, end: fn(&mut Pace)) -> u32 {
        let over = Instant::now() + time;
        let mut count = 0;
        while Instant::now() < over {
            if let Some(until) = pace.rests_until() {
                tokio::time::sleep_until(until.min(over)).await;
                continue;
            }
            count += 1;
            end(pace);
        }
        count
    }

    fn block_on(test: impl Future<Output = ()>) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(test);
    }

    #[test]
    fn lets_a_burst_go_and_then_one_at_a_time() {
        block_on(async {
            let mut pace = Pace::new();
            let minute = Duration::from_mins(1);
            assert_eq!(notices_in(Duration::from_secs(1), &mut pace, Pace::delivered).await, 10);
            assert_eq!(notices_in(minute, &mut pace, Pace::delivered).await, 12);
            tokio::time::sleep(minute).await;
            assert_eq!(notices_in(Duration::from_secs(1), &mut pace, Pace::delivered).await, 10);
        });
    }

    #[test]
    fn rests_longer_after_each_refusal_up_to_a_limit() {
        block_on(async {
            let mut pace = Pace::new();
            let mut rests = Vec::new();
            for _ in 0..9 {
                pace.refused();
                let until = pace.rests_until().unwrap();
                rests.push((until - Instant::now()).as_secs());
                tokio::time::sleep_until(until).await;
                assert_eq!(pace.rests_until(), None);
            }
            assert_eq!(rests, [3, 6, 12, 24, 48, 96, 192, 300, 300]);
            pace.delivered();
            pace.refused();
            assert_eq!(pace.rests_until(), Some(Instant::now() + SHORTEST_REST));
        });
    }
}
