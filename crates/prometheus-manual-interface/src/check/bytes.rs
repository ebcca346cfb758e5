//! Sizes as Prometheus writes them.

use crate::shortened::quoted;

/// Each unit is 1024 of the one before it; the names without `i` are the same.
const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Checks a size in bytes, such as `10MiB`. `0` needs no unit.
///
/// Prometheus also takes fractions, signs and sums, which are refused here.
pub(crate) fn check(text: &str) -> Result<(), String> {
    if is_size(text) {
        Ok(())
    } else {
        Err(format!("{} is no size, such as `512KiB` or `10MB`", quoted(text)))
    }
}

fn is_size(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let Some(power) = UNITS.iter().position(|name| unit == *name || unit == name.replace('i', ""))
    else {
        return false;
    };
    // Prometheus multiplies as floats: what is near the end may not be exact.
    digits.parse::<u64>().is_ok_and(|number| number <= i64::MAX as u64 >> (10 * power + 1))
}

#[cfg(test)]
mod tests {
    use super::is_size;

    #[test]
    fn knows_the_units() {
        for text in ["0", "0B", "15B", "1KB", "1KiB", "10MB", "1GiB", "3EiB"] {
            assert!(is_size(text), "{text:?}");
        }
    }

    #[test]
    fn refuses_other_sizes() {
        for text in
            ["", "15", "1.5MB", "-1B", "MB", "1mb", "1 MB", "4EiB", "8EB", "99999999999999999999B"]
        {
            assert!(!is_size(text), "{text:?}");
        }
    }
}
