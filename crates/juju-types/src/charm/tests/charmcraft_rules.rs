//! The rules for `charmcraft.yaml`.

use insta::assert_snapshot;

use super::{charmcraft_files, faults, good_files};
use crate::charm::CharmFiles;

/// Returns what is wrong with a `charmcraft.yaml` that has `more` from line 8 on.
fn charmcraft(more: &str) -> String {
    faults(&charmcraft_files(more))
}

/// Returns what is wrong with a `charmcraft.yaml` that says of building what
/// `text` says.
fn building(text: &str) -> String {
    let head = "type: charm\nname: app\nsummary: s\ndescription: d\n";
    faults(&CharmFiles { charmcraft: Some(format!("{head}{text}")), ..CharmFiles::default() })
}

/// Returns what is wrong with a `charmcraft.yaml`.
fn whole(text: &str) -> String {
    faults(&CharmFiles { charmcraft: Some(text.to_owned()), ..CharmFiles::default() })
}

const PARTS: &str = "parts: {charm: {plugin: dump, source: .}}\n";

#[test]
fn needs_what_every_charm_needs() {
    assert_snapshot!(charmcraft(""), @"nothing");
    assert_snapshot!(whole("{}"), @r"
    charmcraft.yaml:1:1: `description` is missing
    charmcraft.yaml:1:1: `name` is missing
    charmcraft.yaml:1:1: `parts` is missing
    charmcraft.yaml:1:1: `platforms` is missing
    charmcraft.yaml:1:1: `summary` is missing
    charmcraft.yaml:1:1: `type` is missing
    ");
    assert_snapshot!(whole(""), @"charmcraft.yaml:1:1: expected a mapping, found nothing");
    assert_snapshot!(whole("type:\nname:\n"), @r"
    charmcraft.yaml:1:1: `description` is missing
    charmcraft.yaml:1:1: `name` is missing
    charmcraft.yaml:1:1: `parts` is missing
    charmcraft.yaml:1:1: `platforms` is missing
    charmcraft.yaml:1:1: `summary` is missing
    charmcraft.yaml:1:1: `type` is missing
    ");
}

#[test]
fn builds_charms_only() {
    let typed = |kind: &str| {
        whole(&format!(
            "type: {kind}\nname: app\nsummary: s\ndescription: d\nbase: ubuntu@24.04\n\
             platforms: {{amd64: }}\n{PARTS}"
        ))
    };
    assert_snapshot!(typed("bundle"), @"charmcraft.yaml:1:1: type: charmcraft 4 builds no bundles; the type must be `charm`");
    assert_snapshot!(typed("snap"), @"charmcraft.yaml:1:1: type: invalid type `snap`: it must be `charm`");
}

#[test]
fn limits_the_name_and_the_summary() {
    let long = |name: usize, summary: usize| {
        whole(&format!(
            "type: charm\nname: {}\nsummary: {}\ndescription: d\nbase: ubuntu@24.04\n\
             platforms: {{amd64: }}\n{PARTS}",
            "a".repeat(name),
            "é".repeat(summary),
        ))
    };
    assert_snapshot!(long(40, 200), @"nothing");
    assert_snapshot!(long(41, 201), @r"
    charmcraft.yaml:2:1: name: the name has 41 characters, and charmcraft allows 40
    charmcraft.yaml:3:1: summary: the summary has 201 characters, and charmcraft allows 200
    ");
    let files = CharmFiles {
        metadata: Some(format!("name: app\nsummary: {}\ndescription: d\n", "a".repeat(201))),
        charmcraft: Some(format!(
            "type: charm\nbase: ubuntu@24.04\nplatforms: {{amd64: }}\n{PARTS}"
        )),
        ..CharmFiles::default()
    };
    assert_snapshot!(faults(&files), @"metadata.yaml:2:1: summary: the summary has 201 characters, and charmcraft allows 200");
}

#[test]
fn knows_its_keys() {
    assert_snapshot!(charmcraft("provide: {web: http}\nseries: [jammy]\n"), @r"
    charmcraft.yaml:8:1: provide: the key `provide` is unknown here; did you mean `provides`?
    charmcraft.yaml:9:1: series: the key `series` is unknown here
    ");
    assert_snapshot!(charmcraft("links: {docs: x, contact: 7, issues: [a, 1]}\n"), @r"
    charmcraft.yaml:8:9: links.docs: the key `docs` is unknown here
    charmcraft.yaml:8:18: links.contact: expected text, found the number `7`; put it in quotes
    charmcraft.yaml:8:42: links.issues[1]: expected text, found the number `1`; put it in quotes
    ");
    assert_snapshot!(charmcraft("analysis: {ignore: {linter: [a]}, all: true}\n"), @r"
    charmcraft.yaml:8:21: analysis.ignore.linter: the key `linter` is unknown here; did you mean `linters`?
    charmcraft.yaml:8:35: analysis.all: the key `all` is unknown here
    ");
    assert_snapshot!(charmcraft("charm-libs:\n  - {lib: a.b, version: 1}\n  - {library: a.b}\n"), @r"
    charmcraft.yaml:9:16: charm-libs[0].version: expected text, found the number `1`; put it in quotes
    charmcraft.yaml:10:5: charm-libs[1]: `lib` is missing
    charmcraft.yaml:10:5: charm-libs[1]: `version` is missing
    charmcraft.yaml:10:6: charm-libs[1].library: the key `library` is unknown here
    ");
    assert_snapshot!(charmcraft("title: 7\n"), @"charmcraft.yaml:8:1: title: expected text, found the number `7`; put it in quotes");
}

#[test]
fn wants_one_form_of_bases() {
    assert_snapshot!(building(""), @r"
    charmcraft.yaml:1:1: `parts` is missing
    charmcraft.yaml:1:1: `platforms` is missing
    ");
    assert_snapshot!(building("base: ubuntu@24.04\nplatforms: {amd64: }\n"), @"charmcraft.yaml:1:1: `parts` is missing");
    assert_snapshot!(building("base: ubuntu@24.04\nplatforms: {amd64: }\nparts: {}\n"), @"charmcraft.yaml:7:1: parts: name a part");
    assert_snapshot!(building("base: ubuntu@24.04\nplatforms: {}\nparts: {a: b}\n"), @r"
    charmcraft.yaml:6:1: platforms: name a platform, such as `amd64:`
    charmcraft.yaml:7:9: parts.a: expected a mapping, found the text `b`
    ");
    let bases = "bases: [{name: ubuntu, channel: \"22.04\"}]\n";
    assert_snapshot!(building(bases), @"nothing");
    assert_snapshot!(building(&format!("{bases}base: ubuntu@24.04\nplatforms: {{amd64: }}\n")), @r"
    charmcraft.yaml:6:1: base: `base` cannot be given together with `bases`
    charmcraft.yaml:7:1: platforms: `platforms` cannot be given together with `bases`
    ");
}

#[test]
fn knows_the_bases() {
    let based = |base: &str| building(&format!("{base}\nplatforms: {{amd64: }}\n{PARTS}"));
    assert_snapshot!(based("base: almalinux@9"), @"nothing");
    assert_snapshot!(based("base: ubuntu@23.04"), @"charmcraft.yaml:5:1: base: charmcraft does not know the base `ubuntu@23.04`; it must be one of almalinux@9, ubuntu@18.04, ubuntu@20.04, ubuntu@22.04, ubuntu@24.04, ubuntu@25.04, ubuntu@25.10, ubuntu@26.04, ubuntu@26.10");
    assert_snapshot!(based("base: ubuntu"), @"charmcraft.yaml:5:1: base: invalid base `ubuntu`: it must be `NAME@CHANNEL`");
    assert_snapshot!(based("base: ubuntu@25.10"), @"charmcraft.yaml:5:1: base: the base `ubuntu@25.10` is in development and needs a `build-base`, such as `ubuntu@devel`");
    assert_snapshot!(based("base: ubuntu@25.10\nbuild-base: ubuntu@devel"), @"nothing");
    assert_snapshot!(based("base: ubuntu@24.04\nbuild-base: ubuntu@23.04"), @"charmcraft.yaml:6:1: build-base: charmcraft does not know the base `ubuntu@23.04`; it must be one of almalinux@9, ubuntu@18.04, ubuntu@20.04, ubuntu@22.04, ubuntu@24.04, ubuntu@25.04, ubuntu@25.10, ubuntu@26.04, ubuntu@26.10");
}

#[test]
fn wants_platforms_it_can_build() {
    let platforms =
        |text: &str| building(&format!("base: ubuntu@24.04\nplatforms:\n{text}\n{PARTS}"));
    assert_snapshot!(platforms("  amd64:\n  any: {build-on: amd64, build-for: [all]}\n  riscv64: {build-on: [amd64]}"), @"nothing");
    assert_snapshot!(platforms("  x86:\n  all:"), @r"
    charmcraft.yaml:7:3: platforms.x86: invalid platform `x86`: it must look like `amd64` or `ubuntu@24.04:amd64`, or have `build-on` and `build-for`
    charmcraft.yaml:8:3: platforms.all: `all` is an architecture to build for, and none to build on
    ");
    assert_snapshot!(platforms("  small: {build-on: [amd64]}"), @"charmcraft.yaml:7:3: platforms.small: `build-for` is missing");
    assert_snapshot!(platforms("  small: {build-for: [amd64]}"), @"charmcraft.yaml:7:3: platforms.small: `build-on` is missing");
    assert_snapshot!(platforms("  small: {build-on: [], build-for: [amd64, arm64]}"), @r"
    charmcraft.yaml:7:11: platforms.small.build-on: name an architecture
    charmcraft.yaml:7:25: platforms.small.build-for: a platform is built for one architecture
    ");
    assert_snapshot!(platforms("  small: {build-on: [all], build-for: vax}"), @r"
    charmcraft.yaml:7:11: platforms.small.build-on: `all` is an architecture to build for, and none to build on
    charmcraft.yaml:7:28: platforms.small.build-for: invalid platform `vax`: it must look like `amd64` or `ubuntu@24.04:amd64`, or have `build-on` and `build-for`
    ");
    assert_snapshot!(platforms("  amd64: {run-on: [amd64], build-on: [amd64]}"), @"charmcraft.yaml:7:11: platforms.amd64.run-on: the key `run-on` is unknown here");
    assert_snapshot!(platforms("  ubuntu@22.04:amd64:"), @"charmcraft.yaml:7:3: platforms.ubuntu@22.04:amd64: the platform names a base; leave out either that or `base`");
}

#[test]
fn wants_a_base_for_each_platform() {
    let platforms = |text: &str| building(&format!("platforms:\n{text}\n{PARTS}"));
    assert_snapshot!(platforms("  ubuntu@22.04:amd64:\n  ubuntu@24.04:amd64:"), @"nothing");
    assert_snapshot!(platforms("  amd64:"), @"charmcraft.yaml:6:3: platforms.amd64: neither the platform nor `base` names a base");
    assert_snapshot!(platforms("  ubuntu@23.04:amd64:"), @"charmcraft.yaml:6:3: platforms.ubuntu@23.04:amd64: charmcraft does not know the base `ubuntu@23.04`; it must be one of almalinux@9, ubuntu@18.04, ubuntu@20.04, ubuntu@22.04, ubuntu@24.04, ubuntu@25.04, ubuntu@25.10, ubuntu@26.04, ubuntu@26.10");
}

#[test]
fn wants_old_bases_in_the_old_form() {
    let bases = |text: &str| building(&format!("bases:\n{text}\n"));
    assert_snapshot!(
        bases("  - build-on: [{name: ubuntu, channel: \"22.04\"}]\n    run-on: [{name: almalinux, channel: \"9\"}]"),
        @"nothing"
    );
    assert_snapshot!(bases("  - {name: ubuntu, channel: \"24.04\"}"), @"charmcraft.yaml:6:5: bases[0]: the base `ubuntu@24.04` cannot be given in `bases`; use `base` and `platforms`");
    assert_snapshot!(bases("  - {name: ubuntu, channel: \"22.04\", arch: [amd64]}"), @"charmcraft.yaml:6:38: bases[0].arch: the key `arch` is unknown here");
    assert_snapshot!(bases("  - {build-on: [{name: ubuntu}]}"), @r"
    charmcraft.yaml:6:5: bases[0]: `run-on` is missing
    charmcraft.yaml:6:17: bases[0].build-on[0]: `channel` is missing
    ");
    assert_snapshot!(bases("  - ubuntu"), @"charmcraft.yaml:6:5: bases[0]: expected a mapping, found the text `ubuntu`");
}

#[test]
fn wants_what_the_charm_says_in_one_file_only() {
    let files = CharmFiles {
        charmcraft: charmcraft_files("provides: {web: http}\n").charmcraft,
        ..good_files()
    };
    assert_snapshot!(faults(&files), @r"
    charmcraft.yaml:5:1: name: `name` is in metadata.yaml too; keep one of the two
    charmcraft.yaml:6:1: summary: `summary` is in metadata.yaml too; keep one of the two
    charmcraft.yaml:7:1: description: `description` is in metadata.yaml too; keep one of the two
    charmcraft.yaml:8:1: provides: `provides` would be lost beside a metadata.yaml; move it there
    ");
}

#[test]
fn applies_the_rules_for_metadata() {
    assert_snapshot!(charmcraft("provides:\n  web: {interface: http, scope: globl}\n"), @"charmcraft.yaml:9:26: provides.web.scope: invalid relation scope `globl`: it must be `container` or `global`");
    assert_snapshot!(charmcraft("assumes: [juju]\nrequires:\nstorage: []\n"), @"charmcraft.yaml:10:1: storage: expected a mapping, found a list");
}
