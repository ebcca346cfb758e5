//! The charm watches its own service.

use juju_types::Event;
use reactive_endpoints::{Charm, Context, Flag, Result};
use systemd_notices::{Notice, NoticeEvent, Service, SystemdNotices};

use crate::exporter::{Exporter, service};

/// The service has stopped; the value is how its last run went, as systemd
/// calls it.
const STOPPED: Flag = Flag::new("exporter.stopped");

/// Has the charm woken whenever the service starts or stops. Its status is
/// asked for at the end of each hook anyway.
pub(crate) fn watch_service(charm: Charm<Exporter>) -> Charm<Exporter> {
    charm
        .subcommand(systemd_notices::SUBCOMMAND, systemd_notices::daemon)
        .on([Event::Start, Event::UpgradeCharm], apply)
        .on(Event::Remove, remove)
        .on_custom("service-exporter-started", note_why)
        .on_custom("service-exporter-stopped", note_why)
}

/// Lets the service end without a notice.
pub(crate) fn stop_watching(exporter: &mut Exporter, cx: &Context) -> Result {
    Ok(notices(exporter, cx)?.stop()?)
}

/// Returns why the service does not run, if it has come to a bad end.
pub(crate) fn reason(cx: &Context) -> Result<Option<String>> {
    let result: Option<String> = cx.flag_value(STOPPED)?;
    Ok(result.filter(|result| result != "success"))
}

fn apply(exporter: &mut Exporter, cx: &Context) -> Result {
    Ok(notices(exporter, cx)?.apply()?)
}

fn remove(exporter: &mut Exporter, cx: &Context) -> Result {
    Ok(notices(exporter, cx)?.remove()?)
}

fn note_why(_: &mut Exporter, cx: &Context) -> Result {
    // There is no notice if somebody has run the event by hand.
    let notice = Notice::from_env(cx.env().variables())?;
    let stopped = notice.filter(|notice| notice.event == NoticeEvent::Stopped);
    if let Some(result) = stopped.and_then(|notice| notice.result) {
        return cx.set_with(STOPPED, result.as_str());
    }
    cx.clear(STOPPED);
    Ok(())
}

fn notices(exporter: &Exporter, cx: &Context) -> Result<SystemdNotices> {
    let service = Service::new(service(cx)).alias("exporter");
    let notices = SystemdNotices::new(cx.env().unit(), cx.env().charm_dir(), [service])?;
    Ok(match exporter.machine.as_scratch() {
        Some(scratch) => notices.below(scratch.root()),
        None => notices,
    })
}

#[cfg(test)]
mod tests {
    use juju_simulator::{Exec, SimulatedUnit};
    use juju_types::Status;

    use crate::exporter::tests::{deployed, machine};

    const SERVICE: &str = "exporter-0-node-exporter";
    const DAEMON: &str = "/etc/systemd/system/juju-exporter-0-systemd-notices.service";
    const LIST: &str = "/var/lib/juju-systemd-notices/exporter-0/services";

    /// Does what the daemon does when the service has started or stopped.
    fn tell(unit: &mut SimulatedUnit, event: &str, result: &str) {
        let pairs = [
            ("ALIAS", "exporter"),
            ("EVENT", event),
            ("ID", "1"),
            ("MERGED", "no"),
            ("RESTARTS", "0"),
            ("RESULT", result),
            ("STATE", if event == "started" { "active" } else { "failed" }),
            ("SUB_STATE", "failed"),
            ("TIME", "1"),
            ("UNIT", "exporter-0-node-exporter.service"),
        ];
        let exec = pairs.into_iter().fold(
            Exec::custom_event(format!("service-exporter-{event}")),
            |exec, (name, value)| exec.variable(format!("SYSTEMD_NOTICE_{name}"), value),
        );
        unit.juju().exec("exporter/0", exec).unwrap();
    }

    #[test]
    fn a_crash_blocks_at_once_with_its_reason_until_the_service_is_back() {
        let machine = machine();
        let mut unit = deployed(&machine);
        machine.stop(SERVICE).unwrap();
        tell(&mut unit, "stopped", "exit-code");
        let blocked = Status::blocked("exporter-0-node-exporter is not running: exit-code");
        assert_eq!(unit.status(), blocked);
        unit.run("update-status");
        assert_eq!(unit.status(), blocked);

        machine.start(SERVICE).unwrap();
        tell(&mut unit, "started", "success");
        assert_eq!(unit.status(), Status::active());
        machine.stop(SERVICE).unwrap();
        tell(&mut unit, "stopped", "success");
        assert_eq!(unit.status(), Status::blocked("exporter-0-node-exporter is not running"));
    }

    #[test]
    fn watches_from_start_to_removal() {
        let machine = machine();
        let mut unit = deployed(&machine);
        assert!(machine.exists(DAEMON).unwrap());
        let list = machine.read(LIST).unwrap().unwrap();
        assert_eq!(list.lines().last(), Some("exporter-0-node-exporter.service exporter"));
        unit.run("upgrade-charm");
        unit.run("stop");
        unit.run("remove");
        assert!(!machine.exists(DAEMON).unwrap());
        assert!(!machine.exists(LIST).unwrap());
    }
}
