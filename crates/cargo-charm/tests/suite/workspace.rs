//! Finding charms.

use std::path::Path;

use cargo_charm::{CharmCrate, Workspace};

use crate::bench::{Bench, CHARMCRAFT, METADATA, chain, manifest};

/// A workspace of two charms, a library with a `metadata.yaml` of its own kind,
/// and a program that is no charm.
fn workspace() -> Bench {
    Bench::empty()
        .file("Cargo.toml", "[workspace]\nmembers = ['charms/*', 'lib', 'tool']\nresolver = '3'\n")
        .file("charms/one/Cargo.toml", &manifest("one-charm", ""))
        .file("charms/one/src/main.rs", "fn main() {}\n")
        .file("charms/one/metadata.yaml", &METADATA.replace("tiny", "one"))
        .file("charms/two/Cargo.toml", &manifest("two-charm", ""))
        .file("charms/two/src/main.rs", "fn main() {}\n")
        .file("charms/two/charmcraft.yaml", &CHARMCRAFT.replace("tiny", "\"two\" # not one"))
        .file("lib/Cargo.toml", &manifest("lib", ""))
        .file("lib/src/lib.rs", "")
        .file("lib/metadata.yaml", "colour: blue\n")
        .file("tool/Cargo.toml", &manifest("tool", ""))
        .file("tool/src/main.rs", "fn main() {}\n")
}

#[test]
fn finds_the_charms_of_a_workspace() {
    let bench = workspace();
    let workspace = bench.workspace();
    let found: Vec<_> = workspace.charms().iter().map(|c| (c.name(), c.package())).collect();
    assert_eq!(found, [("one", "one-charm"), ("two", "two-charm")]);
    assert!(workspace.root().ends_with(bench.path("").file_name().unwrap()));
}

#[test]
fn finds_a_charm_by_its_name_and_by_that_of_its_package() {
    let workspace = workspace().workspace();
    assert_eq!(workspace.charm("two").unwrap().package(), "two-charm");
    assert_eq!(workspace.charm("two-charm").unwrap().name(), "two");
    let error = workspace.charm("three").unwrap_err();
    insta::assert_snapshot!(error, @"there is no charm `three` here; there is `one`, `two`");
}

#[test]
fn refuses_two_charms_of_one_name() {
    let bench = workspace().file("charms/two/charmcraft.yaml", &CHARMCRAFT.replace("tiny", "one"));
    let path = bench.path("Cargo.toml");
    let error = Workspace::load_with(&bench.cargo(), &path).unwrap_err();
    insta::assert_snapshot!(bench.redact(&error.to_string()), @"two charms are called `one`: the one in `$BENCH/charms/one` and the one in `$BENCH/charms/two`; give one of them another name");
}

#[test]
fn in_the_folder_of_a_charm_means_that_charm_and_elsewhere_all() {
    let bench = workspace();
    let workspace = bench.workspace();
    let at = |path: &str| -> Vec<&str> {
        let folder = workspace.root().join(path);
        workspace.charms_at(&folder).unwrap().iter().map(CharmCrate::name).collect()
    };
    assert_eq!(at("charms/one/src"), ["one"]);
    assert_eq!(at("charms/one/../two"), ["two"]);
    assert_eq!(at(""), ["one", "two"]);
    assert_eq!(at("tool"), ["one", "two"]);
}

#[test]
fn says_what_a_charm_is_when_there_is_none() {
    let bench = Bench::package();
    let error = bench.workspace().charms_at(Path::new("/")).unwrap_err();
    insta::assert_snapshot!(bench.redact(&error.to_string()), @"there is no charm in `$BENCH`: a charm is a package with a program and with `charmcraft.yaml` or `metadata.yaml` beside its `Cargo.toml`; `cargo charm new` writes one");
    let error = bench.workspace().charm("x").unwrap_err();
    insta::assert_snapshot!(error, @"there is no charm `x` here; there is none at all");
}

#[test]
fn names_a_manifest_that_is_not_there_or_broken() {
    let bench = Bench::empty().file("Cargo.toml", "[package]\nname = 7\n");
    let error = |path| {
        let error = Workspace::load_with(&bench.cargo(), &bench.path(path)).unwrap_err();
        bench.redact(&chain(&error))
    };
    insta::assert_snapshot!(error("none/Cargo.toml"), @"there is no file `$BENCH/none/Cargo.toml`");
    assert!(error("Cargo.toml").starts_with("`cargo` failed: "), "{}", error("Cargo.toml"));
}

#[track_caller]
fn check_program(more: &str, programs: &[&str], expected: &str) {
    let mut bench = Bench::empty()
        .file("Cargo.toml", &manifest("tiny", &format!("[workspace]\n{more}")))
        .file("charmcraft.yaml", CHARMCRAFT)
        .file("src/lib.rs", "");
    for program in programs {
        bench = bench.file(&format!("src/bin/{program}.rs"), "fn main() {}\n");
    }
    let charm = bench.only();
    let answer = charm.program().map_or_else(|error| error.to_string(), str::to_owned);
    assert_eq!(answer, expected);
}

#[test]
fn takes_the_only_program() {
    check_program("", &["agent"], "agent");
}

#[test]
fn takes_the_program_that_the_manifest_names() {
    check_program("[package.metadata.charm]\nbin = 'agent'", &["agent", "tool"], "agent");
}

#[test]
fn says_how_to_choose_between_programs() {
    check_program(
        "",
        &["agent", "tool"],
        "package `tiny` has several programs (`agent`, `tool`): name the charm's with \
         `bin = \"…\"` under `[package.metadata.charm]` in its `Cargo.toml`",
    );
    check_program(
        "[package.metadata.charm]\nbin = 'agnet'",
        &["agent"],
        "package `tiny` has no program `agnet`, which its `Cargo.toml` names under \
         `[package.metadata.charm]`; it has `agent`",
    );
    check_program("", &[], "package `tiny` has no program: add `src/main.rs`");
}
