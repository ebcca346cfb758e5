//! The rules for `metadata.yaml`.

use insta::assert_snapshot;

use super::{HEAD, faults, good_files};
use crate::charm::CharmFiles;

/// Returns what is wrong with a `metadata.yaml` that has `more` from line 4 on.
fn metadata(more: &str) -> String {
    faults(&CharmFiles { metadata: Some(format!("{HEAD}{more}")), ..good_files() })
}

/// Returns what is wrong with a `metadata.yaml`.
fn whole(text: &str) -> String {
    faults(&CharmFiles { metadata: Some(text.to_owned()), ..good_files() })
}

#[test]
fn finds_nothing_wrong_where_nothing_is() {
    assert_snapshot!(metadata(""), @"nothing");
}

#[test]
fn needs_the_file_with_name_summary_and_description() {
    assert_snapshot!(faults(&CharmFiles::default()), @"metadata.yaml:1:1: the file is missing; write it, or a charmcraft.yaml");
    assert_snapshot!(whole(""), @"metadata.yaml:1:1: expected a mapping, found nothing");
    assert_snapshot!(whole("[]"), @"metadata.yaml:1:1: expected a mapping, found a list");
    assert_snapshot!(whole("tags: []"), @r"
    metadata.yaml:1:1: `description` is missing
    metadata.yaml:1:1: `name` is missing
    metadata.yaml:1:1: `summary` is missing
    ");
}

#[test]
fn takes_only_text_for_text() {
    assert_snapshot!(whole("name: 7\nsummary: on\ndescription:\n"), @r"
    metadata.yaml:1:1: name: expected text, found the number `7`; put it in quotes
    metadata.yaml:2:1: summary: expected text, found the boolean `on`; put it in quotes
    metadata.yaml:3:1: description: expected text, found nothing
    ");
    assert_snapshot!(whole("name: [app]\nsummary: {a: b}\ndescription: 1.5\n"), @r"
    metadata.yaml:1:1: name: expected text, found a list
    metadata.yaml:2:1: summary: expected text, found a mapping
    metadata.yaml:3:1: description: expected text, found the number `1.5`; put it in quotes
    ");
    assert_snapshot!(whole("name: \"app\"\nsummary: \"on\"\ndescription: |\n  1\n"), @"nothing");
}

#[test]
fn wants_a_charm_name() {
    let named = |name: &str| whole(&format!("name: {name}\nsummary: s\ndescription: d\n"));
    assert_snapshot!(named("App"), @"metadata.yaml:1:1: name: invalid charm name `App`: it must start with a lower-case letter");
    assert_snapshot!(named("app-2"), @"metadata.yaml:1:1: name: invalid charm name `app-2`: each part between dashes needs a letter");
    assert_snapshot!(named("app_two"), @"metadata.yaml:1:1: name: invalid charm name `app_two`: only lower-case letters, digits and dashes are allowed");
}

#[test]
fn wants_endpoint_names() {
    assert_snapshot!(metadata("provides:\n  Web: http\n  web--api: http\n"), @r"
    metadata.yaml:5:3: provides.Web: invalid endpoint name `Web`: it must start with a lower-case letter
    metadata.yaml:6:3: provides.web--api: invalid endpoint name `web--api`: dashes and underscores must stand alone between letters or digits
    ");
    assert_snapshot!(metadata("provides:\n  web: \"\"\n"), @"metadata.yaml:5:3: provides.web: invalid interface name ``: it must not be empty");
}

#[test]
fn wants_each_endpoint_name_once_over_all_roles() {
    assert_snapshot!(metadata("peers:\n  db: a\nprovides:\n  db: b\nrequires:\n  db: c\n"), @r"
    metadata.yaml:7:3: provides.db: `db` is already an endpoint, a peer
    metadata.yaml:9:3: requires.db: `db` is already an endpoint, a peer
    ");
    assert_snapshot!(metadata("provides:\n  db: a\n  db: b\n"), @"metadata.yaml:6:3: provides.db: the key is given twice, first on line 5");
}

#[test]
fn keeps_reserved_endpoints_and_interfaces() {
    assert_snapshot!(metadata("requires:\n  juju: a\n  juju-db: a\n"), @r"
    metadata.yaml:5:3: requires.juju: Juju keeps the endpoint name `juju` for itself
    metadata.yaml:6:3: requires.juju-db: Juju keeps the endpoint name `juju-db` for itself
    ");
    assert_snapshot!(metadata("provides:\n  web: juju-web\npeers:\n  ring: juju\n"), @r"
    metadata.yaml:5:3: provides.web: Juju keeps the interface name `juju-web` for itself
    metadata.yaml:7:3: peers.ring: Juju keeps the interface name `juju` for itself
    ");
    assert_snapshot!(metadata("requires:\n  web: juju-web\n"), @"nothing");
    let head = "name: juju-app\nsummary: s\ndescription: d\n";
    assert_snapshot!(whole(&format!("{head}provides:\n  juju-web: juju-web\n")), @"nothing");
    let subordinate =
        "subordinate: true\nrequires:\n  juju-info: {interface: juju-info, scope: container}\n";
    assert_snapshot!(metadata(subordinate), @"nothing");
}

#[test]
fn wants_a_whole_relation() {
    assert_snapshot!(metadata("provides:\n  web: {}\n"), @"metadata.yaml:5:3: provides.web: `interface` is missing");
    assert_snapshot!(metadata("provides:\n  web:\n    interface: http\n    scope: globl\n"), @"metadata.yaml:7:5: provides.web.scope: invalid relation scope `globl`: it must be `container` or `global`");
    assert_snapshot!(metadata("provides:\n  web: {interface: http, limit: many}\n"), @"metadata.yaml:5:26: provides.web.limit: expected a whole number, found the text `many`");
    assert_snapshot!(metadata("provides:\n  web: {interface: http, limit: -1}\n"), @"metadata.yaml:5:26: provides.web.limit: invalid number `-1`: it must be from 0 to 4294967295");
    assert_snapshot!(metadata("provides:\n  web: {interface: http, optional: maybe}\n"), @"metadata.yaml:5:26: provides.web.optional: expected `true` or `false`, found the text `maybe`");
    assert_snapshot!(metadata("provides:\n  web: {interface: http, limit: , optional: \"1\"}\n"), @"nothing");
    assert_snapshot!(metadata("provides:\n  web: [http]\n"), @"metadata.yaml:5:3: provides.web: expected a mapping, found a list");
    assert_snapshot!(metadata("provides:\n"), @"metadata.yaml:4:1: provides: expected a mapping, found nothing");
}

#[test]
fn wants_a_subordinate_to_have_a_principal() {
    assert_snapshot!(metadata("subordinate: yes\nrequires: {host: juju-info}\n"), @"metadata.yaml:4:1: subordinate: a subordinate needs an endpoint in `requires` with `scope: container`");
    assert_snapshot!(metadata("subordinate: maybe\n"), @"metadata.yaml:4:1: subordinate: expected `true` or `false`, found the text `maybe`");
}

#[test]
fn wants_storage_of_a_known_type() {
    assert_snapshot!(metadata("storage:\n  data: {}\n"), @"metadata.yaml:5:3: storage.data: `type` is missing");
    assert_snapshot!(metadata("storage:\n  data: {type: tape}\n"), @"metadata.yaml:5:10: storage.data.type: invalid storage type `tape`: it must be `block` or `filesystem`");
    assert_snapshot!(metadata("storage:\n  data-2: {type: block}\n"), @"metadata.yaml:5:3: storage.data-2: invalid storage name `data-2`: each part between dashes needs a letter");
}

#[test]
fn wants_storage_that_can_be_had() {
    let storage =
        |more: &str| metadata(&format!("storage:\n  data:\n    type: filesystem\n    {more}\n"));
    assert_snapshot!(storage("shared: no\n    read-only: perhaps"), @"metadata.yaml:8:5: storage.data.read-only: expected `true` or `false`, found the text `perhaps`");
    assert_snapshot!(storage("multiple: 2"), @"metadata.yaml:7:5: storage.data.multiple: expected a mapping, found the number `2`");
    assert_snapshot!(storage("multiple: {}"), @"metadata.yaml:7:5: storage.data.multiple: `range` is missing");
    assert_snapshot!(storage("multiple: {range: 0}"), @"metadata.yaml:7:16: storage.data.multiple.range: invalid range `0`: there must be room for one");
    assert_snapshot!(storage("multiple: {range: 0-0}"), @"metadata.yaml:7:16: storage.data.multiple.range: invalid range `0-0`: there must be room for one");
    assert_snapshot!(storage("multiple: {range: some}"), @"metadata.yaml:7:16: storage.data.multiple.range: invalid range `some`: it must look like `3`, `1-3`, `1+` or `1-`");
    assert_snapshot!(storage("multiple: {range: 1.5}"), @"metadata.yaml:7:16: storage.data.multiple.range: expected text, found the number `1.5`; put it in quotes");
    assert_snapshot!(storage("minimum-size: 10"), @"metadata.yaml:7:5: storage.data.minimum-size: expected text, found the number `10`; put it in quotes");
    assert_snapshot!(storage("minimum-size: 10K"), @"metadata.yaml:7:5: storage.data.minimum-size: invalid size `10K`: it must be a number and one of M, G, T, P, E, Z and Y");
    assert_snapshot!(storage("properties: [transient, fast]"), @"metadata.yaml:7:29: storage.data.properties[1]: invalid storage property `fast`: it must be `transient`");
    assert_snapshot!(metadata("storage:\n  data: {type: block, location: /srv}\n"), @"metadata.yaml:5:23: storage.data.location: only a storage of the type `filesystem` has a location");
}

#[test]
fn wants_resources_of_a_known_type() {
    assert_snapshot!(metadata("resources:\n  theme: {type: folder}\n"), @"metadata.yaml:5:11: resources.theme.type: invalid resource type `folder`: it must be `file` or `oci-image`");
    assert_snapshot!(metadata("resources:\n  theme: {type: file}\n"), @"metadata.yaml:5:3: resources.theme: `filename` is missing");
    assert_snapshot!(metadata("resources:\n  theme: {filename: a/b.zip}\n"), @"metadata.yaml:5:11: resources.theme.filename: invalid file name `a/b.zip`: `/` is not allowed");
    assert_snapshot!(metadata("resources:\n  theme: {filename: \"\"}\n"), @"metadata.yaml:5:11: resources.theme.filename: a file needs a name");
    assert_snapshot!(metadata("resources:\n  a/b: {type: oci-image}\n"), @"metadata.yaml:5:3: resources.a/b: invalid resource name `a/b`: it must be one component of a path");
    assert_snapshot!(metadata("resources:\n  theme:\n"), @"metadata.yaml:5:3: resources.theme: expected a mapping, found nothing");
}

#[test]
fn wants_containers_with_an_image() {
    let container = |text: &str| {
        metadata(&format!(
            "resources:\n  image: {{type: oci-image}}\n  theme: {{filename: t.zip}}\n\
             storage:\n  data: {{type: filesystem}}\ncontainers:\n  web: {text}\n"
        ))
    };
    assert_snapshot!(container("{}"), @"metadata.yaml:10:3: containers.web: `resource` is missing; it names a resource of the type `oci-image`");
    assert_snapshot!(container("{resource: picture}"), @"metadata.yaml:10:9: containers.web.resource: no resource is called `picture`");
    assert_snapshot!(container("{resource: theme}"), @"metadata.yaml:10:9: containers.web.resource: the resource `theme` is not of the type `oci-image`");
    assert_snapshot!(container("{bases: [{name: ubuntu}]}"), @"metadata.yaml:10:17: containers.web.bases[0]: `channel` is missing");
    assert_snapshot!(container("{bases: [{name: ubuntu, channel: \"24.04\"}]}"), @"nothing");
}

#[test]
fn wants_mounts_of_storage_that_exists() {
    let mounts = |text: &str| {
        metadata(&format!(
            "resources: {{image: {{type: oci-image}}}}\nstorage: {{data: {{type: filesystem}}}}\n\
             containers:\n  web: {{resource: image, {text}}}\n"
        ))
    };
    assert_snapshot!(mounts("mounts: [{}]"), @r"
    metadata.yaml:7:35: containers.web.mounts[0]: `location` is missing
    metadata.yaml:7:35: containers.web.mounts[0]: `storage` is missing
    ");
    assert_snapshot!(mounts("mounts: [{storage: logs, location: /logs}]"), @"metadata.yaml:7:36: containers.web.mounts[0].storage: no storage is called `logs`");
    assert_snapshot!(mounts("mounts: [{storage: data, location: \"\"}]"), @"metadata.yaml:7:51: containers.web.mounts[0].location: a mount needs a path");
    assert_snapshot!(mounts("uid: 1000, gid: 9999"), @r"
    metadata.yaml:7:26: containers.web.uid: invalid id `1000`: Juju keeps 1000 to 9999 for itself
    metadata.yaml:7:37: containers.web.gid: invalid id `9999`: Juju keeps 1000 to 9999 for itself
    ");
    assert_snapshot!(mounts("uid: 999, gid: 10000"), @"nothing");
    assert_snapshot!(mounts("uid: root"), @"metadata.yaml:7:26: containers.web.uid: expected a whole number, found the text `root`");
}

#[test]
fn wants_devices_that_can_be_counted() {
    assert_snapshot!(metadata("devices:\n  gpu: {}\n"), @"metadata.yaml:5:3: devices.gpu: `type` is missing");
    assert_snapshot!(metadata("devices:\n  gpu: {type: \"\"}\n"), @"metadata.yaml:5:9: devices.gpu.type: a device needs a type, such as `gpu`");
    assert_snapshot!(metadata("devices:\n  gpu: {type: gpu, countmin: -1, countmax: few}\n"), @r"
    metadata.yaml:5:20: devices.gpu.countmin: invalid number `-1`: it must be from 0 to 4294967295
    metadata.yaml:5:34: devices.gpu.countmax: expected a whole number, found the text `few`
    ");
    assert_snapshot!(metadata("devices:\n  gpu: {type: gpu, countmin: 2}\n"), @"metadata.yaml:5:3: devices.gpu: `countmin` 2 is more than `countmax` 1");
}

#[test]
fn knows_the_users_of_charms() {
    assert_snapshot!(metadata("charm-user: ubuntu\n"), @"metadata.yaml:4:1: charm-user: invalid charm user `ubuntu`: it must be `non-root`, `root` or `sudoer`");
}

#[test]
fn wants_assumptions_that_can_be_checked() {
    assert_snapshot!(metadata("assumes: juju\n"), @"metadata.yaml:4:1: assumes: expected a list, found the text `juju`");
    assert_snapshot!(metadata("assumes:\n  - juju > 3\n  - juju >= x\n  - 3\n"), @r"
    metadata.yaml:5:5: assumes[0]: invalid assumption `juju > 3`: it must look like `FEATURE`, `FEATURE >= VERSION` or `FEATURE < VERSION`
    metadata.yaml:6:5: assumes[1]: invalid assumption `juju >= x`: it must look like `FEATURE`, `FEATURE >= VERSION` or `FEATURE < VERSION`
    metadata.yaml:7:5: assumes[2]: expected text, found the number `3`; put it in quotes
    ");
    assert_snapshot!(metadata("assumes:\n  - one-of: [juju]\n  - any-of: juju\n"), @r"
    metadata.yaml:5:5: assumes[0]: expected a feature, or either `all-of` or `any-of` with a list
    metadata.yaml:6:5: assumes[1].any-of: expected a list, found the text `juju`
    ");
    assert_snapshot!(metadata("assumes:\n  - any-of: [juju < 4]\n    all-of: [k8s-api]\n"), @"metadata.yaml:5:5: assumes[0]: expected a feature, or either `all-of` or `any-of` with a list");
    assert_snapshot!(metadata("assumes:\n  - any-of:\n      - all-of:\n          - J\n"), @"metadata.yaml:7:13: assumes[0].any-of[0].all-of[0]: invalid assumption `J`: it must look like `FEATURE`, `FEATURE >= VERSION` or `FEATURE < VERSION`");
}

#[test]
fn wants_extra_bindings_that_are_only_names() {
    assert_snapshot!(metadata("extra-bindings: {}\n"), @"metadata.yaml:4:1: extra-bindings: name a binding, or leave `extra-bindings` out");
    assert_snapshot!(metadata("extra-bindings:\n  cluster: ring\n"), @"metadata.yaml:5:3: extra-bindings.cluster: an extra binding is a name without a value");
    assert_snapshot!(metadata("provides: {web: http}\nextra-bindings:\n  web:\n"), @"metadata.yaml:6:3: extra-bindings.web: `web` is an endpoint, and can be bound as it is");
}

#[test]
fn wants_lists_of_text() {
    assert_snapshot!(metadata("categories: web\ntags: [1]\nterms: [My Terms, true]\n"), @r"
    metadata.yaml:4:1: categories: expected a list, found the text `web`
    metadata.yaml:5:8: tags[0]: expected text, found the number `1`; put it in quotes
    metadata.yaml:6:9: terms[0]: invalid term `My Terms`: it must look like `[TENANT:][OWNER/]NAME[/REVISION]`
    metadata.yaml:6:19: terms[1]: expected text, found the boolean `true`; put it in quotes
    ");
}

#[test]
fn wants_numbers_where_juju_3_wants_them() {
    assert_snapshot!(metadata("format: one\nrevision: 1\n"), @"metadata.yaml:4:1: format: expected a whole number, found the text `one`");
}

#[test]
fn knows_what_goes_with_a_manifest() {
    let old = "series: [jammy]\nmin-juju-version: 2.9.0\ndeployment: {}\n";
    assert_snapshot!(metadata(old), @r"
    metadata.yaml:4:1: series: a charm with bases in its manifest must not have `series`
    metadata.yaml:5:1: min-juju-version: a charm with bases in its manifest must not have `min-juju-version`
    metadata.yaml:6:1: deployment: a charm with bases in its manifest must not have `deployment`
    ");
    let without = |more: &str| {
        faults(&CharmFiles { metadata: Some(format!("{HEAD}{more}")), ..CharmFiles::default() })
    };
    assert_snapshot!(without(old), @"nothing");
    assert_snapshot!(without("assumes: [juju]\ncontainers: {}\ncharm-user: root\n"), @r"
    metadata.yaml:4:1: assumes: a charm with `assumes` needs a manifest.yaml with `bases`
    metadata.yaml:5:1: containers: a charm with `containers` needs a manifest.yaml with `bases`
    metadata.yaml:6:1: charm-user: a charm with `charm-user` needs a manifest.yaml with `bases`
    ");
    assert_snapshot!(without("assumes: [juju]\nseries: [jammy]\n"), @r"
    metadata.yaml:4:1: assumes: a charm with `assumes` needs a manifest.yaml with `bases`
    metadata.yaml:5:1: series: a charm with bases in its manifest must not have `series`
    ");
    assert_snapshot!(without("min-juju-version: 3\n"), @"metadata.yaml:4:1: min-juju-version: expected text, found the number `3`; put it in quotes");
}

#[test]
fn wants_yaml_that_every_reader_takes_alike() {
    assert_snapshot!(metadata("name: again\n"), @"metadata.yaml:4:1: name: the key is given twice, first on line 1");
    assert_snapshot!(metadata("provides:\n  on: http\n"), @"metadata.yaml:5:3: provides.on: the key is read as a boolean; put it in quotes");
    assert_snapshot!(metadata("---\na: b\n"), @"metadata.yaml:4:1: a second document starts here; only one is read");
    assert_snapshot!(metadata("provides:\n\t# none\n  db: x\n"), @"metadata.yaml:5:1: a line must not start with a tab; use blanks");
    assert_snapshot!(metadata("tags: [a\n"), @"metadata.yaml:5:1: tags[1]: not valid YAML: while parsing a flow sequence, expected ',' or ']'");
}

#[test]
fn takes_aliases_for_what_they_name() {
    assert_snapshot!(
        metadata("provides: &both\n  Web: {interface: http, scope: x}\nrequires: *both\n"),
        @r"
    metadata.yaml:5:3: provides.Web: invalid endpoint name `Web`: it must start with a lower-case letter
    metadata.yaml:5:3: requires.Web: `Web` is already an endpoint, a provider
    metadata.yaml:5:3: requires.Web: invalid endpoint name `Web`: it must start with a lower-case letter
    metadata.yaml:5:26: provides.Web.scope: invalid relation scope `x`: it must be `container` or `global`
    metadata.yaml:5:26: requires.Web.scope: invalid relation scope `x`: it must be `container` or `global`
    "
    );
}

#[test]
fn reports_everything_at_once_in_order() {
    let files = CharmFiles {
        actions: Some("Restart:\n  parallel: 3\n".to_owned()),
        charmcraft: Some("type: snap\nname: app\n".to_owned()),
        config: Some("options:\n  port: {type: int, default: http}\n".to_owned()),
        lxd_profile: Some("config: {limits.cpu: 1}\n".to_owned()),
        manifest: Some("bases: []\n".to_owned()),
        metadata: Some(
            "name: App\ndescription: d\nprovides:\n  website:\n    scope: globl\n\
             requires:\n  website: http\n  db: [mysql]\nstorage:\n  data: {type: disk}\n"
                .to_owned(),
        ),
    };
    assert_snapshot!(faults(&files), @r"
    actions.yaml:1:1: Restart: invalid action name `Restart`: only lower-case letters, digits and dashes are allowed
    actions.yaml:2:3: Restart.parallel: expected `true` or `false`, found the number `3`
    charmcraft.yaml:1:1: `parts` is missing
    charmcraft.yaml:1:1: `platforms` is missing
    charmcraft.yaml:1:1: type: invalid type `snap`: it must be `charm`
    charmcraft.yaml:2:1: name: `name` is in metadata.yaml too; keep one of the two
    config.yaml:2:21: options.port.default: expected a whole number, found the text `http`
    lxd-profile.yaml:1:10: config.limits.cpu: Juju lets no charm set `limits.cpu`
    manifest.yaml:1:1: bases: name a base; Juju 4 refuses a charm without one
    metadata.yaml:1:1: `summary` is missing
    metadata.yaml:1:1: name: invalid charm name `App`: it must start with a lower-case letter
    metadata.yaml:4:3: provides.website: `interface` is missing
    metadata.yaml:5:5: provides.website.scope: invalid relation scope `globl`: it must be `container` or `global`
    metadata.yaml:7:3: requires.website: `website` is already an endpoint, a provider
    metadata.yaml:8:3: requires.db: expected a mapping, found a list
    metadata.yaml:10:10: storage.data.type: invalid storage type `disk`: it must be `block` or `filesystem`
    ");
}
