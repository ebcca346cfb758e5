//! Files, in both directions.

use std::{
    fs,
    io::{Read, Write},
    process::{Command, Stdio},
};

use throwaway_machine::ThrowawayMachine;

#[test]
fn sees_the_files_of_the_host_and_keeps_its_own() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("file");
    let path = file.to_str().unwrap();
    fs::write(&file, "of the host").unwrap();

    let machine = ThrowawayMachine::builder().boot().unwrap();
    assert_eq!(machine.read(path).unwrap(), b"of the host");
    machine.write(path, "of the machine").unwrap();
    assert_eq!(machine.read(path).unwrap(), b"of the machine");
    machine.write(&format!("{path}s/new"), "").unwrap();

    assert_eq!(fs::read(&file).unwrap(), b"of the host");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn has_the_files_that_it_was_given_before_it_boots() {
    let unit = "[Service]\nType=oneshot\nExecStart=/opt/tools/greet\nRemainAfterExit=yes\n\
                [Install]\nWantedBy=multi-user.target\n";
    let machine = ThrowawayMachine::builder()
        .file("/etc/systemd/system/greet.service", unit, 0o644)
        .file("/opt/tools/greet", "#!/bin/sh\necho good morning >/run/greeting\n", 0o750)
        // Through a link: `/lib` is `/usr/lib`.
        .file(
            "/lib/systemd/system/multi-user.target.d/greet.conf",
            "[Unit]\nWants=greet.service\nAfter=greet.service\n",
            0o644,
        )
        .boot()
        .unwrap();
    assert_eq!(machine.read("/run/greeting").unwrap(), b"good morning\n");
    let mode = machine.run(["stat", "--format=%a %U", "/opt/tools/greet"]).unwrap();
    assert_eq!(mode.stdout(), "750 root\n");
}

#[test]
fn files_pass_through_the_shared_folder() {
    let mut machine = ThrowawayMachine::builder().boot().unwrap();
    let inside = machine.shared_dir_inside().join("letter");
    let inside = inside.to_str().unwrap().to_owned();
    let outside = machine.shared_dir().join("letter");

    fs::write(&outside, "dear machine").unwrap();
    assert_eq!(machine.read(&inside).unwrap(), b"dear machine");
    machine.write(&inside, "dear host").unwrap();
    assert_eq!(fs::read(&outside).unwrap(), b"dear host");
    machine.reboot().unwrap();
    assert_eq!(machine.read(&inside).unwrap(), b"dear host");
    assert_eq!(machine.read(outside.to_str().unwrap()).unwrap(), b"dear host");
}

#[test]
fn services_that_see_no_temporary_files_see_the_shared_folder_if_they_are_named() {
    let machine = ThrowawayMachine::builder().shows_shared_dir_to("juju-").boot().unwrap();
    let letter = machine.shared_dir().join("letter");
    fs::write(&letter, "dear service").unwrap();
    let code = |name: &str| {
        let unit = format!(
            "[Service]\nType=oneshot\nPrivateTmp=yes\nProtectHome=yes\nExecStart=cat {}\n",
            letter.display()
        );
        machine.write(&format!("/etc/systemd/system/{name}.service"), unit).unwrap();
        machine.run(["systemctl", "start", name]).unwrap().code()
    };
    assert_eq!(code("juju-reader"), Some(0));
    assert_eq!(code("reader"), Some(1));
}

#[test]
fn a_program_of_ones_own_starts_commands_by_the_entrance() {
    let machine = ThrowawayMachine::builder().host_name("juju-3").boot().unwrap();
    let [program, words @ ..] = &machine.entrance()[..] else { panic!("no words") };
    let output = Command::new(program).args(words).args(["uname", "-n"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "juju-3\n");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let error = machine.read("/no/such/file").unwrap_err();
    insta::assert_snapshot!(error, @"`cat -- /no/such/file` has failed with exit code 1: cat: /no/such/file: No such file or directory");
}

#[test]
fn a_command_talks_with_its_caller_and_has_no_variables_but_given_ones() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let mut command = machine.command("sh");
    command.args(["-c", "read -r line; echo $line; env | sort; pwd"]).env("JUJU", "yes");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"hello\n").unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    insta::assert_snapshot!(said, @r"
    hello
    JUJU=yes
    LANG=C.UTF-8
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    PWD=/
    /
    ");
}
