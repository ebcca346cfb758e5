//! Programs that compare themselves with the charm's YAML.

use std::fs;

use cargo_charm::PackError;

use crate::bench::{Bench, CHARMCRAFT, chain};

/// A program that answers, or does something else, as the file `behaviour` in
/// the folder says that it was given.
const PROGRAM: &str = r#"
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, folder] = arguments.as_slice() else { panic!("{arguments:?}") };
    assert_eq!((command.as_str(), std::env::vars().count()), ("check-charm", 0));
    let answer = || println!("charmwright: answer of check-charm, version 1");
    match std::fs::read_to_string(format!("{folder}/behaviour")).unwrap().as_str() {
        "fits" => answer(),
        "does not fit" => {
            answer();
            println!("there is no endpoint `db`\nthe action `restart` has no handler");
            return 1.into();
        }
        "fails after its answer" => {
            answer();
            panic!("later");
        }
        "fails" => panic!("the endpoint `db` has two types"),
        "knows no arguments" => return 2.into(),
        _ => {}
    }
    0.into()
}
"#;

fn bench() -> Bench {
    Bench::package().file("charmcraft.yaml", CHARMCRAFT).file("src/main.rs", PROGRAM)
}

#[test]
fn a_program_is_asked_whether_it_fits_and_is_refused_if_not() {
    let bench = bench().file("behaviour", "fits");
    assert!(bench.pack().unwrap().is_checked);

    let bench = bench.file("behaviour", "does not fit");
    let error = bench.pack().unwrap_err();
    assert!(matches!(error, PackError::Unfit { .. }));
    insta::assert_snapshot!(error, @r"
    charm `tiny` does not fit its YAML:
      there is no endpoint `db`
      the action `restart` has no handler
    ");
    for behaviour in ["fails", "fails after its answer"] {
        let error = bench.file_now("behaviour", behaviour).pack().unwrap_err();
        assert!(matches!(error, PackError::SelfCheck { .. }), "{behaviour}: {error}");
        let text = bench.redact(&chain(&error));
        assert!(text.contains("check-charm` failed: exit status: 101: "), "{text}");
    }
}

#[test]
fn a_program_that_does_not_answer_is_packed_unchecked() {
    let bench = bench();
    for behaviour in ["knows no arguments", "ignores them"] {
        let packed = bench.file_now("behaviour", behaviour).pack().unwrap();
        assert!(!packed.is_checked, "{behaviour}");
    }
}

#[test]
fn a_program_without_the_text_of_the_answer_is_not_even_started() {
    let bench = Bench::package().file("charmcraft.yaml", CHARMCRAFT);
    let trace = bench.path("started");
    let main = format!("fn main() {{ std::fs::write({trace:?}, \"\").unwrap() }}\n");
    let packed = bench.file_now("src/main.rs", &main).pack().unwrap();
    assert!(!packed.is_checked);
    assert!(!fs::exists(&trace).unwrap());
}
