//! Faults of a charm's files.

use cargo_charm::Report;

use crate::bench::{Bench, CHARMCRAFT};

fn text(report: &Report) -> String {
    let faults = report.faults.iter().map(|fault| format!("fault: {fault}\n"));
    let warnings = report.warnings.iter().map(|warning| format!("warning: {warning}\n"));
    faults.chain(warnings).collect()
}

#[test]
fn a_whole_charm_has_no_faults() {
    let bench = Bench::charm().file("LICENSE", "Do what you like.\n").file("icon.svg", "<svg/>\n");
    let report = bench.only().check();
    assert_eq!(text(&report), "");
    assert_eq!(report.charm().unwrap().name().as_str(), "tiny");
}

#[test]
fn lists_all_faults_of_all_files_at_once() {
    let bench = Bench::charm()
        .file("metadata.yaml", "name: Tiny\nsummary: Does nothing.\nsubordinate: true\n")
        .file("config.yaml", "options:\n  port: {type: number, default: x}\n")
        .file("actions.yaml", "Restart: {}\n")
        .file("src/bin/other.rs", "fn main() {}\n");
    insta::assert_snapshot!(text(&bench.only().check()), @r#"
    fault: actions.yaml:1:1: Restart: invalid action name `Restart`: only lower-case letters, digits and dashes are allowed
    fault: config.yaml:2:10: options.port.type: invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`
    fault: metadata.yaml:1:1: `description` is missing
    fault: metadata.yaml:1:1: name: invalid charm name `Tiny`: it must start with a lower-case letter
    fault: metadata.yaml:3:1: subordinate: a subordinate needs an endpoint in `requires` with `scope: container`
    fault: package `tiny` has several programs (`other`, `tiny`): name the charm's with `bin = "…"` under `[package.metadata.charm]` in its `Cargo.toml`
    warning: there is no `LICENSE`, neither beside the charm nor in the workspace
    warning: there is no `icon.svg`: Charmhub will show a blank one
    "#);
}

#[test]
fn warns_of_what_juju_does_not_need() {
    let bench = Bench::package().file("charmcraft.yaml", CHARMCRAFT);
    insta::assert_snapshot!(text(&bench.only().check()), @r"
    warning: there is no `LICENSE`, neither beside the charm nor in the workspace
    warning: there is no `icon.svg`: Charmhub will show a blank one
    ");
}

#[test]
fn a_charm_without_a_base_is_a_fault() {
    let bench = Bench::charm().file("LICENSE", "x").file("icon.svg", "x");
    std::fs::remove_file(bench.path("manifest.yaml")).unwrap();
    insta::assert_snapshot!(text(&bench.only().check()), @r"
    fault: no base is declared, so there is no `manifest.yaml` to pack
    warning: metadata.yaml:1:1: no base is declared, and Juju 4 refuses such a charm; write a manifest.yaml with `bases`, or a charmcraft.yaml with `base` and `platforms`
    ");
}

#[test]
fn files_that_cannot_be_read_are_faults() {
    let bench = Bench::charm().file("LICENSE", "x").file("icon.svg", "x");
    std::fs::create_dir(bench.path("actions.yaml")).unwrap();
    std::fs::write(bench.path("config.yaml"), b"\xff\xfe").unwrap();
    insta::assert_snapshot!(text(&bench.only().check()), @r"
    fault: cannot read `actions.yaml`: Is a directory (os error 21)
    fault: cannot read `config.yaml`: it is not UTF-8 text
    ");
}
