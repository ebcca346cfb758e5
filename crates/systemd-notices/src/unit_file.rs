//! The unit file of the daemon.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use juju_types::UnitName;

use crate::executable::Executable;
use crate::notices_paths::NoticesPaths;

/// The name of the subcommand of the charm's program that is the daemon.
pub const SUBCOMMAND: &str = "systemd-notices";

/// The exit code of a daemon that another start would not help.
pub(crate) const LASTING: u8 = 2;

/// Writes the unit file of the daemon for `unit`.
///
/// `executable` is the charm's program as systemd reads it, and `metadata` is
/// that of its file: a program that has been replaced makes another unit file,
/// so that one comparison tells whether the daemon must be restarted.
pub(crate) fn unit_file(
    unit: &UnitName,
    paths: &NoticesPaths,
    executable: &Executable,
    metadata: &Metadata,
) -> String {
    let stamp = format!(
        "{} {} {}.{:09}",
        metadata.ino(),
        metadata.size(),
        metadata.mtime(),
        metadata.mtime_nsec()
    );
    let description = format!("Description=Juju systemd notices of {unit}");
    let exec_start = format!("ExecStart={} {SUBCOMMAND} {unit}", executable.word());
    let condition = format!("ConditionPathExists={}", executable.path());
    let prevent_restart = format!("RestartPreventExitStatus={LASTING}");
    let state_directory = format!("StateDirectory={}", paths.state_directory());
    let program = format!("Program={stamp}");
    [
        "[Unit]",
        &description,
        // The daemon listens on the bus. Nothing else orders it: least of all
        // `multi-user.target`, which is reached only when the services that
        // it is to watch have already started.
        "Wants=dbus.socket",
        "After=dbus.socket",
        // Where the unit was removed by force, the charm is gone and no hook
        // removes this file. systemd looks here before each start, also before
        // that of `Restart=`, says so in one line, and leaves it at that.
        &condition,
        // Who starts how often, and what ends it:
        //
        // - What another start would not help, such as a list that is not
        //   there, ends the daemon with a code that systemd takes for the last
        //   word (`RestartPreventExitStatus=`).
        // - A bus that is away may come back at any time. The daemon waits for
        //   it half a minute before it ends (`BUS_PATIENCE`), so that it is
        //   started about a hundred times an hour, which is below the limit:
        //   that goes on until the bus is back.
        // - What ends at once, and is not understood, is started every five
        //   seconds until the limit is hit, after twelve minutes: that is long
        //   enough for a full disk or for lack of memory to pass.
        //
        // Whatever systemd has given up comes back by the next `apply()`.
        // systemd has longer and longer pauses only since 254
        // (`RestartSteps=`), and warns of what it does not know.
        "StartLimitIntervalSec=1h",
        "StartLimitBurst=150",
        "",
        "[Service]",
        // `systemctl start` returns when the daemon watches.
        "Type=notify",
        &exec_start,
        "ExecReload=/bin/kill -HUP $MAINPID",
        "Restart=always",
        "RestartSec=5s",
        &prevent_restart,
        "TimeoutStartSec=60s",
        "TimeoutStopSec=10s",
        "WatchdogSec=5min",
        // A juju-exec that is under way goes on when the daemon is restarted;
        // the next daemon waits for it. To kill it would lose the hook.
        // (systemd then warns of a left-over process; only a unit of its own
        // for each juju-exec would spare that, and cost time for each.)
        "KillMode=process",
        &state_directory,
        "SyslogIdentifier=juju-systemd-notices",
        // juju-exec refuses to run within a hook, and takes this variable for
        // the sign of one. A user may have put it into systemd's environment.
        "UnsetEnvironment=JUJU_CONTEXT_ID",
        // The daemon and juju-exec need the bus's socket and the agent's,
        // which is in the file system (Juju 3) or abstract (2.9), so there is
        // no network of their own. They read files, and write to the state
        // folder only. The hook itself runs in the agent, outside of all this.
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "RestrictAddressFamilies=AF_UNIX",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallErrorNumber=EPERM",
        // These need a mount namespace; systemd's own daemons have the same
        // ones, so they are known to work in containers.
        "PrivateDevices=yes",
        "PrivateTmp=yes",
        "ProtectControlGroups=yes",
        "ProtectHome=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectSystem=strict",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
        // systemd ignores sections with this prefix.
        "[X-Charmwright]",
        &program,
        "",
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs::OpenOptions;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::Command;
    use std::time::{Duration, UNIX_EPOCH};

    use super::unit_file;
    use crate::executable::Executable;
    use crate::notices_paths::NoticesPaths;

    /// Puts a new program into the folder `charm`.
    fn put_program(charm: &Path) {
        std::fs::create_dir_all(charm).unwrap();
        std::fs::copy("/bin/true", charm.join("new")).unwrap();
        std::fs::rename(charm.join("new"), charm.join("dispatch")).unwrap();
    }

    /// Returns the name of the service and its unit file for the program in
    /// the folder `charm`.
    fn written(charm: &Path) -> (String, String) {
        let program = charm.join("dispatch");
        let unit = "my-app/3".parse().unwrap();
        let paths = NoticesPaths::new(Path::new("/"), &unit);
        let executable = Executable::new(&program).unwrap();
        (paths.service(), unit_file(&unit, &paths, &executable, &program.metadata().unwrap()))
    }

    #[test]
    fn is_what_systemd_is_told() {
        let folder = tempfile::tempdir().unwrap();
        put_program(folder.path());
        let (service, text) = written(folder.path());
        let text = text.replace(folder.path().to_str().unwrap(), "CHARM");
        let (text, program) = text.rsplit_once("Program=").unwrap();
        assert_eq!(program.split([' ', '.']).count(), 4, "{program}");
        assert_eq!(service, "juju-my-app-3-systemd-notices.service");
        insta::assert_snapshot!(text, @r#"
        [Unit]
        Description=Juju systemd notices of my-app/3
        Wants=dbus.socket
        After=dbus.socket
        ConditionPathExists=CHARM/dispatch
        StartLimitIntervalSec=1h
        StartLimitBurst=150

        [Service]
        Type=notify
        ExecStart="CHARM/dispatch" systemd-notices my-app/3
        ExecReload=/bin/kill -HUP $MAINPID
        Restart=always
        RestartSec=5s
        RestartPreventExitStatus=2
        TimeoutStartSec=60s
        TimeoutStopSec=10s
        WatchdogSec=5min
        KillMode=process
        StateDirectory=juju-systemd-notices/my-app-3
        SyslogIdentifier=juju-systemd-notices
        UnsetEnvironment=JUJU_CONTEXT_ID
        CapabilityBoundingSet=
        NoNewPrivileges=yes
        RestrictAddressFamilies=AF_UNIX
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM
        PrivateDevices=yes
        PrivateTmp=yes
        ProtectControlGroups=yes
        ProtectHome=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        ProtectSystem=strict

        [Install]
        WantedBy=multi-user.target

        [X-Charmwright]
        "#);
    }

    #[test]
    fn a_replaced_program_makes_another_unit_file() {
        let folder = tempfile::tempdir().unwrap();
        put_program(folder.path());
        let first = written(folder.path());
        assert_eq!(written(folder.path()), first);
        put_program(folder.path());
        assert_ne!(written(folder.path()), first);
    }

    #[test]
    fn a_program_that_differs_in_one_way_makes_another_unit_file() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("dispatch");
        let time = |nanoseconds| UNIX_EPOCH + Duration::new(1_764_108_000, nanoseconds);
        let open = || OpenOptions::new().append(true).open(&program).unwrap();
        let mut texts = BTreeSet::new();
        put_program(folder.path());
        open().set_modified(time(0)).unwrap();
        texts.insert(written(folder.path()));
        // Another file.
        put_program(folder.path());
        open().set_modified(time(0)).unwrap();
        texts.insert(written(folder.path()));
        // Another size.
        open().write_all(b"x").unwrap();
        open().set_modified(time(0)).unwrap();
        texts.insert(written(folder.path()));
        // Another time.
        open().set_modified(time(1)).unwrap();
        texts.insert(written(folder.path()));
        open().set_modified(time(0) + Duration::from_secs(1)).unwrap();
        texts.insert(written(folder.path()));
        assert_eq!(texts.len(), 5, "{texts:#?}");
    }

    #[test]
    fn systemd_finds_nothing_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let charm = folder.path().join("100% of $x é");
        put_program(&charm);
        let (service, text) = written(&charm);
        let path = folder.path().join(service);
        std::fs::write(&path, text).unwrap();
        #[expect(clippy::disallowed_methods, reason = "systemd is the peer of this test")]
        let output = Command::new("systemd-analyze").arg("verify").arg(&path).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(output.status.success(), "{output:?}");
    }
}
