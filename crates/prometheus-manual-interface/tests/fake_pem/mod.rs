//! What has the form of PEM and is nothing, for tests that have no use for real
//! certificates and keys.

/// Returns a block with this label that says these words, such as
/// `key of nobody`, and passes for a certificate or key until somebody uses it.
pub(crate) fn fake_pem(label: &str, words: &str) -> String {
    // Decoded, these three digits begin a sequence of as many bytes as there are.
    let body = format!("MC4+{words:+<60}").replace(|c: char| !c.is_ascii_alphanumeric(), "+");
    assert_eq!(body.len(), 64, "`{words}` are too many words");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
