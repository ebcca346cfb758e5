//! What may be secret, and is told to nobody.

use std::error::Error as _;

use juju_simulator::Simulator;
use juju_types::Event;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Flag, OrStatus as _, ReceivedData, Store as _, testing,
};

use crate::support::{failed, files, keeping, kept, last_line};

const A: Flag = Flag::new("a");
const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
const SECRET: &str = "hunter2";

fn received() -> ReceivedData {
    ReceivedData::new(
        "unit `db/0` in relation `db:1`",
        [("password", SECRET), ("logins", r#"[{"password": "hunter2"}]"#)],
    )
}

#[test]
fn values_are_not_in_what_is_printed_for_debugging() {
    let store = kept([("password", r#""hunter2""#)]);
    let printed =
        [format!("{:?}", received()), format!("{store:?}"), format!("{:?}", store.load())];
    for text in printed {
        assert!(text.contains("password") && !text.contains(SECRET), "{text}");
    }
    testing::related(|cx| {
        let relation = &cx.endpoint(DB).relations()?[0];
        let published = relation.to_publish()?;
        published.set_raw("password", SECRET);
        cx.kv().set("password", SECRET)?;
        cx.set_with(A, SECRET)?;
        let list = cx.endpoint(DB).all_departed_units()?;
        for text in [format!("{published:?}"), format!("{:?}", cx.kv()), format!("{list:?}")] {
            assert!(!text.contains(SECRET), "{text}");
        }
        Ok(())
    });
}

#[test]
fn a_setting_of_the_wrong_type_is_named_and_not_quoted() {
    let error = received().get::<u16>("password").unwrap_err();
    insta::assert_snapshot!(error, @"the setting `password` of unit `db/0` in relation `db:1` is not what it should be");
    insta::assert_snapshot!(error.source().unwrap(), @"expected u16");
    let error =
        received().get::<Vec<std::collections::BTreeMap<String, u16>>>("logins").unwrap_err();
    insta::assert_snapshot!(error, @"the setting `logins[0].password` of unit `db/0` in relation `db:1` is not what it should be");
    let status = received().get::<u16>("password").or_blocked("db").unwrap_err();
    insta::assert_snapshot!(status, @"blocked: db: the setting `password` of unit `db/0` in relation `db:1` is not what it should be: expected u16");
}

#[test]
fn a_stored_value_of_the_wrong_type_does_not_come_into_the_log() {
    let store = kept([("password", r#""hunter2""#)]);
    let charm = || {
        let read = |(): &mut (), cx: &Context| cx.kv().get::<u16>("password").map(|_| ());
        Charm::new(()).on(Event::UpdateStatus, read)
    };
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
    let ran = failed(unit.try_run("update-status"));
    assert!(!ran.to_string().contains(SECRET), "{ran}");
    let (_, cause) = last_line(&ran).split_once("the stored").unwrap();
    insta::assert_snapshot!(cause, @" value of `password` cannot be read: expected u16 at line 1 column 9");
}
