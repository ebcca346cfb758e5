//! What the side does that takes jobs.

use prometheus_manual_interface::JobResponse;

use crate::model::{JOBS, Model, job, tools, warnings};

#[test]
fn a_job_that_is_changed_is_new_again() {
    let mut model = Model::new();
    model.sync("app/0", [job("a", 1), job("b", 1)]);
    model.act("prom/0", |cx| {
        for job in cx.endpoint(JOBS).new_jobs()? {
            job.refuse("not now")?;
        }
        Ok(())
    });
    assert!(model.new_jobs().is_empty());
    model.sync("app/0", [job("a", 2), job("b", 1)]);
    assert_eq!(model.flags("prom/0"), ["has_jobs", "new_jobs"]);
    assert_eq!(model.new_jobs(), ["a"]);
    model.act("prom/0", |cx| {
        let job = &cx.endpoint(JOBS).new_jobs()?[0];
        assert!(job.is_new()?);
        assert_eq!(job.response()?, Some(JobResponse::refused("not now")));
        job.accept()
    });
    assert_eq!(model.flags("prom/0"), ["has_jobs"]);
}

#[test]
fn the_flags_follow_at_once_and_in_every_hook() {
    let mut model = Model::new();
    model.look("prom/0", |cx| {
        assert!(!cx.is_set(JOBS.flag("has_jobs")) && !cx.is_set(JOBS.flag("new_jobs")));
        Ok(())
    });
    model.sync("app/0", [job("a", 1)]);
    model.look("prom/0", |cx| {
        assert!(cx.is_set(JOBS.flag("has_jobs")) && cx.is_set(JOBS.flag("new_jobs")));
        let jobs = cx.endpoint(JOBS);
        let job = &jobs.jobs()?[0];
        assert_eq!(job.unit().unit_name().to_string(), "app/0");
        assert_eq!(job.relation().relation_id().to_string(), "manual-jobs:0");
        assert_eq!(jobs.get(job.id())?.unwrap().job_name, "a");
        job.accept()?;
        assert!(cx.is_set(JOBS.flag("has_jobs")) && !cx.is_set(JOBS.flag("new_jobs")));
        assert!(jobs.new_jobs()?.is_empty());
        assert_eq!(job.response()?, Some(JobResponse::accepted()));
        Ok(())
    });
    model.sync("app/0", []);
    assert!(model.flags("prom/0").is_empty());
}

#[test]
fn a_reason_that_nobody_would_read_is_cut() {
    let mut model = Model::new();
    model.sync("app/0", [job("a", 1)]);
    model.act("prom/0", |cx| cx.endpoint(JOBS).jobs()?[0].refuse("x".repeat(100_000)));
    assert!(model.published("prom/0", 0).values().next().unwrap().len() < 1100);
}

#[test]
fn what_cannot_be_a_job_is_refused_without_the_charm() {
    let mut model = Model::new();
    model.sync("app/0", [job("good", 1)]);
    model.publish(
        "app/0",
        &[
            ("request_1", "hunter2"),
            ("request_2", r#"["hunter2"]"#),
            ("request_3", r#"{"job_name": "a", "job_data": "hunter2", "request_id": "3"}"#),
            ("request_4", r#"{"job_name": "b", "job_data": null, "request_id": "4"}"#),
            ("request_5", r#"{"job_data": {"bearer_token": "hunter2"}, "request_id": "5"}"#),
            ("request_6", r#"{"job_name": "c", "job_data": {}, "client_key": ["hunter2"]}"#),
            ("request_7", "null"),
        ],
    );
    assert_eq!(model.flags("prom/0"), ["has_jobs", "new_jobs"]);
    assert_eq!(model.new_jobs(), ["good"]);
    let responses: Vec<String> =
        model.published("prom/0", 0).iter().map(|(key, text)| format!("{key}: {text}")).collect();
    insta::assert_snapshot!(responses.join("\n"), @r#"
    response_1: {"reason": "cannot read the request `1` of unit `app/0` in relation `manual-jobs:0`: it is not JSON", "success": false}
    response_2: {"reason": "cannot read the request `2` of unit `app/0` in relation `manual-jobs:0`: it is not an object", "success": false}
    response_3: {"reason": "`job_data`: it must be a mapping, or one as JSON", "success": false}
    response_4: {"reason": "`job_data`: it is missing", "success": false}
    response_5: {"reason": "`job_name`: it must not be empty", "success": false}
    response_6: {"reason": "`client_key`: it must be text", "success": false}
    "#);

    // A later hook tells the log again, and nobody else.
    let operation = model.run("prom/0", |cx| {
        let jobs = cx.endpoint(JOBS).jobs()?;
        assert_eq!(jobs.iter().map(|job| job.job_name.as_str()).collect::<Vec<_>>(), ["good"]);
        Ok(())
    });
    assert!(operation.changes.is_empty(), "{operation}");
    assert!(!tools(operation).contains(&"state-set"), "{operation}");
    insta::assert_snapshot!(warnings(operation), @r"
    cannot read the request `1` of unit `app/0` in relation `manual-jobs:0`: it is not JSON
    cannot read the request `2` of unit `app/0` in relation `manual-jobs:0`: it is not an object
    ");

    // It is mended, and is new; or it goes, and its refusal with it.
    model.publish(
        "app/0",
        &[("request_1", ""), ("request_4", r#"{"job_name": "b", "job_data": {}}"#)],
    );
    assert_eq!(model.new_jobs(), ["b", "good"]);
    assert!(!model.published("prom/0", 0).contains_key("response_1"));
}
