//! What holds for every noun: it gives back what it was parsed from, as text
//! and through serde, and no text makes its parser panic.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use juju_types::{
    ActionName, ApplicationName, Architecture, BaseChannel, ChannelRisk, CharmBase, CharmName,
    CheckName, ContainerName, EndpointName, EventName, InterfaceName, JujuVersion, MachineId,
    ModelName, ModelUuid, PortRange, Protocol, RelationId, RelationRole, RelationScope,
    ResourceName, SecretId, SpaceName, Status, StatusKind, StatusValue, StorageId, StorageKind,
    StorageName, UnitName,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn check_round_trip<T>(text: &str) -> Result<(), TestCaseError>
where
    T: Debug + DeserializeOwned + Display + FromStr<Err: Debug> + PartialEq + Serialize,
{
    let noun: T = text.parse().expect("the text is valid");
    prop_assert_eq!(noun.to_string(), text);

    let json = serde_json::json!(text);
    prop_assert_eq!(&serde_json::to_value(&noun).expect("a noun is a string"), &json);
    prop_assert_eq!(serde_json::from_value::<T>(json).expect("a string is a noun"), noun);
    Ok(())
}

/// Asserts that a text is refused, or can be read again in the form that
/// `Display` gives it.
fn check_any_text<T>(text: &str) -> Result<(), TestCaseError>
where
    T: Debug + DeserializeOwned + Display + FromStr<Err: Debug> + PartialEq + Serialize,
{
    let through_serde = serde_json::from_value::<T>(text.into());
    match text.parse::<T>() {
        Ok(noun) => {
            check_round_trip::<T>(&noun.to_string())?;
            prop_assert_eq!(through_serde.expect("serde reads what `parse` reads"), noun);
        }
        Err(_) => prop_assert!(through_serde.is_err()),
    }
    Ok(())
}

/// Checks a noun against texts that match a pattern of valid ones, and
/// against any text.
macro_rules! check_nouns {
    ($($name:ident: $noun:ty = $pattern:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig {
                failure_persistence: None,
                ..ProptestConfig::default()
            })]
            $(
                #[test]
                fn $name(
                    valid in $pattern,
                    close in "[a-z0-9A-Z:/@. -]{0,24}",
                    any in any::<String>(),
                ) {
                    check_round_trip::<$noun>(&valid)?;
                    check_any_text::<$noun>(&close)?;
                    check_any_text::<$noun>(&any)?;
                    // What is nearly valid reaches further into the parser.
                    check_any_text::<$noun>(&format!("{valid}{any}"))?;
                    check_any_text::<$noun>(&format!("{any}{valid}"))?;
                }
            )*
        }
    };
}

check_nouns! {
    action_name: ActionName = "[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?";
    application_name: ApplicationName = "[a-z][a-z0-9]{0,9}(-[a-z0-9]{0,3}[a-z][a-z0-9]{0,3}){0,3}";
    architecture: Architecture = "amd64|arm64|ppc64el|riscv64|s390x";
    base_channel: BaseChannel = "[0-9]{1,2}\\.[0-9]{2}(/(stable|candidate|beta|edge)(/[a-z0-9.-]{1,9})?)?";
    channel_risk: ChannelRisk = "stable|candidate|beta|edge";
    charm_base: CharmBase = "(ubuntu|almalinux)@[0-9]{1,2}(\\.[0-9]{2})?(/(stable|edge))?";
    charm_name: CharmName = "[a-z][a-z0-9]{0,9}(-[a-z0-9]{0,3}[a-z][a-z0-9]{0,3}){0,3}";
    check_name: CheckName = "[^\\p{Cc}]{1,20}";
    container_name: ContainerName = "[a-z0-9][a-z0-9_.-]{0,9}";
    endpoint_name: EndpointName = "[a-z][a-z0-9]{0,9}([_-][a-z0-9]{1,5}){0,3}";
    event_name: EventName = "service-[a-z0-9 _.-]{1,20}-(started|stopped)";
    interface_name: InterfaceName = "[A-Za-z0-9_.-]{1,20}";
    juju_version: JujuVersion = "[1-9]\\.(0|[1-9][0-9]{0,2})(\\.|-[a-z]{1,5})(0|[1-9][0-9]{0,5})(\\.[1-9][0-9]{0,3})?";
    machine_id: MachineId = "(0|[1-9][0-9]{0,8})(/[a-z]{1,5}/(0|[1-9][0-9]{0,8})){0,3}";
    model_name: ModelName = "[a-z0-9][a-z0-9-]{0,20}";
    model_uuid: ModelUuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    port_range: PortRange = "icmp|[1-9][0-9]{0,3}/(tcp|udp)|[1-9][0-9]{0,3}-[1-5][0-9]{4}/(tcp|udp)";
    protocol: Protocol = "icmp|tcp|udp";
    relation_id: RelationId = "([a-z][a-z0-9]{0,9}:)?(0|[1-9][0-9]{0,8})";
    relation_role: RelationRole = "peer|provider|requirer";
    relation_scope: RelationScope = "container|global";
    resource_name: ResourceName = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,9}";
    secret_id: SecretId = "(secret:(//)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/|(secret:)?)[0-9a-z]{20}";
    space_name: SpaceName = "[a-z0-9]{1,9}(-[a-z0-9]{1,5}){0,3}";
    status: Status = "(active|blocked|maintenance|waiting)(: .{1,30})?";
    status_kind: StatusKind = "active|blocked|maintenance|waiting";
    status_value: StatusValue = ".*";
    storage_id: StorageId = "[a-z][a-z0-9]{0,9}(-[a-z]{1,3}){0,3}/(0|[1-9][0-9]{0,8})";
    storage_kind: StorageKind = "block|filesystem|unknown";
    storage_name: StorageName = "[a-z][a-z0-9]{0,9}(-[a-z0-9]{0,3}[a-z][a-z0-9]{0,3}){0,3}";
    unit_name: UnitName = "[a-z][a-z0-9]{0,9}(-[a-z]{1,3}){0,3}/(0|[1-9][0-9]{0,8})";
}
