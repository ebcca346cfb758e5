//! What a unit has published, as a type.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::net::IpAddr;

use reactive_endpoints::{ReceivedData, SettingError};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Fast,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Database {
    name: String,
    host: IpAddr,
    ports: (u16, u16),
    mode: Mode,
    #[serde(default)]
    replicas: u8,
    user: Option<String>,
}

fn received<const N: usize>(more: [(&str, &str); N]) -> ReceivedData {
    let settings = [
        ("egress-subnets", "10.0.0.0/24"),
        ("host", "10.0.0.1"),
        ("ingress-address", "10.0.0.1"),
        ("mode", "fast"),
        ("name", "0815"),
        ("ports", "[5432, 5433]"),
        ("private-address", "10.0.0.1"),
        ("unknown", "{}"),
    ];
    let settings: BTreeMap<&str, &str> = settings.into_iter().chain(more).collect();
    ReceivedData::new("unit `db/0` in relation `db:1`", settings)
}

fn told(error: &SettingError) -> String {
    format!("{error}: {}", error.source().unwrap())
}

#[test]
fn all_settings_are_read_as_one_type_and_unknown_ones_are_passed_over() {
    let database: Database = received([]).view().unwrap();
    let (name, host) = ("0815".to_owned(), [10, 0, 0, 1].into());
    let ports = (5432, 5433);
    let expected = Database { name, host, ports, mode: Mode::Fast, replicas: 0, user: None };
    assert_eq!(database, expected);
    let database: Database = received([("replicas", "3"), ("user", "null")]).view().unwrap();
    assert_eq!((database.replicas, database.user), (3, None));
    // A map has what Juju itself does not publish.
    let all: BTreeMap<String, String> = received([]).view().unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["host", "mode", "name", "ports", "unknown"]);
}

#[test]
fn a_setting_that_is_not_there_has_a_default() {
    let received = received([("port", "x")]);
    assert_eq!(received.get::<u8>("replicas").unwrap(), None);
    assert_eq!(received.get_or("replicas", 2).unwrap(), 2);
    assert_eq!(received.get_or("name", String::new()).unwrap(), "0815");
    assert!(received.json("replicas") == python_json::Value::Null);
    assert!(received.get_or("port", 1).is_err(), "it is there, and is wrong");
}

#[test]
fn an_error_names_the_relation_the_unit_and_the_key() {
    let error = received([("ports", "[5432, 70000]")]).view::<Database>().unwrap_err();
    assert_eq!(error.key(), "ports[1]");
    insta::assert_snapshot!(told(&error), @"the setting `ports[1]` of unit `db/0` in relation `db:1` is not what it should be: expected u16");
    let error = received([("ports", "5432, 5433")]).view::<Database>().unwrap_err();
    insta::assert_snapshot!(told(&error), @"the setting `ports` of unit `db/0` in relation `db:1` is not what it should be: expected a tuple of size 2");
    let error = ReceivedData::new("unit `db/0` in relation `db:1`", [("name", "x")]);
    let error = error.view::<Database>().unwrap_err();
    assert_eq!(error.key(), "");
    insta::assert_snapshot!(told(&error), @"a setting of unit `db/0` in relation `db:1` is not what it should be: missing field `host`");
}
