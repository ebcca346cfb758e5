//! What is asked of cargo, and what goes wrong there.

use std::{fs, os::unix::fs::symlink};

use cargo_charm::{PackOptions, pack};

use crate::bench::{Bench, chain, static_program};

/// The arguments of `cargo build`, one a line, and its flags for rustc.
fn arguments(bench: &Bench) -> String {
    bench.pack().unwrap();
    bench.redact(&fs::read_to_string(bench.path("arguments")).unwrap()).replace('\x1f', " ")
}

#[test]
fn builds_statically_and_names_no_folder() {
    let bench = Bench::charm().fake_static_build().variable("CARGO_HOME", "/home/me/.cargo");
    insta::assert_snapshot!(arguments(&bench), @r#"
    build
    --manifest-path
    $BENCH/Cargo.toml
    --package
    tiny
    --bin
    tiny
    --profile
    charm
    --target
    x86_64-unknown-linux-musl
    --message-format
    json-render-diagnostics
    --config
    profile.charm.inherits="release"
    --config
    profile.charm.codegen-units=1
    --config
    profile.charm.lto="fat"
    --config
    profile.charm.opt-level="s"
    --config
    profile.charm.panic="unwind"
    --config
    profile.charm.strip="debuginfo"
    --config
    target.x86_64-unknown-linux-musl.rustflags=["-Ctarget-feature=+crt-static", "--remap-path-prefix=$BENCH=/workspace", "--remap-path-prefix=$BENCH/target=/workspace/target", "--remap-path-prefix=/home/me/.cargo=/cargo", "--remap-path-prefix=$BENCH/toolchains/stable/lib/rustlib/src/rust=/rustc/0123456789abcdef"]
    "#);
}

#[test]
fn keeps_the_profile_of_the_workspace() {
    let manifest = crate::bench::manifest("tiny", "[workspace]\n[profile.charm]\ninherits = 'dev'");
    let bench = Bench::charm().file("Cargo.toml", &manifest).fake_static_build();
    let arguments = arguments(&bench);
    assert!(arguments.contains("--profile\ncharm\n"), "{arguments}");
    assert!(!arguments.contains("profile.charm"), "{arguments}");
}

#[test]
fn keeps_the_flags_of_the_environment() {
    let bench = Bench::charm().fake_static_build().variable("RUSTFLAGS", "--cfg mine");
    let arguments = arguments(&bench);
    assert!(!arguments.contains("rustflags="), "{arguments}");
    assert!(arguments.contains("\n--cfg mine -Ctarget-feature=+crt-static "), "{arguments}");
}

#[test]
fn keeps_the_flags_of_the_configuration() {
    let with = |config: &str| {
        arguments(&Bench::charm().file(".cargo/config.toml", config).fake_static_build())
    };
    assert!(with("[build]\nrustflags = ['--cfg=mine']").contains("\nbuild.rustflags=["));
    let both = "[build]\nrustflags = []\n[target.'cfg(unix)']\nrustflags = ['--cfg=mine']";
    assert!(with(both).contains("\ntarget.x86_64-unknown-linux-musl.rustflags=["));
}

#[test]
fn links_for_another_architecture_with_the_linker_of_the_toolchain() {
    let triple = "riscv64gc-unknown-linux-musl";
    let bench = Bench::charm()
        .fake_build("built program")
        .file(&format!("toolchains/stable/lib/rustlib/{triple}/lib/libstd-0.rlib"), "")
        .file("toolchains/stable/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld", "");
    let options = PackOptions::new().target("riscv64".parse().unwrap());
    pack(&bench.only(), &options).unwrap_err();
    let arguments = fs::read_to_string(bench.path("arguments")).unwrap();
    assert!(
        arguments.contains("target.riscv64gc-unknown-linux-musl.linker=\"rust-lld\""),
        "{arguments}"
    );
}

#[test]
fn links_for_another_architecture_with_a_compiler_on_the_path() {
    let triple = "riscv64gc-unknown-linux-gnu";
    let bench = Bench::charm()
        .fake_build("built program")
        .file(&format!("toolchains/stable/lib/rustlib/{triple}/lib/libstd-0.rlib"), "")
        .script("bin/riscv64-linux-gnu-gcc", "");
    let path = format!("{}:/bin:/usr/bin", bench.path("bin").display());
    let bench = bench.variable("PATH", path);
    let options = PackOptions::new().target("riscv64".parse().unwrap());
    pack(&bench.only(), &options).unwrap_err();
    let arguments = fs::read_to_string(bench.path("arguments")).unwrap();
    let setting = "target.riscv64gc-unknown-linux-gnu.linker=\"riscv64-linux-gnu-gcc\"";
    assert!(arguments.contains(setting), "{arguments}");
}

#[test]
fn names_a_missing_target() {
    let bench = Bench::charm().fake_static_build();
    let options = PackOptions::new().target("aarch64-unknown-linux-gnu".parse().unwrap());
    let error = pack(&bench.only(), &options).unwrap_err();
    insta::assert_snapshot!(chain(&error), @"cannot build without the target `aarch64-unknown-linux-gnu`; to install it, `rustup target add aarch64-unknown-linux-gnu`");
}

#[test]
fn names_a_missing_linker() {
    let bench = Bench::charm();
    fs::create_dir(bench.path("bin")).unwrap();
    symlink(bench.find("rustc"), bench.path("bin/rustc")).unwrap();
    let path = bench.path("bin");
    let error = bench.variable("PATH", path).pack().unwrap_err();
    insta::assert_snapshot!(chain(&error), @"cannot build without the linker `cc`; to install it, `apt-get install gcc libc6-dev`");
}

#[test]
fn names_a_missing_c_compiler() {
    let message = r#"failed to find tool "x86_64-linux-musl-gcc": No such file"#;
    let bench = Bench::charm().fake_build(&format!("echo '{message}' >&2; exit 101"));
    let error = bench.pack().unwrap_err();
    insta::assert_snapshot!(chain(&error), @"cannot build without the compiler `x86_64-linux-musl-gcc`; to install it, `apt-get install musl-tools`");
}

#[test]
fn hands_on_what_cargo_says() {
    let bench = Bench::charm().fake_build("echo 'error: no good' >&2; echo >&2; exit 101");
    let error = bench.pack().unwrap_err();
    insta::assert_snapshot!(chain(&error), @r"
    cannot build `tiny`
    caused by: error: no good
    ");
}

#[test]
fn refuses_a_dynamic_program() {
    let bench = Bench::charm().fake_build("built /bin/true");
    let error = bench.pack().unwrap_err();
    insta::assert_snapshot!(chain(&error), @"`/bin/true` is linked dynamically; a charm must be static: look for a build script or a `RUSTFLAGS` that asks for a dynamic library");
}

#[test]
fn refuses_a_program_for_another_architecture() {
    let bench = Bench::charm().fake_build("built \"$PWD/program\"");
    fs::write(bench.path("program"), static_program(183)).unwrap();
    let error = bench.pack().unwrap_err();
    insta::assert_snapshot!(bench.redact(&chain(&error)), @"`$BENCH/program` is not a program for amd64");
}

#[test]
fn refuses_what_is_no_program() {
    let bench = Bench::charm().fake_build("built \"$PWD/fake/cargo\"");
    let error = bench.pack().unwrap_err();
    insta::assert_snapshot!(bench.redact(&chain(&error)), @r"
    cannot read the program `$BENCH/fake/cargo`
    caused by: it is not an ELF file
    ");
}
