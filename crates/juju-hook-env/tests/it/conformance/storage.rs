//! The tools for storage.

use std::num::NonZeroU32;

use juju_hook_env::Storage;
use juju_types::{StorageId, StorageKind};

use crate::support::{juju, recorded, shown};

fn id(text: &str) -> StorageId {
    text.parse().unwrap()
}

#[test]
fn storage_list_lists_instances() {
    let (juju, agent) = juju([
        ("storage-list --format=json", recorded("general", "storage-list --format=json")),
        (
            "storage-list --format=json nosuch",
            recorded("general", "storage-list --format=json nosuch"),
        ),
    ]);
    assert_eq!(juju.storage_list().unwrap(), [id("data/0"), id("data/1")]);
    assert_eq!(juju.storage_list_of(&"nosuch".parse().unwrap()).unwrap(), []);
    insta::assert_snapshot!(agent.transcript(), @"
    storage-list --format=json
    storage-list --format=json nosuch
    ");
}

#[test]
fn storage_list_notices_that_the_hook_is_over() {
    let refused = recorded("general", "JUJU_CONTEXT_ID=wrong relation-ids db");
    let (juju, _) = juju([("storage-list --format=json", refused)]);
    insta::assert_snapshot!(
        shown(juju.storage_list()),
        @r#"NoContext: `storage-list` was called outside a hook: bad request: wrong context ID; got "wrong""#
    );
}

#[test]
fn storage_get_tells_kind_and_location() {
    let call = "storage-get -s data/0 --format=json";
    let (juju, agent) = juju([(call, recorded("general", call))]);
    assert_eq!(
        juju.storage_get(&id("data/0")).unwrap(),
        Storage::new(StorageKind::Filesystem, "/srv/data")
    );
    insta::assert_snapshot!(agent.transcript(), @"storage-get -s data/0 --format=json");
}

#[test]
fn storage_get_finds_no_storage() {
    let refused = recorded("general", "storage-get -s data/9");
    let (juju, _) = juju([("storage-get -s data/9 --format=json", refused)]);
    insta::assert_snapshot!(
        shown(juju.storage_get(&id("data/9"))),
        @r#"PermissionDenied: `storage-get` is not permitted: invalid value "data/9" for option -s: permission denied"#
    );
}

#[test]
fn storage_add_sends_the_count() {
    let answer = || recorded("general", "storage-add data=2");
    let (juju, agent) = juju([("storage-add data=2", answer())]);
    let two = NonZeroU32::new(2).unwrap();
    juju.storage_add(&"data".parse().unwrap(), two).unwrap();
    juju.storage_add(&"data".parse().unwrap(), two).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    storage-add data=2
    storage-add data=2
    ");
}

#[test]
fn storage_add_passes_on_a_refusal() {
    let (juju, _) = juju([("storage-add data=1", recorded("general", "storage-add data=x"))]);
    insta::assert_snapshot!(
        shown(juju.storage_add(&"data".parse().unwrap(), NonZeroU32::MIN)),
        @r#"BadArgument: cannot call `storage-add`: only count can be specified for "data""#
    );
}
