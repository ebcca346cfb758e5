//! Storage and resources.

use std::fs;

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

const METADATA: &str = "
name: exporter
summary: s
description: d
storage:
  data: {type: filesystem, location: /srv/data, multiple: {range: 1-}}
  disk: {type: block}
resources:
  software: {type: file, filename: software.zip}
";

fn charm(dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch).file("metadata.yaml", METADATA)
}

#[test]
fn storage_is_attached_before_install_and_detached_before_stop() {
    let charm = charm(
        "[ -z $JUJU_STORAGE_ID ] || juju-log \"$JUJU_STORAGE_ID $JUJU_STORAGE_KIND\"
        case $JUJU_HOOK_NAME in
            data-storage-attached) touch $(storage-get location)/mounted ;;
            install) juju-log $(storage-list); [ -f $(storage-get -s disk/1 location) ] ;;
            update-status) storage-add data=2 ;;
        esac",
    );
    let mut juju = deployed(&charm);
    assert_eq!(names(&juju)[..3], ["data-storage-attached", "disk-storage-attached", "install"]);
    assert_eq!(juju.operations()[0].log[0].message, "data/0 filesystem");
    assert_eq!(juju.operations()[1].log[0].message, "disk/1 block");
    assert_eq!(juju.operations()[2].log[0].message, "data/0 disk/1");
    assert_eq!(workload(&juju, "exporter/0"), "unknown");

    let before = juju.operations().len();
    juju.update_status("exporter/0").unwrap();
    assert_eq!(
        names(&juju)[before..],
        ["update-status", "data-storage-attached", "data-storage-attached"]
    );
    assert_eq!(last(&juju).log[0].message, "data/3 filesystem");

    let before = juju.operations().len();
    juju.remove_unit("exporter/0").unwrap();
    juju.run_until_idle().unwrap();
    let hooks = &names(&juju)[before..];
    assert_eq!(
        hooks[..4],
        ["data-storage-detaching"; 3]
            .iter()
            .chain(&["disk-storage-detaching"])
            .copied()
            .collect::<Vec<_>>()
    );
    assert_eq!(hooks[4..], ["stop", "remove"]);
}

#[test]
fn storage_that_the_charm_does_not_define_fails_the_hook() {
    let charm = charm("[ $JUJU_HOOK_NAME != install ] || { storage-add nope; state-set a=b; }");
    let juju = deployed(&charm);
    assert_eq!(
        last(&juju).exit.to_string(),
        "exit status 0, but cannot flush: adding storage: charm storage \"nope\" not found"
    );
    let state = serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap();
    assert_eq!(state["charm_state"], serde_json::json!({}));
}

#[test]
fn a_resource_is_a_file_and_a_new_one_an_upgrade() {
    let charm = charm("juju-log \"$(cat $(resource-get software))\"; true");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.attach_resource("exporter", "software", "one").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(juju.operations()[2].log[0].message, "one");
    let before = juju.operations().len();
    juju.attach_resource("exporter", "software", "two").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[before..], ["upgrade-charm", "config-changed"]);
    assert_eq!(last(&juju).log[0].message, "two");
    let folder = juju.charm_dir("exporter/0").unwrap().with_file_name("resources");
    assert_eq!(fs::read_to_string(folder.join("software/software.zip")).unwrap(), "two");
    insta::assert_snapshot!(
        juju.attach_resource("exporter", "nope", "").unwrap_err(),
        @r#"resource "nope" not found"#
    );
}
