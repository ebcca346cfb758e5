//! What is written, as Prometheus's own `promtool` sees it.

use std::collections::BTreeMap;

use prometheus_manual_interface::{ConfigWriter, JobRequest, JobSet, PrometheusVersion};
use proptest::prelude::*;
use python_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::fake_pem::fake_pem;
use crate::promtool::{check_config, labels as labels_of};

/// Texts that are something else in YAML, unless they are in quotes.
const ODD: [&str; 26] = [
    "yes",
    "~",
    "1e3",
    "0x1F",
    "012",
    "1_000",
    "12:30:45",
    "=",
    "<<",
    "2001-01-01",
    " a ",
    "a: b",
    "a #b",
    "two\nlines\n\n",
    "\t",
    "\u{1}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{1f600}",
    "\u{ffff}",
    "'\"\\",
    "- a",
    "{{ a }}",
    "${1}",
];

/// A folder in which a configuration is written to where it says that it is.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn jobs(&self) -> JobSet {
        let certificates = self.folder.path().join("certificates");
        JobSet::new(PrometheusVersion::new(2, 42, 0))
            .certificates_in(certificates.to_str().unwrap())
    }

    fn writer(&self) -> ConfigWriter {
        ConfigWriter::new(self.folder.path().join("prometheus.yml"))
            .base(&json!({"global": {"scrape_interval": "1m"}}))
            .unwrap()
    }
}

fn add(jobs: &mut JobSet, name: &str, data: &serde_json::Value) {
    let data: Value = data.to_string().parse().unwrap();
    let mut request = JobRequest::new(name, data);
    request.ca_cert = Some(fake_pem("CERTIFICATE", "authority"));
    request.client_cert = Some(fake_pem("CERTIFICATE", "client"));
    request.client_key = Some(fake_pem("PRIVATE KEY", "client"));
    jobs.add(&"id".parse().unwrap(), "exporter/0", &request).unwrap();
}

#[test]
fn odd_texts_are_accepted_before_and_after_they_take_effect() {
    let bench = Bench::new();
    let mut jobs = bench.jobs();
    for odd in ODD {
        let data = json!({
            "params": {odd: [odd]},
            "scheme": "https",
            "static_configs": [{"labels": {"odd": odd}, "targets": ["10.0.0.5:9100"]}],
        });
        add(&mut jobs, odd, &data);
    }
    let staged = bench.writer().stage(&jobs).unwrap();
    check_config(staged.config()).unwrap();
    assert!(staged.commit().unwrap());
    check_config(&bench.folder.path().join("prometheus.yml")).unwrap();
}

/// Texts of what YAML has a meaning for, and of anything else.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(&ODD[..]).prop_map(str::to_owned);
    let indicators = r#"[ \n\t\r:#?,\[\]{}&*!|>'"%@`=<~.0-9eExo_\\\u{0}\u{85}\u{a0}\u{2028}\u{feff}\u{fffe}\u{1f600}-]{0,12}"#;
    prop_oneof![odd, indicators, any::<String>(), "[a-z \n]{100,300}"]
}

fn key() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.chars().take(25).collect())
}

proptest! {
    // Each case takes a second at least.
    #![proptest_config(ProptestConfig {
        cases: 2,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Default::default()
    })]

    #[test]
    fn texts_mean_the_same_to_prometheus(
        labels in prop::collection::vec(text(), 500),
        parameters in prop::collection::btree_map(key(), text(), 0..500),
    ) {
        let bench = Bench::new();
        let mut jobs = bench.jobs();
        let labels: BTreeMap<_, _> =
            (0..).zip(labels).map(|(number, text)| (format!("label{number}"), text)).collect();
        let lists: BTreeMap<_, _> =
            parameters.iter().map(|(name, text)| (name, [text])).collect();
        let data = json!({
            "params": lists,
            "static_configs": [{"labels": labels, "targets": ["10.0.0.5:9100"]}],
        });
        add(&mut jobs, "node", &data);
        let staged = bench.writer().stage(&jobs).unwrap();
        let read = labels_of(staged.config(), "node-id");
        let parameters = parameters.iter().map(|(name, text)| (format!("__param_{name}"), text));
        let labels = labels.iter().map(|(name, text)| (name.clone(), text));
        for (name, text) in labels.chain(parameters) {
            // A label that is empty is none.
            prop_assert_eq!(read.get(&name).map_or("", String::as_str), text, "{}", name);
        }
    }
}

#[test]
fn no_jobs_are_accepted() {
    let bench = Bench::new();
    let staged = bench.writer().stage(&bench.jobs()).unwrap();
    check_config(staged.config()).unwrap();
}

/// Tells whether promtool takes a job under such a section `global`, and whether
/// a set does that knows the interval there.
fn under_global(global: &serde_json::Value, mut job: serde_json::Value) -> [bool; 2] {
    let bench = Bench::new();
    let interval = global["scrape_interval"].as_str().unwrap().parse().unwrap();
    let request = JobRequest::new("node", job.to_string().parse().unwrap());
    let mut jobs = bench.jobs().scrape_interval(interval);
    let is_added = jobs.add(&"id".parse().unwrap(), "exporter/0", &request).is_ok();
    job["job_name"] = json!("node");
    let writer = bench.writer().base(&json!({"global": global, "scrape_configs": [job]}));
    let staged = writer.unwrap().stage(&bench.jobs()).unwrap();
    [check_config(staged.config()).is_ok(), is_added]
}

#[test]
fn the_interval_of_all_jobs_counts_for_those_without() {
    let global = json!({"scrape_interval": "15s"});
    assert_eq!(under_global(&global, json!({"scrape_timeout": "20s"})), [false; 2]);
    assert_eq!(under_global(&global, json!({"scrape_timeout": "15s"})), [true; 2]);
    assert_eq!(under_global(&global, json!({"scrape_interval": "5s"})), [true; 2]);
    // Prometheus shortens the timeout of all jobs where a job has none.
    let global = json!({"scrape_interval": "15s", "scrape_timeout": "12s"});
    assert_eq!(under_global(&global, json!({"scrape_interval": "5s"})), [true; 2]);
    let labels = |interval: &str| {
        let labels = json!({"__scrape_interval__": interval});
        json!({"static_configs": [{"targets": ["10.0.0.5:9100"], "labels": labels}]})
    };
    let global = json!({"scrape_interval": "8s"});
    assert_eq!(under_global(&global, labels("8s")), [true; 2]);
    assert_eq!(under_global(&global, labels("7s")), [false; 2]);
}

#[test]
fn what_promtool_refuses_leaves_no_trace() {
    let bench = Bench::new();
    let mut jobs = bench.jobs();
    // Debian leaves this discovery out.
    let data = json!({"kuma_sd_configs": [{"server": "http://10.0.0.5:5676"}]});
    add(&mut jobs, "node", &data);
    let staged = bench.writer().stage(&jobs).unwrap();
    let refusal = check_config(staged.config()).unwrap_err();
    assert!(refusal.contains("not found in type"), "{refusal}");
    drop(staged);
    assert!(!bench.folder.path().join("prometheus.yml").exists());
}

#[test]
fn a_certificate_that_is_missing_is_noticed() {
    let bench = Bench::new();
    let mut jobs = bench.jobs();
    add(&mut jobs, "node", &json!({"scheme": "https"}));
    let staged = bench.writer().stage(&jobs).unwrap();
    check_config(staged.config()).unwrap();
    std::fs::remove_dir_all(bench.folder.path().join("certificates")).unwrap();
    let refusal = check_config(staged.config()).unwrap_err();
    assert!(refusal.contains("no such file or directory"), "{refusal}");
}
