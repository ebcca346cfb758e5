//! The finished package.

use std::fs::{self, File};

use cargo_charm::{PackError, PackOptions, Package, Packed, pack};
use zip::{CompressionMethod, DateTime, System, ZipArchive};

use crate::bench::{Bench, CHARMCRAFT, chain, manifest, names};

fn list(packed: &Packed) -> String {
    let lines = packed.files.iter().map(|file| format!("{:04o} {}", file.mode, file.name));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn packs_a_charm_of_separate_files() {
    let bench = Bench::charm()
        .file("config.yaml", "options:\n  port: {type: int, default: 9100}\n")
        .file("actions.yaml", "restart: {description: Restarts it.}\n")
        .file("lxd-profile.yaml", "config: {}\n")
        .file("LICENSE", "Do what you like.\n")
        .file("README.md", "# Tiny\n")
        .file("icon.svg", "<svg/>\n")
        .fake_static_build();
    let packed = bench.pack().unwrap();
    insta::assert_snapshot!(list(&packed), @r"
    0644 LICENSE
    0644 README.md
    0644 actions.yaml
    0644 config.yaml
    0755 dispatch
    0644 icon.svg
    0644 lxd-profile.yaml
    0644 manifest.yaml
    0644 metadata.yaml
    0644 version
    ");
    assert_eq!(packed.path.file_name().unwrap(), "tiny_amd64.charm");
    Package::open(&packed.path).unwrap().check().unwrap();
}

#[test]
fn packs_a_charm_of_one_file() {
    let bench = Bench::package().file("charmcraft.yaml", CHARMCRAFT).fake_static_build();
    let packed = bench.pack().unwrap();
    insta::assert_snapshot!(list(&packed), @r"
    0755 dispatch
    0644 manifest.yaml
    0644 metadata.yaml
    0644 version
    ");
    let package = Package::open(&packed.path).unwrap();
    package.check().unwrap();
    let text = |name| String::from_utf8(package.entry(name).unwrap().contents.clone().unwrap());
    insta::assert_snapshot!(text("manifest.yaml").unwrap(), @r#"
    analysis:
      attributes:
        - name: language
          result: unknown
        - name: framework
          result: unknown
    bases:
      - name: ubuntu
        channel: "24.04"
        architectures:
          - amd64
    "#);
    insta::assert_snapshot!(text("metadata.yaml").unwrap(), @r"
    name: tiny
    summary: Does nothing.
    description: Does nothing at all.
    ");
    insta::assert_snapshot!(text("version").unwrap(), @"0.1.0");
}

#[test]
fn writes_a_zip_that_says_nothing_of_this_machine() {
    let bench = Bench::charm().fake_static_build();
    let package = File::open(bench.pack().unwrap().path).unwrap();
    let mut archive = ZipArchive::new(package).unwrap();
    let names: Vec<_> = archive.file_names().map(|n| n.unwrap().into_owned()).collect();
    assert_eq!(names, ["dispatch", "manifest.yaml", "metadata.yaml", "version"]);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).unwrap();
        let is_program = entry.name().unwrap() == "dispatch";
        let mode = if is_program { 0o100_755 } else { 0o100_644 };
        assert_eq!(entry.external_attributes(), mode << 16);
        assert_eq!(entry.system(), System::Unix);
        assert_eq!(entry.compression(), CompressionMethod::Deflated);
        assert_eq!(entry.last_modified(), Some(DateTime::default()));
        assert_eq!(entry.extra_data(), None);
    }
}

#[test]
fn takes_the_licences_of_the_workspace_when_the_charm_has_none() {
    let bench = Bench::empty()
        .file("Cargo.toml", "[workspace]\nmembers = ['tiny']\nresolver = '3'\n")
        .file("LICENSE-APACHE", "One.\n")
        .file("LICENSE-MIT", "Other.\n")
        .file("LICENSES.md", "No licence.\n")
        .file("tiny/Cargo.toml", &manifest("tiny", ""))
        .file("tiny/src/main.rs", "fn main() {}\n")
        .file("tiny/charmcraft.yaml", CHARMCRAFT)
        .fake_static_build();
    insta::assert_snapshot!(list(&bench.pack().unwrap()), @r"
    0644 LICENSE-APACHE
    0644 LICENSE-MIT
    0755 dispatch
    0644 manifest.yaml
    0644 metadata.yaml
    0644 version
    ");
}

#[test]
fn leaves_an_equal_package_alone() {
    let bench = Bench::charm().fake_static_build();
    let first = bench.pack().unwrap();
    let written = fs::metadata(&first.path).unwrap().modified().unwrap();
    let again = bench.pack().unwrap();
    assert!(first.is_new && !again.is_new);
    assert_eq!(fs::metadata(&first.path).unwrap().modified().unwrap(), written);
    let changed = bench.file("README.md", "# Tiny\n").pack().unwrap();
    assert!(changed.is_new);
    assert_ne!(changed.sha256, first.sha256);
}

#[test]
fn leaves_nothing_but_the_package_in_the_folder() {
    let bench = Bench::charm().fake_static_build();
    let out = bench.path("dist/charms");
    let packed = pack(&bench.only(), &PackOptions::new().out(&out)).unwrap();
    assert_eq!(packed.path, out.join("tiny_amd64.charm"));
    assert_eq!(names(&out), ["tiny_amd64.charm"]);
    assert_eq!(packed.size_zipped, fs::metadata(&packed.path).unwrap().len());
}

#[test]
fn names_a_folder_that_cannot_be_written() {
    let bench = Bench::charm().file("out", "a file").fake_static_build();
    let error = pack(&bench.only(), &PackOptions::new().out(bench.path("out"))).unwrap_err();
    insta::assert_snapshot!(bench.redact(&chain(&error)), @r"
    cannot write `$BENCH/out/tiny_amd64.charm`
    caused by: File exists (os error 17)
    ");
}

#[test]
fn refuses_a_charm_with_faults() {
    let bench = Bench::charm().file("config.yaml", "options:\n  port: {type: number}\n");
    let error = bench.pack().unwrap_err();
    assert!(matches!(error, PackError::Faults { .. }));
    insta::assert_snapshot!(error, @r"
    charm `tiny` has a fault
      config.yaml:2:10: options.port.type: invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`
    ");
}

#[test]
fn refuses_an_architecture_that_the_charm_is_not_for() {
    let charmcraft = CHARMCRAFT.replace("  amd64:\n", "");
    let bench = Bench::package().file("charmcraft.yaml", &charmcraft).fake_static_build();
    insta::assert_snapshot!(chain(&bench.pack().unwrap_err()), @"cannot pack the charm `tiny` for `amd64`: it declares only `arm64`; add the architecture to its platforms or bases");
}

#[test]
fn refuses_an_architecture_before_it_asks_for_a_target() {
    let charmcraft = CHARMCRAFT.replace("  arm64:\n", "");
    let bench = Bench::package().file("charmcraft.yaml", &charmcraft).fake_static_build();
    let options = PackOptions::new().target("arm64".parse().unwrap());
    let error = pack(&bench.only(), &options).unwrap_err();
    assert!(matches!(error, PackError::Architecture(_)), "{error}");
}

/// A charm with a library and a build script, which both would tell the folder
/// that they were built in, if it were not for the remapping.
fn telltale() -> Bench {
    Bench::empty()
        .file("Cargo.toml", "[workspace]\nmembers = ['charm', 'library']\nresolver = '3'\n")
        .file("charm/Cargo.toml", &manifest("tiny", "[dependencies]\nlibrary.path = '../library'"))
        .file("charm/charmcraft.yaml", CHARMCRAFT)
        .file("charm/src/main.rs", "fn main() { library::fail(std::env::args().count()) }\n")
        .file("library/Cargo.toml", &manifest("library", ""))
        .file(
            "library/build.rs",
            "fn main() {\n\
                 let file = std::env::var(\"OUT_DIR\").unwrap() + \"/generated.rs\";\n\
                 std::fs::write(file, \"fn generated() { panic!() }\").unwrap();\n\
             }\n",
        )
        .file(
            "library/src/lib.rs",
            "include!(concat!(env!(\"OUT_DIR\"), \"/generated.rs\"));\n\
             pub fn fail(n: usize) { if n > 7 { generated() } panic!(\"{n}\") }\n",
        )
}

#[test]
fn gives_the_same_bytes_in_every_folder() {
    let (one, other) = (telltale(), telltale());
    let (first, second) = (one.pack().unwrap(), other.pack().unwrap());
    assert_ne!(first.path, second.path);
    assert_eq!(first.sha256, second.sha256);
    let program = Package::open(&first.path).unwrap();
    let program = program.entry("dispatch").unwrap().contents.clone().unwrap();
    let folder = one.path("").file_name().unwrap().to_string_lossy().into_owned();
    assert!(!String::from_utf8_lossy(&program).contains(&folder), "{folder}");
    assert!(String::from_utf8_lossy(&program).contains("library/src/lib.rs"));
}
