//! `config-get`.

use serde::Deserialize;

use crate::support::{juju, recorded, shown};

#[derive(Debug, Deserialize, PartialEq)]
struct Config {
    big: u32,
    debug: bool,
    multi: String,
    name: String,
    port: u16,
    ratio: f64,
    unset: Option<String>,
}

const ALL: &str = "config-get --all --format=json";

#[test]
fn config_get_reads_all_options_at_once() {
    let (juju, agent) = juju([(ALL, recorded("general", ALL))]);
    assert_eq!(
        juju.config_get::<Config>().unwrap(),
        Config {
            big: 1_000_000,
            debug: true,
            multi: "a\nb\n".to_owned(),
            name: "value".to_owned(),
            port: 8080,
            ratio: 0.5,
            unset: None,
        }
    );
    insta::assert_snapshot!(agent.transcript(), @"config-get --all --format=json");
}

#[test]
fn config_get_tells_unset_options_from_unknown_ones() {
    let (juju, agent) = juju([(ALL, recorded("general", ALL))]);
    assert_eq!(juju.config_get_key("port").unwrap(), Some(8080));
    assert_eq!(juju.config_get_key::<String>("unset").unwrap(), None);
    insta::assert_snapshot!(
        shown(juju.config_get_key::<String>("nosuch")),
        @"NotFound: `config-get` found nothing: the charm has no config option `nosuch`"
    );

    let all = juju.config_get_all().unwrap();
    assert_eq!(all.len(), 7);
    assert_eq!(all["unset"], None);
    assert_eq!(all["ratio"], Some(0.5.into()));
    assert_eq!(agent.calls().len(), 1);
}

#[test]
fn config_get_passes_on_a_refusal() {
    let (juju, _) = juju([(ALL, recorded("general", "config-get a b"))]);
    insta::assert_snapshot!(
        shown(juju.config_get::<Config>()),
        @r#"BadArgument: cannot call `config-get`: unrecognized args: ["b"]"#
    );
}
