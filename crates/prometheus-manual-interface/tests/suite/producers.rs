//! What charms in the field send that do not use Python's layer.

use std::fmt::Write as _;

use prometheus_manual_interface::PrometheusManualRequires;
use reactive_endpoints::{Context, Result};

use crate::model::{JOBS, Model};

/// Tells what a charm sees of what a unit sends, and accepts it.
#[track_caller]
fn seen(settings: &[(&str, &str)]) -> String {
    let mut model = Model::new();
    model.publish("app/0", settings);
    let seen = model.look("prom/0", |cx: &Context| -> Result<String> {
        let jobs: &PrometheusManualRequires = &cx.endpoint(JOBS);
        let mut seen = String::new();
        for job in jobs.jobs()? {
            let (has_ca, has_key) = (job.ca_cert.is_some(), job.client_key.is_some());
            let other: Vec<&String> = job.other.keys().collect();
            writeln!(
                seen,
                "{} {}: {}, ca {has_ca}, key {has_key}, other {other:?}",
                job.id(),
                job.job_name,
                python_json::to_string(&job.job_data)?
            )?;
            job.accept()?;
        }
        Ok(seen)
    });
    model.settle();
    assert!(model.new_jobs().is_empty());
    let responses = model.published("prom/0", 0);
    let responses = responses.iter().map(|(key, text)| format!("{key}: {text}\n"));
    seen + &responses.collect::<String>()
}

#[test]
fn lxd_names_its_requests_by_model_and_application_and_has_a_text_for_targets() {
    let request = r#"{"job_name": "lxd", "job_data": {"metrics_path": "/1.0/metrics", "scheme": "https", "static_configs": [{"targets": "10.0.0.7:9100"}], "tls_config": {"insecure_skip_verify": true}}, "client_cert": "CERT", "client_key": "KEY", "request_id": "prod_lxd"}"#;
    insta::assert_snapshot!(seen(&[("request_prod_lxd", request)]), @r#"
    prod_lxd lxd: {"metrics_path": "/1.0/metrics", "scheme": "https", "static_configs": [{"targets": "10.0.0.7:9100"}], "tls_config": {"insecure_skip_verify": true}}, ca false, key true, other []
    response_prod_lxd: {"reason": null, "success": true}
    "#);
}

#[test]
fn polkadot_has_digests_for_ids_and_a_port_beside_the_fields() {
    let id = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";
    let request = format!(
        r#"{{"request_id": "{id}", "job_name": "polkadot", "job_data": {{"static_configs": [{{"targets": ["10.0.0.8:9615"]}}]}}, "port": 9615}}"#
    );
    insta::assert_snapshot!(seen(&[(&format!("request_{id}"), &request)]), @r#"
    2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 polkadot: {"static_configs": [{"targets": ["10.0.0.8:9615"]}]}, ca false, key false, other ["port"]
    response_2fd4e1c67a2d28fced849ee1bb76e7391b93eb12: {"reason": null, "success": true}
    "#);
}

#[test]
fn kafka_piles_up_requests_and_has_settings_of_the_job_beside_its_data() {
    let request = |id: &str| {
        format!(
            r#"{{"job_data": {{"static_configs": [{{"labels": {{"job": "kafka"}}, "targets": ["10.0.0.9:7071"]}}]}}, "job_name": "kafka", "request_id": "{id}", "scheme": "https", "tls_config": {{"ca_file": "__ca_file__"}}}}"#
        )
    };
    let ids = ["0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"];
    let [one, two] = ids.map(request);
    let keys = ids.map(|id| format!("request_{id}"));
    insta::assert_snapshot!(seen(&[(&keys[0], &one), (&keys[1], &two)]), @r#"
    0f8fad5b-d9cb-469f-a165-70867728950e kafka: {"static_configs": [{"labels": {"job": "kafka"}, "targets": ["10.0.0.9:7071"]}]}, ca false, key false, other ["scheme", "tls_config"]
    7c9e6679-7425-40de-944b-e07fc1f90ae7 kafka: {"static_configs": [{"labels": {"job": "kafka"}, "targets": ["10.0.0.9:7071"]}]}, ca false, key false, other ["scheme", "tls_config"]
    response_0f8fad5b-d9cb-469f-a165-70867728950e: {"reason": null, "success": true}
    response_7c9e6679-7425-40de-944b-e07fc1f90ae7: {"reason": null, "success": true}
    "#);
}

#[test]
fn a_producer_that_sends_what_is_no_job_is_told_why() {
    let nested =
        format!(r#"{{"job_name": "a", "job_data": {}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
    insta::assert_snapshot!(seen(&[
        ("request_", r#"{"job_name": "a", "job_data": {}}"#),
        ("request_deep", &nested),
        ("request_list", "[]"),
        ("request_text", r#"{"job_name": 1, "job_data": {}}"#),
        ("requests", "ours is not to wonder"),
    ]), @r#"
    response_deep: {"reason": "cannot read the request `deep` of unit `app/0` in relation `manual-jobs:0`: it is not JSON", "success": false}
    response_list: {"reason": "cannot read the request `list` of unit `app/0` in relation `manual-jobs:0`: it is not an object", "success": false}
    response_text: {"reason": "`job_name`: it must be text", "success": false}
    "#);
}
