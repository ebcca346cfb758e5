//! Jobs, setting by setting.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use prometheus_manual_interface::{
    Job, JobDefect, JobRequest, Relabel, Scheme, TargetGroup, Tls, compat,
};

use super::fake_pem::fake_pem;
use super::{CA, CERT, KEY, all_files};

/// Encrypts both sides.
fn tls() -> Tls {
    Tls::new()
        .ca_cert(fake_pem("CERTIFICATE", "hidden"))
        .client(fake_pem("CERTIFICATE", "hidden"), fake_pem("PRIVATE KEY", "hidden"))
}

#[test]
fn each_setting_has_the_name_and_form_that_prometheus_knows() {
    let request = Job::new("node")
        .target(SocketAddr::from(([10, 0, 0, 5], 9100)))
        .targets(["a.local:1", "b.local:1"])
        .target_group(TargetGroup::new(["[::1]:80"]).label("zone", "a"))
        .target("c.local:1")
        .metrics_path("/federate")
        .param("match[]", "up")
        .param("match[]", "node_.*")
        .scrape_interval(Duration::from_secs(90))
        .scrape_timeout(Duration::from_millis(1_500))
        .honor_labels()
        .sample_limit(1_000)
        .authorization("Bearer", "hidden")
        .basic_auth("user", "hidden")
        .tls(tls().server_name("a").insecure_skip_verify())
        .setting("target_limit", 5)
        .build()
        .unwrap();
    let data: serde_json::Value = serde_json::from_str(&request.job_data.to_string()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&data).unwrap(), @r#"
    {
      "basic_auth": {
        "password": "hidden",
        "username": "user"
      },
      "honor_labels": true,
      "metrics_path": "/federate",
      "params": {
        "match[]": [
          "up",
          "node_.*"
        ]
      },
      "sample_limit": 1000,
      "scheme": "https",
      "scrape_interval": "1m30s",
      "scrape_timeout": "1s500ms",
      "static_configs": [
        {
          "targets": [
            "10.0.0.5:9100",
            "a.local:1",
            "b.local:1"
          ]
        },
        {
          "labels": {
            "zone": "a"
          },
          "targets": [
            "[::1]:80"
          ]
        },
        {
          "targets": [
            "c.local:1"
          ]
        }
      ],
      "target_limit": 5,
      "tls_config": {
        "ca_file": "__ca_file__",
        "cert_file": "__cert_file__",
        "insecure_skip_verify": true,
        "key_file": "__key_file__",
        "server_name": "a"
      }
    }
    "#);
    let sent = [request.ca_cert, request.client_cert, request.client_key];
    let labels = ["CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"];
    assert_eq!(sent, labels.map(|label| Some(fake_pem(label, "hidden"))));
}

#[test]
fn each_relabelling_has_the_form_that_prometheus_knows() {
    let request = Job::new("node")
        .setting("dns_sd_configs", [BTreeMap::from([("names", ["a.local"])])])
        .relabel(Relabel::keep(["a", "b"], "x;y").separator(";"))
        .relabel(Relabel::replace(["__address__"], "host").regex("(.*):.*").replacement("$1"))
        .relabel(Relabel::set("job", "node"))
        .relabel(Relabel::hashmod(["__address__"], "__tmp_hash", 4))
        .metric_relabel(Relabel::drop(["__name__"], "go_.*"))
        .metric_relabel(Relabel::labelmap("__meta_(.*)"))
        .metric_relabel(Relabel::labeldrop("id"))
        .metric_relabel(Relabel::labelkeep("a|b"))
        .build();
    let data = request.unwrap().job_data.to_string().replace("}, {", "},\n{");
    insta::assert_snapshot!(data, @r#"
    {"dns_sd_configs": [{"names": ["a.local"]}], "metric_relabel_configs": [{"action": "drop", "regex": "go_.*", "source_labels": ["__name__"]},
    {"action": "labelmap", "regex": "__meta_(.*)"},
    {"action": "labeldrop", "regex": "id"},
    {"action": "labelkeep", "regex": "a|b"}], "relabel_configs": [{"action": "keep", "regex": "x;y", "separator": ";", "source_labels": ["a", "b"]},
    {"action": "replace", "regex": "(.*):.*", "replacement": "$1", "source_labels": ["__address__"], "target_label": "host"},
    {"action": "replace", "replacement": "node", "target_label": "job"},
    {"action": "hashmod", "modulus": 4, "source_labels": ["__address__"], "target_label": "__tmp_hash"}]}
    "#);
}

#[test]
fn the_last_credential_is_the_one() {
    let job = Job::new("node").target("a:1");
    let data = |job: Job| job.build().unwrap().job_data.to_string();
    assert_eq!(
        data(job.clone().basic_auth("a", "b").bearer_token("t")),
        r#"{"bearer_token": "t", "static_configs": [{"targets": ["a:1"]}]}"#
    );
    assert_eq!(
        data(job.bearer_token("t").authorization("Bearer", "c")),
        r#"{"authorization": {"credentials": "c", "type": "Bearer"}, "static_configs": [{"targets": ["a:1"]}]}"#
    );
}

#[test]
fn a_raw_job_is_taken_as_it_is_and_can_be_added_to() {
    let template: python_json::Value =
        r#"{"params": {"a": ["1"]}, "static_configs": [{"targets": ["a:1"]}]}"#.parse().unwrap();
    let request = Job::raw("node", &template).param("a", "2").target("b:1").build().unwrap();
    assert_eq!(
        request.job_data.to_string(),
        r#"{"params": {"a": ["1", "2"]}, "static_configs": [{"targets": ["a:1"]}, {"targets": ["b:1"]}]}"#
    );
}

#[test]
fn what_is_known_to_some_version_may_be_asked_for() {
    let placeholders = BTreeMap::from([("ca_file", "__ca_file__"), ("cert_file", "")]);
    for (key, value) in [
        ("scrape_classic_histograms", serde_json::json!(true)),
        ("scrape_protocols", serde_json::json!(["PrometheusProto"])),
        ("consul_sd_configs", serde_json::json!([{}])),
        ("scrape_timeout", serde_json::json!("5m")),
        ("bearer_token_file", serde_json::json!("__key_file__")),
        ("tls_config", serde_json::json!(placeholders)),
    ] {
        Job::new("node").target("a:1").setting(key, value).build().unwrap();
    }
}

#[test]
fn what_cannot_be_right_is_told_when_it_is_built() {
    #[track_caller]
    fn check(job: Job, defect: &str) {
        let result: Result<JobRequest, JobDefect> = job.try_into();
        assert_eq!(result.unwrap_err().to_string(), defect);
    }
    let job = || Job::new("node").target("a:1");
    let seconds = Duration::from_secs;
    check(Job::new("").target("a:1"), "`job_name`: it must not be empty");
    check(Job::new("node"), "`static_configs`: a job must have targets");
    check(Job::raw("node", ["hidden"]), "`job_data`: it must be a mapping");
    check(job().setting("x", f64::NAN), "`x`: it has no form in JSON");
    check(job().setting("job_name", "x"), "`job_name`: it is what `Job::new` was given");
    check(
        job().metrics_path("/metrics?a=b"),
        "`metrics_path`: it must begin with `/`, and parameters belong to `params`",
    );
    check(job().setting("params", 1).param("a", "b"), "`params`: it must be a mapping to lists");
    check(job().setting("static_configs", "a:1"), "`static_configs`: it must be a list");
    for duration in [Duration::ZERO, Duration::from_nanos(1)] {
        check(
            job().scrape_interval(duration),
            "`scrape_interval`: it must be whole milliseconds, and not zero",
        );
    }
    check(
        job().scrape_timeout(seconds(11)).scrape_interval(seconds(10)),
        "`scrape_timeout`: it must not be longer than the interval, which is `10s`",
    );
    check(
        job().tls(Tls::new().client(fake_pem("CERTIFICATE", "client"), "hidden")),
        "`client_key`: it must have a private key as PEM",
    );
    check(
        job().setting("scrape_intervall", "5s"),
        "`scrape_intervall`: Prometheus knows no such key",
    );
    check(
        job().relabel(Relabel::labeldrop("(a")),
        "`relabel_configs[0].regex`: `(a` is no regular expression for Prometheus: unclosed group",
    );
    check(
        job().setting("tls_config", BTreeMap::from([("cert_file", "__cert_file__")])),
        "`tls_config.cert_file`: it needs `key_file` beside it",
    );
    // The first of many.
    check(
        job().sample_limit(1).metrics_path("x").scrape_timeout(seconds(0)),
        "`metrics_path`: it must begin with `/`, and parameters belong to `params`",
    );
}

#[test]
fn a_job_with_certificates_is_rendered_the_same_by_python_and_by_us() {
    let request = Job::new("node").target("a:1").scheme(Scheme::Http).tls(tls()).build().unwrap();
    let ours = request.render("node-1", &all_files()).unwrap();
    let pythons = compat::to_json(&request, &"1".parse().unwrap(), Some(CA), Some(CERT), Some(KEY));
    assert_eq!(python_json::to_string(&ours).unwrap(), pythons.unwrap());
}

#[test]
fn shows_no_secret() {
    let tls = tls();
    let shown = format!("{tls:?}");
    let job =
        Job::new("node").bearer_token("hidden").tls(tls).setting("proxy_url", "http://a:hidden@b");
    let shown = format!("{shown} {job:?} {:?}", job.clone().target("a:1").build().unwrap());
    assert!(!shown.contains("hidden"), "{shown}");
}
