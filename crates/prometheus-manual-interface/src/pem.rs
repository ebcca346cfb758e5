//! Certificates and keys as PEM, as far as Prometheus can read them.

use thiserror::Error;

use crate::certificate_kind::CertificateKind;

/// A text is not the PEM that it should be. It quotes nothing: the text may be a
/// key.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{rule}")]
pub struct PemError {
    rule: &'static str,
}

impl CertificateKind {
    /// Checks whether Prometheus could use a text, as far as its form goes.
    ///
    /// Prometheus reads it when it has taken its configuration already: what it
    /// cannot use there, `promtool check config` does not find. So here it is
    /// looked for as Prometheus does, among whatever else is in the text:
    /// - a block `CERTIFICATE` for an authority, of which there may be several;
    /// - the first block `CERTIFICATE` for a certificate to be shown;
    /// - the first block `PRIVATE KEY`, `EC PRIVATE KEY` and the like for a key,
    ///   which must not be encrypted.
    ///
    /// That it is base64 of something that begins and ends as a certificate or
    /// key does is checked, too. What it says is not: a certificate may have
    /// expired, or its key be another one.
    ///
    /// ```
    /// use prometheus_manual_interface::CertificateKind;
    ///
    /// let error = CertificateKind::Key.check("t0p-secret").unwrap_err();
    /// assert_eq!(error.to_string(), "it must have a private key as PEM");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns what it must be.
    pub fn check(self, pem: &str) -> Result<(), PemError> {
        let blocks = blocks(pem);
        let (is_usable, rule) = match self {
            Self::Authority => (
                // What is between them is passed over.
                blocks.iter().any(Block::is_of_authority),
                "it must have the certificate of an authority as PEM",
            ),
            Self::Client => (
                blocks.iter().find(|block| block.is_certificate()).is_some_and(Block::is_whole),
                "it must have a certificate as PEM",
            ),
            Self::Key => match blocks.iter().find(|block| block.is_key()) {
                Some(key) if key.is_encrypted() => {
                    (false, "it must not be encrypted: Prometheus has no password for it")
                }
                key => (key.is_some_and(Block::begins_well), "it must have a private key as PEM"),
            },
        };
        if is_usable { Ok(()) } else { Err(PemError { rule }) }
    }
}

/// What is between a line `-----BEGIN LABEL-----` and the end of the same label.
#[derive(Debug)]
struct Block<'a> {
    label: &'a str,
    headers: Vec<&'a str>,
    is_in_headers: bool,
    /// Base64 without space.
    body: String,
}

/// Returns all blocks that can be decoded. As for Prometheus, each line must
/// begin without space, and may end with it.
fn blocks(pem: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open) = (Vec::new(), None::<Block<'_>>);
    for line in pem.split('\n').map(|line| line.trim_end_matches(SPACE)) {
        let marked = |start| line.strip_prefix(start)?.strip_suffix("-----");
        if let Some(label) = marked("-----BEGIN ") {
            open = Some(Block::new(label));
        } else if line.starts_with("-----END") {
            // One of another label ends nothing that can be used.
            let ended = open.take().filter(|block| marked("-----END ") == Some(block.label));
            blocks.extend(ended.filter(|block| is_base64(&block.body)));
        } else if let Some(block) = &mut open {
            block.add(line);
        }
    }
    blocks
}

const SPACE: [char; 3] = [' ', '\t', '\r'];

impl<'a> Block<'a> {
    fn new(label: &'a str) -> Self {
        Self { label, headers: Vec::new(), is_in_headers: true, body: String::new() }
    }

    fn add(&mut self, line: &'a str) {
        self.is_in_headers &= line.contains(':');
        if self.is_in_headers {
            self.headers.push(line);
        } else {
            self.body.extend(line.chars().filter(|c| !SPACE.contains(c)));
        }
    }

    fn is_certificate(&self) -> bool {
        self.label == "CERTIFICATE"
    }

    /// Prometheus passes over those with headers here, and only here.
    fn is_of_authority(&self) -> bool {
        self.is_certificate() && self.headers.is_empty() && self.is_whole()
    }

    fn is_key(&self) -> bool {
        self.label == "PRIVATE KEY" || self.label.ends_with(" PRIVATE KEY")
    }

    fn is_encrypted(&self) -> bool {
        let is_said = self
            .headers
            .iter()
            .any(|header| header.starts_with("Proc-Type:") && header.ends_with("ENCRYPTED"));
        is_said || self.label == "ENCRYPTED PRIVATE KEY"
    }

    /// Tells whether it is one sequence of DER, and nothing after it.
    fn is_whole(&self) -> bool {
        self.sequence() == Some(self.length())
    }

    /// Tells whether it begins with a sequence of DER. Prometheus does not mind
    /// what is after a key.
    fn begins_well(&self) -> bool {
        self.sequence().is_some_and(|length| length <= self.length())
    }

    /// Returns how many bytes there are.
    fn length(&self) -> usize {
        self.body.len() / 4 * 3 - self.body.bytes().filter(|b| *b == b'=').count()
    }

    /// Returns how long the sequence is that it begins with.
    fn sequence(&self) -> Option<usize> {
        let start: Vec<u8> = self.body.bytes().take(8).filter_map(sextet).collect();
        let byte = |index: usize| {
            let (from, bits) = (index * 8 / 6, index * 8 % 6);
            let pair = u16::from(*start.get(from)?) << 6 | u16::from(*start.get(from + 1)?);
            Some(usize::from(pair >> (4 - bits) & 0xff))
        };
        match (byte(0)?, byte(1)?) {
            (0x30, length @ ..=0x7f) => Some(2 + length),
            (0x30, 0x81) => Some(3 + byte(2)?),
            (0x30, 0x82) => Some(4 + (byte(2)? << 8 | byte(3)?)),
            (0x30, 0x83) => Some(5 + (byte(2)? << 16 | byte(3)? << 8 | byte(4)?)),
            _ => None,
        }
    }
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|b| sextet(b).is_some())
}

/// Returns what a digit of base64 stands for.
fn sextet(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fake_pem::fake_pem;

    fn refusal(kind: CertificateKind, pem: &str) -> String {
        kind.check(pem).unwrap_err().to_string()
    }

    #[test]
    fn says_what_it_must_be_and_quotes_nothing() {
        insta::assert_snapshot!(refusal(CertificateKind::Authority, "t0p-secret"), @"it must have the certificate of an authority as PEM");
        insta::assert_snapshot!(refusal(CertificateKind::Client, "t0p-secret"), @"it must have a certificate as PEM");
        insta::assert_snapshot!(refusal(CertificateKind::Key, "t0p-secret"), @"it must have a private key as PEM");
        let encrypted = fake_pem("ENCRYPTED PRIVATE KEY", "t0p secret");
        insta::assert_snapshot!(refusal(CertificateKind::Key, &encrypted), @"it must not be encrypted: Prometheus has no password for it");
    }

    #[test]
    fn the_length_within_is_that_of_what_is_there() {
        let fits = |start: &str, digits: usize| {
            let body = start.to_owned() + &"A".repeat(digits - start.len());
            let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----");
            CertificateKind::Client.check(&pem).is_ok()
        };
        // Each begins a sequence of as many bytes as there are.
        for (start, digits) in
            [("MAQ", 8), ("MH8", 172), ("MIGQ", 196), ("MIIBAQ", 348), ("MIMBAAA", 87_388)]
        {
            let lengths: Vec<usize> = [digits - 4, digits, digits + 4]
                .into_iter()
                .filter(|it| fits(start, *it))
                .collect();
            assert_eq!(lengths, [digits], "{start}");
        }
        assert!(!fits("MIAA", 4) && !fits("AAAA", 4) && !fits("MIQAAAAA", 8));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn takes_any_text_without_panic(
            text in "(-----BEGIN CERTIFICATE-----\n)?[A-Zg=+/: \r\n-]{0,40}(\n-----END CERTIFICATE-----)?",
        ) {
            for kind in CertificateKind::ALL {
                let _ = kind.check(&text);
            }
        }

        #[test]
        fn nothing_cut_off_is_taken(at in 0..120_usize) {
            let whole = fake_pem("PRIVATE KEY", "nobody");
            prop_assert!(CertificateKind::Key.check(&whole).is_ok());
            let cut = &whole[..at.min(whole.len() - 2)];
            prop_assert!(CertificateKind::Key.check(cut).is_err());
        }
    }
}
