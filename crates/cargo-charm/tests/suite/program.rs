//! The program `cargo charm`.

use std::process::Output;

use crate::bench::{Bench, CHARMCRAFT};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-charm");

/// Exit code, standard output, and standard error after a line `--`.
fn text(bench: &Bench, output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap();
    bench.redact(&format!("exit code {code}\n{stdout}--\n{stderr}"))
}

#[test]
fn check_lists_faults_and_fails() {
    let bench = Bench::charm().file("config.yaml", "options:\n  port: {type: number}\n");
    let output = bench.run(PROGRAM, &["charm", "check"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 1
    tiny in $BENCH: 1 fault, 2 warnings
      fault: config.yaml:2:10: options.port.type: invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`
      warning: there is no `LICENSE`, neither beside the charm nor in the workspace
      warning: there is no `icon.svg`: Charmhub will show a blank one
    --
    ");
}

#[test]
fn check_passes_with_warnings() {
    let bench = Bench::charm().file("LICENSE", "x");
    let output = bench.run(PROGRAM, &["charm", "check", "--charm", "tiny"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 0
    tiny in $BENCH: no faults, 1 warning
      warning: there is no `icon.svg`: Charmhub will show a blank one
    --
    ");
}

#[test]
fn pack_prints_what_is_in_the_package() {
    let bench = Bench::package()
        .file("charmcraft.yaml", CHARMCRAFT)
        .fake_build("echo '   Compiling tiny v0.1.0' >&2; built fake/program");
    std::fs::write(bench.path("fake/program"), crate::bench::static_program(62)).unwrap();
    let output = bench.run(PROGRAM, &["charm", "pack"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 0
    $BENCH/target/charms/tiny_amd64.charm
      warning: there is no `LICENSE`, neither beside the charm nor in the workspace
      warning: there is no `icon.svg`: Charmhub will show a blank one
      dispatch       0755           64
      manifest.yaml  0644          189
      metadata.yaml  0644           68
      version        0644            6
      327 bytes, zipped 607 bytes; version 0.1.0; built for x86_64-unknown-linux-musl
      sha256 7858afe99aff25c21b2ab94dd5063afaa9ad6f68dfd2ca26f40463b617e41310
    --
    building tiny for x86_64-unknown-linux-musl
       Compiling tiny v0.1.0
    zipping tiny_amd64.charm
    ");
    let again = bench.run(PROGRAM, &["pack", "--out", "target/charms"]);
    assert!(text(&bench, &again).contains("tiny_amd64.charm (unchanged)\n"));
}

#[test]
fn pack_tells_all_faults_before_it_builds() {
    let bench = Bench::charm().file("config.yaml", "options:\n  port: {type: number}\n");
    let output = bench.run(PROGRAM, &["charm", "pack", "--manifest-path", "./Cargo.toml"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 1
    tiny in $BENCH: 1 fault, 2 warnings
      fault: config.yaml:2:10: options.port.type: invalid option type `number`: it must be `boolean`, `float`, `int`, `secret` or `string`
      warning: there is no `LICENSE`, neither beside the charm nor in the workspace
      warning: there is no `icon.svg`: Charmhub will show a blank one
    --
    ");
}

#[test]
fn pack_does_not_repeat_what_cargo_said() {
    let bench = Bench::charm().fake_build("echo 'error: no good' >&2; exit 101");
    let output = bench.run(PROGRAM, &["charm", "pack"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 1
    --
    building tiny for x86_64-unknown-linux-musl
    error: no good
    error: cannot build `tiny`; cargo says why, above
    ");
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let bench = Bench::charm();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = bench.command(PROGRAM, &["charm", "check"]).stdout(writer).output().unwrap();
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 1
    --
    ");
}

#[test]
fn outside_of_a_package_it_says_so() {
    let bench = Bench::empty();
    let output = bench.run(PROGRAM, &["charm", "check"]);
    insta::assert_snapshot!(text(&bench, &output), @r"
    exit code 1
    --
    error: there is no `Cargo.toml` in `$BENCH` or above; `cargo charm new` writes one
    ");
}
