//! The `version` file.

use crate::bench::Bench;

#[track_caller]
fn check(git: &str, expected: &str) {
    let bench = Bench::charm().fake_static_build().script("bin/git", git);
    let path = format!("{}:/bin:/usr/bin", bench.path("bin").display());
    let packed = bench.variable("PATH", path).pack().unwrap();
    assert_eq!(packed.version, expected);
}

#[test]
fn is_the_package_and_the_commit() {
    check(
        r#"[ "$2" = rev-parse ] && echo 3a94466d2f0c9a1b7e5d8c6f4a2b0e1d3c5f7a9b; true"#,
        "0.1.0+3a94466d2f0c",
    );
}

#[test]
fn tells_that_files_differ_from_the_commit() {
    check(
        r#"case "$2" in
           rev-parse) echo 3a94466d2f0c9a1b7e5d8c6f4a2b0e1d3c5f7a9b ;;
           status) echo ' M src/main.rs' ;;
           esac"#,
        "0.1.0+3a94466d2f0c.dirty",
    );
}

#[test]
fn is_that_of_the_package_outside_of_git() {
    check("exit 128", "0.1.0");
    check(r#"[ "$2" != ls-files ]"#, "0.1.0");
}
