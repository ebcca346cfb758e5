//! Having the requests be those that are desired.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use reactive_endpoints::testing::{self, CertRequest};
use reactive_endpoints::{EndpointKey, Request, RequesterEndpoint};
use serde::{Deserialize, Serialize};

use super::model::{Model, PROMETHEUS, job};

#[test]
fn what_is_not_desired_is_taken_back_and_the_rest_keeps_its_id() {
    let mut model = Model::new();
    let relation = "prometheus:0".parse().unwrap();
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("a", 1), job("b", 1)]));
    let before = model.published("app/0", &relation);
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("c", 1), job("b", 2)]));
    let after = model.published("app/0", &relation);
    assert_eq!(after.len(), 2);
    let of = |requests: &BTreeMap<String, String>, name: &str| {
        let name = format!(r#""name": "{name}""#);
        requests.iter().find(|(_, text)| text.contains(&name)).map(|(key, _)| key.clone())
    };
    assert_eq!(of(&after, "a"), None);
    assert_eq!(of(&after, "b"), of(&before, "b"));
    assert!(of(&after, "c").is_some());
}

#[test]
fn a_request_of_python_is_found_by_its_key_and_keeps_its_id() {
    let mut model = Model::new();
    let text =
        r#"{"name": "node", "port": 1, "request_id": "ab8da742-e73c-4996-9563-c7887fcef153"}"#;
    let key = "request_ab8da742-e73c-4996-9563-c7887fcef153";
    model.publish("app/0", &[(key, text), ("request_x", "null")]);
    model.act("app/0", |cx| cx.endpoint(PROMETHEUS).sync([job("node", 2)]));
    let published = model.published("app/0", &"prometheus:0".parse().unwrap());
    assert_eq!(published.keys().collect::<Vec<_>>(), [key]);
    assert!(published[key].contains(r#""port": 2"#));
}

/// A request that may have no key.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Wish {
    name: Option<char>,
    value: u8,
}

impl Request for Wish {
    type Response = ();

    fn key(&self) -> Option<std::borrow::Cow<'_, str>> {
        self.name.map(|name| name.to_string().into())
    }
}

const WISHES: EndpointKey<RequesterEndpoint<Wish>> = EndpointKey::new("wishes");

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let name = proptest::option::of(proptest::char::range('a', 'c'));
    let wish = (name, 0..3u8).prop_map(|(name, value)| Wish { name, value });
    proptest::collection::vec(wish, 0..6)
}

/// Compares two states before and after a sync with what a plain model says.
fn compare(before: &BTreeMap<String, Wish>, desired: &[Wish], after: &BTreeMap<String, Wish>) {
    let mut wanted = desired.to_vec();
    let mut there: Vec<Wish> = after.values().cloned().collect();
    wanted.sort();
    there.sort();
    assert_eq!(wanted, there);

    let ids = |all: &BTreeMap<String, Wish>, wish: &dyn Fn(&Wish) -> bool| -> BTreeSet<String> {
        all.iter().filter(|(_, one)| wish(one)).map(|(id, _)| id.clone()).collect()
    };
    let mut seen = BTreeSet::new();
    for wish in before.values().chain(desired) {
        let equal = |one: &Wish| one == wish;
        let (old, new) = (ids(before, &equal), ids(after, &equal));
        assert_eq!(old.intersection(&new).count(), old.len().min(new.len()), "equal ones stay");
        if let Some(name) = wish.name
            && seen.insert(name)
        {
            let same = |one: &Wish| one.name == Some(name);
            let (old, new) = (ids(before, &same), ids(after, &same));
            assert_eq!(old.intersection(&new).count(), old.len().min(new.len()), "keys stay");
        }
    }
}

proptest! {
    #[test]
    fn requests_follow_a_plain_model(steps in proptest::collection::vec(wishes(), 1..5)) {
        testing::asked(WISHES, move |cx| {
            let endpoint = cx.endpoint(WISHES);
            let published = endpoint.relations()?[0].to_publish()?;
            let mut before = BTreeMap::new();
            for desired in &steps {
                endpoint.sync(desired.iter().cloned())?;
                let after: BTreeMap<String, Wish> = endpoint
                    .requests()?
                    .iter()
                    .map(|one| (one.request_id().to_string(), (**one).clone()))
                    .collect();
                compare(&before, desired, &after);
                let raw = published.raw();
                endpoint.sync(desired.iter().rev().cloned())?;
                assert_eq!(raw, published.raw(), "the same again, in another order, is no change");
                before = after;
            }
            Ok(())
        });
    }
}

#[test]
fn a_key_that_moves_to_another_request_leaves_its_id_there() {
    const CERTS: EndpointKey<RequesterEndpoint<CertRequest>> = EndpointKey::new("certs");
    testing::asked(CERTS, |cx| {
        let certs = cx.endpoint(CERTS);
        let relation = &certs.relations()?[0];
        let mut a = certs.create(relation, CertRequest::new("a"))?;
        a.update(|cert| cert.common_name = "b".to_owned())?;
        certs.sync(["a", "b"].map(CertRequest::new))?;
        assert_eq!(certs.get(a.request_id())?.unwrap().common_name, "b");
        assert_eq!(certs.requests_in(relation)?.len(), 2);
        // Several of one key can be made, too.
        let again = certs.create(relation, CertRequest::new("b"))?;
        assert_ne!(again.request_id(), a.request_id());
        assert_eq!(certs.find_all(|cert| cert.common_name == "b")?.len(), 2);
        Ok(())
    });
}
