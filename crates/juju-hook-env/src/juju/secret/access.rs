//! Who may read a secret.

use juju_types::{ApplicationName, RelationId, SecretId, UnitName};

use super::Juju;
use crate::error::ToolError;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// From whom [`Juju::secret_revoke`] takes back the access to a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the tool knows these three and no other")]
pub enum SecretGrantee {
    /// From all units of an application. Juju refuses this in a relation's own
    /// hooks: there, name the relation.
    Application(ApplicationName),
    /// From the application at the other end of a relation.
    Relation(RelationId),
    /// From one unit.
    Unit(UnitName),
}

impl Juju {
    /// Lets the application at the other end of a relation read a secret, when
    /// the hook has succeeded. Granting twice does no harm.
    ///
    /// Wraps the hook tool [`secret-grant`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such secret or relation,
    /// or the secret belongs to somebody else, [`ToolError::NotLeader`] if the
    /// application owns it and this unit is not the leader, and
    /// [`ToolError::Conflict`] if single units of the application have been
    /// granted access before.
    ///
    /// [`secret-grant`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-grant/
    pub fn secret_grant(&self, secret: &SecretId, relation: &RelationId) -> Result<(), ToolError> {
        self.grant(secret, relation, None)
    }

    /// Lets one unit at the other end of a relation read a secret, when the
    /// hook has succeeded. Granting twice does no harm.
    ///
    /// Wraps the hook tool [`secret-grant`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if the unit is not at the other end
    /// of the relation, and otherwise as [`Juju::secret_grant`].
    ///
    /// [`secret-grant`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-grant/
    pub fn secret_grant_unit(
        &self,
        secret: &SecretId,
        relation: &RelationId,
        unit: &UnitName,
    ) -> Result<(), ToolError> {
        self.grant(secret, relation, Some(unit))
    }

    /// Takes back access to a secret, when the hook has succeeded.
    ///
    /// Wraps the hook tool [`secret-revoke`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] as [`Juju::secret_grant`] does.
    ///
    /// [`secret-revoke`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-revoke/
    pub fn secret_revoke(&self, secret: &SecretId, from: &SecretGrantee) -> Result<(), ToolError> {
        let (flag, grantee) = match from {
            SecretGrantee::Application(application) => ("--app", application.to_string()),
            SecretGrantee::Relation(relation) => ("-r", relation.to_string()),
            SecretGrantee::Unit(unit) => ("--unit", unit.to_string()),
        };
        let args = [&secret.to_string(), flag, &grantee];
        self.secret.infos.clear();
        self.tell(&ToolCall::new(HookTool::SecretRevoke, args))
    }

    fn grant(
        &self,
        secret: &SecretId,
        relation: &RelationId,
        unit: Option<&UnitName>,
    ) -> Result<(), ToolError> {
        let mut args = vec![secret.to_string(), "-r".to_owned(), relation.to_string()];
        args.extend(unit.into_iter().flat_map(|unit| ["--unit".to_owned(), unit.to_string()]));
        self.secret.infos.clear();
        self.tell(&ToolCall::new(HookTool::SecretGrant, args))
    }
}
