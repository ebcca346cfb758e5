//! Defects of the Python layer, with what it makes of a job beside what we
//! make of it.

use std::collections::BTreeMap;

use prometheus_manual_interface::compat;
use python_json::Value;

use super::{CA, CERT, KEY, all_files, check, check_defect, request};

/// Compares what Python makes of `job_data` with all files, but for the name.
#[track_caller]
fn check_python(data: &str, rendered: &str) {
    let (ca, cert, key) = (Some(CA), Some(CERT), Some(KEY));
    let text = compat::to_json(&request(data), &"1".parse().unwrap(), ca, cert, key).unwrap();
    let mut data: BTreeMap<String, Value> = python_json::from_str(&text).unwrap();
    data.remove("job_name").unwrap();
    assert_eq!(python_json::to_string(&data).unwrap(), rendered);
}

#[track_caller]
fn check_python_raises(data: &str) {
    let error = compat::to_json(&request(data), &"1".parse().unwrap(), Some(CA), None, None);
    assert!(error.unwrap_err().to_string().starts_with("cannot render a job as Python does"));
}

#[test]
fn p10_a_service_discovery_gets_its_certificate_and_its_key() {
    let job =
        r#"{"http_sd_configs": [{"tls_config": {"cert_file": "__c__", "key_file": "__k__"}}]}"#;
    check_python(
        job,
        r#"{"http_sd_configs": [{"tls_config": {"cert_file": "__c__", "key_file": "/jobs/key.pem"}}]}"#,
    );
    let ours = r#"{"http_sd_configs": [{"tls_config": {"cert_file": "/jobs/cert.pem", "key_file": "/jobs/key.pem"}}]}"#;
    check(job, &all_files(), ours);
    check(&job.replace(r#""cert_file": "__c__", "#, ""), &all_files(), ours);

    let job =
        r#"{"http_sd_configs": [{"tls_config": {"client_file": "__c__", "key_file": "__k__"}}]}"#;
    check_python(
        job,
        r#"{"http_sd_configs": [{"tls_config": {"cert_file": "/jobs/cert.pem", "client_file": "__c__", "key_file": "__k__"}}]}"#,
    );
    check(job, &all_files(), ours);
}

#[test]
fn p11_a_certificate_without_a_key_is_refused_and_no_authority_is_named_for_nothing() {
    let job = r#"{"tls_config": {"insecure_skip_verify": true}}"#;
    check_python(
        job,
        r#"{"tls_config": {"ca_file": "/jobs/ca.pem", "cert_file": "/jobs/cert.pem", "insecure_skip_verify": true, "key_file": "/jobs/key.pem"}}"#,
    );
    check(
        job,
        &all_files(),
        r#"{"tls_config": {"cert_file": "/jobs/cert.pem", "insecure_skip_verify": true, "key_file": "/jobs/key.pem"}}"#,
    );

    let mut without_key = all_files();
    without_key.key_file = None;
    let id = "1".parse().unwrap();
    let text = compat::to_json(&request(job), &id, None, Some(CERT), None).unwrap();
    assert_eq!(text, r#"{"job_name": "node-1", "tls_config": {"insecure_skip_verify": true}}"#);
    check_defect(
        job,
        &without_key,
        "`tls_config.key_file`: it must be there, because `cert_file` is",
    );
}

#[test]
fn p12_every_setting_that_names_a_file_gets_it() {
    let job = r#"{"authorization": {"credentials_file": "__key_file__"}, "oauth2": {"tls_config": {"ca_file": "__ca_file__"}}}"#;
    check_python(job, job);
    check(
        job,
        &all_files(),
        r#"{"authorization": {"credentials_file": "/jobs/key.pem"}, "oauth2": {"tls_config": {"ca_file": "/jobs/ca.pem"}}}"#,
    );
}

#[test]
fn p13_a_job_that_is_null_or_no_mapping_breaks_nothing() {
    let files = all_files();
    check_python_raises("null");
    check_defect("null", &files, "`job_data`: it is missing");
    check_python_raises(r#""{\"scheme\": \"http\"}""#);
    check(r#""{\"scheme\": \"http\"}""#, &files, r#"{"scheme": "http"}"#);
    check_python_raises(r#"{"tls_config": null}"#);
    check(r#"{"tls_config": null}"#, &files, "{}");
    check_python_raises(r#"{"tls_config": "x"}"#);
    check_defect(r#"{"tls_config": "x"}"#, &files, "`tls_config`: it must be a mapping");
    check_python_raises(r#"{"http_sd_configs": null}"#);
    check(r#"{"http_sd_configs": null}"#, &files, r#"{"http_sd_configs": null}"#);
    check_python_raises(r#"{"http_sd_configs": ["x"]}"#);
    check(r#"{"http_sd_configs": ["x"]}"#, &files, r#"{"http_sd_configs": ["x"]}"#);
}
