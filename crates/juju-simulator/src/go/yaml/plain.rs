//! Which texts would be read as something else if they stood without quotes.

/// Tells whether a text without quotes would be read as a text.
pub(super) fn reads_as_text(text: &str) -> bool {
    !(is_word(text) || is_number(text) || is_sexagesimal(text) || is_timestamp(text))
}

/// The words of YAML 1.1 for true, false, null, infinity, "not a number" and merging.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 40] = [
        "", "+.INF", "+.Inf", "+.inf", "-.INF", "-.Inf", "-.inf", ".INF", ".Inf", ".NAN", ".NaN",
        ".inf", ".nan", "<<", "FALSE", "False", "N", "NO", "NULL", "No", "Null", "OFF", "ON",
        "Off", "On", "TRUE", "True", "Y", "YES", "Yes", "false", "n", "no", "null", "off", "on",
        "true", "y", "yes", "~",
    ];
    WORDS.contains(&text)
}

fn is_number(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return false;
    }
    let digits = text.replace('_', "");
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
    is_integer(unsigned) || is_float(unsigned)
}

fn is_integer(unsigned: &str) -> bool {
    let lower = unsigned.to_ascii_lowercase();
    let (digits, radix) = if let Some(digits) = lower.strip_prefix("0x") {
        (digits, 16)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        (digits, 2)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (digits, 8)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (&lower[1..], 8)
    } else {
        (lower.as_str(), 10)
    };
    // Beyond 64 bits it is read as a float, if it is decimal.
    !digits.is_empty()
        && digits.chars().all(|c| c.is_digit(radix))
        && u64::from_str_radix(digits, radix).is_ok()
}

/// Reads `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let some_digits = |text: &str| !text.is_empty() && all_digits(text);
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => some_digits(fraction),
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => some_digits(mantissa),
    };
    let exponent_fits = exponent
        .is_none_or(|exponent| some_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    mantissa_fits && exponent_fits
}

/// Numbers of base 60, such as `12:30:45`. Go no longer reads them, but quotes
/// them for readers that do.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let digits_or_bars = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let first_fits = first.starts_with(|c: char| c.is_ascii_digit()) && digits_or_bars(first);
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let below_sixty =
        |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    let last_fits = match last.split_once('.') {
        Some((whole, fraction)) => below_sixty(whole) && digits_or_bars(fraction),
        None => below_sixty(last),
    };
    first_fits && last_fits && middle.iter().all(|part| below_sixty(part))
}

/// Reads a date `2024-5-1`, and a time behind it: after `T` with a zone, after
/// a blank without.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(place) => (&text[..place], Some(&text[place..])),
        None => (text, None),
    };
    let in_range = |part: &str, range: std::ops::RangeInclusive<u32>| {
        matches!(part.len(), 1 | 2)
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|number| range.contains(&number))
    };
    let date_fits = match date.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => {
            year.len() == 4
                && year.bytes().all(|b| b.is_ascii_digit())
                && in_range(month, 1..=12)
                && in_range(day, 1..=31)
        }
        _ => false,
    };
    let is_clock = |clock: &str| match clock.split(':').collect::<Vec<_>>()[..] {
        [hours, minutes, seconds] => {
            let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            in_range(hours, 0..=23)
                && in_range(minutes, 0..=59)
                && in_range(seconds, 0..=59)
                && fraction.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    };
    let is_zone = |zone: &str| match zone
        .strip_prefix(['+', '-'])
        .map(|zone| zone.split(':').collect::<Vec<_>>())
    {
        Some(parts) => {
            parts.len() == 2 && parts.iter().all(|part| part.len() == 2 && in_range(part, 0..=59))
        }
        None => zone == "Z",
    };
    date_fits
        && time.is_none_or(|time| {
            let (separator, time) = time.split_at(1);
            if separator == " " {
                return is_clock(time);
            }
            time.find(['Z', '+', '-'])
                .is_some_and(|zone| is_clock(&time[..zone]) && is_zone(&time[zone..]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_looks_like_another_kind_of_value() {
        let others = [
            "",
            "~",
            "null",
            "yes",
            "Off",
            "y",
            ".inf",
            "-.Inf",
            ".nan",
            "<<",
            "0",
            "-17",
            "1_000",
            "0x1F",
            "0b101",
            "017",
            "0o17",
            "08",
            "1.",
            "1e6",
            "1.5",
            ".5",
            "1e+06",
            "-1.5E-3",
            "12:30:45",
            "190:20:30.15",
            "2024-05-01",
            "2024-5-1",
            "2024-05-01T12:00:00Z",
            "2024-05-01 12:00:00",
            "2024-05-01t1:2:3.5+02:00",
        ];
        for text in others {
            assert!(!reads_as_text(text), "{text}");
        }
        let texts = [
            "value",
            "=",
            "10.1.2.3",
            "10.1.2.0/24",
            "00:16:3e:00:00:01",
            "2024-05-01 12:00:00Z",
            "0x",
            "0xg",
            "1.2.3",
            "-",
            "+",
            ".",
            "..",
            "yES",
            "2024-13-01",
            "1e",
            "0b2",
            "12:60",
            "a_1",
            "--5",
        ];
        for text in texts {
            assert!(reads_as_text(text), "{text}");
        }
    }
}
