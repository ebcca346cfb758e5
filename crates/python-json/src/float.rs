//! A finite float.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A finite number of 64 bits, with the text that Python's `repr` gives it.
///
/// ```
/// use python_json::Float;
///
/// let text = |number: f64| Float::try_from(number).map(|float| float.to_string());
/// assert_eq!(text(1.0)?, "1.0");
/// assert_eq!(text(0.00001)?, "1e-05");
/// assert_eq!(text(123456789012345678.0)?, "1.2345678901234568e+17");
/// # Ok::<(), python_json::NotFiniteError>(())
/// ```
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Float(f64);

// Only NaN is not equal to itself.
impl Eq for Float {}

impl TryFrom<f64> for Float {
    type Error = NotFiniteError;

    fn try_from(number: f64) -> Result<Self, Self::Error> {
        if number.is_finite() {
            return Ok(Self(number));
        }
        Err(NotFiniteError(match number {
            f64::INFINITY => "Infinity",
            f64::NEG_INFINITY => "-Infinity",
            _ => "NaN",
        }))
    }
}

impl From<Float> for f64 {
    fn from(float: Float) -> Self {
        float.0
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scientific = shortest(self.0.abs());
        let (digits, exponent) =
            scientific.split_once('e').expect("this form always has an exponent");
        let exponent: i32 = exponent.parse().expect("an exponent is a small number");
        if self.0.is_sign_negative() {
            f.write_str("-")?;
        }
        if !(-4..16).contains(&exponent) {
            let sign = if exponent < 0 { '-' } else { '+' };
            return write!(f, "{digits}e{sign}{:02}", exponent.abs());
        }
        let digits = digits.replace('.', "");
        match usize::try_from(exponent) {
            Err(_) => {
                let zeros = exponent.unsigned_abs() as usize - 1;
                write!(f, "0.{:0<zeros$}{digits}", "")
            }
            Ok(whole) => match digits.split_at_checked(whole + 1) {
                Some((whole, fraction)) if !fraction.is_empty() => write!(f, "{whole}.{fraction}"),
                _ => write!(f, "{digits:0<width$}.0", width = whole + 1),
            },
        }
    }
}

/// Returns the shortest digits that are read back as the same number, and an
/// exponent.
fn shortest(number: f64) -> String {
    let shortest = format!("{number:e}");
    // Where two texts of that length are equally near, Rust takes the larger
    // one, and Python the even one, which is what rounding to it gives. At a
    // power of two the nearest text may be read as the number below.
    let decimals = shortest.find('e').map_or(0, |end| end.saturating_sub(2));
    let rounded = format!("{number:.decimals$e}");
    if rounded.parse() == Ok(number) { rounded } else { shortest }
}

/// The number is `NaN` or infinite, which is not JSON.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("`{0}` is not a finite number")]
pub struct NotFiniteError(&'static str);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Float;

    #[track_caller]
    fn check(number: f64, text: &str) {
        assert_eq!(Float::try_from(number).unwrap().to_string(), text);
        assert_eq!(Float::try_from(-number).unwrap().to_string(), format!("-{text}"));
    }

    #[test]
    fn writes_small_and_large_numbers_with_an_exponent() {
        check(0.0, "0.0");
        check(0.1, "0.1");
        check(100.0, "100.0");
        check(0.0001, "0.0001");
        check(0.000_099_999_999_999_999_99, "9.999999999999999e-05");
        check(9_999_999_999_999_998.0, "9999999999999998.0");
        check(1e16, "1e+16");
        check(1e22, "1e+22");
        check(f64::from_bits(1), "5e-324");
        check(f64::MIN_POSITIVE, "2.2250738585072014e-308");
        check(f64::MAX, "1.7976931348623157e+308");
    }

    #[test]
    fn writes_the_even_one_of_two_texts_that_are_equally_near() {
        check(14_169_941.0 / 16_384.0, "864.8645629882812");
        // The nearest text of 16 digits ends in 1, and is read as another number.
        check(2_f64.powi(-44), "5.684341886080802e-14");
    }

    #[test]
    fn refuses_what_is_not_finite() {
        let refusal = |number: f64| Float::try_from(number).unwrap_err().to_string();
        assert_eq!(refusal(f64::NAN), "`NaN` is not a finite number");
        assert_eq!(refusal(f64::NEG_INFINITY), "`-Infinity` is not a finite number");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn is_read_back_to_the_last_bit(bits: u64) {
            if let Ok(float) = Float::try_from(f64::from_bits(bits)) {
                let read: f64 = float.to_string().parse().unwrap();
                prop_assert_eq!(read.to_bits(), bits);
            }
        }
    }
}
