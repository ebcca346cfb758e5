//! An integer of any size.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::key::Key;
use crate::serialize_error::{Fault, SerializeError};

/// An integer of any size, as Python's `int` is.
///
/// ```
/// use python_json::Integer;
///
/// let large: Integer = "340282366920938463463374607431768211456".parse()?;
/// assert!(large > Integer::from(u128::MAX));
/// assert_eq!(u64::try_from(&Integer::from(7)), Ok(7));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Through serde it is a number of up to 128 bits. Beyond, only this crate
/// knows what it is; other formats get its digits as text.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Integer {
    /// Decimal, without `+`, leading zeros and `-0`.
    digits: String,
}

/// How an integer beyond 128 bits tells the writer of this crate what it is.
pub(crate) const TOKEN: &str = "$python_json::Integer";

/// As many digits as Python reads and writes unless it is told otherwise.
const LONGEST: usize = 4300;

impl Integer {
    /// Returns the decimal digits, with `-` in front of a negative number.
    pub(crate) fn as_str(&self) -> &str {
        &self.digits
    }

    /// Takes what an integer beyond 128 bits gave to a serializer beside its
    /// [`TOKEN`].
    pub(crate) fn from_token<T: Serialize + ?Sized>(digits: &T) -> Result<Self, SerializeError> {
        // Keys are the one form in which a text can be had from any value.
        let digits = Key::new(digits)?.text();
        digits.parse().map_err(|error| Fault::Integer(error).into())
    }

    /// Returns a float without what follows the point.
    pub(crate) fn truncated(number: f64) -> Self {
        let digits = format!("{:.0}", number.trunc());
        Self { digits: if digits == "-0" { "0".to_owned() } else { digits } }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digits)
    }
}

impl FromStr for Integer {
    type Err = ParseIntegerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseIntegerError("it must be decimal digits, after a `-` if negative"));
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(ParseIntegerError("it must not start with a zero"));
        }
        if digits.len() > LONGEST {
            return Err(ParseIntegerError("it has more digits than the 4300 that Python takes"));
        }
        let text = if text == "-0" { digits } else { text };
        Ok(Self { digits: text.to_owned() })
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.digits.strip_prefix('-'), other.digits.strip_prefix('-')) {
            (None, None) => by_length(&self.digits, &other.digits),
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => by_length(right, left),
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares numbers without leading zeros: the longer one is larger.
fn by_length(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Ok(number) = i64::try_from(self) {
            serializer.serialize_i64(number)
        } else if let Ok(number) = u64::try_from(self) {
            serializer.serialize_u64(number)
        } else if let Ok(number) = i128::try_from(self) {
            serializer.serialize_i128(number)
        } else if let Ok(number) = u128::try_from(self) {
            serializer.serialize_u128(number)
        } else {
            serializer.serialize_newtype_struct(TOKEN, &self.digits)
        }
    }
}

macro_rules! conversions {
    ($($primitive:ty)*) => {$(
        impl From<$primitive> for Integer {
            fn from(number: $primitive) -> Self {
                Self { digits: number.to_string() }
            }
        }

        impl TryFrom<&Integer> for $primitive {
            type Error = std::num::ParseIntError;

            fn try_from(integer: &Integer) -> Result<Self, Self::Error> {
                integer.digits.parse()
            }
        }
    )*};
}

conversions!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// The text is no [`Integer`]; the message says which rule it breaks.
///
/// It does not quote the text, which may be very long.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid integer: {0}")]
pub struct ParseIntegerError(&'static str);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Integer;

    #[test]
    fn says_which_rule_a_text_breaks() {
        let refusal = |text: &str| text.parse::<Integer>().unwrap_err().to_string();
        for text in ["", "-", "+1", "1.0", " 1", "--1", "１"] {
            assert_eq!(
                refusal(text),
                "invalid integer: it must be decimal digits, after a `-` if negative"
            );
        }
        assert_eq!(refusal("-01"), "invalid integer: it must not start with a zero");
        assert_eq!("1".repeat(4300).parse::<Integer>().unwrap().to_string().len(), 4300);
        assert_eq!(
            refusal(&"1".repeat(4301)),
            "invalid integer: it has more digits than the 4300 that Python takes"
        );
    }

    #[test]
    fn has_one_zero() {
        assert_eq!("-0".parse::<Integer>().unwrap(), Integer::from(0));
        assert_eq!(Integer::truncated(-0.5), Integer::from(0));
    }

    #[test]
    fn keeps_all_digits_of_a_truncated_float() {
        assert_eq!(Integer::truncated(1e23).to_string(), "99999999999999991611392");
        assert_eq!(Integer::truncated(-1.9), Integer::from(-1));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn is_ordered_as_numbers_are(left: i128, right: i128, shift in 0..128_u32) {
            let (left, right): (i128, i128) = (left >> shift, right >> shift);
            prop_assert_eq!(Integer::from(left).cmp(&Integer::from(right)), left.cmp(&right));
            prop_assert_eq!(i128::try_from(&Integer::from(left)), Ok(left));
        }

        #[test]
        fn prints_what_it_was_parsed_from(text in "-?[1-9][0-9]{0,80}") {
            let integer: Integer = text.parse().unwrap();
            prop_assert_eq!(integer.to_string(), text);
        }

        #[test]
        fn takes_any_text_without_panic(text in "[-+0-9a. ]*") {
            if let Ok(integer) = text.parse::<Integer>() {
                prop_assert_eq!(integer.to_string().parse(), Ok(integer));
            }
        }
    }
}
