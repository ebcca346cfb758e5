//! What the check accepts, the real `promtool` accepts; what promtool refuses,
//! the check refuses; and what is written, promtool reads, whatever peers ask
//! for.
//!
//! It needs Debian's package of Prometheus 2.42, unpacked by
//! `cargo xtask debian-packages`. `PROPTEST_CASES=N` tries N batches of jobs.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../fake_pem/mod.rs"]
mod fake_pem;
mod job_of_a_text;
mod mutation;
mod pem;
mod prometheus;
mod promtool;
mod requests;
mod settle;
mod snapshots;
mod text;
mod written;
mod yaml;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::slice;

use prometheus_manual_interface::{JobDefect, PrometheusVersion, ScrapeConfig};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use python_json::Value;

use crate::job_of_a_text::{job_of_a_text, job_of_an_expression};
use crate::mutation::mutation;
use crate::settle::{excuse, point_at_a_file};

/// The version that the tests are for.
const DEBIAN: PrometheusVersion = PrometheusVersion::new(2, 42, 0).of_debian();

/// How many jobs a batch has.
const JOBS: usize = 50;

type Jobs = BTreeMap<String, BTreeMap<String, Value>>;

/// Reads jobs that are under their names.
fn jobs(text: &str) -> Vec<Value> {
    let jobs: Jobs = python_json::from_str(text).expect("they are jobs");
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

/// Checks a job for the version that promtool has.
fn check(job: &Value) -> Result<(), JobDefect> {
    check_for(job, DEBIAN)
}

fn check_for(job: &Value, version: PrometheusVersion) -> Result<(), JobDefect> {
    let Value::Object(settings) = job else { panic!("no map: {job}") };
    let name = match settings.get("job_name") {
        Some(Value::String(name)) => name.as_str(),
        _ => "",
    };
    ScrapeConfig::new(name, settings.clone()).check(version)
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
        assert!(promtool::refusal(slice::from_ref(&job)).is_some(), "promtool accepts {job}");
    }
}

/// As soon as Debian has one of them, it belongs to the good jobs.
#[test]
fn debian_leaves_out_some_discoveries() {
    for job in jobs(include_str!("left_out_by_debian.json")) {
        assert_eq!(check_for(&job, PrometheusVersion::new(2, 42, 0)), Ok(()), "{job}");
        let defect = check(&job).unwrap_err().to_string();
        assert!(defect.contains("Debian builds Prometheus without"), "{job}: {defect}");
        let said = promtool::refusal(slice::from_ref(&job)).unwrap_or_default();
        assert!(
            said.contains("_sd_configs not found in type config.ScrapeConfig"),
            "{job}: {said}"
        );
    }
}

#[test]
fn what_the_check_accepts_promtool_accepts() {
    let job = prop_oneof![mutated_job(), job_of_a_text(), job_of_an_expression()];
    let config = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 0,
        rng_seed: RngSeed::Fixed(42),
        ..Default::default()
    };
    let (tried, accepted, excused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let refused = RefCell::new(Vec::new());
    proptest!(config, |(jobs in vec(job, JOBS))| {
        tried.set(tried.get() + jobs.len());
        let mut jobs: Vec<Value> = jobs.into_iter().filter(|job| check(job).is_ok()).collect();
        accepted.set(accepted.get() + jobs.len());
        jobs.iter_mut().enumerate().for_each(|(index, job)| name_anew(job, index));
        jobs.iter_mut().for_each(point_at_a_file);
        match excuse(jobs) {
            Ok(spoilt) => excused.set(excused.get() + spoilt),
            Err(told) => refused.borrow_mut().push(told),
        }
    });
    let (tried, accepted, excused) = (tried.get(), accepted.get(), excused.get());
    println!("{tried} jobs tried, {accepted} accepted, {excused} of them with spoilt targets");
    let refused = refused.into_inner();
    assert!(refused.is_empty(), "promtool refuses:\n{}", refused.join("\n"));
    assert!(accepted * 10 > tried, "too few jobs are accepted to tell anything");
    assert!(excused * 20 < accepted, "too many jobs are excused to tell anything");
}

/// Gives each job of a batch a name of its own.
fn name_anew(job: &mut Value, index: usize) {
    let Value::Object(settings) = job else { return };
    if let Some(Value::String(name)) = settings.get_mut("job_name") {
        name.push_str(&index.to_string());
    }
}

/// A good job, or two in one, with a few changes.
fn mutated_job() -> impl Strategy<Value = Value> {
    let good = || select(good_jobs());
    let mutations = vec((mutation(), any::<Index>()), 1..4);
    (good(), option::of(good()), mutations).prop_map(|(mut job, other, mutations)| {
        if let (Value::Object(job), Some(Value::Object(other))) = (&mut job, other) {
            job.extend(other);
        }
        for (mutation, place) in mutations {
            mutation.apply(&mut job, place);
        }
        job
    })
}
