//! Durations as Prometheus writes them.

use std::time::Duration;

/// Units and their milliseconds. Years and weeks are only for durations of
/// nothing else.
const UNITS: [(&str, u128, bool); 7] = [
    ("y", 365 * 24 * 3_600_000, true),
    ("w", 7 * 24 * 3_600_000, true),
    ("d", 24 * 3_600_000, false),
    ("h", 3_600_000, false),
    ("m", 60_000, false),
    ("s", 1_000, false),
    ("ms", 1, false),
];

/// Writes a duration as Prometheus does, such as `1m30s`. There is none for
/// parts of a millisecond.
pub(crate) fn prometheus_duration(duration: Duration) -> Option<String> {
    if !duration.subsec_nanos().is_multiple_of(1_000_000) {
        return None;
    }
    let mut rest = duration.as_millis();
    if rest == 0 {
        return Some("0s".to_owned());
    }
    let mut text = String::new();
    for (unit, milliseconds, must_be_exact) in UNITS {
        if rest < milliseconds || (must_be_exact && !rest.is_multiple_of(milliseconds)) {
            continue;
        }
        text += &(rest / milliseconds).to_string();
        text += unit;
        rest %= milliseconds;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let duration = Duration::from_millis(milliseconds);
            assert_eq!(prometheus_duration(duration).as_deref(), Some(text));
        }
        assert_eq!(prometheus_duration(Duration::from_micros(1_500)), None);
    }
}
