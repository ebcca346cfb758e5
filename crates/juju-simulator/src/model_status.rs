use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use juju_types::{ApplicationName, MachineId, PortRange, StatusValue, UnitName};

use crate::application_status::ApplicationStatus;
use crate::model::{Machine, Model};
use crate::table::{Align, Table};
use crate::unit_status::UnitStatus;

/// The state of a model, as `juju status` shows it.
///
/// `Display` writes the same tables as `juju status`, with the time of the
/// virtual clock.
#[derive(Clone, Debug)]
pub struct ModelStatus {
    name: String,
    cloud: String,
    version: String,
    sla: Option<&'static str>,
    time: Timestamp,
    applications: BTreeMap<ApplicationName, ApplicationStatus>,
    units: BTreeMap<UnitName, UnitStatus>,
    machines: BTreeMap<MachineId, Machine>,
}

impl ModelStatus {
    pub(crate) fn of(model: &Model) -> Self {
        let applications = model.applications.values().map(|application| {
            (application.name.clone(), ApplicationStatus::of(model, application))
        });
        let units =
            model.units.values().map(|unit| (unit.name.clone(), UnitStatus::of(model, unit)));
        Self {
            name: model.name.to_string(),
            cloud: model.cloud.with_region(),
            version: model.version.to_string(),
            sla: model.version.has_service_level().then_some("unsupported"),
            time: model.now,
            applications: applications.collect(),
            units: units.collect(),
            machines: BTreeMap::clone(&model.machines),
        }
    }

    /// Returns an application, if it is there.
    pub fn application(&self, application: &str) -> Option<&ApplicationStatus> {
        self.applications.get(&application.parse().ok()?)
    }

    /// Returns a unit, if it is there.
    pub fn unit(&self, unit: &str) -> Option<&UnitStatus> {
        self.units.get(&unit.parse().ok()?)
    }

    /// Returns all applications, in the order of their names.
    pub fn applications(&self) -> impl Iterator<Item = (&ApplicationName, &ApplicationStatus)> {
        self.applications.iter()
    }

    /// Returns all units, in the order of their names.
    pub fn units(&self) -> impl Iterator<Item = (&UnitName, &UnitStatus)> {
        self.units.iter()
    }

    fn model_table(&self) -> Table {
        let time = self.time.strftime("%H:%M:%SZ").to_string();
        let mut cells = vec![
            ("Model", self.name.as_str()),
            ("Controller", "simulator"),
            ("Cloud/Region", &self.cloud),
            ("Version", &self.version),
        ];
        cells.extend(self.sla.map(|sla| ("SLA", sla)));
        cells.push(("Timestamp", &time));
        let header: Vec<_> = cells.iter().map(|(name, _)| (*name, Align::Left)).collect();
        let mut table = Table::new(&header);
        table.add(cells.into_iter().map(|(_, cell)| cell.to_owned()).collect());
        table
    }

    fn application_table(&self) -> Table {
        let mut table = Table::new(&[
            ("App", Align::Left),
            ("Version", Align::Left),
            ("Status", Align::Left),
            ("Scale", Align::Right),
            ("Charm", Align::Left),
            ("Channel", Align::Left),
            ("Rev", Align::Right),
            ("Exposed", Align::Left),
            ("Message", Align::Left),
        ]);
        for (name, application) in &self.applications {
            let version = application.version.lines().next().unwrap_or_default();
            let running = self.units.iter().filter(|(unit, status)| {
                unit.application() == name && status.agent.value != StatusValue::Allocating
            });
            let scale = match running.count() {
                running if running == application.scale => running.to_string(),
                running => format!("{running}/{}", application.scale),
            };
            table.add(vec![
                name.to_string(),
                shorten(version),
                application.status.value.to_string(),
                scale,
                application.charm.clone(),
                String::new(),
                application.revision.to_string(),
                "no".to_owned(),
                application.status.message.clone(),
            ]);
        }
        table
    }

    fn unit_table(&self) -> Table {
        let header = ["Unit", "Workload", "Agent", "Machine", "Public address", "Ports", "Message"];
        let mut table = Table::new(&header.map(|name| (name, Align::Left)));
        for (name, unit) in &self.units {
            table.add(vec![
                format!("{name}{}", if unit.is_leader { "*" } else { "" }),
                unit.workload.value.to_string(),
                unit.agent.value.to_string(),
                unit.machine.as_ref().map(ToString::to_string).unwrap_or_default(),
                unit.public_address.clone(),
                port_groups(&unit.ports),
                unit.workload.message.clone(),
            ]);
        }
        table
    }

    fn machine_table(&self) -> Table {
        let header = ["Machine", "State", "Address", "Inst id", "Base", "AZ", "Message"];
        let mut table = Table::new(&header.map(|name| (name, Align::Left)));
        for machine in self.machines.values() {
            let base = &machine.base;
            table.add(vec![
                machine.id.to_string(),
                "started".to_owned(),
                machine.address().to_owned(),
                machine.instance_id.clone(),
                format!("{}@{}", base.name(), base.channel().track()),
                machine.availability_zone.clone(),
                "Running".to_owned(),
            ]);
        }
        table
    }
}

impl fmt::Display for ModelStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model_table().fmt(f)?;
        for table in [self.application_table(), self.unit_table(), self.machine_table()] {
            if !table.is_empty() {
                write!(f, "\n{table}")?;
            }
        }
        Ok(())
    }
}

/// Writes ports as `juju status` does: `80,443/tcp 53/udp`.
fn port_groups(ports: &[PortRange]) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for port in ports {
        let text = port.to_string();
        let (numbers, protocol) = text.split_once('/').unwrap_or(("", &text));
        match groups.last_mut() {
            Some((last, group)) if last == protocol => group.push(numbers.to_owned()),
            _ => groups.push((protocol.to_owned(), vec![numbers.to_owned()])),
        }
    }
    let groups = groups.into_iter().map(|(protocol, numbers)| match numbers.join(",") {
        numbers if numbers.is_empty() => protocol,
        numbers => format!("{numbers}/{protocol}"),
    });
    groups.collect::<Vec<_>>().join(" ")
}

/// Shortens a version so that it does not push the other columns away.
fn shorten(version: &str) -> String {
    const MAX: usize = 15;
    if version.chars().count() <= MAX {
        return version.to_owned();
    }
    let kept: String = version.chars().take(MAX - 3).collect();
    format!("{kept}...")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_ports_by_protocol() {
        let ports = ["icmp", "80/tcp", "8000-8005/tcp", "53/udp"].map(|port| port.parse().unwrap());
        assert_eq!(port_groups(&ports), "icmp 80,8000-8005/tcp 53/udp");
        assert_eq!(port_groups(&[]), "");
    }

    #[test]
    fn shortens_long_versions() {
        assert_eq!(shorten("1.5.0"), "1.5.0");
        assert_eq!(shorten("1.5.0+really-long"), "1.5.0+really...");
    }
}
