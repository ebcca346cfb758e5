//! The files that jobs name.

use prometheus_manual_interface::{JobFiles, LocalFiles};

use super::{CA, all_files, check, check_defect};

#[test]
fn the_files_of_what_was_sent_are_named_where_a_job_relies_on_it() {
    let named = r#"{"ca_file": "/jobs/ca.pem", "cert_file": "/jobs/cert.pem", "key_file": "/jobs/key.pem"}"#;
    for job in [
        r#"{"tls_config": {}}"#,
        r#"{"tls_config": {"ca_file": null, "cert_file": "", "key_file": "__any__"}}"#,
        r#"{"tls_config": {"client_file": "__c__", "cert_file": "__cert_file__"}}"#,
    ] {
        check(job, &all_files(), &format!(r#"{{"tls_config": {named}}}"#));
    }
    for job in [r#"{"scheme": "https"}"#, r#"{"scheme": "https", "tls_config": null}"#] {
        check(job, &all_files(), &format!(r#"{{"scheme": "https", "tls_config": {named}}}"#));
    }
    check(r#"{"scheme": "http"}"#, &all_files(), r#"{"scheme": "http"}"#);
    check(r#"{"scheme": "https"}"#, &JobFiles::default(), r#"{"scheme": "https"}"#);
    let ca = JobFiles::default().with_ca_file(CA);
    check(r#"{"tls_config": {"ca": "PEM"}}"#, &ca, r#"{"tls_config": {"ca": "PEM"}}"#);
}

#[test]
fn a_path_that_is_no_placeholder_is_left() {
    let job = r#"{"bearer_token_file": "/t", "tls_config": {"ca_file": "/a", "cert_file": "/b", "key_file": "/c"}}"#;
    check(job, &all_files(), job);
    let job = r#"{"tls_config": {"ca_file": "/a", "client_file": "/b"}}"#;
    check(job, &JobFiles::default(), job);
}

#[test]
fn what_is_empty_and_was_not_sent_is_none() {
    let job = r#"{"tls_config": {"ca_file": "", "cert_file": null, "server_name": "a"}}"#;
    check(job, &JobFiles::default(), r#"{"tls_config": {"server_name": "a"}}"#);
}

#[test]
fn each_tls_config_is_filled_at_any_level() {
    let job = r#"{"x": [{"oauth2": {"tls_config": {"a": {"tls_config": {"ca_file": "__ca_file__"}}, "ca_file": "__c__"}}}]}"#;
    check(
        job,
        &all_files(),
        r#"{"x": [{"oauth2": {"tls_config": {"a": {"tls_config": {"ca_file": "/jobs/ca.pem"}}, "ca_file": "/jobs/ca.pem"}}}]}"#,
    );
}

#[test]
fn names_of_the_producers_own_are_no_files() {
    let job = r#"{"params": {"a_file": ["__ca_file__"]}, "static_configs": [{"labels": {"a_file": "__ca_file__"}, "targets": []}]}"#;
    check(job, &all_files().with_local_files(LocalFiles::Refuse), job);
}

#[test]
fn a_placeholder_for_what_was_not_sent_is_a_defect() {
    let none = JobFiles::default();
    check_defect(
        r#"{"tls_config": {"ca_file": "__ca_file__"}}"#,
        &none,
        "`tls_config.ca_file`: it stands for `ca_cert`, which was not sent",
    );
    check_defect(
        r#"{"http_sd_configs": [{}, {"basic_auth": {"password_file": "__key_file__"}}]}"#,
        &none,
        "`http_sd_configs[1].basic_auth.password_file`: it stands for `client_key`, which was not sent",
    );
}

#[test]
fn a_key_without_its_certificate_is_a_defect() {
    check_defect(
        r#"{"tls_config": {"key_file": "/k"}}"#,
        &JobFiles::default(),
        "`tls_config.cert_file`: it must be there, because `key_file` is",
    );
    // A path of the machine goes with no certificate that was sent.
    check_defect(
        r#"{"oauth2": {"tls_config": {"cert_file": "/c"}}}"#,
        &all_files(),
        "`oauth2.tls_config.key_file`: it must be there, because `cert_file` is",
    );
    let inline = r#"{"tls_config": {"cert": "PEM", "key_file": "/k"}}"#;
    check(inline, &JobFiles::default(), inline);
}

#[test]
fn files_of_the_machine_are_refused_if_so_chosen() {
    let files = all_files().with_local_files(LocalFiles::Refuse);
    for (job, path) in [
        (r#"{"bearer_token_file": "/etc/shadow"}"#, "bearer_token_file"),
        (r#"{"bearer_token_file": 7}"#, "bearer_token_file"),
        (r#"{"authorization": {"credentials_file": "__any__"}}"#, "authorization.credentials_file"),
        (r#"{"tls_config": {"ca_file": "/etc/shadow"}}"#, "tls_config.ca_file"),
        (r#"{"tls_config": {"client_file": "/c"}}"#, "tls_config.client_file"),
        (r#"{"<<": {"bearer_token_file": "/etc/shadow"}}"#, "<<.bearer_token_file"),
        (r#"{"file_sd_configs": [{"files": ["/etc/*.json"]}]}"#, "file_sd_configs"),
        (r#"{"http_headers": {"a": {"files": ["/etc/shadow"]}}}"#, "http_headers.a.files[0]"),
        (
            r#"{"http_headers": {"params": {"files": ["__key_file__", "/etc/shadow"]}}}"#,
            "http_headers.params.files[1]",
        ),
        (
            r#"{"http_sd_configs": [{"http_headers": {"static_configs": {"files": ["/k"]}}}]}"#,
            "http_sd_configs[0].http_headers.static_configs.files[0]",
        ),
        (
            r#"{"docker_sd_configs": [{"host": "unix:///var/run/docker.sock"}]}"#,
            "docker_sd_configs[0].host",
        ),
        (
            r#"{"stackit_sd_configs": [{"private_key_path": "/k"}]}"#,
            "stackit_sd_configs[0].private_key_path",
        ),
    ] {
        let defect = format!("`{path}`: a job must not name files of the machine of Prometheus");
        check_defect(job, &files, &defect);
        assert!(super::render(job, &all_files()).is_ok());
    }
    check(
        r#"{"bearer_token_file": "__key_file__", "file_sd_configs": [], "metrics_path": "/m"}"#,
        &files,
        r#"{"bearer_token_file": "/jobs/key.pem", "file_sd_configs": [], "metrics_path": "/m"}"#,
    );
}
