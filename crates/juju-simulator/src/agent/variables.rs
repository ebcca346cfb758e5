//! The environment of a charm's process: all of it, for nothing is inherited.

use std::fmt;
use std::path::Path;

use juju_types::{Event, JujuVersion, RelationContext, SecretContext, UnitName};

use super::HookContext;
use super::program::Program;
use crate::model::CommandRelation;
use crate::operation::OperationKind;

/// Where things lie on the unit's machine.
pub(super) struct Places<'a> {
    pub(super) charm_dir: &'a Path,
    pub(super) socket: &'a Path,
    pub(super) tools_dir: &'a Path,
    /// The programs of Juju itself.
    pub(super) bin_dir: &'a Path,
}

/// The `PATH` of an agent that systemd has started.
const AGENT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin";

/// Returns the variables that the agent sets, in its order.
pub(super) fn variables(
    context: &HookContext<'_>,
    places: &Places<'_>,
    program: &Program,
) -> Vec<(String, String)> {
    let mut variables = Variables::default();
    variables.add_common(context, places);
    variables.add_subject(context);
    variables.add_system(places);
    match &context.kind {
        _ if matches!(program, Program::Shell(_)) => {}
        OperationKind::Action { name, .. } => {
            variables.set("JUJU_DISPATCH_PATH", Event::Action(name.clone()).dispatch_path());
        }
        OperationKind::Exec(exec) => {
            variables.all.extend(exec.event_variables().unwrap_or_default());
        }
        OperationKind::Hook(event) => variables.set("JUJU_DISPATCH_PATH", event.dispatch_path()),
    }
    variables.all
}

#[derive(Default)]
struct Variables {
    all: Vec<(String, String)>,
}

impl Variables {
    fn set(&mut self, name: &str, value: impl fmt::Display) {
        self.all.push((name.to_owned(), value.to_string()));
    }

    fn add_common(&mut self, context: &HookContext<'_>, places: &Places<'_>) {
        let model = &*context.model;
        let machine = context.unit().machine.as_ref();
        let zone =
            machine.and_then(|id| model.machines.get(id)).map(|machine| &machine.availability_zone);
        self.set("CHARM_DIR", places.charm_dir.display());
        self.set("JUJU_CHARM_DIR", places.charm_dir.display());
        self.set("JUJU_CONTEXT_ID", &context.id);
        self.set("JUJU_HOOK_NAME", context.event().map(ToString::to_string).unwrap_or_default());
        self.set("JUJU_AGENT_SOCKET_ADDRESS", places.socket.display());
        self.set("JUJU_AGENT_SOCKET_NETWORK", "unix");
        self.set("JUJU_UNIT_NAME", &context.unit_name);
        self.set("JUJU_MODEL_UUID", model.uuid);
        self.set("JUJU_MODEL_NAME", &model.name);
        self.set("JUJU_API_ADDRESSES", "10.0.0.1:17070");
        self.set("JUJU_MACHINE_ID", machine.map(ToString::to_string).unwrap_or_default());
        let principal = context.unit().principal.as_ref();
        self.set("JUJU_PRINCIPAL_UNIT", principal.map(ToString::to_string).unwrap_or_default());
        self.set("JUJU_AVAILABILITY_ZONE", zone.map(String::as_str).unwrap_or_default());
        self.set("JUJU_VERSION", &model.version);
        self.set("CLOUD_API_VERSION", "");
        for proxy in ["HTTP", "HTTPS", "FTP", "NO"] {
            self.set(&format!("JUJU_CHARM_{proxy}_PROXY"), "");
        }
        if model.version.has_service_level() {
            self.set("JUJU_SLA", "unsupported");
        }
        if model.version.has_metering() {
            self.set("JUJU_METER_STATUS", "AMBER");
            self.set("JUJU_METER_INFO", "not set");
        }
        if model.version.has_charm_trace_config() {
            for name in ["HTTP", "GRPC", "CA_CERT"] {
                self.set(&format!("JUJU_CHARM_TRACE_CONFIG_{name}"), "");
            }
        }
    }

    /// Adds what only some hooks, and actions, have.
    fn add_subject(&mut self, context: &HookContext<'_>) {
        match &context.kind {
            OperationKind::Action { id, name } => {
                self.set("JUJU_ACTION_NAME", name);
                self.set("JUJU_ACTION_UUID", id);
                self.set("JUJU_ACTION_TAG", format!("action-{id}"));
            }
            OperationKind::Exec(_) => {
                if let Some(CommandRelation { context, remote_unit }) = &context.command_relation {
                    self.add_relation(context, remote_unit.as_ref());
                }
            }
            OperationKind::Hook(event) => self.add_event(event, &context.model.version),
        }
    }

    fn add_event(&mut self, event: &Event, version: &JujuVersion) {
        match event {
            Event::PebbleCheckFailed { container, check }
            | Event::PebbleCheckRecovered { container, check } => {
                self.set("JUJU_WORKLOAD_NAME", container);
                self.set("JUJU_PEBBLE_CHECK_NAME", check);
            }
            Event::PebbleCustomNotice { container, notice } => {
                self.set("JUJU_WORKLOAD_NAME", container);
                self.set("JUJU_NOTICE_ID", &notice.id);
                self.set("JUJU_NOTICE_TYPE", &notice.kind);
                self.set("JUJU_NOTICE_KEY", &notice.key);
            }
            Event::PebbleReady(container) => self.set("JUJU_WORKLOAD_NAME", container),
            Event::PreSeriesUpgrade { base, series } => {
                let base = base.as_ref().filter(|_| version.has_target_base());
                let series = series.as_ref().filter(|_| version.has_target_series());
                self.set_if_known("JUJU_TARGET_BASE", base);
                self.set_if_known("JUJU_TARGET_SERIES", series);
            }
            Event::RelationBroken(relation) | Event::RelationCreated(relation) => {
                self.add_relation(relation, None);
            }
            Event::RelationChanged { relation, unit } => self.add_relation(relation, unit.as_ref()),
            Event::RelationDeparted { relation, unit, departing } => {
                self.add_relation(relation, Some(unit));
                self.set_if_known("JUJU_DEPARTING_UNIT", departing.as_ref());
            }
            Event::RelationJoined { relation, unit } => self.add_relation(relation, Some(unit)),
            Event::SecretChanged(secret) | Event::SecretRotate(secret) => self.add_secret(secret),
            Event::SecretExpired { secret, revision }
            | Event::SecretRemove { secret, revision } => {
                self.add_secret(secret);
                self.set("JUJU_SECRET_REVISION", revision);
            }
            Event::StorageAttached(storage) | Event::StorageDetaching(storage)
                if version.has_storage_variables() =>
            {
                let location = storage.location.as_ref().map(|location| location.display());
                self.set_if_known("JUJU_STORAGE_ID", storage.id.as_ref());
                self.set_if_known("JUJU_STORAGE_LOCATION", location.as_ref());
                self.set_if_known("JUJU_STORAGE_KIND", storage.kind.as_ref());
            }
            _ => {}
        }
    }

    fn add_relation(&mut self, relation: &RelationContext, remote_unit: Option<&UnitName>) {
        let application = relation.application.as_ref();
        self.set("JUJU_RELATION", &relation.endpoint);
        self.set("JUJU_RELATION_ID", &relation.id);
        self.set("JUJU_REMOTE_UNIT", remote_unit.map(ToString::to_string).unwrap_or_default());
        self.set("JUJU_REMOTE_APP", application.map(ToString::to_string).unwrap_or_default());
    }

    fn add_secret(&mut self, secret: &SecretContext) {
        self.set("JUJU_SECRET_ID", &secret.id);
        self.set("JUJU_SECRET_LABEL", secret.label.as_deref().unwrap_or_default());
    }

    fn set_if_known(&mut self, name: &str, value: Option<&impl fmt::Display>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn add_system(&mut self, places: &Places<'_>) {
        self.set("APT_LISTCHANGES_FRONTEND", "none");
        self.set("DEBIAN_FRONTEND", "noninteractive");
        self.set("LANG", "C.UTF-8");
        self.set("TERM", "tmux-256color");
        let (tools, bin) = (places.tools_dir.display(), places.bin_dir.display());
        self.set("PATH", format!("{tools}:{bin}:{AGENT_PATH}"));
    }
}
