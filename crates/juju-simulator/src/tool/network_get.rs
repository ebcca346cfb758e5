use super::output::OutputFlags;
use super::{Call, Failure, Flag, Format, Output, relation};
use crate::agent::HookContext;
use crate::go::{self, Value};
use crate::model::{Device, Network, NetworkInfo};

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `network-get`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| relation::check(context, id);
    let flags = vec![
        Flag::checked(&["relation", "r"], &check),
        Flag::switch(&["bind-address"]),
        Flag::switch(&["egress-subnets"]),
        Flag::switch(&["ingress-address"]),
        Flag::switch(&["primary-address"]),
    ];
    let arguments = FLAGS.parse(call, flags)?;
    let binding = match arguments.at_most(1)? {
        [] => return Err(Failure::usage("no arguments specified")),
        [binding, ..] if binding.is_empty() => {
            return Err(Failure::usage("no binding name specified"));
        }
        [binding, ..] => binding,
    };
    let info = find(context, binding)?;
    let quoted = go::quote(binding);
    let missing =
        |what: &str| Failure::failed(format!("no {what} attached to space for binding {quoted}"));
    let is_exact = context.model.version.tells_network_addresses_apart();
    let missing = |kind: &str| {
        if is_exact { missing(&format!("{kind} address")) } else { missing("addresses") }
    };
    let bind_address =
        |kind: &str| info.bind_address().ok_or_else(|| missing(kind)).map(Value::from);

    let mut chosen = Vec::new();
    if arguments.has("bind-address") {
        chosen.push(("bind-address".to_owned(), bind_address("bind")?));
    }
    if arguments.has("egress-subnets") {
        let subnets = info.egress_subnets.iter().map(String::as_str);
        chosen.push(("egress-subnets".to_owned(), subnets.collect()));
    }
    if arguments.has("ingress-address") {
        let address = info.ingress_addresses.first().ok_or_else(|| missing("ingress"))?;
        chosen.push(("ingress-address".to_owned(), address.as_str().into()));
    }
    if arguments.has("primary-address") {
        if !chosen.is_empty() {
            return Err(Failure::failed("--primary-address must be the only flag specified"));
        }
        chosen.push(("primary-address".to_owned(), bind_address("primary")?));
    }
    let value = match chosen.len() {
        0 => everything(&info, FLAGS.format(&arguments) == Format::Json),
        1 => chosen.remove(0).1,
        _ => Value::Map(chosen),
    };
    FLAGS.print(call, &arguments, &value)
}

fn find(context: &HookContext<'_>, binding: &str) -> Result<NetworkInfo, Failure> {
    let quoted = go::quote(binding);
    let nothing = || Failure::failed(format!("no network config found for binding {quoted}"));
    match context.model.network(&context.unit_name, binding) {
        Network::Bound(info) if info.bind_addresses.is_empty() => {
            let is_known = context.model.version.tells_network_addresses_apart();
            if is_known && info != NetworkInfo::default() { Ok(info) } else { Err(nothing()) }
        }
        Network::Bound(info) => Ok(info),
        Network::UnknownEndpoint if context.model.version.checks_network_bindings() => {
            Err(Failure::failed(format!("undefined for unit charm: endpoint {quoted} not valid")))
        }
        Network::None | Network::UnknownEndpoint => Err(nothing()),
    }
}

/// All that is known. YAML repeats some of it under the names of old versions.
fn everything(info: &NetworkInfo, is_json: bool) -> Value {
    let mut fields = Vec::new();
    if !info.bind_addresses.is_empty() {
        let devices = info.bind_addresses.iter().map(|device| device_value(device, is_json));
        fields.push(("bind-addresses".to_owned(), Value::List(devices.collect())));
    }
    let lists =
        [("egress-subnets", &info.egress_subnets), ("ingress-addresses", &info.ingress_addresses)];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        fields.push((name.to_owned(), list.iter().map(String::as_str).collect()));
    }
    Value::Map(fields)
}

fn device_value(device: &Device, is_json: bool) -> Value {
    let mac_address = Value::from(device.mac_address.as_str());
    let interface_name = Value::from(device.interface_name.as_str());
    let addresses = device.addresses.iter().map(|address| {
        let mut fields = vec![
            ("hostname".to_owned(), address.hostname.as_str().into()),
            ("value".to_owned(), address.value.as_str().into()),
            ("cidr".to_owned(), address.cidr.as_str().into()),
        ];
        if !is_json {
            fields.push(("address".to_owned(), address.value.as_str().into()));
        }
        Value::Map(fields)
    });
    let mut fields = vec![
        ("mac-address".to_owned(), mac_address.clone()),
        ("interface-name".to_owned(), interface_name.clone()),
        ("addresses".to_owned(), Value::List(addresses.collect())),
    ];
    if !is_json {
        fields.push(("macaddress".to_owned(), mac_address));
        fields.push(("interfacename".to_owned(), interface_name));
    }
    Value::Map(fields)
}
