//! Durations as Prometheus writes them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::shortened::quoted;

/// A [duration] as Prometheus is configured with it, such as `1m30s`, to the
/// millisecond.
///
/// ```
/// use std::time::Duration;
///
/// use prometheus_manual_interface::PrometheusDuration;
///
/// let interval: PrometheusDuration = "90s".parse()?;
/// assert_eq!(interval.to_string(), "1m30s");
/// assert_eq!(Duration::from(interval), Duration::from_secs(90));
/// # Ok::<(), prometheus_manual_interface::ParsePrometheusDurationError>(())
/// ```
///
/// [duration]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PrometheusDuration {
    /// At most [`LONGEST`].
    milliseconds: u64,
}

/// Prometheus counts nanoseconds in 63 bits.
const LONGEST: u64 = i64::MAX as u64 / 1_000_000;

/// The units in the order in which they must stand, in milliseconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl PrometheusDuration {
    pub(crate) const fn from_secs(seconds: u32) -> Self {
        Self { milliseconds: seconds as u64 * 1_000 }
    }

    /// Tells whether it takes no time at all, by which Prometheus means that it
    /// is not set.
    pub fn is_zero(self) -> bool {
        self.milliseconds == 0
    }

    /// Takes a duration that Prometheus can count: it has no parts of a
    /// millisecond.
    pub(crate) fn exactly(duration: Duration) -> Option<Self> {
        let is_whole = duration.subsec_nanos().is_multiple_of(1_000_000);
        let milliseconds = u64::try_from(duration.as_millis()).ok()?;
        (is_whole && milliseconds <= LONGEST).then_some(Self { milliseconds })
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "0" {
            return Some(Self { milliseconds: 0 });
        }
        let mut units = UNITS.iter();
        let mut rest = text;
        let mut milliseconds: u64 = 0;
        while !rest.is_empty() {
            let (digits, after) = split(rest, |b| b.is_ascii_digit());
            let (unit, after) = split(after, |b| b.is_ascii_lowercase());
            let (_, length) = units.find(|(name, _)| *name == unit)?;
            let part = digits.parse::<u64>().ok()?.checked_mul(*length)?;
            milliseconds = milliseconds.checked_add(part).filter(|sum| *sum <= LONGEST)?;
            rest = after;
        }
        (!text.is_empty()).then_some(Self { milliseconds })
    }
}

fn split(text: &str, belongs: fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|b| !belongs(b)).unwrap_or(text.len()))
}

impl From<PrometheusDuration> for Duration {
    fn from(duration: PrometheusDuration) -> Self {
        Self::from_millis(duration.milliseconds)
    }
}

impl fmt::Display for PrometheusDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.milliseconds;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, length) in UNITS {
            // As Prometheus, which has years and weeks for durations of nothing
            // else.
            let must_be_exact = matches!(unit, "y" | "w");
            if rest >= length && (!must_be_exact || rest.is_multiple_of(length)) {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

impl FromStr for PrometheusDuration {
    type Err = ParsePrometheusDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| ParsePrometheusDurationError { quoted: quoted(text) })
    }
}

/// The text is no [`PrometheusDuration`]; the message quotes its start.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{quoted} is no duration, such as `15s` or `1m30s`")]
pub struct ParsePrometheusDurationError {
    quoted: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn milliseconds(text: &str) -> Option<u64> {
        text.parse::<PrometheusDuration>().ok().map(|duration| duration.milliseconds)
    }

    #[test]
    fn reads_units_in_their_order() {
        assert_eq!(milliseconds("0"), Some(0));
        assert_eq!(milliseconds("0s"), Some(0));
        assert_eq!(milliseconds("15s"), Some(15_000));
        assert_eq!(milliseconds("1h30m"), Some(5_400_000));
        assert_eq!(milliseconds("1y1w1d1h1m1s1ms"), Some(32_230_861_001));
        assert_eq!(milliseconds("0010s"), Some(10_000));
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in [
            "", "15", "1s1m", "1s1s", "1.5s", "-1s", "+1s", "s", "1 s", " 1s", "1s\n", "1S", "1µs",
            "00", "١s",
        ] {
            assert_eq!(milliseconds(text), None, "{text:?}");
        }
        let error = "a\nb".parse::<PrometheusDuration>().unwrap_err();
        insta::assert_snapshot!(error, @r"`a\nb` is no duration, such as `15s` or `1m30s`");
    }

    #[test]
    fn refuses_what_prometheus_cannot_count() {
        assert!(milliseconds("292y").is_some());
        assert_eq!(milliseconds("293y"), None);
        assert_eq!(milliseconds("292y52w"), None);
        assert_eq!(milliseconds("99999999999999999999s"), None);
        for (duration, is_counted) in [
            (Duration::from_millis(LONGEST), true),
            (Duration::from_millis(LONGEST + 1), false),
            (Duration::MAX, false),
            (Duration::from_micros(1_500), false),
        ] {
            assert_eq!(PrometheusDuration::exactly(duration).is_some(), is_counted);
        }
    }

    #[test]
    fn is_written_as_prometheus_does() {
        for (milliseconds, text) in [
            (0, "0s"),
            (324, "324ms"),
            (3_000, "3s"),
            (5 * 60_000, "5m"),
            (90_001, "1m30s1ms"),
            (3_600_000, "1h"),
            (4 * 24 * 3_600_000, "4d"),
            (4 * 24 * 3_600_000 + 3_600_000, "4d1h"),
            (14 * 24 * 3_600_000, "2w"),
            (15 * 24 * 3_600_000, "15d"),
            (3 * 365 * 24 * 3_600_000, "3y"),
            (8 * 365 * 24 * 3_600_000 + 1, "2920d1ms"),
        ] {
            assert_eq!(PrometheusDuration { milliseconds }.to_string(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_it_writes_it_reads(milliseconds in 0..=LONGEST) {
            let duration = PrometheusDuration { milliseconds };
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }

        #[test]
        fn takes_any_text_without_panic(text in "[0-9ywdhms .-]*") {
            let _ = milliseconds(&text);
        }
    }
}
