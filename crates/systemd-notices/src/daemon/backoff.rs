//! How long to wait before the charm is asked again.

use std::time::Duration;

/// How long to wait before the charm is asked again: longer after each
/// failure, up to a limit.
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
    first: Duration,
    longest: Duration,
}

impl Backoff {
    /// Nothing has failed yet. No pause will be longer than `longest`.
    pub(crate) fn new(longest: Duration) -> Self {
        Self::from(FIRST, longest)
    }

    /// Nothing has failed yet. The pauses will be from `first` to `longest`.
    pub(crate) fn from(first: Duration, longest: Duration) -> Self {
        Self { failures: 0, first, longest }
    }

    /// Something has worked.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Something has failed. Returns how long to wait.
    pub(crate) fn next(&mut self) -> Duration {
        let pause =
            self.first.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        pause
    }
}

const FIRST: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_a_limit() {
        let mut backoff = Backoff::new(Duration::from_secs(30));
        let pauses: Vec<_> = (0..12).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(
            pauses,
            [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000]
        );
        backoff.failures = u32::MAX;
        assert_eq!(backoff.next(), Duration::from_secs(30));
        backoff.reset();
        assert_eq!(backoff.next(), FIRST);
    }
}
