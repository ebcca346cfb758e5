//! Reads all variables of a hook.

use std::collections::BTreeMap;
use std::path::PathBuf;

use juju_types::{
    Event, Notice, RelationContext, SecretContext, StorageContext, StorageId, VariableFault,
};

use super::HookEnv;
use super::action_context::ActionContext;
use super::agent_socket::{AgentSocket, AgentToken};
use super::hook_env_error::HookEnvError;
use super::kubernetes::KubernetesApi;
use super::meter::Meter;
use super::reader::Reader;
use super::trace_parent::TraceParent;
use super::variable as var;
use crate::host_port::HostPort;

/// Does the work of [`HookEnv::from_pairs`], once for all kinds of pairs.
pub(super) fn read(variables: BTreeMap<String, String>) -> Result<HookEnv, HookEnvError> {
    let mut reader = Reader::new(&variables);

    let unit = reader.required(var::JUJU_UNIT_NAME);
    let context_id = reader.required(var::JUJU_CONTEXT_ID);
    let charm_dir = read_charm_dir(&mut reader);
    let event = read_event(&variables, &mut reader);
    let limited = matches!(event, Some(Event::CollectMetrics | Event::MeterStatusChanged));
    if !limited {
        for variable in [var::JUJU_MODEL_NAME, var::JUJU_MODEL_UUID, var::JUJU_VERSION] {
            reader.required::<String>(variable);
        }
    }

    let action = read_action(&mut reader);
    let agent_route = reader.optional(var::CHARM_AGENT);
    let agent_socket = read_agent_socket(&mut reader);
    let api_addresses = read_api_addresses(&mut reader);
    let check = reader.optional(var::JUJU_PEBBLE_CHECK_NAME);
    let departing_unit = reader.optional(var::JUJU_DEPARTING_UNIT);
    let kubernetes = read_kubernetes(&mut reader);
    let machine_id = reader.optional(var::JUJU_MACHINE_ID);
    let meter = read_meter(&mut reader);
    let model_name = reader.optional(var::JUJU_MODEL_NAME);
    let model_uuid = reader.optional(var::JUJU_MODEL_UUID);
    let notice = read_notice(&reader);
    let principal = reader.optional(var::JUJU_PRINCIPAL_UNIT);
    let relation = read_relation(&mut reader);
    let remote_unit = reader.optional(var::JUJU_REMOTE_UNIT);
    let secret = read_secret(&mut reader);
    let secret_revision = reader.number(var::JUJU_SECRET_REVISION);
    let storage = read_storage(&mut reader);
    let target_base = reader.optional(var::JUJU_TARGET_BASE);
    let trace_parent = read_trace_parent(&mut reader);
    let version = reader.optional(var::JUJU_VERSION);
    let workload = reader.optional(var::JUJU_WORKLOAD_NAME);

    let outside_juju = IN_EVERY_HOOK.iter().all(|variable| reader.text(variable).is_none());
    let faults = reader.into_faults();
    match (unit, context_id, charm_dir) {
        (Some(unit), Some(context_id), Some(charm_dir)) if faults.is_empty() => Ok(HookEnv {
            variables,
            action,
            agent_route,
            agent_socket,
            api_addresses,
            charm_dir,
            check,
            context_id,
            departing_unit,
            event,
            kubernetes,
            machine_id,
            meter,
            model_name,
            model_uuid,
            notice,
            principal,
            relation,
            remote_unit,
            secret,
            secret_revision,
            storage,
            target_base,
            trace_parent,
            unit,
            version,
            workload,
        }),
        _ => Err(HookEnvError::new(faults, outside_juju)),
    }
}

/// What tells a hook from a program that somebody has started by hand. Other
/// variables, such as `JUJU_MODEL`, are also those of Juju's client.
const IN_EVERY_HOOK: [&str; 5] = [
    var::JUJU_CHARM_DIR,
    var::JUJU_CONTEXT_ID,
    var::JUJU_DISPATCH_PATH,
    var::JUJU_HOOK_NAME,
    var::JUJU_UNIT_NAME,
];

fn read_charm_dir(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let only_old_name =
        reader.text(var::JUJU_CHARM_DIR).is_none() && reader.text(var::CHARM_DIR).is_some();
    let name = if only_old_name { var::CHARM_DIR } else { var::JUJU_CHARM_DIR };
    let dir: PathBuf = reader.required(name)?;
    if !dir.is_absolute() {
        let value = dir.display().to_string();
        reader.fault(VariableFault::new(
            name,
            &value,
            format!("`{value}` is not an absolute path"),
        ));
    }
    Some(dir)
}

fn read_event(variables: &BTreeMap<String, String>, reader: &mut Reader<'_>) -> Option<Event> {
    match Event::from_variables(variables) {
        Ok(event) => event,
        Err(error) => {
            error.faults().iter().for_each(|fault| reader.fault(fault.clone()));
            None
        }
    }
}

fn read_action(reader: &mut Reader<'_>) -> Option<ActionContext> {
    reader.text(var::JUJU_ACTION_NAME)?;
    let name = reader.optional(var::JUJU_ACTION_NAME);
    let id: Option<String> = reader.required(var::JUJU_ACTION_UUID);
    let mut action = ActionContext::new(name?, id?);
    if let Some(tag) = reader.owned(var::JUJU_ACTION_TAG) {
        action.tag = tag;
    }
    Some(action)
}

fn read_agent_socket(reader: &mut Reader<'_>) -> Option<AgentSocket> {
    let address = reader.text(var::JUJU_AGENT_SOCKET_ADDRESS)?;
    match reader.text(var::JUJU_AGENT_SOCKET_NETWORK).unwrap_or("unix") {
        "unix" => Some(match address.strip_prefix('@') {
            Some(name) => AgentSocket::Abstract(name.to_owned()),
            None => AgentSocket::Unix(address.into()),
        }),
        "tcp" => Some(AgentSocket::Tcp {
            address: reader.optional(var::JUJU_AGENT_SOCKET_ADDRESS)?,
            ca_cert: reader.path(var::JUJU_AGENT_CA_CERT),
            token: reader.text(var::JUJU_AGENT_TOKEN).map(AgentToken::new),
        }),
        network => {
            let rule = format!("`{network}` is neither `unix` nor `tcp`");
            reader.fault(VariableFault::new(var::JUJU_AGENT_SOCKET_NETWORK, network, rule));
            None
        }
    }
}

fn read_api_addresses(reader: &mut Reader<'_>) -> Vec<HostPort> {
    let addresses = reader.text(var::JUJU_API_ADDRESSES).unwrap_or_default();
    let addresses = addresses.split_ascii_whitespace();
    addresses.filter_map(|address| reader.parse(var::JUJU_API_ADDRESSES, address)).collect()
}

fn read_kubernetes(reader: &mut Reader<'_>) -> Option<KubernetesApi> {
    let api = KubernetesApi {
        host: reader.optional(var::KUBERNETES_SERVICE_HOST),
        port: reader.number(var::KUBERNETES_SERVICE_PORT),
        port_https: reader.number(var::KUBERNETES_SERVICE_PORT_HTTPS),
        service: reader.owned(var::KUBERNETES_SERVICE),
        tcp_address: reader.optional(var::KUBERNETES_PORT_443_TCP_ADDR),
        tcp_port: reader.number(var::KUBERNETES_PORT_443_TCP_PORT),
        tcp_protocol: reader.owned(var::KUBERNETES_PORT_443_TCP_PROTO),
        tcp_url: reader.owned(var::KUBERNETES_PORT_443_TCP),
        url: reader.owned(var::KUBERNETES_PORT),
    };
    if api == KubernetesApi::default() { None } else { Some(api) }
}

fn read_meter(reader: &mut Reader<'_>) -> Option<Meter> {
    let mut meter = Meter::new(reader.optional(var::JUJU_METER_STATUS)?);
    meter.info = reader.owned(var::JUJU_METER_INFO);
    Some(meter)
}

fn read_notice(reader: &Reader<'_>) -> Option<Notice> {
    let text = |variable| reader.text(variable).unwrap_or_default();
    let id = reader.text(var::JUJU_NOTICE_ID)?;
    Some(Notice::new(id, text(var::JUJU_NOTICE_TYPE), text(var::JUJU_NOTICE_KEY)))
}

fn read_relation(reader: &mut Reader<'_>) -> Option<RelationContext> {
    let endpoint = reader.optional(var::JUJU_RELATION);
    let id = reader.optional(var::JUJU_RELATION_ID);
    let application = reader.optional(var::JUJU_REMOTE_APP);
    Some(RelationContext::new(endpoint?, id?, application))
}

fn read_secret(reader: &mut Reader<'_>) -> Option<SecretContext> {
    let id = reader.optional(var::JUJU_SECRET_ID)?;
    Some(SecretContext::new(id, reader.owned(var::JUJU_SECRET_LABEL)))
}

fn read_storage(reader: &mut Reader<'_>) -> Option<StorageContext> {
    let id: StorageId = reader.optional(var::JUJU_STORAGE_ID)?;
    let mut storage = StorageContext::new(id.name().clone());
    storage.id = Some(id);
    storage.kind = reader.optional(var::JUJU_STORAGE_KIND);
    storage.location = reader.path(var::JUJU_STORAGE_LOCATION);
    Some(storage)
}

fn read_trace_parent(reader: &mut Reader<'_>) -> Option<TraceParent> {
    let flags = reader.number(var::JUJU_TRACE_FLAGS).unwrap_or_default();
    let trace_id = reader.text(var::JUJU_TRACE_ID)?;
    Some(TraceParent::new(trace_id, reader.text(var::JUJU_SPAN_ID)?, flags))
}
