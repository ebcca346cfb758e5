//! The members of D-Bus objects that the daemon calls and listens to.

use zbus::message::{Builder, Flags};
use zbus::{Message, ObjectPath};

use crate::systemd_unit_name::SystemdUnitName;

/// The name that systemd owns on the bus.
pub(crate) const SYSTEMD: &str = "org.freedesktop.systemd1";

/// The object of systemd's [manager].
///
/// [manager]: https://www.freedesktop.org/software/systemd/man/252/org.freedesktop.systemd1.html
pub(crate) const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
pub(crate) const MANAGER: &str = "org.freedesktop.systemd1.Manager";
pub(crate) const UNIT: &str = "org.freedesktop.systemd1.Unit";
pub(crate) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The bus itself: its name, and that of its interface.
pub(crate) const BUS: &str = "org.freedesktop.DBus";

/// One element of the answer to [`list_units_by_names`].
pub(crate) type ListedUnit<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    ObjectPath<'a>,
    u32,
    &'a str,
    ObjectPath<'a>,
);

/// Asks the bus for the signals that `rule` describes.
pub(crate) fn add_match(rule: &str) -> zbus::Result<Message> {
    bus("AddMatch").build(&rule)
}

/// Asks the bus for the signals that `rule` describes, without an answer.
pub(crate) fn add_match_unanswered(rule: &str) -> zbus::Result<Message> {
    bus("AddMatch").with_flags(Flags::NO_REPLY_EXPECTED).build(&rule)
}

/// Asks the bus for no more signals of `rule`, without an answer.
pub(crate) fn remove_match(rule: &str) -> zbus::Result<Message> {
    bus("RemoveMatch").with_flags(Flags::NO_REPLY_EXPECTED).build(&rule)
}

/// Asks the bus who systemd is: answered with the unique name.
pub(crate) fn name_owner() -> zbus::Result<Message> {
    bus("GetNameOwner").build(&SYSTEMD)
}

/// Asks systemd to send its signals to this connection. Without, it may send
/// none to anybody. There is no answer.
pub(crate) fn subscribe() -> zbus::Result<Message> {
    let call = systemd(MANAGER_PATH, MANAGER, "Subscribe");
    call.with_flags(Flags::NO_REPLY_EXPECTED).build(&())
}

/// Asks for the states of units. Systemd loads those that are not loaded, and
/// answers in the same order.
pub(crate) fn list_units_by_names(names: &[&SystemdUnitName]) -> zbus::Result<Message> {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    systemd(MANAGER_PATH, MANAGER, "ListUnitsByNames").build(&names)
}

/// Asks for the state of a unit if it is loaded. Other than
/// [`list_units_by_names`], this loads nothing.
pub(crate) fn list_loaded_unit(unit: &SystemdUnitName) -> zbus::Result<Message> {
    let (states, patterns): ([&str; 0], _) = ([], [unit.as_str()]);
    // The pattern is taken literally: no name has a character of a pattern in
    // it, and systemd does not take backslashes for escapes.
    let body = (states.as_slice(), patterns.as_slice());
    systemd(MANAGER_PATH, MANAGER, "ListUnitsByPatterns").build(&body)
}

/// Asks for one property that all units have.
pub(crate) fn unit_property(unit: &SystemdUnitName, property: &str) -> zbus::Result<Message> {
    systemd(&unit.object_path(), PROPERTIES, "Get").build(&(UNIT, property))
}

/// Asks for the properties that all units have.
pub(crate) fn unit_properties(unit: &SystemdUnitName) -> zbus::Result<Message> {
    systemd(&unit.object_path(), PROPERTIES, "GetAll").build(&UNIT)
}

/// Asks for the properties that units of this type have.
pub(crate) fn type_properties(unit: &SystemdUnitName) -> zbus::Result<Message> {
    systemd(&unit.object_path(), PROPERTIES, "GetAll").build(&type_interface(unit))
}

/// Returns the rule for the signals that tell who systemd is.
pub(crate) fn owner_rule() -> String {
    format!("type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SYSTEMD}'")
}

/// Returns the rule for the signals that tell that systemd reads its unit
/// files again, or has done so.
pub(crate) fn reloading_rule() -> String {
    manager_rule("Reloading", None)
}

/// Returns the rule for the signals that tell that a unit was loaded.
pub(crate) fn unit_new_rule(unit: Option<&SystemdUnitName>) -> String {
    manager_rule("UnitNew", unit)
}

/// Returns the rule for the signals of one unit, or of all.
///
/// Like the other rules for systemd's signals, it names no sender. That would
/// keep nothing out, because anybody may send a signal to this connection
/// alone, and the bus would look for the owner of the name once for each rule
/// and signal: with 200 rules, all that systemd says would come later, to
/// everybody.
pub(crate) fn changed_rule(unit: Option<&SystemdUnitName>) -> String {
    let place = match unit {
        Some(unit) => format!("path='{}'", unit.object_path()),
        None => format!("path_namespace='{MANAGER_PATH}/unit'"),
    };
    format!("type='signal',interface='{PROPERTIES}',member='PropertiesChanged',{place}")
}

fn manager_rule(member: &str, unit: Option<&SystemdUnitName>) -> String {
    let argument = unit.map(|unit| format!(",arg0='{unit}'")).unwrap_or_default();
    format!("type='signal',interface='{MANAGER}',member='{member}',path='{MANAGER_PATH}'{argument}")
}

/// Returns the interface of the units of this type.
fn type_interface(unit: &SystemdUnitName) -> String {
    let (_, suffix) = unit.as_str().rsplit_once('.').expect("the name of a unit has a suffix");
    format!("{SYSTEMD}.{}{}", suffix[..1].to_ascii_uppercase(), &suffix[1..])
}

fn bus(member: &'static str) -> Builder<'static> {
    Message::method_call("/org/freedesktop/DBus", member).destination(BUS).interface(BUS)
}

fn systemd<'a>(path: &'a str, interface: &'a str, member: &'a str) -> Builder<'a> {
    Message::method_call(path, member).destination(SYSTEMD).interface(interface)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_as_narrow_as_they_can_be() {
        let unit = r"a\x2db@1.timer".parse().unwrap();
        insta::assert_snapshot!(changed_rule(Some(&unit)), @"type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',path='/org/freedesktop/systemd1/unit/a_5cx2db_401_2etimer'");
        insta::assert_snapshot!(changed_rule(None), @"type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',path_namespace='/org/freedesktop/systemd1/unit'");
        insta::assert_snapshot!(unit_new_rule(Some(&unit)), @r"type='signal',interface='org.freedesktop.systemd1.Manager',member='UnitNew',path='/org/freedesktop/systemd1',arg0='a\x2db@1.timer'");
        insta::assert_snapshot!(owner_rule(), @"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.systemd1'");
    }

    #[test]
    fn each_type_of_unit_has_its_interface() {
        let interface = type_interface(&"a.timer".parse().unwrap());
        assert_eq!(interface, "org.freedesktop.systemd1.Timer");
    }
}
