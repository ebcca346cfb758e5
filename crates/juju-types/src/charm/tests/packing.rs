//! What is packed of a charm.

use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::{prop_assert_eq, prop_oneof, proptest};

use super::good_charm::{one_file, separate_files};
use super::{CHARMCRAFT, MANIFEST, charmcraft_files, good_files};
use crate::Architecture::{Amd64, Arm64, S390x};
use crate::charm::{Charm, CharmFiles};
use crate::yaml::{self, Node};

#[test]
fn packs_separate_files_as_they_are() {
    let files = CharmFiles { lxd_profile: Some("config: {}\n".to_owned()), ..separate_files() };
    let charm = Charm::from_files(&files).unwrap();
    assert_eq!(charm.packed_files(&[]).unwrap(), files);
}

#[test]
fn leaves_charmcraft_yaml_out() {
    let building =
        "type: charm\nbase: ubuntu@24.04\nplatforms: {amd64: }\nparts: {c: {plugin: nil}}\n";
    let files =
        CharmFiles { charmcraft: Some(building.to_owned()), manifest: None, ..good_files() };
    let packed = Charm::from_files(&files).unwrap().packed_files(&[]).unwrap();
    assert_eq!(packed.charmcraft, None);
    assert_eq!(packed.metadata, files.metadata);
    assert!(packed.manifest.is_some());
}

#[test]
fn writes_the_metadata_of_charmcraft_yaml_to_a_file_of_its_own() {
    let packed = Charm::from_files(&one_file()).unwrap().packed_files(&[]).unwrap();
    insta::assert_snapshot!(packed.metadata.unwrap(), @r#"
    name: postgresql
    summary: A database.
    description: |
      PostgreSQL stores what you give it.

      It gives it back: "always".
    display-name: PostgreSQL
    docs: https://example.com/docs
    issues:
      - https://example.com/issues
    maintainers:
      - Ann <ann@example.com>
      - Bob <bob@example.com>
    source:
      - https://example.com/source
    website:
      - https://example.com
      - https://example.org
    assumes:
      - juju >= 3.4
      - any-of:
          - k8s-api
          - juju < 4
    charm-user: non-root
    containers:
      postgresql:
        resource: image
        mounts:
          - storage: pgdata
            location: /data
        uid: 584792
        gid: 999
    devices:
      accelerator:
        type: nvidia.com/gpu
        countmin: 1
        countmax: 2
        description: For vectors.
    extra-bindings:
      replication:
      backup:
    peers:
      cluster: postgresql_peers
    provides:
      database:
        interface: postgresql_client
        optional: yes
      db-admin:
        interface: postgresql_client
        optional: yes
        limit: 1
      metrics: prometheus_scrape
    requires:
      certificates:
        interface: tls-certificates
        scope: global
    resources:
      snap:
        type: file
        filename: postgresql.snap
        description: The snap.
      image:
        type: oci-image
    storage:
      pgdata:
        type: filesystem
        description: The data.
        location: /var/lib/postgresql
        minimum-size: "1.5G"
      cache:
        type: block
        multiple:
          range: "0-2"
        shared: no
        read-only: "true"
        properties:
          - transient
    subordinate: false
    terms:
      - canonical/postgresql/1
    "#);
}

#[test]
fn writes_config_actions_and_manifest_to_files_of_their_own() {
    let packed = Charm::from_files(&one_file()).unwrap().packed_files(&[]).unwrap();
    insta::assert_snapshot!(packed.config.unwrap(), @r#"
    options:
      port:
        type: int
        default: 5432
        description: Where it listens.
      ratio:
        type: float
        default: 0.5
      profile:
        default: "on"
        description: "How much memory it takes.\n"
      tls:
        type: boolean
        default: no
      password:
        type: secret
      motd:
        type: string
        default: ""
    "#);
    insta::assert_snapshot!(packed.actions.unwrap(), @r"
    restart:
    create-backup:
      description: Writes a backup.
      title: Backup
      params:
        kind:
          type: string
          enum:
            - full
            - differential
          default: full
        retries:
          type: integer
          minimum: 0
      required:
        - kind
      parallel: true
      execution-group: backups
      additionalProperties: false
      minProperties: 1
    ");
    insta::assert_snapshot!(packed.manifest.unwrap(), @r#"
    analysis:
      attributes:
        - name: language
          result: unknown
        - name: framework
          result: unknown
    bases:
      - name: ubuntu
        channel: "22.04"
      - name: ubuntu
        channel: "24.04"
        architectures:
          - amd64
          - arm64
    "#);
}

#[test]
fn packs_only_what_is_there() {
    let packed = Charm::from_files(&charmcraft_files("")).unwrap().packed_files(&[]).unwrap();
    let names: Vec<_> = packed.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["manifest.yaml", "metadata.yaml"]);
    let without_bases = CharmFiles { manifest: None, ..good_files() };
    let packed = Charm::from_files(&without_bases).unwrap().packed_files(&[Amd64]).unwrap();
    assert_eq!(packed.manifest, None);
}

#[test]
fn keeps_a_manifest_that_says_what_the_package_is_for() {
    let charm = Charm::from_files(&good_files()).unwrap();
    assert_eq!(charm.packed_files(&[Amd64]).unwrap(), good_files());
}

#[test]
fn writes_a_manifest_for_the_architectures_of_the_package() {
    let charm = Charm::from_files(&separate_files()).unwrap();
    insta::assert_snapshot!(charm.packed_files(&[Arm64]).unwrap().manifest.unwrap(), @r#"
    analysis:
      attributes:
        - name: language
          result: unknown
        - name: framework
          result: unknown
    bases:
      - name: ubuntu
        channel: "24.04"
        architectures:
          - arm64
      - name: ubuntu
        channel: "22.04/edge"
        architectures:
          - arm64
    "#);
    insta::assert_snapshot!(charm.packed_files(&[S390x]).unwrap().manifest.unwrap(), @r#"
    analysis:
      attributes:
        - name: language
          result: unknown
        - name: framework
          result: unknown
    bases:
      - name: ubuntu
        channel: "22.04/edge"
        architectures:
          - s390x
    "#);
}

#[test]
fn takes_an_empty_list_of_architectures_for_none() {
    let manifest = MANIFEST.replace("[amd64]", "[]");
    let charm =
        Charm::from_files(&CharmFiles { manifest: Some(manifest), ..good_files() }).unwrap();
    assert_eq!(charm.bases()[0].architectures, None);
    assert_eq!(charm.packed_files(&[Amd64]).unwrap().manifest.unwrap().matches("amd64").count(), 1);
}

#[test]
fn refuses_architectures_that_the_charm_is_not_for() {
    let charm = Charm::from_files(&good_files()).unwrap();
    insta::assert_snapshot!(charm.packed_files(&[Amd64, S390x]).unwrap_err(), @"cannot pack the charm `app` for `s390x`: it declares only `amd64`; add the architecture to its platforms or bases");
    let text = CHARMCRAFT.replace("amd64:", "armhf:");
    let files = CharmFiles { charmcraft: Some(text), ..CharmFiles::default() };
    let charm = Charm::from_files(&files).unwrap();
    insta::assert_snapshot!(charm.packed_files(&[Amd64]).unwrap_err(), @"cannot pack the charm `app` for `amd64`: it declares only architectures that Juju does not support; add the architecture to its platforms or bases");
}

#[test]
fn packs_a_charm_that_is_the_same_charm() {
    for files in [one_file(), separate_files(), good_files(), charmcraft_files("")] {
        for architectures in [&[][..], &[Amd64]] {
            assert_same(&files, architectures);
        }
    }
}

#[track_caller]
fn assert_same(files: &CharmFiles, architectures: &[crate::Architecture]) {
    let charm = Charm::from_files(files).unwrap();
    let packed = charm.packed_files(architectures).unwrap();
    let again = Charm::from_files(&packed).unwrap();
    assert_eq!(again.metadata(), charm.metadata());
    assert_eq!(again.config(), charm.config());
    assert_eq!(again.actions(), charm.actions());
    // What is packed once is packed for good.
    assert_eq!(again.packed_files(architectures).unwrap(), packed);
    if architectures.is_empty() {
        assert_eq!(again.bases(), charm.bases());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn packs_every_text_so_that_it_is_read_again(
        summary in "[^\\x00-\\x1f]{0,80}",
        description in text(),
        title in text(),
        link in text(),
        default in text(),
        param in text(),
    ) {
        let option = Node::mapping([("default", Node::text(&default))]);
        let action = Node::mapping([(
            "params",
            Node::mapping([(&*param, Node::mapping([("description", Node::text(&description))]))]),
        )]);
        let more = Node::mapping([
            ("title", Node::text(&title)),
            ("links", Node::mapping([("contact", Node::text(&link))])),
            ("config", Node::mapping([("options", Node::mapping([(&*param, option)]))])),
            ("actions", Node::mapping([("act", action)])),
        ]);
        let text = CHARMCRAFT
            .replace("An app.", &inline(&summary))
            .replace("An app, at length.", &inline(&description));
        let text = format!("{text}{}", yaml::write(&more));
        let files = CharmFiles { charmcraft: Some(text), ..CharmFiles::default() };
        let charm = Charm::from_files(&files).unwrap();
        prop_assert_eq!(&charm.metadata().summary, &summary);
        prop_assert_eq!(&charm.metadata().description, &description);
        assert_same(&files, &[]);
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\\n]{0,40}",
        "[a-z:# \\n'\"-]{0,20}",
        "[yesnotrueYN0-9.:~]{0,5}"
    ]
}

/// Writes a text as JSON does, which YAML reads alike.
fn inline(text: &str) -> String {
    let quoted: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_ascii_graphic() || c == ' ' => c.to_string(),
            c => format!("\\U{:08X}", u32::from(c)),
        })
        .collect();
    format!("\"{quoted}\"")
}
