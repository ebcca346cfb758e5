//! Packages of other packers.

use std::{
    fs,
    io::{Cursor, Write},
};

use cargo_charm::Package;
use zip::{System, ZipWriter, write::SimpleFileOptions};

use crate::bench::{MANIFEST, METADATA, static_program};

/// A package with these entries: name, mode with type bits, content.
fn package(system: System, entries: &[(&str, u32, &[u8])]) -> Package {
    open(&zip(system, entries))
}

fn zip(system: System, entries: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mode, contents) in entries {
        let options = SimpleFileOptions::default().system(system).external_attributes(mode << 16);
        writer.start_file(*name, options).unwrap();
        writer.write_all(contents).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(bytes: &[u8]) -> Package {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.charm");
    fs::write(&path, bytes).unwrap();
    Package::open(&path).unwrap()
}

const WHOLE: [(&str, u32, &[u8]); 3] = [
    ("metadata.yaml", 0o100_644, METADATA.as_bytes()),
    ("manifest.yaml", 0o100_644, MANIFEST.as_bytes()),
    ("dispatch", 0o100_755, b"#!/bin/sh\n"),
];

/// The faults of a whole package with more entries, which replace those of
/// equal names.
#[track_caller]
fn check(more: &[(&str, u32, &[u8])], expected: &str) {
    let mut entries = WHOLE.to_vec();
    entries.retain(|(name, ..)| more.iter().all(|(other, ..)| name != other));
    entries.extend(more);
    let faults = package(System::Unix, &entries).check();
    assert_eq!(faults.map_err(|faults| faults.to_string()).err().unwrap_or_default(), expected);
}

#[test]
fn accepts_a_script_and_the_files_that_juju_ignores() {
    check(&[], "");
    check(&[("src/", 0o040_755, b""), ("src/charm.py", 0o100_644, b""), ("icon.svg", 0, b"")], "");
}

#[test]
fn accepts_hooks_instead_of_a_dispatch() {
    let hooks = [WHOLE[0], WHOLE[1], ("hooks/install", 0o100_644, b"")];
    package(System::Unix, &hooks).check().unwrap();
}

#[test]
fn lists_all_that_is_missing() {
    let faults = package(System::Unix, &[("hooks/sub/install", 0o100_755, b"")]).check();
    insta::assert_snapshot!(faults.unwrap_err(), @r"
    `dispatch` is missing, and there are no hooks either
    `metadata.yaml` is missing
    `manifest.yaml` is missing
    ");
}

#[test]
fn refuses_names_that_juju_would_not_find() {
    check(
        &[("./config.yaml", 0o100_644, b""), ("a\\b", 0o100_644, b"")],
        "`./config.yaml` is no plain name: it has a `\\`, or an empty, `.` or `..` part\n\
         `a\\b` is no plain name: it has a `\\`, or an empty, `.` or `..` part",
    );
    check(
        &[("/etc/passwd", 0o100_644, b""), ("a/../../b", 0o100_644, b"")],
        "`/etc/passwd` is no plain name: it has a `\\`, or an empty, `.` or `..` part\n\
         `a/../../b` is no plain name: it has a `\\`, or an empty, `.` or `..` part",
    );
}

#[test]
fn refuses_a_program_that_cannot_be_executed() {
    check(
        &[("dispatch", 0o100_644, b"")],
        "`dispatch` has no executable bit, so every hook would fail",
    );
    check(&[("dispatch", 0o040_755, b"")], "`dispatch` is no program");
    let faults = package(System::Dos, &WHOLE).check().unwrap_err();
    insta::assert_snapshot!(faults, @"`*` was written without Unix modes, so nothing in it could be executed");
}

#[test]
fn refuses_a_program_for_an_architecture_that_is_not_promised() {
    let manifest = format!("{MANIFEST}    architectures: [arm64]\n");
    check(
        &[
            ("manifest.yaml", 0o100_644, manifest.as_bytes()),
            ("dispatch", 0o100_755, &static_program(62)),
        ],
        "`dispatch` is a program for amd64, which `manifest.yaml` does not name",
    );
    check(
        &[("dispatch", 0o100_755, &static_program(3))],
        "`dispatch` is a program for no architecture of Juju's",
    );
    check(&[("dispatch", 0o100_755, &static_program(183))], "");
}

#[test]
fn symbolic_links_stay_inside() {
    check(&[("bin/charm", 0o100_755, b""), ("dispatch", 0o120_777, b"bin/charm")], "");
    check(&[("hooks/install", 0o120_777, b"../dispatch")], "");
    check(
        &[("hooks/a", 0o120_777, b"../../x"), ("hooks/b", 0o120_777, b"/bin/sh")],
        "`hooks/a` is a symbolic link to `../../x`, which leads out of the charm\n\
         `hooks/b` is a symbolic link to `/bin/sh`, which is absolute",
    );
    check(&[("dispatch", 0o120_777, b"none")], "`dispatch` is a symbolic link to nothing");
    check(&[("x", 0o120_777, b"\xff")], "`x` is a symbolic link whose target is no text");
}

#[test]
fn refuses_other_kinds_of_files() {
    check(
        &[("pipe", 0o010_644, b""), ("closed/", 0o040_000, b"")],
        "`pipe` is neither a file nor a folder nor a symbolic link\n\
         `closed/` is a folder that its owner could not enter",
    );
}

#[test]
fn refuses_bad_texts() {
    let long = "v".repeat(101);
    check(
        &[("version", 0o100_644, long.as_bytes()), ("revision", 0o100_644, b"seven")],
        "`version` is longer than the 100 characters that Juju shows\n`revision` is no integer",
    );
    check(&[("version", 0o100_644, b"1.0\nmore"), ("revision", 0o100_644, b"7\n")], "");
    check(&[("metadata.yaml", 0o100_644, b"\xff")], "`metadata.yaml` is no text");
}

#[test]
fn refuses_what_the_yaml_rules_refuse() {
    check(
        &[("manifest.yaml", 0o100_644, b"bases: []\n")],
        "manifest.yaml:1:1: bases: name a base; Juju 4 refuses a charm without one",
    );
    check(
        &[("metadata.yaml", 0o100_644, b"name: tiny\nsummary: Too short.\n")],
        "metadata.yaml:1:1: `description` is missing",
    );
}

/// The package with the last occurrence of some bytes replaced, so that it is
/// what no honest writer would write.
#[track_caller]
fn check_patched(entries: &[(&str, u32, &[u8])], from: &[u8], to: &[u8], expected: &str) {
    let mut bytes = zip(System::Unix, &[&WHOLE, entries].concat());
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    bytes.splice(at..at + from.len(), to.iter().copied());
    assert_eq!(open(&bytes).check().unwrap_err().to_string(), expected);
}

#[test]
fn refuses_two_entries_of_one_name() {
    check_patched(
        &[("name-1", 0o100_644, b""), ("name-2", 0o100_644, b"")],
        b"name-2",
        b"name-1",
        "`*` is not one file: two entries have the same name",
    );
}

#[test]
fn refuses_what_juju_cannot_unpack() {
    // The number of the method follows the flags; 12 is bzip2.
    let signature = b"PK\x01\x02";
    let (made_by, version) = ([20, 3], [20, 0]);
    let head = |method: u8| [&signature[..], &made_by, &version, &[0, 0, method, 0]].concat();
    check_patched(
        &[],
        &head(8),
        &head(12),
        "`dispatch` is encrypted, or neither stored nor deflated",
    );
}

#[test]
fn says_when_a_file_is_no_package() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.charm");
    fs::write(&path, "no zip").unwrap();
    let error = Package::open(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot open the package `{}`", path.display()));
    assert!(std::error::Error::source(&error).is_some());
}
