//! Beginning a charm.

use std::{fs, path::Path};

use cargo_charm::{Package, Skeleton, Workspace};

use crate::bench::{Bench, chain, names};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-charm");
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn a_new_charm_passes_its_own_test_and_packs() {
    let bench = Bench::empty();
    let output = bench.run(PROGRAM, &["charm", "new", "my-charm", "--charmwright-path", CHECKOUT]);
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r"
    my-charm/.gitignore
    my-charm/Cargo.toml
    my-charm/LICENSE
    my-charm/README.md
    my-charm/charmcraft.yaml
    my-charm/icon.svg
    my-charm/src/main.rs
    next: cd my-charm && cargo test && cargo charm pack
    ");
    // The versions that this workspace has fetched, so that no network is needed.
    fs::copy(Path::new(CHECKOUT).join("Cargo.lock"), bench.path("my-charm/Cargo.lock")).unwrap();

    let bench = bench.variable("CARGO_TARGET_DIR", env!("CARGO_TARGET_TMPDIR"));
    let cargo = bench.find("cargo");
    let output = bench.run(&cargo, &["test", "--manifest-path", "my-charm/Cargo.toml"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let manifest_path = ["--manifest-path", "my-charm/Cargo.toml"];
    let output = bench.run(PROGRAM, &[&["charm", "check"], &manifest_path[..]].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.ends_with(": no faults, no warnings\n"), "{text}");
    let output =
        bench.run(PROGRAM, &[&["charm", "pack", "--out", "out"], &manifest_path[..]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let [package] = names(&bench.path("out")).try_into().unwrap();
    Package::open(&bench.path("out").join::<String>(package)).unwrap().check().unwrap();
}

fn error(skeleton: &Skeleton, folder: &Path) -> String {
    chain(&skeleton.write(folder).unwrap_err())
}

#[test]
fn nothing_is_overwritten() {
    let bench = Bench::package();
    let skeleton = Skeleton::new("my-charm".parse().unwrap());
    let message = bench.redact(&error(&skeleton, &bench.path("src")));
    insta::assert_snapshot!(message, @"`$BENCH/src` is not empty; choose another folder with `--path`");
    assert_eq!(names(&bench.path("src")), ["main.rs"]);
}

#[test]
fn a_name_that_cargo_refuses_is_refused_first() {
    let bench = Bench::empty();
    let skeleton = Skeleton::new("async".parse().unwrap());
    insta::assert_snapshot!(error(&skeleton, &bench.path("async")), @"cargo cannot build a program called `async`; choose another name");
    assert!(!bench.path("async").exists());
    // The charm depends on it, and a lock file cannot tell the two apart.
    let skeleton = Skeleton::new("juju-types".parse().unwrap());
    assert!(skeleton.write(&bench.path("a")).is_err());
}

#[test]
fn a_name_that_is_no_text_in_yaml_makes_a_charm_without_faults() {
    for name in ["no", "null", "y"] {
        let bench = Bench::empty();
        Skeleton::new(name.parse().unwrap()).write(&bench.path("charm")).unwrap();
        let manifest = bench.path("charm/Cargo.toml");
        let workspace = Workspace::load_with(&bench.cargo(), &manifest).unwrap();
        let report = workspace.charm(name).unwrap().check();
        assert!(report.faults.is_empty(), "{report:?}");
    }
}

#[test]
fn a_checkout_that_is_none_is_named() {
    let bench = Bench::empty();
    let skeleton = Skeleton::new("a".parse().unwrap()).charmwright(bench.path("none"));
    let message = bench.redact(&error(&skeleton, &bench.path("a")));
    insta::assert_snapshot!(message, @"`$BENCH/none` is no checkout of Charmwright: it has no `crates/reactive-endpoints`");
}

#[test]
fn the_crates_come_from_the_checkout_around_it_or_from_crates_io() {
    let skeleton = Skeleton::new("a".parse().unwrap());
    let bench = Bench::empty().file("crates/reactive-endpoints/Cargo.toml", "");
    skeleton.write(&bench.path("charms/a")).unwrap();
    let manifest = fs::read_to_string(bench.path("charms/a/Cargo.toml")).unwrap();
    assert!(
        bench.redact(&manifest).contains(
            "juju-types = { path = \"$BENCH/crates/juju-types\" }\n\
             reactive-endpoints = { path = \"$BENCH/crates/reactive-endpoints\" }\n"
        ),
        "{manifest}"
    );
    let elsewhere = Bench::empty();
    skeleton.write(&elsewhere.path("a")).unwrap();
    let manifest = fs::read_to_string(elsewhere.path("a/Cargo.toml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(manifest.contains(&format!("reactive-endpoints = \"{version}\"\n")), "{manifest}");
}

#[test]
fn a_workspace_around_it_is_named() {
    let bench = Bench::empty().file("Cargo.toml", "[workspace]\nmembers = []\n");
    let written = Skeleton::new("a".parse().unwrap()).write(&bench.path("charms/a")).unwrap();
    assert_eq!(written.workspace, Some(bench.path("Cargo.toml")));
}
