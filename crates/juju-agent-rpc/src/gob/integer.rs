//! How gob writes integers.

use crate::protocol_error::Fault;

/// Appends an unsigned integer: one byte below 128, else the negated count of
/// its bytes, and the bytes, the highest first.
pub(super) fn write_uint(out: &mut Vec<u8>, number: u64) {
    if let Ok(small) = u8::try_from(number)
        && small < 0x80
    {
        out.push(small);
        return;
    }
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = &bytes[zeros..];
    let count = u8::try_from(significant.len()).expect("an integer has at most 8 bytes");
    out.push(count.wrapping_neg());
    out.extend_from_slice(significant);
}

/// Appends a signed integer: its sign goes to the lowest bit, so that small
/// negative numbers stay short, too.
pub(super) fn write_int(out: &mut Vec<u8>, number: i64) {
    let doubled = number.cast_unsigned() << 1;
    write_uint(out, if number < 0 { !doubled } else { doubled });
}

/// Turns what [`write_int`] wrote as an unsigned integer back.
pub(super) fn signed(number: u64) -> i64 {
    let half = (number >> 1).cast_signed();
    if number & 1 == 1 { !half } else { half }
}

/// Returns how many bytes follow a first byte that is not itself the number.
pub(super) fn length_after(first: u8) -> Result<usize, Fault> {
    match first.wrapping_neg() {
        length @ 1..=8 => Ok(usize::from(length)),
        length => Err(Fault::IntegerLength { length }),
    }
}

/// Puts the bytes of an unsigned integer together.
pub(super) fn from_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::gob::content::Content;
    use crate::gob::testing::{int, uint};
    use crate::testing::hex;

    #[test]
    fn writes_unsigned_integers_as_go_does() {
        let check = |number, bytes| assert_eq!(uint(number), hex(bytes), "{number}");
        check(0, "00");
        check(127, "7f");
        check(128, "ff80");
        check(255, "ffff");
        check(256, "fe0100");
        check(65_536, "fd010000");
        check(u64::MAX, "f8ffffffffffffffff");
    }

    #[test]
    fn writes_signed_integers_as_go_does() {
        let check = |number, bytes| assert_eq!(int(number), hex(bytes), "{number}");
        check(0, "00");
        check(1, "02");
        check(-1, "01");
        check(2, "04");
        check(65, "ff82");
        check(-65, "ff81");
        check(300, "fe0258");
        check(i64::MIN, "f8ffffffffffffffff");
    }

    #[test]
    fn reads_integers_with_leading_zeros() {
        assert_eq!(Content::new(&hex("fe0041")).uint(), Ok(0x41));
    }

    #[test]
    fn refuses_integers_of_more_than_eight_bytes() {
        let fault = Content::new(&hex("f7000000000000000001")).uint().unwrap_err();
        insta::assert_snapshot!(fault, @"an integer of 9 bytes is announced, 8 is the most");
        assert!(Content::new(&hex("80")).uint().is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn reads_back_every_unsigned_integer(number: u64) {
            prop_assert_eq!(Content::new(&uint(number)).uint(), Ok(number));
        }

        #[test]
        fn reads_back_every_signed_integer(number: i64) {
            prop_assert_eq!(Content::new(&int(number)).int(), Ok(number));
        }
    }
}
