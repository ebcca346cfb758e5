//! What `juju-exec` has asked of a unit.

use juju_types::{JujuVersion, RelationContext, RelationId, UnitName};

use super::Model;
use crate::exec::Exec;
use crate::exec_outcome::ExecOutcome;

/// Text for a shell that waits for its turn among a unit's operations.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) exec: Exec,
    /// What came of it, once it has run, or why it has not.
    pub(crate) outcome: Option<Result<ExecOutcome, String>>,
}

/// The relation in whose context shell text runs.
#[derive(Clone, Debug)]
pub(crate) struct CommandRelation {
    pub(crate) context: RelationContext,
    pub(crate) remote_unit: Option<UnitName>,
}

impl Model {
    /// Notes what a unit is to run, and returns its number. It does not run
    /// before it is [queued](Self::queue_command).
    pub(crate) fn add_command(&mut self, exec: Exec) -> u32 {
        let id = self.next_command;
        self.next_command += 1;
        self.commands.insert(id, Command { exec, outcome: None });
        id
    }

    /// Puts a command behind those that a unit has yet to run.
    pub(crate) fn queue_command(&mut self, unit: &UnitName, id: u32) {
        self.unit_mut(unit).progress.commands.push_back(id);
    }

    /// Notes why a command is not run.
    pub(crate) fn refuse_command(&mut self, id: u32, reason: String) {
        if let Some(command) = self.commands.get_mut(&id) {
            command.outcome = Some(Err(reason));
        }
    }

    /// Takes a command out of a unit's queue, and finds the relation that it
    /// is about. The error says in Juju's words why it cannot run.
    pub(crate) fn begin_command(
        &mut self,
        unit: &UnitName,
        id: u32,
    ) -> Result<Option<CommandRelation>, String> {
        self.unit_mut(unit).progress.commands.retain(|queued| *queued != id);
        let exec = &self.commands[&id].exec;
        if exec.commands().is_empty() {
            return Err("commands required".to_owned());
        }
        let remote_unit = exec.named_remote_unit();
        let remote_unit = (!remote_unit.is_empty())
            .then(|| remote_unit.parse::<UnitName>())
            .transpose()
            .map_err(|_| format!("invalid remote unit: {remote_unit}"))?;
        let Some(number) = exec.relation_number() else {
            return remote_unit.map_or(Ok(None), |unit| {
                Err(format!("remote unit provided without a relation: {unit}"))
            });
        };
        let relation = self.relations_of(unit).find(|relation| relation.id == number);
        let relation = relation.ok_or_else(|| format!("unknown relation id: {number}"))?;
        let known = self.unit(unit).progress.relations.get(&number);
        let members: Vec<&UnitName> =
            known.into_iter().flat_map(|known| known.members.keys()).collect();
        let remote_unit = match (remote_unit, members.as_slice()) {
            (remote_unit, _) if exec.forces_remote_unit() => remote_unit,
            (None, [only]) => Some((*only).clone()),
            (None, []) => {
                return Err(format!("cannot infer remote unit in empty relation {number}"));
            }
            (None, several) => {
                let several = listed(several);
                return Err(format!("ambiguous remote unit; possibilities are {several}"));
            }
            (Some(named), members) if members.contains(&&named) => Some(named),
            (Some(named), members) => {
                let members = listed(members);
                return Err(format!("unknown remote unit {named}; possibilities are {members}"));
            }
        };
        // Juju does not name the application here.
        let endpoint = relation.endpoint_of(unit.application()).cloned();
        Ok(endpoint.map(|endpoint| {
            let id = RelationId::new(endpoint.clone(), number);
            CommandRelation { context: RelationContext::new(endpoint, id, None), remote_unit }
        }))
    }
}

/// Names `juju-exec` as a version of Juju does: the program, and the action
/// that a client runs.
pub(crate) fn exec_name(version: &JujuVersion) -> &'static str {
    if version.has_juju_exec() { "juju-exec" } else { "juju-run" }
}

/// Lists names as Go does.
fn listed(units: &[&UnitName]) -> String {
    let mut names: Vec<String> = units.iter().map(ToString::to_string).collect();
    names.sort();
    format!("[{}]", names.join(" "))
}
