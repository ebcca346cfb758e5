//! What peers publish, whatever it is, up to a configuration on disk.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use prometheus_manual_interface::{
    ConfigWriter, JobNaming, JobRequest, JobSet, LocalFiles, ScrapeConfig,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use python_json::Value;

use crate::fake_pem::fake_pem;
use crate::mutation::value;
use crate::settle::{excuse, point_at_a_file};
use crate::text::text;
use crate::{DEBIAN, good_jobs, mutated_job, promtool};

/// What is planted in each setting that is for secrets. It is as long as a token
/// is, and no more than a part of it may be shown.
const SECRET: &str = "4ZQ7kT2mXv9Lr1Wc8Ny3Hb6Jd5Fs0Gp4ZQ7kT2mXv9Lr1Wc8Ny3Hb6Jd5Fs0Gp";

/// How many requests a batch has.
const REQUESTS: usize = 40;

/// A setting, and the unit that has published it.
#[derive(Clone, Debug)]
struct Published {
    unit: String,
    id: String,
    text: String,
}

#[test]
fn whatever_peers_publish_promtool_accepts_what_is_used_of_it() {
    let default = ProptestConfig::default();
    let config = ProptestConfig {
        // Each makes four configurations.
        cases: default.cases.div_ceil(8),
        failure_persistence: None,
        max_shrink_iters: 0,
        rng_seed: RngSeed::Fixed(42),
        ..default
    };
    let (tried, used, excused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    proptest!(config, |(batch in vec(published(), REQUESTS))| {
        for naming in [JobNaming::OfUnit, JobNaming::WithId] {
            for local_files in [LocalFiles::Leave, LocalFiles::Refuse] {
                let outcome = use_all(&batch, naming, local_files);
                let (jobs, spoilt) = outcome.map_err(TestCaseError::fail)?;
                tried.set(tried.get() + batch.len());
                used.set(used.get() + jobs);
                excused.set(excused.get() + spoilt);
            }
        }
    });
    let (tried, used, excused) = (tried.get(), used.get(), excused.get());
    println!("{tried} requests tried, {used} used, {excused} of them with spoilt targets");
    assert!(used * 10 > tried, "too few requests are used to tell anything");
    assert!(excused * 20 < used, "too many are excused to tell anything");
}

/// Uses all that is published, and returns how many jobs there are, and of how
/// many only promtool finds the targets spoilt.
fn use_all(
    batch: &[Published],
    naming: JobNaming,
    local_files: LocalFiles,
) -> Result<(usize, usize), String> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut jobs = JobSet::new(DEBIAN)
        .naming(naming)
        .local_files(local_files)
        .certificates_in(at("certificates").to_str().unwrap());
    for Published { unit, id, text } in batch {
        let settings = BTreeMap::from([(format!("request_{id}"), text.clone())]);
        let requests = JobRequest::read_all(&settings);
        hides_the_secret(&requests)?;
        requests.malformed.iter().try_for_each(|malformed| hides_in(&malformed.to_string()))?;
        for (id, request) in &requests.by_id {
            if let Err(defect) = jobs.add(id, unit, request) {
                hides_the_secret(&defect)?;
                hides_in(&defect.to_string())?;
            }
        }
    }
    hides_the_secret(&jobs)?;
    let staged = ConfigWriter::new(at("prometheus.yml")).stage(&jobs).unwrap();
    hides_the_secret(&staged)?;
    let excused = match promtool::check_config(staged.config()) {
        Ok(()) => 0,
        Err(said) => {
            let excused = excuse(jobs.jobs().map(to_value).collect())?;
            // Each job may be good, and the text of all of them not.
            if excused == 0 { Err(said) } else { Ok(excused) }?
        }
    };
    only_owners_read_keys(&at("certificates"));
    Ok((jobs.jobs().len(), excused))
}

fn hides_the_secret(value: &impl Debug) -> Result<(), String> {
    hides_in(&format!("{value:?}"))
}

fn hides_in(text: &str) -> Result<(), String> {
    if text.contains(&SECRET[..60]) { Err(format!("the secret is in {text}")) } else { Ok(()) }
}

fn only_owners_read_keys(certificates: &Path) {
    for file in certificates.read_dir().into_iter().flatten() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        let is_key = file.file_name().to_str().unwrap().starts_with("key-");
        assert_eq!(mode & 0o7777, if is_key { 0o600 } else { 0o644 });
    }
}

fn to_value(job: &ScrapeConfig) -> Value {
    python_json::to_string(job).unwrap().parse().unwrap()
}

fn published() -> impl Strategy<Value = Published> {
    let unit = prop_oneof![
        4 => (select(&["a", "b-1c", "exporter"][..]), 0..9_u8).prop_map(|(name, n)| format!("{name}/{n}")),
        1 => text(),
    ];
    let id = prop_oneof![4 => "[0-9a-f]{8}-[0-9a-f]{4}", 1 => text()];
    let text = prop_oneof![
        10 => request(select(good_jobs())),
        10 => request(mutated_job()),
        2 => request(value()),
        2 => value().prop_map(|value| value.to_string()),
        1 => text(),
    ];
    (unit, id, text).prop_map(|(unit, id, text)| Published { unit, id, text })
}

/// A request for a job, in one of the shapes that producers send.
fn request(job: impl Strategy<Value = Value>) -> impl Strategy<Value = String> {
    let name = prop_oneof![4 => "[a-z]{1,3}[0-9]{0,4}", 2 => text(), 1 => any::<String>()];
    let pem = |label| {
        let whole = fake_pem(label, &SECRET[..60]);
        prop_oneof![
            9 => Just(Some(whole)),
            1 => Just(Some(SECRET.to_owned())),
            3 => Just(Some(String::new())),
            3 => Just(None),
        ]
    };
    let pems = [pem("CERTIFICATE"), pem("CERTIFICATE"), pem("PRIVATE KEY")];
    let shape = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (name, job, pems, shape).prop_map(|(name, mut job, pems, shape)| {
        let (names_certificates, is_text, is_beside, has_text_targets) = shape;
        point_at_a_file(&mut job);
        plant(&mut job, names_certificates);
        if has_text_targets {
            join_targets(&mut job);
        }
        let mut fields = BTreeMap::from([("job_name".to_owned(), Value::String(name))]);
        for (field, pem) in ["ca_cert", "client_cert", "client_key"].into_iter().zip(pems) {
            fields.insert(field.to_owned(), pem.map_or(Value::Null, Value::String));
        }
        if let (true, Value::Object(settings)) = (is_beside, &mut job) {
            for key in ["scheme", "tls_config", "static_configs", "bearer_token"] {
                fields.extend(settings.remove_entry(key));
            }
        }
        let job = if is_text { Value::String(job.to_string()) } else { job };
        fields.insert("job_data".to_owned(), job);
        Value::Object(fields).to_string()
    })
}

/// Plants the secret in whatever is for one, and placeholders for certificates.
fn plant(value: &mut Value, names_certificates: bool) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| plant(value, names_certificates)),
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), &mut *value) {
                    (
                        "bearer_token" | "password" | "credentials" | "client_secret"
                        | "auth_token",
                        Value::String(text),
                    ) if !text.is_empty() => SECRET.clone_into(text),
                    ("ca_file" | "cert_file" | "key_file", Value::String(text))
                        if names_certificates =>
                    {
                        *text = format!("__{key}__");
                    }
                    _ => plant(value, names_certificates),
                }
            }
        }
        _ => {}
    }
}

/// Makes one text of the targets of each group.
fn join_targets(job: &mut Value) {
    let Value::Object(settings) = job else { return };
    let Some(Value::Array(groups)) = settings.get_mut("static_configs") else { return };
    for group in groups {
        let Value::Object(group) = group else { continue };
        let Some(Value::Array(targets)) = group.get("targets") else { continue };
        let texts: Vec<String> = targets
            .iter()
            .filter_map(
                |target| if let Value::String(text) = target { Some(text.clone()) } else { None },
            )
            .collect();
        group.insert("targets".to_owned(), Value::String(texts.join(", ")));
    }
}
