//! Durations as Prometheus writes them.

use crate::shortened::quoted;

/// The units in the order in which they must stand, in milliseconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 60 * 60 * 1000),
    ("w", 7 * 24 * 60 * 60 * 1000),
    ("d", 24 * 60 * 60 * 1000),
    ("h", 60 * 60 * 1000),
    ("m", 60 * 1000),
    ("s", 1000),
    ("ms", 1),
];

/// Prometheus counts nanoseconds in 63 bits.
const LONGEST: u64 = i64::MAX as u64 / 1_000_000;

/// Reads a [duration] such as `1h30m`; returns milliseconds.
///
/// [duration]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file
pub(crate) fn parse(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let mut units = UNITS.iter();
    let mut rest = text;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let (digits, after) = split(rest, |b| b.is_ascii_digit());
        let (unit, after) = split(after, |b| b.is_ascii_lowercase());
        let (_, length) = units.find(|(name, _)| *name == unit)?;
        let part = digits.parse::<u64>().ok()?.checked_mul(*length)?;
        sum = sum.checked_add(part).filter(|sum| *sum <= LONGEST)?;
        rest = after;
    }
    (!text.is_empty()).then_some(sum)
}

fn split(text: &str, belongs: fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|b| !belongs(b)).unwrap_or(text.len()))
}

pub(crate) fn check(text: &str) -> Result<(), String> {
    match parse(text) {
        Some(_) => Ok(()),
        None => Err(format!("{} is no duration, such as `15s` or `1m30s`", quoted(text))),
    }
}

/// Of the settings that must not be 0.
pub(crate) fn check_positive(text: &str) -> Result<(), String> {
    check(text)?;
    if parse(text) == Some(0) { Err("it must not be 0".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn reads_units_in_their_order() {
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("0s"), Some(0));
        assert_eq!(parse("15s"), Some(15_000));
        assert_eq!(parse("1h30m"), Some(5_400_000));
        assert_eq!(parse("1y1w1d1h1m1s1ms"), Some(32_230_861_001));
        assert_eq!(parse("0010s"), Some(10_000));
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in [
            "", "15", "1s1m", "1s1s", "1.5s", "-1s", "+1s", "s", "1 s", " 1s", "1s\n", "1S", "1µs",
            "00", "١s",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_what_prometheus_cannot_count() {
        assert!(parse("292y").is_some());
        assert_eq!(parse("293y"), None);
        assert_eq!(parse("292y52w"), None);
        assert_eq!(parse("99999999999999999999s"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn takes_any_text_without_panic(text in "[0-9ywdhms .-]*") {
            let _ = parse(&text);
        }
    }
}
