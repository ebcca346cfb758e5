//! The words of the agents, recognised.

use juju_types::JujuVersion;

use crate::error::ToolError;
use crate::tool::HookTool;
use crate::tool_answer::ToolAnswer;

impl ToolError {
    /// Recognises the refusal of a tool, as an agent of this version words it.
    pub fn from_refusal(
        tool: HookTool,
        answer: &ToolAnswer,
        version: Option<&JujuVersion>,
    ) -> Self {
        let stderr = String::from_utf8_lossy(&answer.stderr);
        let message = stderr.trim().trim_start_matches("ERROR ").to_owned();
        // Names and values that the caller chose are quoted in the message and
        // could say anything.
        let words = without_quoted(&message).to_lowercase();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));

        if says(NO_CONTEXT) || (says(LOCAL_SOCKET) && says(NOBODY_LISTENS)) {
            Self::NoContext { tool, message }
        } else if says(UNKNOWN_TOOL) {
            Self::NotInThisVersion { tool, version: version.cloned() }
        } else if says(NOT_LEADER) {
            Self::NotLeader { tool, message }
        } else if says(NOT_IN_ACTION) {
            Self::NotInAction { tool, message }
        } else if says(RESTRICTED_CONTEXT) {
            Self::RestrictedContext { tool, message }
        } else if says(PERMISSION_DENIED) {
            Self::PermissionDenied { tool, message }
        } else if says(NOT_FOUND) {
            Self::NotFound { tool, message }
        } else if says(CONFLICT) {
            Self::Conflict { tool, message }
        } else if answer.code == BAD_ARGUMENTS {
            Self::BadArgument { tool, message }
        } else {
            Self::Failed { tool, code: answer.code, message }
        }
    }
}

/// The exit code of a tool that does not understand its arguments. It has not
/// done anything then.
const BAD_ARGUMENTS: i32 = 2;

// Phrases of the agents from 2.9 to 4.1, in lower case. The wider ones are
// looked for last: "not found" is in many sentences.

const NO_CONTEXT: &[&str] = &[
    "wrong context id",
    "juju_context_id not set",
    "juju_agent_socket_address not set",
    "juju_agent_socket_network not set",
];

// The agent has removed its socket. (What it says of a controller that is
// down is about TCP, and has nothing to do with the hook.)
const LOCAL_SOCKET: &[&str] = &["dial unix"];
const NOBODY_LISTENS: &[&str] =
    &["connect: no such file or directory", "connect: connection refused"];

const UNKNOWN_TOOL: &[&str] = &["unknown command"];

const NOT_LEADER: &[&str] =
    &["this unit is not the leader", "not the leader", "cannot write relation settings"];

const NOT_IN_ACTION: &[&str] = &["not running an action"];

const RESTRICTED_CONTEXT: &[&str] =
    &["not implemented for restricted context", "not supported when running an action"];

const PERMISSION_DENIED: &[&str] = &["permission denied", "is not allowed to read this secret"];

const NOT_FOUND: &[&str] = &[
    "not found",
    "no network config found",
    "undefined for unit charm",
    "attached to space for binding",
];

const CONFLICT: &[&str] =
    &["already exists", "port range conflicts", "unit level grants need to be revoked"];

/// Leaves out what Go has quoted, in which quotes have a backslash in front.
fn without_quoted(message: &str) -> String {
    let mut words = String::new();
    let mut is_quoted = false;
    let mut chars = message.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => drop(chars.next()),
            _ if is_quoted => {}
            _ => words.push(c),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tool: HookTool, code: i32, stderr: &str, variant: &str) {
        let error = ToolError::from_refusal(tool, &ToolAnswer::refusal(code, stderr), None);
        let shown = format!("{error:?}");
        assert_eq!(shown.split(' ').next(), Some(variant), "{shown}");
        assert_eq!(error.tool(), tool);
    }

    #[test]
    fn recognises_the_words_of_every_version() {
        use HookTool as T;

        check(
            T::RelationGet,
            2,
            "ERROR invalid value \"db:99\" for option -r: relation not found",
            "NotFound",
        );
        check(T::SecretGet, 1, "ERROR permission denied", "PermissionDenied");
        check(
            T::SecretGet,
            1,
            "ERROR \"app/0\" is not allowed to read this secret",
            "PermissionDenied",
        );
        check(
            T::NetworkGet,
            1,
            "ERROR undefined for unit charm: endpoint \"x\" not valid",
            "NotFound",
        );
        check(
            T::NetworkGet,
            1,
            "ERROR no addresses attached to space for binding \"x\"",
            "NotFound",
        );
        check(
            T::NetworkGet,
            1,
            "ERROR no ingress address attached to space for binding \"x\"",
            "NotFound",
        );
        check(T::UnitGet, 1, "ERROR public address not found", "NotFound");
        check(T::RelationSet, 1, "ERROR cannot write relation settings", "NotLeader");
        check(
            T::LeaderSet,
            1,
            "ERROR cannot write leadership settings: cannot write settings: not the leader",
            "NotLeader",
        );
        check(
            T::StatusGet,
            1,
            "ERROR finding application status: this unit is not the leader",
            "NotLeader",
        );
        check(T::ActionGet, 1, "ERROR not running an action", "NotInAction");
        check(T::ConfigGet, 1, "ERROR not implemented for restricted context", "RestrictedContext");
        check(
            T::JujuReboot,
            1,
            "ERROR juju-reboot is not supported when running an action.",
            "RestrictedContext",
        );
        check(
            T::RelationModelGet,
            1,
            "ERROR bad request: unknown command: relation-model-get",
            "NotInThisVersion",
        );
        check(T::RelationIds, 1, "ERROR bad request: wrong context ID; got \"wrong\"", "NoContext");
        check(T::RelationIds, 1, "ERROR JUJU_CONTEXT_ID not set", "NoContext");
        check(
            T::RelationIds,
            1,
            "ERROR dial unix /x/agent.socket: connect: no such file or directory",
            "NoContext",
        );
        check(
            T::RelationIds,
            1,
            "ERROR dial unix @/x/agent.socket: connect: connection refused",
            "NoContext",
        );
        check(
            T::ResourceGet,
            1,
            "ERROR could not download resource: dial tcp 10.0.0.1:17070: connect: connection refused",
            "Failed",
        );
        check(T::SecretAdd, 1, "ERROR secret with label \"x\" already exists", "Conflict");
        check(
            T::OpenPort,
            1,
            "ERROR cannot open 80-90/tcp (unit \"a/0\"): port range conflicts with 85/tcp (unit \"b/0\")",
            "Conflict",
        );
        check(
            T::SecretGrant,
            1,
            "ERROR any unit level grants need to be revoked before granting access to the corresponding application",
            "Conflict",
        );
        check(T::StatusSet, 2, "ERROR invalid args, require <status> [message]", "BadArgument");
        check(T::ResourceGet, 1, "ERROR could not download resource: broken pipe", "Failed");
        check(T::ResourceGet, 3, "panic", "Failed");
    }

    #[test]
    fn is_not_misled_by_what_the_caller_chose() {
        check(
            HookTool::SecretAdd,
            1,
            "ERROR secret with label \"permission denied\" already exists",
            "Conflict",
        );
        check(
            HookTool::RelationSet,
            2,
            "ERROR expected \"key=value\", got \"relation not found\"",
            "BadArgument",
        );
        check(
            HookTool::SecretAdd,
            1,
            r#"ERROR secret with label "a\" permission denied \"b\\" already exists"#,
            "Conflict",
        );
    }
}
