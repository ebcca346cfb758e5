//! Debian packages, made up by the tests.

use std::fs;

use throwaway_machine::{DebianPackage, ThrowawayMachine};

#[test]
fn a_package_is_there_with_its_units_and_its_user() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let root = folder.path();
    let unit = "[Service]\nUser=throwaway\nType=oneshot\nExecStart=touch /var/lib/throwaway/mark\n";
    fs::create_dir_all(root.join("lib/systemd/system")).unwrap();
    fs::create_dir_all(root.join("var/lib/throwaway")).unwrap();
    fs::write(root.join("lib/systemd/system/mark.service"), unit).unwrap();

    let package = DebianPackage::unpacked(root).system_user("throwaway", "/var/lib/throwaway");
    // The second has the same user.
    let machine = ThrowawayMachine::builder().package(&package).package(&package).boot().unwrap();
    let _ = machine.run(["systemctl", "start", "mark.service"]).unwrap().success().unwrap();
    let owner = ["stat", "--format=%U:%G", "/var/lib/throwaway/mark"];
    assert_eq!(machine.run(owner).unwrap().stdout(), "throwaway:throwaway\n");
    assert!(!root.join("var/lib/throwaway/mark").exists());
}

#[test]
fn of_two_packages_the_later_one_wins() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let [first, second] = ["a:b,c", "second"].map(|name| {
        let root = folder.path().join(name);
        fs::create_dir_all(root.join("opt")).unwrap();
        fs::write(root.join("opt/both"), name).unwrap();
        fs::write(root.join("opt").join(name), name).unwrap();
        DebianPackage::unpacked(root)
    });
    let machine = ThrowawayMachine::builder().package(&first).package(&second).boot().unwrap();
    assert_eq!(machine.read("/opt/both").unwrap(), b"second");
    assert_eq!(machine.read("/opt/a:b,c").unwrap(), b"a:b,c");
}
