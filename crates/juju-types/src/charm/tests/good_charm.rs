//! A realistic charm, in both layouts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::charm::{
    AssumedVersion, Assumption, Charm, CharmFiles, CharmUser, ConfigType, ConfigValue,
    EndpointDefinition, Platform, ResourceKind, StorageCount,
};
use crate::{Architecture, RelationRole, RelationScope, StorageKind};

/// What `metadata.yaml` and `charmcraft.yaml` have in common.
const SHARED: &str = r#"
name: postgresql
summary: A database.
description: |
  PostgreSQL stores what you give it.

  It gives it back: "always".
subordinate: false
provides:
  database: &client
    interface: postgresql_client
    optional: yes
  db-admin: {<<: *client, limit: 1}
  metrics: prometheus_scrape
requires:
  certificates: {interface: tls-certificates, scope: global}
peers:
  cluster: postgresql_peers
storage:
  pgdata:
    type: filesystem
    description: The data.
    location: /var/lib/postgresql
    minimum-size: 1.5G
  cache: {type: block, multiple: {range: 0-2}, shared: no, read-only: "true", properties: [transient]}
resources:
  snap: {type: file, filename: postgresql.snap, description: The snap.}
  image: {type: oci-image}
containers:
  postgresql:
    resource: image
    mounts: [{storage: pgdata, location: /data}]
    uid: 584792
    gid: 999
devices:
  accelerator: {type: nvidia.com/gpu, countmin: 1, countmax: 2, description: For vectors.}
extra-bindings: {replication: , backup: }
assumes:
  - juju >= 3.4
  - any-of: [k8s-api, juju < 4]
charm-user: non-root
terms: [canonical/postgresql/1]
"#;

/// What is only in `metadata.yaml`.
const LINKS: &str = "
display-name: PostgreSQL
docs: https://example.com/docs
issues: https://example.com/issues
maintainers: [Ann <ann@example.com>, Bob <bob@example.com>]
source: [https://example.com/source]
website: [https://example.com, https://example.org]
categories: [databases]
tags: [sql]
";

/// What is only in `charmcraft.yaml`.
const BUILDING: &str = r#"
type: charm
title: PostgreSQL
links:
  contact: [Ann <ann@example.com>, Bob <bob@example.com>]
  documentation: https://example.com/docs
  issues: https://example.com/issues
  source: https://example.com/source
  website: [https://example.com, https://example.org]
platforms:
  ubuntu@24.04:amd64:
  noble-arm: {build-on: ["ubuntu@24.04:amd64"], build-for: ["ubuntu@24.04:arm64"]}
  jammy: {build-on: ["ubuntu@22.04:amd64"], build-for: ["ubuntu@22.04:all"]}
parts:
  charm: {plugin: rust, source: .}
  extras: {plugin: nil}
"#;

const CONFIG: &str = r#"
options:
  port: {type: int, default: 5432, description: Where it listens.}
  ratio: {type: float, default: 0.5}
  profile:
    default: "on"
    description: >
      How much memory
      it takes.
  tls: {type: boolean, default: no}
  password: {type: secret}
  motd: {type: string, default: ""}
"#;

const ACTIONS: &str = "
restart:
create-backup:
  description: Writes a backup.
  title: Backup
  params:
    kind: {type: string, enum: [full, differential], default: full}
    retries: {type: integer, minimum: 0}
  required: [kind]
  parallel: true
  execution-group: backups
  additionalProperties: false
  minProperties: 1
";

const MANIFEST: &str = r#"
bases:
  - name: ubuntu
    channel: "24.04"
    architectures: [amd64, arm64]
  - {name: ubuntu, channel: 22.04/edge}
"#;

/// Returns the charm as four files.
pub(super) fn separate_files() -> CharmFiles {
    CharmFiles {
        actions: Some(ACTIONS.to_owned()),
        config: Some(CONFIG.to_owned()),
        manifest: Some(MANIFEST.to_owned()),
        metadata: Some([SHARED, LINKS].concat()),
        ..CharmFiles::default()
    }
}

/// Returns the same charm as one `charmcraft.yaml`.
pub(super) fn one_file() -> CharmFiles {
    let below = |key: &str, text: &str| format!("{key}:{}\n", text.replace('\n', "\n  "));
    let text = [BUILDING, SHARED, &below("config", CONFIG), &below("actions", ACTIONS)].concat();
    CharmFiles { charmcraft: Some(text), ..CharmFiles::default() }
}

#[test]
fn says_the_same_in_both_layouts() {
    let separate = Charm::from_files(&separate_files()).unwrap();
    let one = Charm::from_files(&one_file()).unwrap();

    let mut metadata = separate.metadata().clone();
    // Charmcraft has no place for these.
    metadata.categories.clear();
    metadata.tags.clear();
    assert_eq!(one.metadata(), &metadata);
    assert_eq!(one.config(), separate.config());
    assert_eq!(one.actions(), separate.actions());
    assert_eq!(one.name().as_str(), "postgresql");
    assert_eq!((separate.warnings(), one.warnings()), (&[][..], &[][..]));
}

#[test]
fn answers_what_a_framework_asks() {
    let charm = Charm::from_files(&separate_files()).unwrap();
    let metadata = charm.metadata();

    let endpoints: Vec<_> = metadata
        .endpoints()
        .map(|(name, endpoint)| format!("{name}: {} {}", endpoint.role, endpoint.interface))
        .collect();
    insta::assert_snapshot!(endpoints.join("\n"), @r"
    certificates: requirer tls-certificates
    cluster: peer postgresql_peers
    database: provider postgresql_client
    db-admin: provider postgresql_client
    metrics: provider prometheus_scrape
    ");
    let admin = metadata.endpoint(&"db-admin".parse().unwrap()).unwrap();
    let expected = EndpointDefinition {
        limit: Some(1),
        optional: true,
        ..EndpointDefinition::new(RelationRole::Provider, "postgresql_client".parse().unwrap())
    };
    assert_eq!(admin, &expected);
    assert_eq!(expected.scope, RelationScope::Global);
    assert_eq!(metadata.endpoint(&"unheard-of".parse().unwrap()), None);

    let port = charm.config().option("port").unwrap();
    assert_eq!((port.kind, &port.default), (ConfigType::Int, &Some(ConfigValue::Int(5432))));
    assert_eq!(port.description.as_deref(), Some("Where it listens."));
    assert_eq!(charm.config().option("unheard-of"), None);
    let defaults: BTreeMap<_, _> =
        charm.config().options().map(|(name, option)| (name, option.default.clone())).collect();
    insta::assert_debug_snapshot!(defaults, @r#"
    {
        "motd": Some(
            String(
                "",
            ),
        ),
        "password": None,
        "port": Some(
            Int(
                5432,
            ),
        ),
        "profile": Some(
            String(
                "on",
            ),
        ),
        "ratio": Some(
            Float(
                0.5,
            ),
        ),
        "tls": Some(
            Boolean(
                false,
            ),
        ),
    }
    "#);

    let backup = charm.actions().get(&"create-backup".parse().unwrap()).unwrap();
    assert_eq!(backup.required, ["kind"]);
    assert_eq!(backup.params["retries"], json!({"type": "integer", "minimum": 0}));
    assert_eq!(backup.other["minProperties"], json!(1));
    assert_eq!(backup.additional_properties, Some(false));
    assert_eq!(backup.execution_group.as_deref(), Some("backups"));
    assert_eq!((backup.parallel, backup.title.as_deref()), (true, Some("Backup")));
    let names: Vec<_> = charm.actions().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["create-backup", "restart"]);
}

#[test]
fn keeps_every_key_of_the_metadata() {
    let charm = Charm::from_files(&separate_files()).unwrap();
    let metadata = charm.metadata();

    assert_eq!(metadata.display_name.as_deref(), Some("PostgreSQL"));
    assert!(metadata.description.ends_with("\n\nIt gives it back: \"always\".\n"));
    assert_eq!(metadata.documentation.as_deref(), Some("https://example.com/docs"));
    assert_eq!(metadata.issues, ["https://example.com/issues"]);
    assert_eq!(metadata.maintainers.len(), 2);
    assert_eq!(metadata.source, ["https://example.com/source"]);
    assert_eq!(metadata.website.len(), 2);
    assert_eq!((&*metadata.categories[0], &*metadata.tags[0]), ("databases", "sql"));
    assert_eq!(metadata.terms[0].as_str(), "canonical/postgresql/1");
    assert_eq!(metadata.charm_user, Some(CharmUser::NonRoot));
    assert!(!metadata.subordinate);
    assert_eq!(metadata.extra_bindings.len(), 2);

    let data = &metadata.storage[&"pgdata".parse().unwrap()];
    assert_eq!(data.kind, StorageKind::Filesystem);
    assert_eq!(data.location.as_deref(), Some("/var/lib/postgresql"));
    assert_eq!(data.minimum_size_mib, Some(1536));
    assert_eq!(data.count, StorageCount { minimum: 1, maximum: Some(1) });
    let cache = &metadata.storage[&"cache".parse().unwrap()];
    assert_eq!(cache.count, StorageCount { minimum: 0, maximum: Some(2) });
    assert_eq!((cache.shared, cache.read_only, cache.transient), (false, true, true));

    let snap = &metadata.resources[&"snap".parse().unwrap()];
    assert_eq!(snap.kind, ResourceKind::File { filename: "postgresql.snap".to_owned() });
    assert_eq!(snap.description.as_deref(), Some("The snap."));
    let container = &metadata.containers[&"postgresql".parse().unwrap()];
    assert_eq!(container.resource, Some("image".parse().unwrap()));
    assert_eq!(container.mounts[0].location, "/data");
    assert_eq!((container.uid, container.gid), (Some(584_792), Some(999)));
    let accelerator = &metadata.devices["accelerator"];
    assert_eq!((accelerator.count_minimum, accelerator.count_maximum), (1, 2));

    let [Assumption::Feature(juju), Assumption::AnyOf(any)] = &*metadata.assumes else {
        panic!("{:?}", metadata.assumes)
    };
    assert_eq!(juju.version, Some(AssumedVersion::AtLeast("3.4.0".parse().unwrap())));
    assert_eq!(any.len(), 2);
}

#[test]
fn keeps_what_an_old_charm_says_of_juju() {
    let metadata = "name: old\nsummary: s\ndescription: d\nmaintainer: Ann\n\
                    series: [focal, jammy]\nmin-juju-version: 2.9.0\n";
    let files = CharmFiles { metadata: Some(metadata.to_owned()), ..CharmFiles::default() };
    let charm = Charm::from_files(&files).unwrap();
    assert_eq!(charm.metadata().series, ["focal", "jammy"]);
    assert_eq!(charm.metadata().min_juju_version, Some("2.9.0".parse().unwrap()));
    assert_eq!(charm.metadata().maintainers, ["Ann"]);
    assert_eq!(charm.bases(), []);
}

#[test]
fn derives_the_bases_from_every_form_of_charmcraft_yaml() {
    let bases = |building: &str| {
        let text = format!("type: charm\nname: app\nsummary: s\ndescription: d\n{building}");
        let files = CharmFiles { charmcraft: Some(text), ..CharmFiles::default() };
        let charm = Charm::from_files(&files).unwrap();
        let bases = charm.bases().iter().map(|base| match &base.architectures {
            None => format!("{} everywhere", base.base),
            Some(list) => {
                let list: Vec<_> = list.iter().map(Architecture::to_string).collect();
                format!("{} on {}", base.base, list.join(" "))
            }
        });
        bases.collect::<Vec<_>>().join(", ")
    };
    let parts = "parts: {charm: {plugin: nil}}\n";
    let new = |text: &str| bases(&format!("{text}\n{parts}"));
    insta::assert_snapshot!(new("base: ubuntu@24.04\nplatforms: {arm64: , amd64: }"), @"ubuntu@24.04 on amd64 arm64");
    insta::assert_snapshot!(
        new("base: ubuntu@24.04\nplatforms: {any: {build-on: amd64, build-for: all}, amd64: }"),
        @"ubuntu@24.04 everywhere"
    );
    insta::assert_snapshot!(new("platforms: {\"ubuntu@24.04:amd64\": , \"ubuntu@22.04:arm64\": }"), @"ubuntu@22.04 on arm64, ubuntu@24.04 on amd64");
    insta::assert_snapshot!(
        bases("bases:\n  - {name: ubuntu, channel: \"22.04\", architectures: [s390x]}\n  - {name: ubuntu, channel: \"20.04\"}\n"),
        @"ubuntu@20.04 everywhere, ubuntu@22.04 on s390x"
    );
    insta::assert_snapshot!(
        bases("bases:\n  - build-on: [{name: ubuntu, channel: \"20.04\"}]\n    run-on: [{name: ubuntu, channel: \"22.04\"}]\n"),
        @"ubuntu@22.04 everywhere"
    );
}

#[test]
fn keeps_what_charmcraft_yaml_says_of_building() {
    let charm = Charm::from_files(&one_file()).unwrap();
    let charmcraft = charm.charmcraft().unwrap();
    assert_eq!(charmcraft.title.as_deref(), Some("PostgreSQL"));
    assert_eq!(charmcraft.parts, ["charm", "extras"]);
    assert_eq!(charmcraft.links.contact.len(), 2);
    assert_eq!((&charmcraft.base, &charmcraft.build_base), (&None, &None));
    let Platform { build_for, build_on, .. } = &charmcraft.platforms["noble-arm"];
    assert_eq!((&*build_for.architecture, &*build_on[0].architecture), ("arm64", "amd64"));
    assert_eq!(build_for.base, Some("ubuntu@24.04".parse().unwrap()));
    assert!(Charm::from_files(&separate_files()).unwrap().charmcraft().is_none());
}

#[test]
fn lists_the_bases_of_the_manifest() {
    let charm = Charm::from_files(&separate_files()).unwrap();
    let [noble, jammy] = charm.bases() else { panic!("{:?}", charm.bases()) };
    assert_eq!(
        noble.architectures,
        Some(BTreeSet::from([Architecture::Amd64, Architecture::Arm64]))
    );
    assert_eq!(jammy.base, "ubuntu@22.04/edge".parse().unwrap());
    assert_eq!(jammy.architectures, None);
}
