//! What the side does that responds.

use std::sync::{Arc, Mutex};

use juju_simulator::{Fault, Retry};
use reactive_endpoints::{MemoryStore, Request, RequestOwner, RequesterEndpoint};
use serde::{Deserialize, Serialize};

use super::model::{JOBS, Job, Model, Outcome, PROMETHEUS, first, job, success, warnings};

/// Has `app/0` ask for one job under the id `1`.
fn asking(job: Job) -> Model {
    let mut model = Model::new();
    ask(&mut model, job);
    model
}

#[track_caller]
fn ask(model: &mut Model, job: Job) {
    model.act("app/0", |cx| {
        let endpoint = cx.endpoint(PROMETHEUS);
        endpoint.create_with_id(&first(cx, PROMETHEUS)?, "1".parse()?, job)?;
        Ok(())
    });
}

const NEW: [&str; 2] = ["endpoint.jobs.has_requests", "endpoint.jobs.new_requests"];
const ANSWERED: [&str; 1] = ["endpoint.jobs.has_requests"];

#[test]
fn a_request_is_new_until_it_is_answered_and_the_flags_say_so_at_once() {
    let mut model = asking(job("a", 1));
    assert_eq!(model.flags("prom/0"), NEW);
    model.act("prom/0", |cx| {
        let jobs = cx.endpoint(JOBS);
        let request = jobs.get("1")?.unwrap();
        assert!(request.is_new()? && request.response()?.is_none());
        assert_eq!(request.unit().unit_name().to_string(), "app/0");
        assert_eq!(request.relation().relation_id().to_string(), "jobs:0");
        assert_eq!(request.ingress_address()?, Some("10.0.0.11".parse()?));
        assert_eq!(request.egress_subnets()?, ["10.0.0.11/32".parse()?]);
        request.respond(&success())?;
        assert!(!cx.is_set(JOBS.flag("new_requests")));
        assert!(jobs.new_requests()?.is_empty());
        assert_eq!(jobs.find(|job| job.port == 1)?.unwrap().response()?, Some(success()));
        assert_eq!(jobs.find_all(|job| job.port == 2)?.len(), 0);
        Ok(())
    });
    assert_eq!(model.flags("prom/0"), ANSWERED);
}

#[test]
fn handlers_of_a_flag_run_once_though_two_wait_for_it() {
    let ran = Arc::new(Mutex::new(Vec::new()));
    let mut model = Model::empty();
    model.deploy("app", 1, |charm| charm.endpoint(PROMETHEUS));
    let log = Arc::clone(&ran);
    model.deploy("prom", 1, move |mut charm| {
        for name in ["one", "two"] {
            let log = Arc::clone(&log);
            charm = charm.when(JOBS.flag("new_requests"), move |(), cx| {
                log.lock().unwrap().push(name);
                for request in cx.endpoint(JOBS).new_requests()? {
                    request.respond(&success())?;
                }
                Ok(())
            });
        }
        charm
    });
    model.integrate("app:prometheus", "prom:jobs");
    ask(&mut model, job("a", 1));
    assert_eq!(*ran.lock().unwrap(), ["one"]);
    ask(&mut model, job("a", 2));
    assert_eq!(*ran.lock().unwrap(), ["one", "one"]);
}

#[test]
fn a_changed_request_is_new_again_and_an_equal_answer_is_one() {
    let mut model = asking(job("a", 1));
    model.respond("prom/0");
    ask(&mut model, job("a", 2));
    assert_eq!(model.flags("prom/0"), NEW);
    // It is still new in a later hook, and the old answer is there.
    model.act("prom/0", |cx| {
        assert_eq!(cx.endpoint(JOBS).new_requests()?[0].response()?, Some(success()));
        Ok(())
    });
    model.act("prom/0", |cx| {
        cx.endpoint(JOBS).get("1")?.unwrap().respond(&success())?;
        assert!(!cx.is_set(JOBS.flag("new_requests")));
        Ok(())
    });
    assert_eq!(model.flags("prom/0"), ANSWERED);
    ask(&mut model, job("a", 2));
    assert_eq!(model.flags("prom/0"), ANSWERED);
}

#[test]
fn an_answer_of_python_counts_for_the_request_as_it_was_then() {
    let mut model = asking(job("a", 1));
    model.respond("prom/0");
    model.forget_own_rows("prom/0");
    assert!(model.new_jobs().is_empty());
    ask(&mut model, job("a", 2));
    assert_eq!(model.new_jobs(), ["a"]);
}

#[test]
fn a_request_that_changes_in_the_first_hook_after_python_is_new() {
    let mut model = asking(job("a", 1));
    model.respond("prom/0");
    model.forget_own_rows("prom/0");
    ask(&mut model, job("a", 2));
    assert_eq!(model.flags("prom/0"), NEW);
    model.act("prom/0", |_| Ok(()));
    assert_eq!(model.new_jobs(), ["a"]);
}

#[test]
fn an_answer_without_any_rows_counts_for_the_request_as_it_is() {
    let mut model = asking(job("a", 1));
    model.respond("prom/0");
    model.set_store("prom/0", MemoryStore::new());
    assert!(model.new_jobs().is_empty());
}

#[test]
fn a_hook_that_fails_has_not_answered_and_forgets_nothing() {
    let mut model = asking(job("a", 1));
    model.respond("prom/0");
    ask(&mut model, job("a", 2));
    for fails_to_flush in [true, false] {
        if fails_to_flush {
            model.juju.inject("prom/0", Fault::FailFlush).unwrap();
        }
        let refusal = Outcome { success: false, reason: None };
        model.try_act("prom/0", move |cx| {
            cx.endpoint(JOBS).get("1")?.unwrap().respond(&refusal)?;
            if fails_to_flush { Ok(()) } else { Err("no disk".into()) }
        });
        model.juju.resolve("prom/0", Retry::No).unwrap();
        model.settle();
        assert_eq!(model.new_jobs(), ["a"]);
        let text = &model.published("prom/0", &"jobs:0".parse().unwrap())["response_1"];
        assert_eq!(text, r#"{"reason": null, "success": true}"#);
    }
}

#[test]
fn an_answer_goes_with_its_request() {
    let mut model = asking(job("a", 1));
    let relation = "jobs:0".parse().unwrap();
    model.respond("prom/0");
    model.publish("app/0", &[("request_1", "")]);
    assert!(model.published("prom/0", &relation).is_empty());
    assert!(model.flags("prom/0").is_empty());

    // It is forgotten: under the same id, it is new again.
    ask(&mut model, job("a", 1));
    assert_eq!(model.new_jobs(), ["a"]);
    model.respond("prom/0");
    model.publish("app/0", &[("request_1", "null")]);
    assert!(model.published("prom/0", &relation).is_empty());
}

#[test]
fn an_answer_goes_with_the_unit_that_asked() {
    let mut model = asking(job("a", 1));
    model.juju.add_unit("app").unwrap();
    model.settle();
    model.act("app/1", |cx| cx.endpoint(PROMETHEUS).sync([job("b", 1)]));
    model.respond("prom/0");
    let relation = "jobs:0".parse().unwrap();
    assert_eq!(model.published("prom/0", &relation).len(), 2);
    model.juju.remove_unit("app/1").unwrap();
    model.settle();
    assert_eq!(model.published("prom/0", &relation).len(), 1);

    // The last unit leaves, and the relation stays.
    model.juju.remove_unit("app/0").unwrap();
    model.settle();
    assert!(model.published("prom/0", &relation).is_empty());
    assert!(!model.store("prom/0").rows().keys().any(|key| key.contains("answered")));
}

#[test]
fn malformed_requests_are_reported_one_by_one_and_hide_no_other() {
    let mut model = asking(job("a", 1));
    model.publish(
        "app/0",
        &[
            ("request_2", "hunter2"),
            ("request_3", r#"{"name": "b", "port": "hunter2", "request_id": "3"}"#),
            ("request_4", r#"{"port": 1, "request_id": "4"}"#),
            ("request_5", r#"{"name": "b", "port": 1, "request_id": 5}"#),
            ("request_", r#"{"name": "b", "port": 1}"#),
            ("request_6", r#"{"name": "b", "port": 1, "request_id": "1"}"#),
        ],
    );
    let operation = model.try_act("prom/0", |cx| {
        let jobs = cx.endpoint(JOBS);
        assert_eq!(jobs.all_requests()?.len(), 1);
        for malformed in jobs.malformed_requests()? {
            assert_eq!(malformed.unit().unit_name().number(), 0);
            malformed.respond(&Outcome { success: false, reason: Some(malformed.to_string()) })?;
        }
        Ok(())
    });
    assert!(operation.exit.is_success(), "{operation}");
    insta::assert_snapshot!(warnings(operation), @r"
    cannot read the request `2` of unit `app/0` in relation `jobs:0`: it is not JSON
    cannot read the request `3` of unit `app/0` in relation `jobs:0`: `port` is not what it should be
    cannot read the request `4` of unit `app/0` in relation `jobs:0`: `name` is missing
    cannot read the request `5` of unit `app/0` in relation `jobs:0`: its `request_id` is not valid
    cannot read the request `` of unit `app/0` in relation `jobs:0`: its `request_id` is not valid
    cannot read the request `6` of unit `app/0` in relation `jobs:0`: `request_1` has the same `request_id`
    ");
    let answers = model.published("prom/0", &"jobs:0".parse().unwrap());
    let ids: Vec<&str> = answers.keys().map(String::as_str).collect();
    assert_eq!(ids, ["response_2", "response_3", "response_4", "response_5"]);

    // It is mended, and is new.
    ask(&mut model, job("a", 1));
    model.publish("app/0", &[("request_2", r#"{"name": "c", "port": 1}"#)]);
    assert_eq!(model.new_jobs(), ["a", "c"]);
}

#[test]
fn hostile_requests_are_passed_over() {
    let mut model = asking(job("a", 1));
    let deep = format!(r#"{{"name": {}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
    let large = format!(r#"{{"name": "{}", "port": 1}}"#, "x".repeat(300_000));
    let long = format!("request_{}", "y".repeat(2000));
    model.publish(
        "app/0",
        &[
            ("request_deep", &deep),
            ("request_large", &large),
            ("request_new\nline\u{1b}[31m", r#"{"name": "b", "port": 1}"#),
            ("request_a=b.$c {endpoint_name}", r#"{"name": "d", "port": 1}"#),
            (&long, r#"{"name": "e", "port": 1}"#),
        ],
    );
    let names = model.new_jobs();
    assert_eq!(names, ["a", "d", &"x".repeat(300_000)]);
    let warnings = warnings(model.juju.operations().last().unwrap());
    assert_eq!(warnings.lines().count(), 3);
    assert!(warnings.lines().all(|line| line.len() < 250), "{warnings}");
    assert!(!warnings.contains('\u{1b}'), "{warnings}");
    model.respond("prom/0");
    assert!(model.new_jobs().is_empty());
}

#[test]
fn the_id_among_the_fields_is_the_one_that_is_answered_as_in_python() {
    let mut model = Model::new();
    model
        .publish("app/0", &[("request_key", r#"{"name": "a", "port": 1, "request_id": "field"}"#)]);
    model.respond("prom/0");
    let published = model.published("prom/0", &"jobs:0".parse().unwrap());
    assert_eq!(published.keys().collect::<Vec<_>>(), ["response_field"]);
}

/// A job that is asked for by one unit for its whole application.
#[derive(Deserialize, Serialize)]
struct SharedJob(std::collections::BTreeMap<String, serde_json::Value>);

impl Request for SharedJob {
    type Response = Outcome;
    const OWNER: RequestOwner = RequestOwner::Application;

    fn key(&self) -> Option<std::borrow::Cow<'_, str>> {
        self.0.get("name")?.as_str().map(Into::into)
    }
}

#[test]
fn units_that_use_the_same_id_are_answered_each_by_itself() {
    const SHARED: reactive_endpoints::EndpointKey<RequesterEndpoint<SharedJob>> =
        reactive_endpoints::EndpointKey::new("prometheus");
    let mut model = Model::empty();
    model.deploy("app", 2, |charm| charm.endpoint(SHARED));
    model.deploy("prom", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:prometheus", "prom:jobs");
    for (unit, port) in [("app/0", 1), ("app/1", 2)] {
        model.act(unit, move |cx| {
            let job = [("name".to_owned(), "a".into()), ("port".to_owned(), port.into())];
            cx.endpoint(SHARED).sync([SharedJob(job.into())])
        });
    }
    model.act("prom/0", |cx| {
        let new = cx.endpoint(JOBS).new_requests()?;
        assert_eq!(new.iter().map(|request| request.port).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(new[0].request_id(), new[1].request_id());
        new[0].respond(&success())
    });
    assert_eq!(model.look("prom/0", |cx| Ok(cx.endpoint(JOBS).new_requests()?[0].port)), 2);
    model.respond("prom/0");
    assert!(model.new_jobs().is_empty());
}

#[test]
fn fields_that_the_type_does_not_have_are_passed_over_and_absent_ones_follow_serde() {
    let mut model = Model::new();
    model.publish("app/0", &[("request_1", r#"{"x": 1, "name": "a", "port": 1}"#)]);
    let request = model.look("prom/0", |cx| Ok((*cx.endpoint(JOBS).get("1")?.unwrap()).clone()));
    assert_eq!(request, job("a", 1));
}
