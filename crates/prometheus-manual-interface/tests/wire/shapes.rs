//! The shapes in which producers send jobs.

use prometheus_manual_interface::{JobFiles, JobRequest};

use super::{all_files, check, check_defect};

#[track_caller]
fn check_request(text: &str, rendered: &str) {
    let request: JobRequest = python_json::from_str(text).unwrap();
    let config = request.render("node-1", &all_files());
    let text = config.map_or_else(
        |defect| defect.to_string(),
        |config| python_json::to_string(&config).unwrap(),
    );
    assert_eq!(text, rendered);
}

#[test]
fn targets_may_be_one_text() {
    check(
        r#"{"static_configs": [{"targets": "10.0.0.5:9100, [::1]:80\n"}, {"targets": ""}, {"targets": ["a b"]}]}"#,
        &JobFiles::default(),
        r#"{"static_configs": [{"targets": ["10.0.0.5:9100", "[::1]:80"]}, {"targets": []}, {"targets": ["a b"]}]}"#,
    );
    let odd = r#"{"static_configs": [null, {}, {"targets": 7}]}"#;
    check(odd, &JobFiles::default(), odd);
}

#[test]
fn settings_may_be_beside_the_data() {
    check_request(
        r#"{"job_name": "kafka", "port": 9100, "scheme": "https", "scrape_interval": "5s",
            "tls_config": {"server_name": "a"}, "ca_cert": "CA",
            "job_data": {"scrape_interval": "15s", "tls_config": null}}"#,
        r#"{"job_name": "node-1", "scheme": "https", "scrape_interval": "15s", "tls_config": {"ca_file": "/jobs/ca.pem", "cert_file": "/jobs/cert.pem", "key_file": "/jobs/key.pem", "server_name": "a"}}"#,
    );
}

#[test]
fn lxd_sends_certificates_and_only_says_not_to_verify() {
    check_request(
        r#"{"ca_cert": null, "client_cert": "C", "client_key": "K", "job_name": "lxd", "request_id": "model_lxd",
            "job_data": {"metrics_path": "/1.0/metrics", "scheme": "https",
                         "static_configs": [{"targets": "10.0.0.5:9100"}], "tls_config": {"insecure_skip_verify": true}}}"#,
        r#"{"job_name": "node-1", "metrics_path": "/1.0/metrics", "scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9100"]}], "tls_config": {"cert_file": "/jobs/cert.pem", "insecure_skip_verify": true, "key_file": "/jobs/key.pem"}}"#,
    );
}

#[test]
fn the_name_is_the_one_that_was_given_whatever_the_data_says() {
    check_request(
        r#"{"job_name": "a", "job_data": {"job_name": "b"}}"#,
        r#"{"job_name": "node-1"}"#,
    );
}

#[test]
fn a_request_without_what_it_needs_is_a_defect() {
    check_request(r#"{"job_data": {}}"#, "`job_name`: it must not be empty");
    check_request(r#"{"job_name": 7, "job_data": {}}"#, "`job_name`: it must be text");
    check_request(r#"{"job_name": "a"}"#, "`job_data`: it is missing");
    check_request(
        r#"{"job_name": "a", "job_data": {}, "client_key": ["hidden"]}"#,
        "`client_key`: it must be text",
    );
    for data in [r#""{broken""#, r#""[]""#] {
        check_defect(
            data,
            &JobFiles::default(),
            "`job_data`: it must be a mapping, or one as JSON",
        );
    }
    check_defect("[]", &JobFiles::default(), "`job_data`: it must be a mapping");
}
