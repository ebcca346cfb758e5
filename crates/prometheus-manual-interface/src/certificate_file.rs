//! A file with a certificate or a key of a job.

use std::fmt;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::certificate_kind::CertificateKind;

/// A file with a certificate or a key of a job.
///
/// Its name is made of what is in it, such as `key-2bb80d53….key`. So a changed
/// certificate is another file, which disturbs no program that reads the old
/// one; jobs with the same certificate share a file; and no peer has a say in
/// what it is called.
#[derive(Clone, Eq, PartialEq)]
pub struct CertificateFile {
    kind: CertificateKind,
    name: String,
    contents: String,
}

impl CertificateFile {
    pub(crate) fn new(kind: CertificateKind, contents: &str) -> Self {
        let (prefix, suffix) = affixes(kind);
        let mut name = prefix.to_owned();
        for byte in Sha256::digest(contents) {
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(suffix);
        Self { kind, name, contents: contents.to_owned() }
    }

    /// Tells whether a file of this name is one of ours, now or from before.
    pub fn is_name(name: &str) -> bool {
        CertificateKind::ALL.into_iter().any(|kind| {
            let (prefix, suffix) = affixes(kind);
            let digits = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
            digits.is_some_and(|digits| {
                digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            })
        })
    }

    /// Returns its name in the folder of the certificates.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what is in it, as PEM.
    pub fn contents(&self) -> &str {
        &self.contents
    }

    /// Tells whether it must be kept from others: it is a key.
    pub fn is_secret(&self) -> bool {
        self.kind == CertificateKind::Key
    }
}

impl fmt::Debug for CertificateFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is before and after the digest in the names of files.
fn affixes(kind: CertificateKind) -> (&'static str, &'static str) {
    match kind {
        CertificateKind::Authority => ("ca-", ".crt"),
        CertificateKind::Client => ("cert-", ".crt"),
        CertificateKind::Key => ("key-", ".key"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_tells_kind_and_contents() {
        let name = |kind| CertificateFile::new(kind, "pem").name;
        insta::assert_snapshot!(name(CertificateKind::Authority), @"ca-f0aeace912cf19dc1c6fffd41de6e395daeb5462f1221945706bd0674c3005eb.crt");
        insta::assert_snapshot!(name(CertificateKind::Client), @"cert-f0aeace912cf19dc1c6fffd41de6e395daeb5462f1221945706bd0674c3005eb.crt");
        insta::assert_snapshot!(name(CertificateKind::Key), @"key-f0aeace912cf19dc1c6fffd41de6e395daeb5462f1221945706bd0674c3005eb.key");
    }

    #[test]
    fn only_names_that_we_give_are_ours() {
        for kind in CertificateKind::ALL {
            let name = CertificateFile::new(kind, "").name;
            assert!(CertificateFile::is_name(&name));
            assert!(!CertificateFile::is_name(&name.to_uppercase()));
            assert!(!CertificateFile::is_name(&format!("a{name}")));
            assert!(!CertificateFile::is_name(&name.replacen('0', "", 1)));
        }
        assert!(!CertificateFile::is_name("key-server.key"));
    }

    #[test]
    fn does_not_show_what_is_in_it() {
        let file = CertificateFile::new(CertificateKind::Key, "secret");
        assert!(file.is_secret());
        assert!(!format!("{file:?}").contains("secret"));
    }
}
