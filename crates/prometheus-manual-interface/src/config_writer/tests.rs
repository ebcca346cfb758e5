//! A configuration with its certificates, written to a temporary folder.

use std::error::Error;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::ConfigWriter;
use crate::config_writer::bench::{Bench, CERTIFICATES, CONFIG, jobs};
use crate::config_writer::write_error::WriteError;
use crate::job_set::JobSet;
use crate::prometheus_version::PrometheusVersion;

fn base() -> python_json::Value {
    r#"{
        "global": {"scrape_interval": "1m"},
        "scrape_configs": [{"job_name": "prometheus"}],
        "rule_files": []
    }"#
    .parse()
    .unwrap()
}

fn refusal(writer: &ConfigWriter, jobs: &JobSet) -> WriteError {
    writer.stage(jobs).unwrap_err()
}

#[test]
fn jobs_come_behind_those_of_the_base() {
    let bench = Bench::new();
    let writer = bench.writer().base(&base()).unwrap();
    let jobs = jobs([("a/0", "one"), ("b/0", "two")]);
    assert!(writer.stage(&jobs).unwrap().commit().unwrap());
    insta::assert_snapshot!(bench.tree(), @"
    job-certificates/ 0750
        ca-09f8….crt 0644
            | -----BEGIN CERTIFICATE-----
            | MC4+the+authority+++++++++++++++++++++++++++++++++++++++++++++++
            | -----END CERTIFICATE-----
        cert-3f5b….crt 0644
            | -----BEGIN CERTIFICATE-----
            | MC4+certificate+one+++++++++++++++++++++++++++++++++++++++++++++
            | -----END CERTIFICATE-----
        cert-adc8….crt 0644
            | -----BEGIN CERTIFICATE-----
            | MC4+certificate+two+++++++++++++++++++++++++++++++++++++++++++++
            | -----END CERTIFICATE-----
        key-65ae….key 0600
            | -----BEGIN PRIVATE KEY-----
            | MC4+secret+two++++++++++++++++++++++++++++++++++++++++++++++++++
            | -----END PRIVATE KEY-----
        key-df71….key 0600
            | -----BEGIN PRIVATE KEY-----
            | MC4+secret+one++++++++++++++++++++++++++++++++++++++++++++++++++
            | -----END PRIVATE KEY-----
    prometheus.yml 0640
        | # Written by the charm of this unit, with the jobs of its prometheus-manual
        | # relations. It is written again when they change: edits are lost.
        | global:
        |   scrape_interval: '1m'
        | rule_files: []
        | scrape_configs:
        | - job_name: 'prometheus'
        | - job_name: 'a-0-node'
        |   scheme: 'https'
        |   static_configs:
        |   - targets:
        |     - '10.0.0.5:9100'
        |   tls_config:
        |     ca_file: '/etc/prometheus/job-certificates/ca-09f8….crt'
        |     cert_file: '/etc/prometheus/job-certificates/cert-3f5b….crt'
        |     key_file: '/etc/prometheus/job-certificates/key-df71….key'
        | - job_name: 'b-0-node'
        |   scheme: 'https'
        |   static_configs:
        |   - targets:
        |     - '10.0.0.5:9100'
        |   tls_config:
        |     ca_file: '/etc/prometheus/job-certificates/ca-09f8….crt'
        |     cert_file: '/etc/prometheus/job-certificates/cert-adc8….crt'
        |     key_file: '/etc/prometheus/job-certificates/key-65ae….key'
    ");
}

#[test]
fn jobs_can_have_a_file_of_their_own() {
    let bench = Bench::new();
    let writer = bench.own(ConfigWriter::scrape_config_file("/etc/prometheus/jobs.yml"));
    let jobs = JobSet::new(PrometheusVersion::new(2, 43, 0));
    assert!(writer.stage(&jobs).unwrap().commit().unwrap());
    insta::assert_snapshot!(bench.tree(), @r"
    jobs.yml 0640
        | # Written by the charm of this unit, with the jobs of its prometheus-manual
        | # relations. It is written again when they change: edits are lost.
        | scrape_configs: []
    ");
    let old = JobSet::new(PrometheusVersion::new(2, 42, 9));
    insta::assert_snapshot!(refusal(&writer, &old), @"Prometheus 2.42.9 does not know `scrape_config_files`, which are to name `/etc/prometheus/jobs.yml`; have the jobs in its configuration itself");
}

#[test]
fn says_what_is_wrong_with_a_base() {
    let refusal = |base: &str| {
        let base: python_json::Value = base.parse().unwrap();
        Bench::new().writer().base(&base).unwrap_err()
    };
    insta::assert_snapshot!(refusal("[]"), @"invalid base configuration: it must be a mapping");
    insta::assert_snapshot!(refusal(r#"{"scrape_configs": {}}"#), @"invalid base configuration: its `scrape_configs` must be a list");
    let no_data = Bench::new().writer().base(&f64::NAN).unwrap_err();
    insta::assert_snapshot!(no_data, @"invalid base configuration: it is no data");
    assert!(no_data.source().is_some());
    let own_file = ConfigWriter::scrape_config_file("/jobs.yml").base(&base()).unwrap_err();
    insta::assert_snapshot!(own_file, @"invalid base configuration: a file of `scrape_configs` has no other settings");
}

#[test]
fn says_what_the_machine_lacks() {
    let bench = Bench::new();
    let jobs = jobs([("a/0", "one")]);
    let writer = bench.writer();
    insta::assert_snapshot!(refusal(&writer.clone().owner("prom", "prometheus"), &jobs), @"the machine has no user `prom`; add it first");
    insta::assert_snapshot!(refusal(&writer.clone().owner("prometheus", "prom"), &jobs), @"the machine has no group `prom`; add it first");
    let shown = |error: WriteError| error.to_string().replace(bench.at("").to_str().unwrap(), "/");
    let elsewhere = jobs.clone().certificates_in("/srv/certificates");
    insta::assert_snapshot!(shown(refusal(&writer, &elsewhere)), @"the folder `/srv` does not exist; make it first");
    let unmade = ConfigWriter::new("/srv/prometheus.yml").below(bench.at(""));
    insta::assert_snapshot!(shown(refusal(&unmade, &jobs)), @"the folder `/srv` does not exist; make it first");
}

#[test]
fn refuses_a_job_with_a_name_of_the_base() {
    let bench = Bench::new();
    let base = r#"{"scrape_configs": [{"job_name": "a-0-node"}]}"#;
    let base: python_json::Value = base.parse().unwrap();
    let writer = bench.writer().base(&base).unwrap();
    insta::assert_snapshot!(refusal(&writer, &jobs([("a/0", "one")])), @"the base configuration has a job `a-0-node` already; reserve its name in the set of jobs");
    let _ = writer.stage(&jobs([("b/0", "two")])).unwrap();
}

#[test]
fn refuses_paths_that_lead_anywhere() {
    let jobs = jobs([]);
    let refusal = |path: &str| refusal(&Bench::new().own(ConfigWriter::new(path)), &jobs);
    insta::assert_snapshot!(refusal("prometheus.yml"), @"invalid path `prometheus.yml`: it must be absolute");
    insta::assert_snapshot!(refusal("/etc/../prometheus.yml"), @"invalid path `/etc/../prometheus.yml`: it must name a file or folder without `..`");
    assert!(matches!(refusal("/"), WriteError::Path { .. }));
}

#[test]
fn what_was_staged_before_an_error_is_removed() {
    let bench = Bench::new();
    bench.write(&jobs([("a/0", "one")]));
    let tree = bench.tree();
    fs::create_dir_all(bench.at("etc/prometheus/prometheus.yml.staged/full")).unwrap();
    let error = refusal(&bench.writer(), &jobs([("b/0", "two")]));
    insta::assert_snapshot!(error.to_string().replace(bench.at("").to_str().unwrap(), "/"), @"cannot remove `/etc/prometheus/prometheus.yml.staged`");
    assert!(error.source().is_some());
    fs::remove_dir_all(bench.at("etc/prometheus/prometheus.yml.staged")).unwrap();
    assert_eq!(bench.tree(), tree);
}

#[test]
fn wrong_modes_are_mended_without_a_change() {
    let bench = Bench::new();
    let jobs = jobs([("a/0", "one")]);
    bench.write(&jobs);
    let tree = bench.tree();
    for path in [CERTIFICATES, CONFIG] {
        fs::set_permissions(bench.at(path), fs::Permissions::from_mode(0o777)).unwrap();
    }
    for name in bench.certificates() {
        let path = bench.at(CERTIFICATES).join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
    }
    assert!(!bench.write(&jobs));
    assert_eq!(bench.tree(), tree);
}

#[test]
fn files_of_others_are_kept() {
    let bench = Bench::new();
    bench.write(&jobs([("a/0", "one")]));
    let foreign = ["key-server.key", ".hidden.new", "ca.crt"];
    for name in foreign {
        fs::write(bench.at(CERTIFICATES).join(name), "precious").unwrap();
    }
    bench.write(&jobs([]));
    assert_eq!(bench.certificates(), [".hidden.new", "ca.crt", "key-server.key"]);
}

#[test]
fn links_lead_nowhere() {
    let bench = Bench::new();
    let jobs = jobs([("a/0", "one")]);
    let target = bench.at("etc/target");
    bench.write(&jobs);
    let tree = bench.tree();
    fs::write(&target, "precious").unwrap();
    let names = bench.certificates();
    let mut paths: Vec<_> = names.iter().map(|n| bench.at(CERTIFICATES).join(n)).collect();
    paths.push(bench.at(CONFIG));
    for path in paths {
        fs::remove_file(&path).unwrap();
        symlink(&target, &path).unwrap();
    }
    let beside = bench.at("etc/prometheus/prometheus.yml.staged");
    symlink(&target, &beside).unwrap();
    for name in names {
        let unfinished = bench.at(CERTIFICATES).join(format!(".{name}.new"));
        symlink(&target, unfinished).unwrap();
    }
    assert!(bench.write(&jobs));
    assert_eq!(bench.tree(), tree);
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
}

#[test]
fn another_name_of_a_file_elsewhere_is_replaced() {
    let bench = Bench::new();
    let jobs = jobs([("a/0", "one")]);
    let file = jobs.files().find(|file| file.is_secret()).unwrap();
    fs::write(bench.at("etc/target"), file.contents()).unwrap();
    fs::set_permissions(bench.at("etc/target"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::create_dir(bench.at(CERTIFICATES)).unwrap();
    fs::hard_link(bench.at("etc/target"), bench.at(CERTIFICATES).join(file.name())).unwrap();
    bench.write(&jobs);
    let mode = bench.at("etc/target").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o444);
}

#[test]
fn a_link_is_no_folder_for_certificates() {
    let bench = Bench::new();
    fs::create_dir(bench.at("etc/target")).unwrap();
    symlink(bench.at("etc/target"), bench.at(CERTIFICATES)).unwrap();
    let error = refusal(&bench.writer(), &jobs([("a/0", "one")]));
    insta::assert_snapshot!(error.to_string().replace(bench.at("").to_str().unwrap(), "/"), @"`/etc/prometheus/job-certificates` is a link or no folder; remove it");
    assert_eq!(fs::read_dir(bench.at("etc/target")).unwrap().count(), 0);
}

#[test]
fn nothing_is_made_where_there_are_no_certificates() {
    let bench = Bench::new();
    assert!(bench.write(&jobs([])));
    assert!(!bench.at(CERTIFICATES).exists());
}
