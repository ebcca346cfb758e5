//! The rules for `manifest.yaml` and `lxd-profile.yaml`.

use insta::assert_snapshot;

use super::{faults, good_files};
use crate::charm::CharmFiles;

/// Returns what is wrong with a `manifest.yaml`.
fn manifest(text: &str) -> String {
    faults(&CharmFiles { manifest: Some(text.to_owned()), ..good_files() })
}

/// Returns what is wrong with a `lxd-profile.yaml`.
fn profile(text: &str) -> String {
    faults(&CharmFiles { lxd_profile: Some(text.to_owned()), ..good_files() })
}

#[test]
fn wants_bases() {
    assert_snapshot!(manifest(""), @"manifest.yaml:1:1: expected a mapping, found nothing");
    assert_snapshot!(manifest("{}"), @"manifest.yaml:1:1: `bases` is missing");
    assert_snapshot!(manifest("bases:\n"), @"manifest.yaml:1:1: bases: expected a list, found nothing");
    assert_snapshot!(manifest("bases: []\n"), @"manifest.yaml:1:1: bases: name a base; Juju 4 refuses a charm without one");
    assert_snapshot!(manifest("bases: [ubuntu]\n"), @"manifest.yaml:1:9: bases[0]: expected a mapping, found the text `ubuntu`");
}

#[test]
fn wants_whole_bases() {
    assert_snapshot!(manifest("bases:\n  - {}\n"), @r"
    manifest.yaml:2:5: bases[0]: `channel` is missing
    manifest.yaml:2:5: bases[0]: `name` is missing
    ");
    assert_snapshot!(manifest("bases:\n  - {name: Ubuntu, channel: \"24.04\"}\n"), @"manifest.yaml:2:5: bases[0]: invalid base `Ubuntu@24.04`: a name of lower-case letters and digits must stand before `@`");
    assert_snapshot!(manifest("bases:\n  - {name: ubuntu, channel: 24.04}\n"), @"manifest.yaml:2:20: bases[0].channel: expected text, found the number `24.04`; put it in quotes");
    assert_snapshot!(manifest("bases:\n  - {name: ubuntu, channel: 24.04/daily}\n"), @"manifest.yaml:2:5: bases[0]: invalid base `ubuntu@24.04/daily`: a channel, `TRACK[/RISK[/BRANCH]]`, must stand after `@`");
    assert_snapshot!(manifest("bases:\n  - {name: ubuntu, channel: 24.04/edge/fix}\n"), @"nothing");
    assert_snapshot!(
        manifest("bases:\n  - {name: ubuntu, channel: \"24.04\", architectures: amd64}\n"),
        @"manifest.yaml:2:38: bases[0].architectures: expected a list, found the text `amd64`"
    );
}

#[test]
fn wants_a_profile_that_juju_applies() {
    assert_snapshot!(profile(""), @"nothing");
    assert_snapshot!(profile("config:\ndevices:\n  tun: {path: /dev/net/tun, type: unix-char}\n"), @"nothing");
    assert_snapshot!(profile("config:\n  boot.autostart: 1\n  limits.cpu: 2\n  migration.x: 3\n  a: 4\n"), @r"
    lxd-profile.yaml:2:3: config.boot.autostart: Juju lets no charm set `boot.autostart`
    lxd-profile.yaml:3:3: config.limits.cpu: Juju lets no charm set `limits.cpu`
    lxd-profile.yaml:4:3: config.migration.x: Juju lets no charm set `migration.x`
    ");
    assert_snapshot!(profile("devices:\n  eth0: {type: nic}\n"), @"lxd-profile.yaml:2:10: devices.eth0.type: invalid device type `nic`: it must be `gpu`, `unix-block`, `unix-char` or `usb`");
    assert_snapshot!(profile("[]"), @"lxd-profile.yaml:1:1: expected a mapping, found a list");
}
