//! What the check accepts, the real `promtool` accepts; and what promtool
//! refuses, the check refuses.
//!
//! It needs Debian's package of Prometheus 2.42, unpacked by
//! `cargo xtask debian-packages`. `PROPTEST_CASES=N` tries N batches of jobs.

mod mutation;
mod promtool;
mod yaml;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use prometheus_manual_interface::{JobDefect, PrometheusVersion, check_scrape_config};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use python_json::Value;

use crate::mutation::{job_of_a_text, job_of_an_expression, mutation};

/// How many jobs a batch has.
const JOBS: usize = 50;

type Jobs = BTreeMap<String, BTreeMap<String, Value>>;

/// Reads jobs that are under their names.
fn jobs(text: &str) -> Vec<Value> {
    let jobs: Jobs = python_json::from_str(text).unwrap();
    assert!(!jobs.is_empty());
    let named = jobs.into_iter().map(|(name, mut job)| {
        job.insert("job_name".to_owned(), Value::String(name));
        Value::Object(job)
    });
    named.collect()
}

fn good_jobs() -> Vec<Value> {
    jobs(include_str!("good_jobs.json"))
}

fn check(job: &Value) -> Result<(), JobDefect> {
    let Value::Object(settings) = job else { panic!("no map: {job}") };
    check_scrape_config(settings, PrometheusVersion::new(2, 42, 0))
}

#[test]
fn good_jobs_pass_both() {
    let jobs = good_jobs();
    for job in &jobs {
        assert_eq!(check(job), Ok(()), "{job}");
    }
    assert_eq!(promtool::culprit(&jobs), None);
}

#[test]
fn bad_jobs_fail_both() {
    for job in jobs(include_str!("bad_jobs.json")) {
        assert!(check(&job).is_err(), "the check accepts {job}");
        assert!(promtool::refusal(&[job.clone()]).is_some(), "promtool accepts {job}");
    }
}

/// Discoveries that Debian leaves out pass the check, which knows no
/// distribution. As soon as Debian has one of them, it belongs to the good jobs.
#[test]
fn debian_leaves_out_some_discoveries() {
    for job in jobs(include_str!("left_out_by_debian.json")) {
        assert_eq!(check(&job), Ok(()), "{job}");
        let said = promtool::refusal(&[job.clone()]).unwrap_or_default();
        assert!(
            said.contains("_sd_configs not found in type config.ScrapeConfig"),
            "{job}: {said}"
        );
    }
}

/// Without a file, a name would be refused that only the machine can tell from
/// a good one. And what relabelling makes of a target is for promtool alone.
fn settle(job: &mut Value, index: usize) {
    point_at_a_file(job);
    let Value::Object(settings) = job else { return };
    let name = settings.get("job_name").cloned().unwrap_or_default();
    let name = if let Value::String(name) = name { name } else { name.to_string() };
    settings.insert("job_name".to_owned(), Value::String(format!("{name}{index}")));
    let is_relabelled =
        matches!(settings.get("relabel_configs"), Some(Value::Array(rules)) if !rules.is_empty());
    if let (true, Some(Value::Array(configs))) = (is_relabelled, settings.get_mut("static_configs"))
    {
        for config in configs {
            if let Value::Object(config) = config {
                config.insert("targets".to_owned(), Value::Array(Vec::new()));
            }
        }
    }
}

fn point_at_a_file(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(point_at_a_file),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Array(_) | Value::Object(_) => point_at_a_file(value),
                    Value::Null => {}
                    _ if key.ends_with("_file") => *value = Value::String("/dev/null".to_owned()),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[test]
fn what_the_check_accepts_promtool_accepts() {
    let good = good_jobs();
    let job =
        (any::<Index>(), any::<Index>(), any::<bool>(), vec((mutation(), any::<Index>()), 1..4))
            .prop_map(move |(first, second, is_mixed, mutations)| {
                let mut job = first.get(&good).clone();
                if let (true, Value::Object(job), Value::Object(other)) =
                    (is_mixed, &mut job, second.get(&good))
                {
                    job.extend(other.clone());
                }
                for (mutation, place) in mutations {
                    mutation.apply(&mut job, place);
                }
                job
            });
    let job = prop_oneof![job, job_of_a_text(), job_of_an_expression()];
    let config = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 0,
        rng_seed: RngSeed::Fixed(42),
        ..Default::default()
    };
    let (tried, accepted) = (Cell::new(0), Cell::new(0));
    let refused = RefCell::new(Vec::new());
    proptest!(config, |(jobs in vec(job, JOBS))| {
        tried.set(tried.get() + jobs.len());
        let mut jobs: Vec<Value> = jobs.into_iter().filter(|job| check(job).is_ok()).collect();
        accepted.set(accepted.get() + jobs.len());
        jobs.iter_mut().enumerate().for_each(|(index, job)| settle(job, index));
        if let Some((job, said)) = promtool::culprit(&jobs) {
            refused.borrow_mut().push(format!("{job}: {said}"));
        }
    });
    let (tried, accepted) = (tried.get(), accepted.get());
    println!("{tried} jobs tried, {accepted} accepted by the check and by promtool");
    let refused = refused.into_inner();
    assert!(refused.is_empty(), "promtool refuses:\n{}", refused.join("\n"));
    assert!(accepted * 10 > tried, "too few jobs are accepted to tell anything");
}
