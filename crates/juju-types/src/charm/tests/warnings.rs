//! What is accepted, and surely not meant.

use insta::assert_snapshot;

use super::{HEAD, charmcraft_files, faults, good_files, warnings};
use crate::charm::{Charm, CharmFiles};

/// Returns what a `metadata.yaml` that has `more` from line 4 on is warned about.
fn metadata(more: &str) -> String {
    warnings(&CharmFiles { metadata: Some(format!("{HEAD}{more}")), ..good_files() })
}

#[test]
fn says_nothing_about_what_is_as_it_should_be() {
    let known = "display-name: App\ndocs: x\nissues: x\nmaintainers: [x]\nsource: [x]\nwebsite: x\nlinks: {}\n";
    assert_snapshot!(metadata(known), @"");
}

#[test]
fn notices_keys_that_nobody_reads() {
    assert_snapshot!(metadata("provide: {web: http}\nx-owner: me\n"), @r"
    metadata.yaml:4:1: provide: nobody reads the key `provide`; did you mean `provides`?
    metadata.yaml:5:1: x-owner: nobody reads the key `x-owner`
    ");
    assert_snapshot!(metadata("provides:\n  web: {interface: http, optinal: true}\n"), @"metadata.yaml:5:26: provides.web.optinal: nobody reads the key `optinal`; did you mean `optional`?");
    assert_snapshot!(metadata("storage:\n  data: {type: block, readonly: true}\n"), @"metadata.yaml:5:23: storage.data.readonly: nobody reads the key `readonly`; did you mean `read-only`?");
    assert_snapshot!(metadata("resources:\n  theme: {filename: x, name: y}\n"), @"metadata.yaml:5:24: resources.theme.name: nobody reads the key `name`");
    assert_snapshot!(metadata("devices:\n  gpu: {type: gpu, count: 1}\n"), @"metadata.yaml:5:20: devices.gpu.count: nobody reads the key `count`");
    assert_snapshot!(
        metadata("resources: {i: {type: oci-image}}\ncontainers:\n  web: {resource: i, mount: []}\n"),
        @"metadata.yaml:6:22: containers.web.mount: nobody reads the key `mount`; did you mean `mounts`?"
    );
    let files = CharmFiles {
        config: Some("option: {}\noptions:\n  port: {type: int, defualt: 80}\n".to_owned()),
        manifest: Some(
            "base: []\nbases: [{name: ubuntu, channel: \"24.04\", arch: x}]\n".to_owned(),
        ),
        lxd_profile: Some("device: {}\n".to_owned()),
        ..good_files()
    };
    assert_snapshot!(warnings(&files), @r"
    config.yaml:1:1: option: nobody reads the key `option`; did you mean `options`?
    config.yaml:3:21: options.port.defualt: nobody reads the key `defualt`; did you mean `default`?
    lxd-profile.yaml:1:1: device: nobody reads the key `device`; did you mean `devices`?
    manifest.yaml:1:1: base: nobody reads the key `base`; did you mean `bases`?
    manifest.yaml:2:42: bases[0].arch: nobody reads the key `arch`
    ");
}

#[test]
fn notices_links_that_are_none() {
    assert_snapshot!(metadata("maintainers: 7\nwebsite: [a, 1]\ndocs:\n"), @r"
    metadata.yaml:4:1: maintainers: expected text, or a list of texts
    metadata.yaml:5:1: website: expected text, or a list of texts
    metadata.yaml:6:1: docs: expected text, or a list of texts
    ");
}

#[test]
fn notices_a_range_without_numbers_in_it() {
    assert_snapshot!(metadata("storage:\n  data: {type: block, multiple: {range: 3-2}}\n"), @"metadata.yaml:5:34: storage.data.multiple.range: the range `3-2` is empty");
}

#[test]
fn notices_features_that_no_model_has() {
    assert_snapshot!(metadata("assumes:\n  - k8s-api >= 1.20\n  - any-of: [jujuu]\n"), @"metadata.yaml:6:14: assumes[1].any-of[0]: no model has the feature `jujuu`: Juju knows `juju` and `k8s-api`");
}

#[test]
fn notices_what_juju_3_and_juju_4_take_differently() {
    let files = CharmFiles {
        actions: Some(
            "a: {params: {host: {type: string}}}\n\
             b: {params: {host: {type: string}}, additionalProperties: false}\n\
             c: {params: {host: {type: string}}, additionalProperties: {type: string}}\n\
             d: {}\n"
                .to_owned(),
        ),
        ..good_files()
    };
    assert_snapshot!(warnings(&files), @"actions.yaml:1:5: a.params: Juju 3 lets other parameters through and Juju 4 refuses them; say which with `additionalProperties: true` or `false`");
}

#[test]
fn notices_required_parameters_that_are_none() {
    let files = CharmFiles {
        actions: Some("a: {required: [host], additionalProperties: true}\n".to_owned()),
        ..good_files()
    };
    assert_snapshot!(warnings(&files), @"actions.yaml:1:5: a.required: `params` has no parameter `host`");
}

#[test]
fn notices_architectures_that_juju_leaves_out() {
    let manifest =
        "bases:\n  - {name: ubuntu, channel: \"24.04\", architectures: [armhf, all, x86_64]}\n";
    let files = CharmFiles { manifest: Some(manifest.to_owned()), ..good_files() };
    assert_snapshot!(warnings(&files), @r"
    manifest.yaml:2:54: bases[0].architectures[0]: Juju does not support the architecture `armhf`
    manifest.yaml:2:61: bases[0].architectures[1]: Juju 4 does not know the architecture `all`; name those that are meant
    ");
    let more = "charm-libs: []\n";
    let text = charmcraft_files(more).charmcraft.unwrap().replace("amd64:", "amd64: , armhf:");
    let files = CharmFiles { charmcraft: Some(text), ..CharmFiles::default() };
    assert_snapshot!(warnings(&files), @"charmcraft.yaml:3:22: platforms.armhf: Juju does not support the architecture `armhf`");
}

#[test]
fn notices_bases_that_juju_4_does_not_know() {
    let manifest = "bases:\n  - {name: centos, channel: \"7\"}\n";
    let files = CharmFiles { manifest: Some(manifest.to_owned()), ..good_files() };
    assert_snapshot!(warnings(&files), @"manifest.yaml:2:5: bases[0]: Juju 4 does not know the base `centos@7`, only those of Ubuntu");
}

#[test]
fn notices_that_no_base_is_declared() {
    let files = CharmFiles { manifest: None, ..good_files() };
    assert_snapshot!(warnings(&files), @"metadata.yaml:1:1: no base is declared, and Juju 4 refuses such a charm; write a manifest.yaml with `bases`, or a charmcraft.yaml with `base` and `platforms`");
}

#[test]
fn notices_config_that_is_too_large_for_juju_4() {
    let text = format!("options:\n  it: {{description: {}}}\n", "x".repeat(16 << 20));
    let files = CharmFiles { config: Some(text), ..good_files() };
    assert_snapshot!(warnings(&files), @"config.yaml:1:1: Juju 4 refuses config of more than 16 MiB");
}

#[test]
fn notices_what_charmcraft_does_not_pack() {
    let building =
        "type: charm\ntitle: App\nlinks: {}\nbases: [{name: ubuntu, channel: \"22.04\"}]\n";
    let files = CharmFiles {
        charmcraft: Some(format!("{building}charmhub: {{}}\nextensions: [flask-framework]\n")),
        ..good_files()
    };
    assert_snapshot!(warnings(&files), @r"
    charmcraft.yaml:2:1: title: `title` is not packed beside a metadata.yaml
    charmcraft.yaml:3:1: links: `links` is not packed beside a metadata.yaml
    charmcraft.yaml:5:1: charmhub: charmcraft no longer reads `charmhub`
    charmcraft.yaml:6:1: extensions: what extensions of charmcraft add to the charm is not known here
    ");
}

#[test]
fn keeps_the_warnings_beside_faults() {
    let files =
        CharmFiles { metadata: Some(format!("{HEAD}provide: {{}}\ntags: x\n")), ..good_files() };
    let faults_and_warnings = Charm::from_files(&files).unwrap_err();
    assert_eq!(faults_and_warnings.warnings().len(), 1);
    assert_snapshot!(faults(&files), @"metadata.yaml:5:1: tags: expected a list, found the text `x`");
}
