//! Names are those of systemd.

use systemd_notices::SystemdUnitName;

use crate::unit::machine;

#[test]
fn systemd_has_the_same_object_paths() {
    let machine = machine();
    for name in [
        "nginx.service",
        "389ds.service",
        "foo:bar.service",
        "my_2evar.service",
        "app_40x.service",
        "web@1.service",
        "inst@a-b_c.d.service",
        r"esc\x2dbar.service",
        "a..b.service",
        "a@b@c.service",
        "UPPER.timer",
        "-.mount",
        "9.socket",
        ".x.path",
    ] {
        let unit: SystemdUnitName = name.parse().unwrap();
        let manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1"];
        let method = ["org.freedesktop.systemd1.Manager", "LoadUnit", "s", unit.as_str()];
        let words = ["busctl", "call", "--"].into_iter().chain(manager).chain(method);
        let answer = machine.run(words).unwrap().success().unwrap();
        assert_eq!(answer.stdout().trim_end(), format!("o \"{}\"", unit.object_path()), "{name}");
        assert_eq!(SystemdUnitName::from_object_path(&unit.object_path()), Ok(unit));
    }
}

#[test]
fn systemd_refuses_the_same_names() {
    let machine = machine();
    let long = format!("{}.service", "a".repeat(248));
    for name in ["a+b.service", "wéb.service", "a b.service", "@1.timer", ".service", &long] {
        assert!(name.parse::<SystemdUnitName>().is_err(), "{name}");
        let manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1"];
        let method = ["org.freedesktop.systemd1.Manager", "LoadUnit", "s", name];
        let words = ["busctl", "call", "--"].into_iter().chain(manager).chain(method);
        let answer = machine.run(words).unwrap();
        assert!(answer.stderr().contains("is not valid"), "{name}: {answer:?}");
    }
}
