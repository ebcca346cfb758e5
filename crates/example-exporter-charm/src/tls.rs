//! Encrypted connections to the exporter.

use std::fmt;
use std::path::Path;

use charm_machine::{Access, FileError, Machine, Mode, Owner};
use prometheus_manual_interface::{CertificateKind, PemError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The file in which the exporter looks for its certificate, and what it asks of
/// those who connect.
pub(crate) const WEB_CONFIG: &str = "web.yml";

/// The options about TLS as Juju hands them over, each of them a PEM text.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct RawTls {
    tls_cert: String,
    tls_key: String,
    tls_ca: String,
    client_cert: String,
    client_key: String,
}

/// How the exporter encrypts.
#[derive(Clone, Eq, PartialEq, Serialize)]
pub(crate) struct Tls {
    server: Pair,
    /// The authority that has signed all certificates, if it is none that
    /// everybody knows.
    ca_cert: Option<String>,
    /// What Prometheus shows; then nobody else may connect.
    client: Option<Pair>,
}

/// A certificate and its key.
#[derive(Clone, Eq, PartialEq, Serialize)]
struct Pair {
    cert: String,
    key: String,
}

impl RawTls {
    pub(crate) fn check(self) -> Result<Option<Tls>, TlsError> {
        let server = pair(self.tls_cert, self.tls_key, ["tls-cert", "tls-key"])?;
        let client = pair(self.client_cert, self.client_key, ["client-cert", "client-key"])?;
        let ca_cert = Some(self.tls_ca).filter(|text| !text.is_empty());
        if let Some(ca_cert) = &ca_cert {
            check_pem("tls-ca", CertificateKind::Authority, ca_cert)?;
        }
        if client.is_some() && ca_cert.is_none() {
            return Err(TlsError::Missing { option: "tls-ca", with: "client-cert" });
        }
        match server {
            Some(server) => Ok(Some(Tls { server, ca_cert, client })),
            None if ca_cert.is_some() => {
                Err(TlsError::Missing { option: "tls-cert", with: "tls-ca" })
            }
            None => Ok(None),
        }
    }
}

fn pair(cert: String, key: String, names: [&'static str; 2]) -> Result<Option<Pair>, TlsError> {
    let [cert_name, key_name] = names;
    match (cert.is_empty(), key.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => {
            check_pem(cert_name, CertificateKind::Client, &cert)?;
            check_pem(key_name, CertificateKind::Key, &key)?;
            Ok(Some(Pair { cert, key }))
        }
        (true, false) => Err(TlsError::Missing { option: cert_name, with: key_name }),
        (false, true) => Err(TlsError::Missing { option: key_name, with: cert_name }),
    }
}

/// The exporter would not start with what it cannot read.
fn check_pem(option: &'static str, kind: CertificateKind, pem: &str) -> Result<(), TlsError> {
    kind.check(pem).map_err(|error| TlsError::Pem { option, error })
}

impl Tls {
    /// Returns what Prometheus needs of it.
    pub(crate) fn of_job(self) -> prometheus_manual_interface::Tls {
        let tls = prometheus_manual_interface::Tls::new();
        let tls = match self.ca_cert {
            Some(ca_cert) => tls.ca_cert(ca_cert),
            None => tls,
        };
        match self.client {
            Some(Pair { cert, key }) => tls.client(cert, key),
            None => tls,
        }
    }

    /// Writes the [web configuration] of the exporter and the files it names, and
    /// returns whether anything changed.
    ///
    /// [web configuration]: https://github.com/prometheus/exporter-toolkit/blob/v0.8.2/docs/web-configuration.md
    pub(crate) fn write(&self, machine: &Machine, folder: &Path) -> Result<bool, FileError> {
        if let Some(parent) = folder.parent() {
            machine.make_dir(parent)?;
        }
        machine.make_dir(folder)?;
        let readable = |mode| Access::new().mode(Mode::new(mode)).owner(exporter());
        let mut changed =
            machine.write_with(folder.join("tls.crt"), &self.server.cert, readable(0o644))?;
        changed |= machine.write_with(folder.join("tls.key"), &self.server.key, readable(0o600))?;
        let mut config = "# Written by the charm: changes are lost.\n\
                          tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n"
            .to_owned();
        if let (Some(_), Some(ca_cert)) = (&self.client, &self.ca_cert) {
            changed |= machine.write_with(folder.join("ca.crt"), ca_cert, readable(0o644))?;
            config.push_str(
                "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n",
            );
        }
        changed |= machine.write_with(folder.join(WEB_CONFIG), config, readable(0o644))?;
        Ok(changed)
    }
}

/// The user that the exporter runs as; the package has made it.
fn exporter() -> Owner {
    let name = || "prometheus".parse().expect("it is a valid name");
    Owner::new(name(), name())
}

impl fmt::Debug for RawTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There are keys in it.
        f.debug_struct("RawTls").finish_non_exhaustive()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// The options about TLS are no PEM, or do not fit together.
#[derive(Debug, Eq, Error, PartialEq)]
pub(crate) enum TlsError {
    #[error("{with}: it needs the option {option}, too")]
    Missing { option: &'static str, with: &'static str },
    // It is printed here, as nobody looks for the source of a status.
    #[error("{option}: {error}")]
    Pem { option: &'static str, error: PemError },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exporter::tests::fake_pem::fake_pem;

    /// Options that hold PEM which says these words; those without are empty.
    fn raw(cert: &str, key: &str, ca: &str, client_cert: &str, client_key: &str) -> RawTls {
        let pem = |label, words: &str| {
            if words.is_empty() { String::new() } else { fake_pem(label, words) }
        };
        RawTls {
            tls_cert: pem("CERTIFICATE", cert),
            tls_key: pem("PRIVATE KEY", key),
            tls_ca: pem("CERTIFICATE", ca),
            client_cert: pem("CERTIFICATE", client_cert),
            client_key: pem("PRIVATE KEY", client_key),
        }
    }

    #[track_caller]
    fn refused(raw: RawTls, message: &str) {
        assert_eq!(raw.check().err().unwrap().to_string(), message);
    }

    #[test]
    fn options_that_do_not_fit_together_are_refused() {
        refused(raw("c", "", "", "", ""), "tls-cert: it needs the option tls-key, too");
        refused(raw("", "k", "", "", ""), "tls-key: it needs the option tls-cert, too");
        refused(raw("c", "k", "a", "c", ""), "client-cert: it needs the option client-key, too");
        refused(raw("c", "k", "", "c", "k"), "client-cert: it needs the option tls-ca, too");
        refused(raw("", "", "a", "c", "k"), "tls-ca: it needs the option tls-cert, too");
        assert!(RawTls::default().check().unwrap().is_none());
    }

    #[test]
    fn what_is_no_pem_is_refused() {
        let good = || raw("c", "k", "a", "c", "k");
        let no_pem = || "t0p-secret".to_owned();
        refused(
            RawTls { tls_cert: no_pem(), ..good() },
            "tls-cert: it must have a certificate as PEM",
        );
        refused(
            RawTls { tls_key: no_pem(), ..good() },
            "tls-key: it must have a private key as PEM",
        );
        refused(
            RawTls { tls_ca: no_pem(), ..good() },
            "tls-ca: it must have the certificate of an authority as PEM",
        );
        refused(
            RawTls { client_key: good().client_cert, ..good() },
            "client-key: it must have a private key as PEM",
        );
        assert!(good().check().is_ok());
    }

    #[test]
    fn no_key_is_shown() {
        let raw = raw("cert", "secret", "ca", "client", "hidden");
        assert_eq!(format!("{raw:?}"), "RawTls { .. }");
        assert_eq!(format!("{:?}", raw.check().unwrap().unwrap()), "Tls { .. }");
    }

    #[test]
    fn the_files_name_each_other_and_the_key_is_closed() {
        let machine = Machine::scratch();
        let scratch = machine.as_scratch().unwrap();
        let folder = Path::new("/etc/node-exporter/exporter-0");
        let tls = raw("cert", "key", "ca", "client", "client key").check().unwrap().unwrap();
        machine
            .add_system_user(&charm_machine::SystemUser::new("prometheus".parse().unwrap()))
            .unwrap();
        tls.write(&machine, folder).unwrap();
        insta::assert_snapshot!(machine.read(folder.join(WEB_CONFIG)).unwrap().unwrap(), @"
        # Written by the charm: changes are lost.
        tls_server_config:
          cert_file: tls.crt
          key_file: tls.key
          client_auth_type: RequireAndVerifyClientCert
          client_ca_file: ca.crt
        ");
        assert_eq!(
            machine.read(folder.join("ca.crt")).unwrap().unwrap(),
            fake_pem("CERTIFICATE", "ca")
        );
        assert_eq!(scratch.mode(folder.join("tls.key")).unwrap(), Mode::new(0o600));
        assert_eq!(scratch.owner(folder.join("tls.key")).unwrap(), exporter());
    }
}
