//! What the side does that makes requests.

use std::ops::Deref;

use juju_simulator::Fault;
use reactive_endpoints::{Endpoint, EndpointKey, Interface, RequesterEndpoint, Result};

use super::model::{Job, Model, PROMETHEUS, THANOS, first, job, success, warnings};

#[test]
fn each_relation_has_a_request_of_its_own_with_an_id_of_its_own() {
    let mut model = Model::new();
    model.deploy("other", 1, |charm| charm);
    let two = model.integrate("app:prometheus", "other:jobs");
    model.act("app/0", |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        for (port, relation) in (1..).zip(&prometheus.relations()?) {
            prometheus.create_or_update(relation, job("node", port))?;
        }
        assert_eq!(prometheus.requests()?.len(), 2);
        let of_two = prometheus
            .find(|job| job.name == "node" && job.relation().relation_id().number() == 1)?;
        assert_eq!(of_two.unwrap().port, 2);
        Ok(())
    });
    let one = "prometheus:0".parse().unwrap();
    let (one, two) = (model.published("app/0", &one), model.published("app/0", &two));
    assert!(one.values().next().unwrap().contains(r#""port": 1"#));
    assert!(two.values().next().unwrap().contains(r#""port": 2"#));
    assert_ne!(one.keys().next(), two.keys().next());
}

#[test]
fn two_endpoints_of_one_interface_share_nothing() {
    let mut model = Model::new();
    model.deploy("thanos", 1, |charm| charm);
    model.integrate("app:thanos", "thanos:jobs");
    model.act("app/0", |cx| {
        let (prometheus, thanos) = (cx.endpoint(PROMETHEUS), cx.endpoint(THANOS));
        thanos.create(&first(cx, THANOS)?, job("b", 2))?;
        assert!(prometheus.requests()?.is_empty());
        let a = prometheus.create(&first(cx, PROMETHEUS)?, job("a", 1))?;
        assert_eq!(thanos.requests()?.len(), 1);
        assert!(thanos.get(a.request_id())?.is_none());
        assert_eq!(*prometheus.get(a.request_id())?.unwrap(), job("a", 1));
        Ok(())
    });
}

#[test]
fn a_request_that_python_has_made_null_is_none() {
    let mut model = Model::new();
    model.publish("app/0", &[("request_1", "null"), ("request_2", "[]")]);
    model.act("app/0", |cx| {
        assert!(cx.endpoint(PROMETHEUS).requests()?.is_empty());
        cx.endpoint(PROMETHEUS).sync([])?;
        Ok(())
    });
    assert!(model.published("app/0", &"prometheus:0".parse().unwrap()).is_empty());
}

#[test]
fn nothing_is_answered_while_nothing_is_asked() {
    let mut model = Model::new();
    assert!(model.flags("app/0").is_empty());
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1), job("b", 2)]));
    assert!(model.flags("app/0").is_empty());
    model.act("prom/0", |cx| {
        let a = cx.endpoint(super::model::JOBS).find(|job| job.name == "a")?;
        a.unwrap().respond(&success())
    });
    assert_eq!(model.flags("app/0"), ["endpoint.prometheus.has_responses"]);
    model.respond("prom/0");
    assert_eq!(
        model.flags("app/0"),
        ["endpoint.prometheus.all_responses", "endpoint.prometheus.has_responses"]
    );
    // In a hook that is not the endpoint's own, and right after the change.
    model.act("app/0", |cx| {
        cx.endpoint(PROMETHEUS).create(&first(cx, PROMETHEUS)?, job("c", 3))?;
        assert!(!cx.is_set(PROMETHEUS.flag("all_responses")));
        assert!(cx.is_set(PROMETHEUS.flag("has_responses")));
        cx.endpoint(PROMETHEUS).sync([])?;
        assert!(!cx.is_set(PROMETHEUS.flag("has_responses")));
        Ok(())
    });
}

#[test]
fn of_several_responses_the_one_of_the_lowest_number_is_first() {
    let mut model = Model::new();
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1)]));
    for _ in 0..10 {
        model.juju.add_unit("prom").unwrap();
    }
    model.settle();
    model.respond("prom/10");
    model.respond("prom/2");
    model.publish("prom/3", &[("response_x", "{}")]);
    model.act("app/0", |cx| {
        let requests = cx.endpoint(PROMETHEUS).requests()?;
        let responses = requests[0].responses()?;
        let units = |response: &reactive_endpoints::ReceivedResponse<Job>| {
            response.unit().unit_name().to_string()
        };
        assert_eq!(responses.iter().map(units).collect::<Vec<_>>(), ["prom/2", "prom/10"]);
        let response = requests[0].response()?.unwrap();
        assert_eq!((units(&response).as_str(), response.into_inner()), ("prom/2", success()));
        Ok(())
    });
}

#[test]
fn a_malformed_response_is_reported_once_and_passed_over() {
    let mut model = Model::new();
    model.act("app/0", |cx| {
        cx.endpoint(PROMETHEUS).create_with_id(
            &first(cx, PROMETHEUS)?,
            "1".parse()?,
            job("a", 1),
        )?;
        Ok(())
    });
    model.juju.add_unit("prom").unwrap();
    model.settle();
    model.publish("prom/0", &[("response_1", r#"{"success": "hunter2"}"#)]);
    model.respond("prom/1");
    let operation = model.try_act("app/0", |cx| {
        let jobs = cx.endpoint(PROMETHEUS);
        assert_eq!(jobs.responses()?.len(), 1);
        assert_eq!(
            jobs.response_by(|job| job.name == "a")?.unwrap().unit().unit_name().number(),
            1
        );
        Ok(())
    });
    assert!(operation.exit.is_success(), "{operation}");
    insta::assert_snapshot!(warnings(operation), @"cannot read the response `1` of unit `prom/0` in relation `prometheus:0`: `success` is not what it should be");
}

#[test]
fn equal_data_is_not_sent_again() {
    let mut model = Model::new();
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1)]));
    let operation = model.try_act("app/0", |cx| {
        let jobs = cx.endpoint(PROMETHEUS);
        jobs.sync([job("a", 1)])?;
        jobs.create_or_update(&first(cx, PROMETHEUS)?, job("a", 1))?.update(|job| job.port = 1)
    });
    assert!(operation.exit.is_success(), "{operation}");
    assert!(operation.changes.is_empty(), "{operation}");
    assert!(!operation.to_string().contains("relation-set"), "{operation}");
}

#[test]
fn a_request_is_changed_and_removed() {
    let mut model = Model::new();
    model.act("app/0", |cx| {
        let mut request = cx.endpoint(PROMETHEUS).create(&first(cx, PROMETHEUS)?, job("a", 1))?;
        request.update(|job| job.port = 2)?;
        assert_eq!(request.port, 2);
        assert_eq!(cx.endpoint(PROMETHEUS).find_all(|job| job.port == 2)?.len(), 1);
        assert_eq!(request.ingress_address()?, Some("10.0.0.11".parse()?));
        assert_eq!(request.egress_subnets()?, ["10.0.0.11/32".parse()?]);
        Ok(())
    });
    model.act("app/0", |cx| {
        for request in cx.endpoint(PROMETHEUS).requests()? {
            request.remove()?;
        }
        assert!(cx.endpoint(PROMETHEUS).requests()?.is_empty());
        Ok(())
    });
    assert!(model.published("app/0", &"prometheus:0".parse().unwrap()).is_empty());
}

#[test]
fn requests_go_with_their_relation() {
    let mut model = Model::new();
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1)]));
    model.respond("prom/0");
    model.juju.remove_relation("app:prometheus", "prom:jobs").unwrap();
    model.settle();
    assert!(model.flags("app/0").is_empty());
    assert!(model.flags("prom/0").is_empty());
    model.act("app/0", |cx| {
        assert!(cx.endpoint(PROMETHEUS).requests()?.is_empty());
        Ok(())
    });
    assert!(!model.store("prom/0").rows().keys().any(|key| key.contains("answered")));
}

#[test]
fn a_hook_that_fails_has_asked_for_nothing() {
    let mut model = Model::new();
    model.juju.inject("app/0", Fault::FailFlush).unwrap();
    model.try_act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1)]));
    assert!(model.published("app/0", &"prometheus:0".parse().unwrap()).is_empty());
}

#[derive(Debug)]
struct Wrapped(RequesterEndpoint<Job>);

impl Interface for Wrapped {
    fn new(endpoint: Endpoint) -> Self {
        Self(RequesterEndpoint::new(endpoint))
    }

    fn manage_flags(&self) -> Result {
        self.0.manage_flags()?;
        self.toggle_flag("available_responses", self.is_flag_set("all_responses"));
        Ok(())
    }
}

impl Deref for Wrapped {
    type Target = RequesterEndpoint<Job>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[test]
fn a_type_of_the_authors_own_can_wrap_the_endpoint() {
    const WRAPPED: EndpointKey<Wrapped> = EndpointKey::new("prometheus");
    let mut model = Model::empty();
    model.deploy("app", 1, |charm| charm.endpoint(WRAPPED));
    model.deploy("prom", 1, |charm| charm.endpoint(super::model::JOBS));
    model.integrate("app:prometheus", "prom:jobs");
    model.act("app/0", |cx| cx.endpoint(WRAPPED).sync([job("a", 1)]));
    model.respond("prom/0");
    assert_eq!(
        model.flags("app/0"),
        [
            "endpoint.prometheus.all_responses",
            "endpoint.prometheus.available_responses",
            "endpoint.prometheus.has_responses",
        ]
    );
}

#[test]
fn a_hook_in_which_nobody_looks_reads_nothing() {
    let mut model = Model::new();
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1)]));
    for unit in ["app/0", "prom/0"] {
        let operation = model.try_act(unit, |_| Ok(()));
        assert!(!operation.to_string().contains("relation"), "{operation}");
    }
}
