//! The host, which does not notice.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use throwaway_machine::ThrowawayMachine;

const LIMIT: Duration = Duration::from_secs(30);

/// Set for the program that is killed with its machine.
const HOLDS_MACHINE: &str = "THROWAWAY_MACHINE_TEST_HOLDS";

#[test]
fn the_host_is_as_it_was_when_a_machine_is_dropped() {
    let mounts = host_mounts();
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let folder = machine.shared_dir().parent().unwrap().to_owned();
    let seconds = format!("600.{}1", process::id());
    start_sleep(&machine, &seconds);
    let group = group_of_sleep(&seconds).unwrap();
    assert!(group.exists());
    assert_eq!(host_mounts(), mounts, "a mount of the machine is seen by the host");

    drop(machine);
    assert_eq!(group_of_sleep(&seconds), None, "a process is left");
    assert!(!machine_group(&group).exists(), "`{}` is left", group.display());
    assert!(!folder.exists(), "`{}` is left", folder.display());
    assert_eq!(host_mounts(), mounts);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it starts itself as the program that is killed")]
fn a_machine_is_gone_when_its_program_is_killed() {
    if let Ok(seconds) = env::var(HOLDS_MACHINE) {
        let machine = ThrowawayMachine::builder().boot().unwrap();
        start_sleep(&machine, &seconds);
        // Ends with its parent, even if that does not kill it.
        let _ = std::io::read_to_string(std::io::stdin());
        return;
    }
    let seconds = format!("600.{}2", process::id());
    let mut program = Command::new(env::current_exe().unwrap());
    program.args(["--exact", "host::a_machine_is_gone_when_its_program_is_killed"]);
    program.env(HOLDS_MACHINE, &seconds).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut program = program.spawn().unwrap();
    wait_until("the machine is up", || group_of_sleep(&seconds).is_some());
    let group = machine_group(&group_of_sleep(&seconds).unwrap());
    assert!(group.exists());

    program.kill().unwrap();
    program.wait().unwrap();
    wait_until("all processes are gone", || group_of_sleep(&seconds).is_none());
    wait_until("the group is gone", || !group.exists());
}

#[test]
fn settings_of_the_kernel_cannot_be_changed_inside() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let set = machine.run(["sh", "-c", "echo 1 >/proc/sys/kernel/panic"]).unwrap();
    assert!(set.stderr().contains("Read-only file system"), "{}", set.stderr());
    let uevent = machine.run(["sh", "-c", "echo change >/sys/class/net/lo/uevent"]).unwrap();
    assert!(uevent.stderr().contains("Read-only file system"), "{}", uevent.stderr());
    // Those of its own network are meant to be its own, and are not needed.
    let capabilities = machine.read("/proc/1/status").unwrap();
    let capabilities = String::from_utf8(capabilities).unwrap();
    let bounding = capabilities.lines().find_map(|line| line.strip_prefix("CapBnd:")).unwrap();
    let bounding = u64::from_str_radix(bounding.trim(), 16).unwrap();
    // Modules, raw I/O, time and the kernel's log.
    assert_eq!(bounding & (1 << 16 | 1 << 17 | 1 << 25 | 1 << 34), 0, "{bounding:x}");
}

/// Starts a service whose process can be told from all others of the host.
fn start_sleep(machine: &ThrowawayMachine, seconds: &str) {
    let _ = machine
        .run(["systemd-run", "--property=Type=exec", "/usr/bin/sleep", seconds])
        .unwrap()
        .success()
        .unwrap();
}

/// Returns the control group of that process, as the host sees it.
fn group_of_sleep(seconds: &str) -> Option<PathBuf> {
    let command_line = format!("/usr/bin/sleep\0{seconds}\0");
    let process =
        fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path()).find(|path| {
            fs::read(path.join("cmdline")).is_ok_and(|found| found == command_line.as_bytes())
        })?;
    let groups = fs::read_to_string(process.join("cgroup")).ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    Some(groups_of_host().join(group))
}

/// Returns the topmost group of a machine, of which a group is a part.
fn machine_group(group: &Path) -> PathBuf {
    let is_machine = |group: &&Path| {
        let name = group.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with("throwaway-machine-")
    };
    group.ancestors().find(is_machine).unwrap().to_owned()
}

/// Returns where the host has mounted the control groups of version 2.
fn groups_of_host() -> PathBuf {
    let mounts = host_mounts();
    let mount = mounts.lines().find(|line| line.contains(" - cgroup2 ")).unwrap();
    mount.split(' ').nth(4).unwrap().into()
}

fn host_mounts() -> String {
    fs::read_to_string("/proc/self/mountinfo").unwrap()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !condition() {
        assert!(Instant::now() < deadline, "{what}: not in time");
        thread::sleep(Duration::from_millis(5));
    }
}
