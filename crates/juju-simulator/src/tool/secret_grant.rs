//! Who may read a secret.

use juju_types::{ApplicationName, UnitName};

use super::secret_write::named;
use super::{Arguments, Call, Failure, Flag, Output, relation};
use crate::agent::HookContext;
use crate::go;
use crate::model::Party;

/// Runs `secret-grant`.
pub(super) fn grant(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| relation::check(context, id);
    let flags = [Flag::checked(&["relation", "r"], &check), Flag::value(&["unit"])];
    let arguments = Arguments::parse(call.args, &flags)?;
    let id = named(&arguments)?;
    let relation = relation::chosen(context, &arguments)?;
    let number = relation.id;
    let application = relation.remote_application(context.unit_name.application()).clone();
    let reader = match arguments.value("unit") {
        None => Party::Application(application),
        Some(name) => {
            let unit = parse_unit(name)?;
            if *unit.application() != application {
                let (unit, application) = (go::quote(name), go::quote(application.as_str()));
                return Err(Failure::usage(format!(
                    "cannot specify unit {unit} in relation to application {application}"
                )));
            }
            Party::Unit(unit)
        }
    };
    arguments.at_most(1)?;
    check_managed(context, id.id())?;
    context.grant_secret(id.id(), reader, number).map_err(|_| {
        let text = "any unit level grants need to be revoked before granting access to the corresponding application";
        Failure::failed(text)
    })?;
    Ok(Output::none())
}

/// Runs `secret-revoke`.
pub(super) fn revoke(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| relation::check(context, id);
    let flags = [
        Flag::checked(&["relation", "r"], &check),
        Flag::value(&["app", "application"]),
        Flag::value(&["unit"]),
    ];
    let arguments = Arguments::parse(call.args, &flags)?;
    let id = named(&arguments)?;
    let relation = relation::chosen(context, &arguments).ok();
    let reader = match (arguments.value("app"), arguments.value("unit"), relation) {
        (Some(_), Some(_), _) => {
            return Err(Failure::usage("specify only one of application or unit"));
        }
        (Some(_), None, Some(_)) => {
            return Err(Failure::usage("do not specify both relation and app"));
        }
        (Some(name), None, None) => {
            let application = name.parse::<ApplicationName>().map_err(|_| {
                Failure::usage(format!("application {} not valid", go::quote(name)))
            })?;
            Party::Application(application)
        }
        (None, Some(name), _) => Party::Unit(parse_unit(name)?),
        (None, None, Some(relation)) => {
            let own = context.unit_name.application();
            Party::Application(relation.remote_application(own).clone())
        }
        (None, None, None) => {
            return Err(Failure::usage("missing relation or application or unit"));
        }
    };
    arguments.at_most(1)?;
    check_managed(context, id.id())?;
    context.revoke_secret(id.id(), reader);
    Ok(Output::none())
}

fn parse_unit(name: &str) -> Result<UnitName, Failure> {
    name.parse().map_err(|_| Failure::usage(format!("unit {} not valid", go::quote(name))))
}

fn check_managed(context: &mut HookContext<'_>, id: &str) -> Result<(), Failure> {
    if context.managed_secrets().contains_key(id) {
        return Ok(());
    }
    Err(Failure::failed(format!("secret {} not found", go::quote(id))))
}
