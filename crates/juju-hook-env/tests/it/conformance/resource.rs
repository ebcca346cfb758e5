//! `resource-get`.

use std::path::Path;

use crate::support::{juju, recorded, shown};

#[test]
fn resource_get_reads_a_path_without_a_newline() {
    let answer = recorded("general", "resource-get software");
    let (juju, agent) = juju([("resource-get -- software", answer)]);
    assert_eq!(
        juju.resource_get(&"software".parse().unwrap()).unwrap(),
        Path::new("/tmp/jujuc3911076845/resources/software/software.zip")
    );
    insta::assert_snapshot!(agent.transcript(), @"resource-get -- software");
}

#[test]
fn resource_get_finds_no_resource() {
    let answer = recorded("general", "resource-get nosuch");
    let (juju, _) = juju([("resource-get -- nosuch", answer)]);
    insta::assert_snapshot!(
        shown(juju.resource_get(&"nosuch".parse().unwrap())),
        @r#"NotFound: `resource-get` found nothing: could not download resource: resource "nosuch" not found"#
    );
}
