//! What the side does that hands over jobs.

use prometheus_manual_interface::{JobError, JobRequest};
use reactive_endpoints::Failure;

use crate::model::{JOBS, Model, PROMETHEUS, THANOS, job, tools};

#[test]
fn each_of_two_prometheis_gets_the_job_with_an_id_of_its_own() {
    let mut model = Model::new();
    model.deploy("other", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:prometheus", "other");
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).register_job(job("node", 9100)));
    let (one, two) = (model.published("app/0", 0), model.published("app/0", 1));
    assert_eq!((one.len(), two.len()), (1, 1));
    assert_ne!(one.keys().next(), two.keys().next());
    for unit in ["prom/0", "other/0"] {
        let names = model.look(unit, |cx| {
            Ok(cx.endpoint(JOBS).jobs()?.iter().map(|job| job.job_name.clone()).collect::<Vec<_>>())
        });
        assert_eq!(names, ["node"]);
    }

    // Where they differ, one does not overwrite the other.
    model.act("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        for (port, relation) in (1..).zip(&prometheus.relations()?) {
            prometheus.register_job_in(relation, job("node", port))?;
        }
        Ok(())
    });
    for (relation, before) in [(0, one), (1, two)] {
        let now = model.published("app/0", relation);
        assert!(now.keys().eq(before.keys()));
        assert!(now.values().next().unwrap().contains(&format!("10.0.0.5:{}", relation + 1)));
    }
}

#[test]
fn two_endpoints_of_one_charm_share_nothing() {
    let mut model = Model::new();
    model.deploy("thanos", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:thanos", "thanos");
    model.act("app/0", |cx| {
        cx.endpoint(THANOS).register_job(job("b", 2))?;
        assert!(!cx.is_set(PROMETHEUS.flag("available")) && cx.is_set(THANOS.flag("available")));
        assert!(cx.endpoint(PROMETHEUS).requests()?.is_empty());
        cx.endpoint(PROMETHEUS).sync_jobs([job("a", 1)])?;
        assert_eq!(cx.endpoint(THANOS).requests()?[0].job_name, "b");
        assert_eq!(cx.endpoint(PROMETHEUS).requests()?[0].job_name, "a");
        Ok(())
    });
    assert_eq!(model.new_jobs(), ["a"]);
}

#[test]
fn a_job_that_is_not_wanted_any_more_is_taken_back() {
    let mut model = Model::new();
    model.sync("app/0", [job("a", 1), job("b", 2)]);
    let before = model.published("app/0", 0);
    model.accept("prom/0");
    model.sync("app/0", [job("b", 3), job("c", 4)]);
    assert_eq!(model.new_jobs(), ["b", "c"]);
    let kept = model.published("app/0", 0);
    assert_eq!(kept.keys().filter(|key| before.contains_key(*key)).count(), 1);

    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).unregister_job("c"));
    assert_eq!(model.new_jobs(), ["b"]);
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).unregister_job("never there"));
    model.act("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        prometheus.unregister_job_in(&prometheus.relations()?[0], "b")
    });
    assert!(model.published("app/0", 0).is_empty());
    // The responses go with them.
    assert!(model.published("prom/0", 0).is_empty());
    assert!(model.flags("app/0").is_empty() && model.flags("prom/0").is_empty());
}

#[test]
fn each_unit_registers_its_own_job_unless_it_is_the_leaders_alone() {
    let mut model = Model::empty();
    model.deploy("app", 3, |charm| charm.endpoint(PROMETHEUS));
    model.deploy("prom", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:prometheus", "prom");
    for unit in ["app/0", "app/1", "app/2"] {
        model.sync(unit, [job("node", 9100)]);
    }
    let mut jobs = model.look("prom/0", |cx| {
        let jobs = cx.endpoint(JOBS).jobs()?;
        Ok(jobs
            .iter()
            .map(|job| (job.id(), job.unit().unit_name().to_string()))
            .collect::<Vec<_>>())
    });
    jobs.dedup_by_key(|(id, _)| id.clone());
    let mut units: Vec<String> = jobs.into_iter().map(|(_, unit)| unit).collect();
    units.sort();
    assert_eq!(units, ["app/0", "app/1", "app/2"]);
}

#[test]
fn units_that_register_for_themselves_never_ask_who_leads() {
    let mut model = Model::new();
    model.sync("app/0", [job("node", 9100)]);
    // The first one asks whether what is kept is so at Juju's, too.
    model.idle("app/0");
    assert!(tools(model.idle("app/0")).is_empty());
    let asked = model.juju.operations().iter().flat_map(|operation| &operation.calls);
    assert!(asked.clone().any(|call| call.tool == "relation-set"));
    assert_eq!(asked.filter(|call| call.tool == "is-leader").count(), 0);
}

#[test]
fn every_response_has_the_unit_that_gave_it_and_the_lowest_number_is_first() {
    let mut model = Model::new();
    for _ in 0..10 {
        model.juju.add_unit("prom").unwrap();
    }
    model.settle();
    model.sync("app/0", [job("b", 1), job("a", 2)]);
    assert_eq!(model.flags("app/0"), ["available"]);
    model.act("prom/10", |cx| {
        let jobs = cx.endpoint(JOBS).jobs()?;
        jobs.iter().find(|job| job.job_name == "a").unwrap().refuse("no room")
    });
    assert_eq!(model.flags("app/0"), ["available", "has_responses"]);
    model.accept("prom/10");
    model.accept("prom/2");
    assert_eq!(model.flags("app/0"), ["all_responses", "available", "has_responses"]);
    let (all, first) = model.look("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        let all = prometheus.job_responses()?.into_iter().map(|response| {
            let (name, unit) = (response.job_name(), response.unit().unit_name());
            format!("{name} {unit} {} {:?}", response.success, response.reason)
        });
        assert!(prometheus.response("c")?.is_none());
        let first = prometheus.response("b")?.unwrap();
        assert_eq!(first.relation().relation_id().number(), 0);
        Ok((all.collect::<Vec<_>>(), format!("{first:?}")))
    });
    assert_eq!(
        all,
        [
            "a prom/2 true None",
            r#"a prom/10 false Some("no room")"#,
            "b prom/2 true None",
            "b prom/10 true None",
        ]
    );
    insta::assert_snapshot!(first, @r#"ReceivedJobResponse { job_name: "b", unit: RelatedUnit(prom/2 in prometheus:0), response: JobResponse { reason: None, success: true } }"#);

    // A response goes with the unit that gave it.
    model.juju.remove_unit("prom/2").unwrap();
    model.settle();
    let unit = model.look("app/0", |cx| {
        Ok(cx.endpoint(PROMETHEUS).response("b")?.unwrap().unit().unit_name().number())
    });
    assert_eq!(unit, 10);
}

#[test]
fn nothing_is_answered_or_available_while_nothing_is_asked() {
    let mut model = Model::new();
    model.look("app/0", |cx| {
        for flag in ["available", "has_responses", "all_responses"] {
            assert!(!cx.is_set(PROMETHEUS.flag(flag)), "{flag}");
        }
        // It follows at once.
        cx.endpoint(PROMETHEUS).register_job(job("a", 1))?;
        assert!(cx.is_set(PROMETHEUS.flag("available")));
        assert!(!cx.is_set(PROMETHEUS.flag("all_responses")));
        Ok(())
    });
    // It ends with the last unit at the other side, though the relation stays.
    model.settle();
    assert_eq!(model.flags("app/0"), ["available"]);
    model.juju.remove_unit("prom/0").unwrap();
    model.settle();
    assert!(model.flags("app/0").is_empty());
    assert_eq!(model.published("app/0", 0).len(), 1);
}

#[test]
fn an_equal_job_is_not_sent_again() {
    let mut model = Model::new();
    model.sync("app/0", [job("a", 1)]);
    let operation = model.run("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        prometheus.register_job(job("a", 1))?;
        prometheus.sync_jobs([job("a", 1)])?;
        prometheus.sync_jobs_in(&prometheus.relations()?[0], [job("a", 1)])
    });
    assert!(operation.changes.is_empty(), "{operation}");
    assert!(!tools(operation).contains(&"relation-set"), "{operation}");
}

#[test]
fn a_job_of_a_python_charm_keeps_its_random_id() {
    let python = r#"{"ca_cert": null, "client_cert": null, "client_key": null, "job_data": {"static_configs": [{"targets": ["10.0.0.5:1"]}]}, "job_name": "a", "request_id": "ab8da742-e73c-4996-9563-c7887fcef153"}"#;
    let key = "request_ab8da742-e73c-4996-9563-c7887fcef153";
    let mut model = Model::new();
    model.publish("app/0", &[(key, python)]);
    let operation = model.run("app/0", |cx| cx.endpoint(PROMETHEUS).sync_jobs([job("a", 1)]));
    assert!(!tools(operation).contains(&"relation-set"), "{operation}");
    model.sync("app/0", [job("a", 2)]);
    let published = model.published("app/0", 0);
    assert_eq!(published.len(), 1);
    assert_eq!(published[key], python.replace("10.0.0.5:1", "10.0.0.5:2"));
}

#[test]
fn what_is_no_job_is_an_error_and_changes_nothing() {
    let mut model = Model::new();
    model.sync("app/0", [job("a", 1)]);
    let before = model.published("app/0", 0);
    model.act("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        let error = |result: reactive_endpoints::Result| match result {
            Err(Failure::Error(error)) => *error.downcast::<JobError>().unwrap(),
            other => panic!("{other:?}"),
        };
        let no_mapping = JobRequest::new("b", "[1]".parse()?);
        let not_a_mapping = JobError::NotAMapping { job_name: "b".to_owned() };
        assert_eq!(error(prometheus.register_job(no_mapping.clone())), not_a_mapping);
        assert_eq!(error(prometheus.sync_jobs([job("c", 1), no_mapping])), not_a_mapping);
        assert_eq!(error(prometheus.register_job(job("", 1))), JobError::NoName);
        let same_name = JobError::SameName { job_name: "d".to_owned() };
        assert_eq!(error(prometheus.sync_jobs([job("d", 1), job("d", 1)])), same_name);
        Ok(())
    });
    assert_eq!(model.published("app/0", 0), before);
}
