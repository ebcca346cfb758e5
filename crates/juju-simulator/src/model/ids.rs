/// Makes ids that look random and are the same in every run with one seed.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    state: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Returns 32 hexadecimal digits.
    pub(crate) fn hex(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }

    /// Returns the text of a UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let hex = self.hex();
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    /// Returns the bare id of a secret: 20 digits of base 32.
    pub(crate) fn secret(&mut self) -> String {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
        let (high, low) = (self.next(), self.next());
        let digit = |bits: u64| char::from(DIGITS[usize::try_from(bits & 31).unwrap_or_default()]);
        let of = |word: u64| (0..10).map(move |place| digit(word >> (5 * place)));
        of(high).chain(of(low)).collect()
    }

    /// Chooses one of `count` things, at least 1, by its index.
    pub(crate) fn choose(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % count).unwrap_or_default()
    }

    /// The generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed() {
        let mut ids = Ids::new(7);
        let first = ids.hex();
        assert_eq!(first.len(), 32);
        assert_ne!(first, ids.hex());
        assert_eq!(first, Ids::new(7).hex());
        assert_ne!(first, Ids::new(8).hex());
        assert!(Ids::new(0).secret().parse::<juju_types::SecretId>().is_ok());
        assert!(Ids::new(0).uuid().parse::<juju_types::ModelUuid>().is_ok());
    }
}
