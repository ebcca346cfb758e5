//! The hook tools.

use std::fmt;
use std::str::FromStr;

use juju_types::JujuVersion;
use thiserror::Error;

/// Declares the enum and, beside each variant, what is known of the tool.
macro_rules! hook_tools {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A hook tool that a machine charm can call, such as `config-get`.
        ///
        /// Newer pages of Juju's manual say "hook command". The tools for
        /// payloads, metrics and pod specs are left out: they do not exist in
        /// Juju 4.0, and no machine charm needs them.
        ///
        /// ```
        /// use juju_hook_env::HookTool;
        ///
        /// assert_eq!(HookTool::ConfigGet.name(), "config-get");
        /// assert!(!HookTool::LeaderSet.exists_in(&"4.0.1".parse()?));
        /// # Ok::<(), juju_types::ParseJujuVersionError>(())
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum HookTool {
            $($(#[$doc])* $variant,)*
        }

        impl HookTool {
            /// Every tool, in alphabetical order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the name of the tool's program.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

hook_tools! {
    /// Makes the running action fail.
    ActionFail = "action-fail",
    /// Reads the parameters of the running action.
    ActionGet = "action-get",
    /// Shows the progress of the running action.
    ActionLog = "action-log",
    /// Writes the results of the running action.
    ActionSet = "action-set",
    /// Sets the version of the application that `juju status` shows.
    ApplicationVersionSet = "application-version-set",
    /// Closes ports.
    ClosePort = "close-port",
    /// Reads the application's configuration.
    ConfigGet = "config-get",
    /// Reads the credential of the cloud.
    CredentialGet = "credential-get",
    /// Reads which units and relations are to come.
    GoalState = "goal-state",
    /// Tells whether this unit is its application's leader.
    IsLeader = "is-leader",
    /// Writes to Juju's log.
    JujuLog = "juju-log",
    /// Reboots the machine.
    JujuReboot = "juju-reboot",
    /// Reads the leader settings.
    LeaderGet = "leader-get",
    /// Writes the leader settings.
    LeaderSet = "leader-set",
    /// Reads the addresses of an endpoint.
    NetworkGet = "network-get",
    /// Opens ports.
    OpenPort = "open-port",
    /// Lists the opened ports.
    OpenedPorts = "opened-ports",
    /// Reads relation data.
    RelationGet = "relation-get",
    /// Lists the relations of an endpoint.
    RelationIds = "relation-ids",
    /// Lists the remote units of a relation.
    RelationList = "relation-list",
    /// Reads which model the other side of a relation lives in.
    RelationModelGet = "relation-model-get",
    /// Writes relation data.
    RelationSet = "relation-set",
    /// Fetches a resource.
    ResourceGet = "resource-get",
    /// Makes a secret.
    SecretAdd = "secret-add",
    /// Reads the content of a secret.
    SecretGet = "secret-get",
    /// Grants access to a secret.
    SecretGrant = "secret-grant",
    /// Lists the secrets that this unit or application owns.
    SecretIds = "secret-ids",
    /// Reads what is known of an own secret, apart from its content.
    SecretInfoGet = "secret-info-get",
    /// Removes a secret.
    SecretRemove = "secret-remove",
    /// Takes back access to a secret.
    SecretRevoke = "secret-revoke",
    /// Changes a secret.
    SecretSet = "secret-set",
    /// Deletes a key of the unit's state.
    StateDelete = "state-delete",
    /// Reads the unit's state.
    StateGet = "state-get",
    /// Writes the unit's state.
    StateSet = "state-set",
    /// Reads the status of the unit or application.
    StatusGet = "status-get",
    /// Sets the status of the unit or application.
    StatusSet = "status-set",
    /// Asks for more storage.
    StorageAdd = "storage-add",
    /// Reads where a storage is.
    StorageGet = "storage-get",
    /// Lists the unit's storage.
    StorageList = "storage-list",
    /// Reads an address of the unit.
    UnitGet = "unit-get",
}

impl HookTool {
    /// Returns the address of the tool's page in Juju's manual.
    pub fn page(self) -> String {
        format!(
            "https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/{self}/"
        )
    }

    /// Tells whether an agent of this version has the tool.
    ///
    /// Versions before 2.9 are taken for 2.9.
    pub fn exists_in(self, version: &JujuVersion) -> bool {
        match self {
            Self::LeaderGet | Self::LeaderSet => version.has_leader_settings(),
            Self::RelationModelGet => version.has_relation_model(),
            Self::SecretAdd
            | Self::SecretGet
            | Self::SecretGrant
            | Self::SecretIds
            | Self::SecretInfoGet
            | Self::SecretRemove
            | Self::SecretRevoke
            | Self::SecretSet => version.has_secrets(),
            _ => true,
        }
    }

    /// Tells whether what the tool prints can hold something that must not
    /// reach a log: secrets, and data that charms put passwords into.
    pub(crate) fn prints_secrets(self) -> bool {
        matches!(
            self,
            Self::ActionGet
                | Self::ConfigGet
                | Self::CredentialGet
                | Self::LeaderGet
                | Self::RelationGet
                | Self::SecretGet
                | Self::StateGet
        )
    }

    /// Tells whether the tool's arguments are `key=value` pairs whose values
    /// must not reach a log.
    pub(crate) fn takes_pairs(self) -> bool {
        matches!(
            self,
            Self::ActionSet
                | Self::LeaderSet
                | Self::RelationSet
                | Self::SecretAdd
                | Self::SecretSet
                | Self::StateSet
        )
    }
}

impl fmt::Display for HookTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for HookTool {
    type Err = ParseHookToolError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let tool = Self::ALL.iter().find(|tool| tool.name() == name);
        tool.copied().ok_or_else(|| ParseHookToolError { name: name.to_owned() })
    }
}

/// The text is not the name of a [`HookTool`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid hook tool `{name}`: a machine charm has no tool of this name")]
pub struct ParseHookToolError {
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_found_by_its_name_and_listed_in_order() {
        for tool in HookTool::ALL {
            assert_eq!(tool.name().parse(), Ok(*tool));
        }
        assert!(HookTool::ALL.is_sorted_by_key(|tool| tool.name()));
    }

    #[test]
    fn refuses_the_name_of_a_tool_that_is_no_more() {
        insta::assert_snapshot!(
            "payload-register".parse::<HookTool>().unwrap_err(),
            @"invalid hook tool `payload-register`: a machine charm has no tool of this name"
        );
    }

    #[test]
    fn links_the_manual() {
        insta::assert_snapshot!(
            HookTool::SecretInfoGet.page(),
            @"https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-info-get/"
        );
    }

    #[test]
    fn tools_come_and_go_with_versions() {
        #[track_caller]
        fn check(tool: HookTool, version: &str, exists: bool) {
            assert_eq!(tool.exists_in(&version.parse().unwrap()), exists, "{tool} in {version}");
        }

        check(HookTool::ConfigGet, "2.9.52", true);
        check(HookTool::SecretAdd, "2.9.52", false);
        check(HookTool::SecretAdd, "3.0.0", true);
        check(HookTool::LeaderGet, "3.6.28", true);
        check(HookTool::LeaderGet, "4.0.0", false);
        check(HookTool::RelationModelGet, "3.6.1", false);
        check(HookTool::RelationModelGet, "3.6.2", true);
        check(HookTool::RelationModelGet, "4.1-beta2", true);
    }
}
