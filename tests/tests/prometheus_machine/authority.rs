//! An authority that signs certificates.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// An authority of its own, by the program `openssl`.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        authority.certify("ca", &[]);
        authority
    }

    /// Returns the options of the exporter by which it encrypts, and lets in
    /// nobody but Prometheus.
    pub(crate) fn options(&self, address: &str) -> Vec<(&'static str, String)> {
        self.sign("server", &format!("subjectAltName=IP:{address}"));
        self.sign("client", "extendedKeyUsage=clientAuth");
        let files = [
            ("tls-ca", "ca.crt"),
            ("tls-cert", "server.crt"),
            ("tls-key", "server.key"),
            ("client-cert", "client.crt"),
            ("client-key", "client.key"),
        ];
        files.map(|(option, file)| (option, self.read(file))).to_vec()
    }

    fn sign(&self, name: &str, extension: &str) {
        self.certify(name, &["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", extension]);
    }

    /// Makes a key and a certificate for it.
    fn certify(&self, name: &str, how: &[&str]) {
        let [subject, cert, key] =
            [format!("/CN={name}"), format!("{name}.crt"), format!("{name}.key")];
        let output = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args(["-subj", &subject, "-out", &cert, "-keyout", &key])
            .args(how)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn read(&self, file: impl AsRef<Path>) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }
}
