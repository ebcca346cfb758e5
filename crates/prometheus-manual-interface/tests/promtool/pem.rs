//! Certificates and keys that Prometheus can read, and only they, are accepted:
//! real ones, in the forms in which they come.

use std::fs;
use std::path::Path;
use std::process::Command;

use prometheus_manual_interface::CertificateKind;
use serde_json::{Value, json};

use crate::prometheus::unusable;

/// What `openssl` makes, by the names of files.
const COMMANDS: [&str; 11] = [
    "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=a -out cert -keyout key",
    "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=b -out other -keyout other-key",
    "req -x509 -nodes -days 2 -newkey rsa:2048 -subj /CN=r -out rsa -keyout rsa-key",
    "x509 -in cert -text -out text",
    "x509 -in cert -trustout -out trusted",
    "ec -in key -out ec-key",
    "ecparam -name prime256v1 -out parameters",
    "rsa -in rsa-key -traditional -out old-rsa-key",
    "pkcs8 -topk8 -in key -passout pass:word -out encrypted-key",
    "ec -in key -aes256 -passout pass:word -out old-encrypted-key",
    "pkey -in key -pubout -out public-key",
];

/// A text, and what it is to be.
struct Case {
    name: &'static str,
    kind: CertificateKind,
    pem: String,
    is_rsa: bool,
}

fn openssl(folder: &Path) -> impl Fn(&str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the peer is another program")]
    for command in COMMANDS {
        let mut openssl = Command::new("openssl");
        let output = openssl.args(command.split(' ')).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    move |name| fs::read_to_string(folder.join(name)).unwrap()
}

fn authorities(file: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let cert = file("cert");
    let body = cert.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let block =
        |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let labelled = |label: &str| cert.replace("CERTIFICATE", label);
    let spoilt = cert.replacen('M', "!", 1);
    let endless = cert.rsplit_once("-----END").unwrap().0;
    vec![
        ("plain", cert.clone()),
        ("two", cert.clone() + &file("other")),
        ("text before", file("text")),
        ("text after", cert.clone() + "text\n"),
        ("no end of the last line", cert.trim_end().to_owned()),
        ("carriage returns", cert.replace('\n', "\r\n")),
        ("carriage returns alone", cert.replace('\n', "\r")),
        ("one line", block(&body)),
        ("no lines", cert.replace('\n', "")),
        ("blank lines", cert.replace('\n', "\n\n")),
        ("space at the ends", cert.replace('\n', " \t\n")),
        ("space before the body", block(&format!("  {body}"))),
        ("space before the begin", format!(" {cert}")),
        ("space before the end", cert.replace("-----END", " -----END")),
        ("a form feed at the ends", cert.replace('\n', "\u{c}\n")),
        ("a mark of UTF-8", format!("\u{feff}{cert}")),
        ("a key before", file("key") + &cert),
        ("a key alone", file("key")),
        ("trusted", file("trusted")),
        ("another label", labelled("X509 CERTIFICATE")),
        ("a request", labelled("CERTIFICATE REQUEST")),
        ("small letters", labelled("certificate")),
        ("labels that differ", cert.replace("END CERTIFICATE", "END CERT")),
        ("headers", cert.replacen("-----\n", "-----\nA: b\n\n", 1)),
        ("no body", block("")),
        ("no certificate", block("YQ==")),
        ("no certificate before one", block("YQ==") + &cert),
        ("no padding", block(body.trim_end_matches('='))),
        ("cut off", block(&body[..100])),
        ("more behind", block(&format!("{}AAAA", body.trim_end_matches('=')))),
        ("no base64", spoilt.clone()),
        ("no base64 before one", spoilt.clone() + &cert),
        ("no base64 behind one", cert.clone() + &spoilt),
        ("no end", endless.to_owned()),
        ("no end before one", endless.to_owned() + &cert),
        ("begun twice", format!("-----BEGIN CERTIFICATE-----\n{cert}")),
        ("ended before", format!("-----END CERTIFICATE-----\n{cert}")),
        ("garbage", "garbage".to_owned()),
    ]
}

fn certificates(file: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let (cert, other) = (file("cert"), file("other"));
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    vec![
        ("shown: plain", cert.clone()),
        ("shown: a chain", cert.clone() + &other),
        ("shown: headers", cert.replacen("-----\n", "-----\nA: b\n\n", 1)),
        ("shown: its key before", file("key") + &cert),
        ("shown: trusted", file("trusted")),
        ("shown: no body before", empty.to_owned() + &cert),
        ("shown: no body behind", cert.clone() + empty),
        ("shown: no base64 before", other.replacen('M', "!", 1) + &cert),
        ("shown: no end", cert.rsplit_once("-----END").unwrap().0.to_owned()),
    ]
}

fn keys(file: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let key = file("key");
    let labelled = |label: &str| key.replace("PRIVATE KEY", label);
    vec![
        ("key: PKCS #8", key.clone()),
        ("key: SEC 1", file("ec-key")),
        ("key: parameters before", file("parameters") + &file("ec-key")),
        ("key: its certificate before", file("cert") + &key),
        ("key: another behind", key.clone() + &file("other-key")),
        ("key: headers", key.replacen("-----\n", "-----\nA: b\n\n", 1)),
        ("key: any label", labelled("ANY PRIVATE KEY")),
        ("key: a label in one", labelled("ANYPRIVATE KEY")),
        ("key: no base64 before", file("other-key").replacen('M', "!", 1) + &key),
        ("key: encrypted", file("encrypted-key")),
        ("key: encrypted as of old", file("old-encrypted-key")),
        ("key: public", file("public-key")),
        (
            "key: no body before",
            format!("{}{key}", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"),
        ),
    ]
}

fn rsa_keys(file: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    vec![("RSA: PKCS #8", file("rsa-key")), ("RSA: PKCS #1", file("old-rsa-key"))]
}

fn cases(file: impl Fn(&str) -> String + Copy) -> Vec<Case> {
    let of = |kind, is_rsa, cases: Vec<(&'static str, String)>| {
        cases.into_iter().map(move |(name, pem)| Case { name, kind, pem, is_rsa })
    };
    of(CertificateKind::Authority, false, authorities(file))
        .chain(of(CertificateKind::Client, false, certificates(file)))
        .chain(of(CertificateKind::Key, false, keys(file)))
        .chain(of(CertificateKind::Key, true, rsa_keys(file)))
        .collect()
}

#[test]
fn what_prometheus_can_read_is_accepted_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = openssl(folder.path());
    let cases = cases(&file);
    let job = |(number, case): (usize, &Case)| -> Value {
        let path = folder.path().join(format!("pem-{number}"));
        fs::write(&path, &case.pem).unwrap();
        let at = |name: &str| folder.path().join(name);
        let (cert, key) = if case.is_rsa { ("rsa", "rsa-key") } else { ("cert", "key") };
        let tls_config = match case.kind {
            CertificateKind::Authority => json!({"ca_file": path}),
            CertificateKind::Client => json!({"cert_file": path, "key_file": at(key)}),
            CertificateKind::Key => json!({"cert_file": at(cert), "key_file": path}),
        };
        let targets = json!([{"targets": ["127.0.0.1:1"]}]);
        json!({"job_name": format!("job-{number}"), "scheme": "https",
            "static_configs": targets, "tls_config": tls_config})
    };
    let jobs: Vec<Value> = cases.iter().enumerate().map(job).collect();
    let config = folder.path().join("prometheus.yml");
    fs::write(&config, json!({"scrape_configs": jobs}).to_string()).unwrap();
    let unusable = unusable(&config, cases.len());
    assert!((10..cases.len() - 10).contains(&unusable.len()), "{unusable:?}");
    for (number, Case { name, kind, pem, .. }) in cases.iter().enumerate() {
        let said = unusable.get(&format!("job-{number}"));
        assert_eq!(
            kind.check(pem).is_ok(),
            said.is_none(),
            "{name}: {:?}, {said:?}",
            kind.check(pem)
        );
    }
}
