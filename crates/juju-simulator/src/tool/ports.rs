use std::collections::BTreeSet;

use juju_types::{EndpointName, JujuVersion, PortRange, Protocol};

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Output, juju_log};
use crate::agent::{HookContext, PortConflict};
use crate::go;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `opened-ports`.
pub(super) fn list(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, vec![Flag::switch(&["endpoints"])])?;
    arguments.at_most(0)?;
    let with_endpoints = arguments.has("endpoints");
    let ports = context.opened_ports();
    let lines = ports.iter().map(|(range, endpoints)| {
        if with_endpoints {
            format!("{range} ({})", endpoint_names(endpoints))
        } else {
            range.to_string()
        }
    });
    FLAGS.print(call, &arguments, &lines.collect())
}

/// Runs `open-port`.
pub(super) fn open(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    change(context, call, "open", HookContext::open_port)
}

/// Runs `close-port`.
pub(super) fn close(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    change(context, call, "close", HookContext::close_port)
}

/// What is kept back for a range of ports and some endpoints.
type Keep<'m> = fn(
    &mut HookContext<'m>,
    PortRange,
    &BTreeSet<Option<EndpointName>>,
) -> Result<(), PortConflict>;

fn change<'m>(
    context: &mut HookContext<'m>,
    call: &Call<'_>,
    verb: &str,
    keep: Keep<'m>,
) -> Result<Output, Failure> {
    let flags = [Flag::value(&["endpoints"]), Flag::value(&["format"])];
    let arguments = Arguments::parse(call.args, &flags)?;
    let [text, ..] = arguments.positional() else {
        return Err(Failure::usage("no port or range specified"));
    };
    let range = parse_range(text, &context.model.version)?;
    arguments.at_most(1)?;
    let endpoints = parse_endpoints(arguments.value("endpoints").unwrap_or_default())?;
    let unit = go::quote(&context.unit_name.to_string());
    keep(context, range, &endpoints).map_err(|conflict| {
        let PortConflict { range: other, unit: owner, is_pending } = conflict;
        let owner = go::quote(&owner.to_string());
        let earlier = if is_pending { " requested earlier" } else { "" };
        let reason = format!("port range conflicts with {other} (unit {owner}){earlier}");
        Failure::failed(format!("cannot {verb} {range} (unit {unit}): {reason}"))
    })?;
    Ok(juju_log::format_complaint(call, &arguments))
}

fn endpoint_names(endpoints: &BTreeSet<Option<EndpointName>>) -> String {
    let names = endpoints.iter().map(|name| name.as_ref().map_or("*", EndpointName::as_str));
    names.collect::<Vec<_>>().join(", ")
}

fn parse_endpoints(list: &str) -> Result<BTreeSet<Option<EndpointName>>, Failure> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let mut endpoints = BTreeSet::new();
    for name in names {
        let endpoint = name
            .parse()
            .map_err(|_| Failure::failed(format!("endpoint {} not found", go::quote(name))))?;
        endpoints.insert(Some(endpoint));
    }
    if endpoints.is_empty() {
        endpoints.insert(None);
    }
    Ok(endpoints)
}

/// Reads a range of ports, and refuses in Juju's words.
fn parse_range(text: &str, version: &JujuVersion) -> Result<PortRange, Failure> {
    let lower = text.to_ascii_lowercase();
    if lower == "icmp" {
        return Ok(PortRange::icmp());
    }
    let (ports, protocol) = lower.split_once('/').unwrap_or((&lower, "tcp"));
    let known: Protocol = protocol.parse().map_err(|_| {
        let protocol = go::quote(protocol);
        Failure::usage(format!(
            "invalid protocol {protocol}, expected \"tcp\", \"udp\", or \"icmp\""
        ))
    })?;
    if known == Protocol::Icmp {
        let ports = go::quote(ports);
        return Err(Failure::usage(format!(
            "protocol \"icmp\" doesn't support any ports; got {ports}"
        )));
    }
    let (first, last) = match ports.split_once('-') {
        Some((first, last)) => (parse_port(first)?, parse_port(last)?),
        None => (parse_port(ports)?, parse_port(ports)?),
    };
    if first > last {
        return Err(Failure::usage(format!("invalid port range {first}-{last}/{protocol}")));
    }
    let lowest = i64::from(!version.has_port_zero());
    let bounds = lowest..=i64::from(u16::MAX);
    if !bounds.contains(&first) || !bounds.contains(&last) {
        let rule = format!("between {lowest} and 65535");
        return Err(Failure::usage(format!(
            "port range bounds must be {rule}, got {first}-{last}"
        )));
    }
    Ok(format!("{first}-{last}/{protocol}").parse().expect("the bounds were checked"))
}

fn parse_port(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| {
        let port = go::quote(text);
        let reason = format!("strconv.Atoi: parsing {port}: invalid syntax");
        Failure::usage(format!("invalid port {port}: {reason}"))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<String, String> {
        let version = JujuVersion::new(3, 6, 28);
        let range = parse_range(text, &version).map_err(|failure| failure.to_string())?;
        Ok(range.to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics_and_reads_what_it_writes(text in ".*|[0-9/tcpudimn-]*") {
            if let Ok(range) = parse(&text) {
                prop_assert_eq!(parse(&range), Ok(range.clone()));
            }
        }
    }

    #[test]
    fn reads_ranges_in_any_case() {
        assert_eq!(parse("80").unwrap(), "80/tcp");
        assert_eq!(parse("8000-8005/UDP").unwrap(), "8000-8005/udp");
        assert_eq!(parse("ICMP").unwrap(), "icmp");
        assert_eq!(parse("0").unwrap(), "0/tcp");
    }

    #[test]
    fn refuses_in_jujus_words() {
        insta::assert_snapshot!(parse("80/icmp").unwrap_err(), @r#"protocol "icmp" doesn't support any ports; got "80""#);
        insta::assert_snapshot!(parse("-1").unwrap_err(), @r#"invalid port "": strconv.Atoi: parsing "": invalid syntax"#);
        let old = JujuVersion::new(2, 9, 52);
        insta::assert_snapshot!(parse_range("0", &old).unwrap_err(), @"port range bounds must be between 1 and 65535, got 0-0");
    }
}
