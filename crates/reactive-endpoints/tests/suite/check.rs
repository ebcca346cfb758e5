//! Whether a charm and its YAML agree.

use std::fs;

use juju_types::{Charm as CharmDefinition, CharmFiles, Event, RelationRole};
use reactive_endpoints::{
    Charm, CheckFolderError, Context, Endpoint, EndpointKey, Flag, HookPattern, Interface, Result,
    Trigger, all, hook,
};
use serde::Deserialize;

use crate::support::files;

/// The side of `sql` that asks.
#[derive(Debug)]
struct Sql;

impl Interface for Sql {
    const INTERFACE: Option<&'static str> = Some("sql");
    const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);

    fn new(_: Endpoint) -> Self {
        Self
    }
}

const DB: EndpointKey<Sql> = EndpointKey::new("db");
const ANY: EndpointKey<Endpoint> = EndpointKey::new("any");

#[expect(clippy::unnecessary_wraps, reason = "it is a handler")]
fn noop((): &mut (), _: &Context) -> Result {
    Ok(())
}

fn pattern(text: &str) -> HookPattern {
    text.parse().unwrap()
}

/// Returns what does not fit, one fault a line.
fn faults(charm: &Charm<()>, files: &CharmFiles) -> String {
    match charm.check(&CharmDefinition::from_files(files).unwrap()) {
        Ok(()) => String::new(),
        Err(faults) => faults.iter().map(String::as_str).collect::<Vec<_>>().join("\n"),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its fields are looked at")]
struct Config {
    port: u16,
    log_level: Option<String>,
    ratio: f32,
}

/// A charm that uses all that can be checked.
fn charm() -> Charm<()> {
    Charm::new(())
        .config::<Config>()
        .interface::<Sql>()
        .on(Event::Install, noop)
        .on(pattern("db-relation-{joined,departed}"), noop)
        .on(pattern("{requires:sql}-relation-changed"), noop)
        .on(pattern("data-storage-attached"), noop)
        .on(pattern("juju-info-relation-joined"), noop)
        .on_custom("service-app-stopped", noop)
        .when(all([DB.joined(), ANY.joined()]).and(hook(pattern("web-pebble-ready"))), noop)
        .trigger(Trigger::on_set(&DB.changed()).clear(&Flag::new("config.set.port")))
        .action("backup", noop)
}

#[test]
fn a_charm_that_fits_passes() {
    let mut files = files(
        "requires: {db: sql}\nprovides: {any: http}\nstorage: {data: {type: filesystem}}\n\
         containers: {web: {resource: image}}\nresources: {image: {type: oci-image}}\n",
    );
    files.manifest = Some("bases: [{name: ubuntu, channel: '24.04'}]\n".to_owned());
    files.config = Some(
        "options:\n  port: {type: int}\n  log-level: {type: string}\n  ratio: {type: int}\n"
            .to_owned(),
    );
    files.actions = Some("backup: {}\n".to_owned());
    assert_eq!(faults(&charm(), &files), "");
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    insta::assert_snapshot!(faults(&charm(), &files("")), @r"
    there is no endpoint `any`
    there is no endpoint `db`
    there is no endpoint with the role `requirer` and the interface `sql`
    the handler `check::noop` waits for the hook `db-relation-joined`, and there is no endpoint `db`
    the handler `check::noop` waits for the hook `db-relation-departed`, and there is no endpoint `db`
    the handler `check::noop` waits for the hook `data-storage-attached`, and there is no storage `data`
    the handler `check::noop` waits for the hook `web-pebble-ready`, and there is no container `web`
    the flag `config.set.port` means nothing, as there is no option `port`
    there is no action `backup`, for which there is a handler
    there is no option `port`, which `Config` reads
    there is no option `log-level`, which `Config` reads
    there is no option `ratio`, which `Config` reads
    ");
}

#[test]
fn what_is_there_and_of_another_kind_is_told() {
    let mut files = files("provides: {db: sql}\nrequires: {any: http}\n");
    files.config = Some("options:\n  port: {type: string}\n  log-level: {type: boolean}\n".into());
    files.actions = Some("restore: {}\n".to_owned());
    let charm = Charm::new(()).config::<Config>().endpoint(DB).endpoint(ANY);
    insta::assert_snapshot!(faults(&charm, &files), @r"
    the endpoint `db` has the role `provider`, and `suite::check::Sql` is for `requirer`
    the action `restore` has no handler
    the option `port` is of the type `string`, and `Config` reads an int
    the option `log-level` is of the type `boolean`, and `Config` reads text
    there is no option `ratio`, which `Config` reads
    ");

    let other = self::files("requires: {db: mysql}\n");
    insta::assert_snapshot!(faults(&Charm::new(()).endpoint(DB), &other), @"the endpoint `db` has the interface `mysql`, and `suite::check::Sql` is for `sql`");
}

#[test]
fn the_names_in_plain_flags_are_looked_up_too() {
    let charm = Charm::new(())
        .when(Flag::new("endpoint.bd.joined"), noop)
        .when(Flag::new("config.changed.prot"), noop)
        .when(Flag::new("config.changed"), noop)
        .when(Flag::new("endpoint.db.joined"), noop);
    insta::assert_snapshot!(faults(&charm, &files("requires: {db: sql}\n")), @r"
    the flag `config.changed.prot` means nothing, as there is no option `prot`
    the flag `endpoint.bd.joined` means nothing, as there is no endpoint `bd`; there is `db`
    ");
}

#[test]
fn the_files_of_a_folder_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let error = Charm::new(()).check_folder(folder.path()).unwrap_err();
    assert!(matches!(error, CheckFolderError::Yaml(_)));
    insta::assert_snapshot!(error, @"cannot tell what is in the charm's YAML files");

    fs::write(folder.path().join("metadata.yaml"), files("").metadata.unwrap()).unwrap();
    Charm::new(()).check_folder(folder.path()).unwrap();
    let error = Charm::new(()).endpoint(DB).check_folder(folder.path()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the charm does not fit its YAML:
    - there is no endpoint `db`
    ");
}
