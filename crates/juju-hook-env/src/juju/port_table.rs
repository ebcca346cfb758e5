//! What is open, and what this hook has changed of it.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{EndpointName, PortRange};

use super::Juju;
use super::opened_port::OpenedPort;
use super::port::{PortChanges, check};
use super::port_scope::PortScope;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is open, and for which endpoints.
pub(super) type PortTable = BTreeMap<PortRange, PortScope>;

/// What is remembered of ports.
#[derive(Debug, Default)]
pub(super) struct Memos {
    /// What is open, with what this hook has changed. Not every version of
    /// `opened-ports` shows that, so this is kept up to date and not dropped.
    opened: Memo<(), PortTable>,
    /// The same while one range is left out, about which Juju is to be asked.
    opened_but_for: Memo<(), (PortRange, PortTable)>,
    /// Ranges that were open for all endpoints, and that this hook has closed
    /// for some. Juju goes on to show them as open for all.
    partly_closed: Memo<PortRange, ()>,
    /// What was open before this hook changed anything.
    at_start: Memo<(), Vec<PortRange>>,
}

impl Juju {
    pub(super) fn port_table(&self) -> Result<PortTable, ToolError> {
        self.port.opened.get_or_ask(&(), || {
            let mut answer = self.ask_for_ports()?;
            if self.port.at_start.known(&()).is_none() {
                self.port.at_start.remember((), answer.keys().copied().collect());
            }
            let Some((range, mut opened)) = self.port.opened_but_for.known(&()) else {
                return Ok(answer);
            };
            self.port.opened_but_for.forget(&());
            opened.extend(answer.remove_entry(&range));
            Ok(opened)
        })
    }

    fn ask_for_ports(&self) -> Result<PortTable, ToolError> {
        let expected = "a list of ports, each with its endpoints";
        let call = ToolCall::new(HookTool::OpenedPorts, ["--endpoints", "--format=json"]);
        let lines: Option<Vec<String>> = self.ask_json(&call, expected)?;
        let ports = lines.iter().flatten().map(|line| match OpenedPort::read(line) {
            Some(OpenedPort { range, scope }) => Ok((range, scope)),
            None => Err(ToolError::Unreadable {
                tool: HookTool::OpenedPorts,
                got: format!("`{line}`"),
                expected: expected.to_owned(),
            }),
        });
        ports.collect()
    }

    /// Opens what is wanted and not open for `scope`.
    pub(super) fn open_missing(
        &self,
        wanted: BTreeSet<PortRange>,
        scope: &PortScope,
        mut changes: PortChanges,
    ) -> Result<PortChanges, ToolError> {
        for range in wanted {
            if let Some(closed) = self.closed_but_in_the_way(range)? {
                tracing::warn!(
                    "the port {range} cannot be opened before the next hook, because {closed} was open in this one"
                );
                changes.waiting.push(range);
            } else if self.open(range, scope)? {
                changes.opened.push(range);
            }
        }
        Ok(changes)
    }

    /// Returns a range that overlaps `range` and was open when the hook
    /// started. Juju goes by that even when the hook has closed it.
    fn closed_but_in_the_way(&self, range: PortRange) -> Result<Option<PortRange>, ToolError> {
        let opened = self.port_table()?;
        let at_start = self.port.at_start.known(&()).unwrap_or_default();
        let mut closed = at_start.into_iter().filter(|was_open| !opened.contains_key(was_open));
        Ok(closed.find(|closed| *closed != range && closed.overlaps(&range)))
    }

    /// Opens a range unless it is open, and tells whether it was not.
    pub(super) fn open(&self, range: PortRange, scope: &PortScope) -> Result<bool, ToolError> {
        let range = check(range)?;
        let mut opened = self.port_table()?;
        let known = opened.get(&range);
        let merged = match (known, scope) {
            (Some(PortScope::AllEndpoints), _) | (_, PortScope::AllEndpoints) => {
                PortScope::AllEndpoints
            }
            (Some(PortScope::Endpoints(known)), PortScope::Endpoints(more)) => {
                PortScope::Endpoints(known | more)
            }
            (None, PortScope::Endpoints(_)) => scope.clone(),
        };
        if known == Some(&merged) && self.port.partly_closed.known(&range).is_none() {
            return Ok(false);
        }
        self.send_port(HookTool::OpenPort, range, scope)?;
        opened.insert(range, merged);
        self.port.opened.remember((), opened);
        Ok(true)
    }

    pub(super) fn close(&self, range: PortRange, scope: PortScope) -> Result<(), ToolError> {
        let mut opened = self.port_table()?;
        self.send_port(HookTool::ClosePort, range, &scope)?;
        match (opened.remove(&range), scope) {
            (Some(PortScope::Endpoints(known)), PortScope::Endpoints(closed)) => {
                let rest = &known - &closed;
                if !rest.is_empty() {
                    opened.insert(range, PortScope::Endpoints(rest));
                }
                self.port.opened.remember((), opened);
            }
            // Which endpoints are left, only Juju knows.
            (Some(PortScope::AllEndpoints), PortScope::Endpoints(_)) => {
                self.port.opened.forget(&());
                self.port.opened_but_for.remember((), (range, opened));
                self.port.partly_closed.remember(range, ());
            }
            _ => self.port.opened.remember((), opened),
        }
        Ok(())
    }

    fn send_port(
        &self,
        tool: HookTool,
        range: PortRange,
        scope: &PortScope,
    ) -> Result<(), ToolError> {
        let outcome = self.tell(&port_call(tool, range, scope));
        if let Err(ToolError::Agent { .. }) = outcome {
            // It may have been done, and only Juju knows.
            self.port.opened.forget(&());
        }
        outcome
    }
}

fn port_call(tool: HookTool, range: PortRange, scope: &PortScope) -> ToolCall {
    let mut args = Vec::new();
    if let PortScope::Endpoints(endpoints) = scope {
        let names: Vec<_> = endpoints.iter().map(EndpointName::as_str).collect();
        args.extend(["--endpoints".to_owned(), names.join(",")]);
    }
    args.push(range.to_string());
    ToolCall::new(tool, args)
}
