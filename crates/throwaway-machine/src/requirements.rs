//! What a host must have.

use std::path::Path;

use crate::{command::find, disk::Disk};

/// The programs of the host, each with the Debian package that has it.
const PROGRAMS: [(&str, &str); 7] = [
    ("bash", "bash"),
    ("dbus-daemon", "dbus"),
    ("mount", "mount"),
    ("nsenter", "util-linux"),
    ("setpriv", "util-linux"),
    ("systemctl", "systemd"),
    ("unshare", "util-linux"),
];

/// Says what this host lacks.
pub(crate) fn missing() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("throw-away machines need root".to_owned());
    }
    missing_program(&PROGRAMS).or_else(|| {
        if !Path::new("/usr/lib/systemd/systemd").is_file() {
            return Some(
                "`/usr/lib/systemd/systemd` is missing; `apt-get install systemd`".to_owned(),
            );
        }
        // Whether the kernel lets us is best found out by trying.
        let error = Disk::new("trial", None).err()?;
        Some(error.to_string())
    })
}

fn missing_program(programs: &[(&str, &str)]) -> Option<String> {
    let (program, package) = programs.iter().find(|(program, _)| find(program).is_none())?;
    Some(format!("`{program}` is missing; `apt-get install {package}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_without_a_program_says_what_to_install() {
        let programs = [("sh", "dash"), ("no-such-program", "the-package")];
        let missing = missing_program(&programs);
        insta::assert_snapshot!(missing.unwrap_or_default(), @"`no-such-program` is missing; `apt-get install the-package`");
        assert_eq!(missing_program(&programs[..1]), None);
    }
}
