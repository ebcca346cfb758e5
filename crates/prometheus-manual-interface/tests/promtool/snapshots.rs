//! Configurations as they are written, each of which the real `promtool` takes.

use std::time::Duration;

use prometheus_manual_interface::{
    ConfigWriter, Job, JobNaming, JobRequest, JobSet, PrometheusVersion, Relabel, TargetGroup, Tls,
};
use serde_json::json;

use crate::fake_pem::fake_pem;
use crate::promtool::check_config;

/// Writes these jobs of the unit `exporter/0`, has promtool check them, and
/// returns what was written, with digests and folders shortened.
#[track_caller]
fn written(requests: &[JobRequest]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let certificates = folder.path().join("certificates");
    let mut jobs = JobSet::new(PrometheusVersion::new(2, 42, 0).of_debian())
        .naming(JobNaming::OfUnit)
        .certificates_in(certificates.to_str().unwrap());
    for request in requests {
        jobs.add(&"id".parse().unwrap(), "exporter/0", request).unwrap();
    }
    let path = folder.path().join("prometheus.yml");
    let writer = ConfigWriter::new(&path).base(&json!({"global": {"scrape_interval": "1m"}}));
    let staged = writer.unwrap().stage(&jobs).unwrap();
    check_config(staged.config()).unwrap();
    assert!(staged.commit().unwrap());
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace(folder.path().to_str().unwrap(), "/etc/prometheus");
    let is_digest = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let short = words.map(|word| match word.get(..64) {
        Some(digest) if is_digest(digest) => format!("DIGEST{}", &word[64..]),
        _ => word.to_owned(),
    });
    // Without the lines that say who has written it.
    short
        .collect::<String>()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads a request that a producer of another kind has published, whose
/// certificates and key are named in short.
fn published(text: &str) -> JobRequest {
    let mut request: JobRequest = python_json::from_str(text).unwrap();
    for cert in [&mut request.ca_cert, &mut request.client_cert].into_iter().flatten() {
        *cert = fake_pem("CERTIFICATE", cert);
    }
    request.client_key = request.client_key.map(|key| fake_pem("PRIVATE KEY", &key));
    request
}

#[test]
fn a_job_with_every_common_setting() {
    let job = Job::new("node")
        .target("10.0.0.5:9100")
        .target_group(TargetGroup::new(["[fd00::5]:9100"]).label("zone", "à/b"))
        .metrics_path("/metrics")
        .param("collect[]", "cpu")
        .scrape_interval(Duration::from_secs(90))
        .scrape_timeout(Duration::from_secs(10))
        .honor_labels()
        .sample_limit(1000)
        .basic_auth("prometheus", "t0p-secret")
        .relabel(Relabel::replace(["__meta_zone"], "zone").regex("(.+)-.*").replacement("$1"))
        .metric_relabel(Relabel::drop(["__name__"], "go_.*"))
        .tls(
            Tls::new()
                .ca_cert(fake_pem("CERTIFICATE", "authority"))
                .client(fake_pem("CERTIFICATE", "client"), fake_pem("PRIVATE KEY", "client"))
                .server_name("exporter"),
        );
    insta::assert_snapshot!(written(&[job.build().unwrap()]), @r#"
    global:
      scrape_interval: '1m'
    scrape_configs:
    - job_name: 'exporter-0-node'
      basic_auth:
        password: 't0p-secret'
        username: 'prometheus'
      honor_labels: true
      metric_relabel_configs:
      - action: 'drop'
        regex: 'go_.*'
        source_labels:
        - '__name__'
      metrics_path: '/metrics'
      params:
        "collect[]":
        - 'cpu'
      relabel_configs:
      - action: 'replace'
        regex: '(.+)-.*'
        replacement: '$1'
        source_labels:
        - '__meta_zone'
        target_label: 'zone'
      sample_limit: 1000
      scheme: 'https'
      scrape_interval: '1m30s'
      scrape_timeout: '10s'
      static_configs:
      - targets:
        - '10.0.0.5:9100'
      - labels:
          zone: 'à/b'
        targets:
        - '[fd00::5]:9100'
      tls_config:
        ca_file: '/etc/prometheus/certificates/ca-DIGEST.crt'
        cert_file: '/etc/prometheus/certificates/cert-DIGEST.crt'
        key_file: '/etc/prometheus/certificates/key-DIGEST.key'
        server_name: 'exporter'
    "#);
}

#[test]
fn jobs_of_producers_with_ways_of_their_own() {
    let lxd = published(
        r#"{"job_name": "lxd", "request_id": "model_lxd", "ca_cert": null, "client_cert": "C", "client_key": "K",
            "job_data": {"metrics_path": "/1.0/metrics", "scheme": "https", "tls_config": {"insecure_skip_verify": true},
                         "static_configs": [{"targets": "10.0.0.5:8443"}]}}"#,
    );
    let kafka = published(
        r#"{"job_name": "kafka", "scheme": "https", "tls_config": {"server_name": "kafka"}, "ca_cert": "CA",
            "job_data": {"static_configs": [{"targets": ["10.0.0.6:9404"], "labels": {"job": "kafka"}}]}}"#,
    );
    let discovery = published(
        r#"{"job_name": "found", "ca_cert": "CA", "client_cert": "C", "client_key": "K",
            "job_data": {"bearer_token": "t0ken", "scheme": "https", "tls_config": {"ca_file": "__ca_file__"},
                         "http_sd_configs": [{"url": "https://10.0.0.7/", "oauth2":
                             {"client_id": "a", "client_secret": "b", "token_url": "https://10.0.0.7/",
                              "tls_config": {"ca_file": "__ca_file__", "cert_file": "", "key_file": "__k__"}}}]}}"#,
    );
    insta::assert_snapshot!(written(&[lxd, kafka, discovery]), @"
    global:
      scrape_interval: '1m'
    scrape_configs:
    - job_name: 'exporter-0-found'
      bearer_token: 't0ken'
      http_sd_configs:
      - oauth2:
          client_id: 'a'
          client_secret: 'b'
          tls_config:
            ca_file: '/etc/prometheus/certificates/ca-DIGEST.crt'
            cert_file: '/etc/prometheus/certificates/cert-DIGEST.crt'
            key_file: '/etc/prometheus/certificates/key-DIGEST.key'
          token_url: 'https://10.0.0.7/'
        url: 'https://10.0.0.7/'
      scheme: 'https'
      tls_config:
        ca_file: '/etc/prometheus/certificates/ca-DIGEST.crt'
        cert_file: '/etc/prometheus/certificates/cert-DIGEST.crt'
        key_file: '/etc/prometheus/certificates/key-DIGEST.key'
    - job_name: 'exporter-0-kafka'
      scheme: 'https'
      static_configs:
      - labels:
          job: 'kafka'
        targets:
        - '10.0.0.6:9404'
      tls_config:
        ca_file: '/etc/prometheus/certificates/ca-DIGEST.crt'
        server_name: 'kafka'
    - job_name: 'exporter-0-lxd'
      metrics_path: '/1.0/metrics'
      scheme: 'https'
      static_configs:
      - targets:
        - '10.0.0.5:8443'
      tls_config:
        cert_file: '/etc/prometheus/certificates/cert-DIGEST.crt'
        insecure_skip_verify: true
        key_file: '/etc/prometheus/certificates/key-DIGEST.key'
    ");
}
