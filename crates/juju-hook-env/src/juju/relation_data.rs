//! The data in relations.

use std::collections::BTreeMap;

use juju_types::{ApplicationName, RelationId, UnitName};

use super::relation::call;
use super::{Juju, readable};
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::yaml_safe_json;

/// What is remembered of the data in relations.
#[derive(Debug, Default)]
pub(super) struct Memos {
    data: Memo<(RelationId, Owner), BTreeMap<String, String>>,
}

/// Whose data in a relation are meant.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Owner {
    Application(ApplicationName),
    Unit(UnitName),
}

impl Juju {
    /// Returns the data of a unit in a relation: of a remote one, or of this
    /// one with what it has written in this hook.
    ///
    /// The map is empty when there are none. The data of a unit that has left
    /// can be read as long as the relation exists.
    ///
    /// Wraps the hook tool [`relation-get`]. It is asked once in a hook for
    /// each unit and relation, and again after a write to the same data.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such relation, or the
    /// unit has never been in it, and [`ToolError::PermissionDenied`] if the
    /// unit belongs to an application that is not in it.
    ///
    /// [`relation-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-get/
    pub fn relation_get(
        &self,
        relation: &RelationId,
        unit: &UnitName,
    ) -> Result<BTreeMap<String, String>, ToolError> {
        self.read_relation_data(relation, &Owner::Unit(unit.clone()))
    }

    /// Returns the data of an application in a relation: of the remote one, or
    /// of this one with what the leader has written in this hook.
    ///
    /// Wraps the hook tool [`relation-get`]. It is asked once in a hook for
    /// each application and relation, and again after a write to the same
    /// data.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such relation, and
    /// [`ToolError::PermissionDenied`] if the application is not in it, or if
    /// this unit is not the leader and asks for its own application's data
    /// outside a peer relation.
    ///
    /// [`relation-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-get/
    pub fn relation_get_app(
        &self,
        relation: &RelationId,
        application: &ApplicationName,
    ) -> Result<BTreeMap<String, String>, ToolError> {
        self.read_relation_data(relation, &Owner::Application(application.clone()))
    }

    /// Writes to this unit's data in a relation. Keys that are not named stay
    /// as they are; **an empty value removes its key**, as Juju means it.
    ///
    /// Others see it when the hook has succeeded. What a unit writes in its
    /// last hooks in a relation is lost.
    ///
    /// Wraps the hook tool [`relation-set`], and hands it the data through its
    /// standard input. Pairs that are there already are not sent; to find out,
    /// the data are read as [`Juju::relation_get`] does.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if a key is empty, before anything is
    /// sent, and [`ToolError::NotFound`] if there is no such relation.
    ///
    /// [`relation-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-set/
    pub fn relation_set<K, V>(
        &self,
        relation: &RelationId,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), ToolError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let owner = Owner::Unit(self.env.unit().clone());
        self.write_relation_data(relation, owner, &[], pairs(data))
    }

    /// Writes to this application's data in a relation, as
    /// [`Juju::relation_set`] does to the unit's.
    ///
    /// Wraps the hook tool [`relation-set`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if this unit is not the leader, and
    /// otherwise as [`Juju::relation_set`].
    ///
    /// [`relation-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-set/
    pub fn relation_set_app<K, V>(
        &self,
        relation: &RelationId,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), ToolError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let owner = Owner::Application(self.env.unit().application().clone());
        self.write_relation_data(relation, owner, &["--app"], pairs(data))
    }

    fn read_relation_data(
        &self,
        relation: &RelationId,
        owner: &Owner,
    ) -> Result<BTreeMap<String, String>, ToolError> {
        self.relation_data.data.get_or_ask(&(relation.clone(), owner.clone()), || {
            // Without a target Juju would pick one, in some hooks silently the
            // remote application.
            let call = match owner {
                Owner::Application(application) => {
                    let args = ["--app", "--format=json", "-", application.as_str()];
                    call(HookTool::RelationGet, relation, &args)
                }
                Owner::Unit(unit) => {
                    let args = ["--format=json", "-", &unit.to_string()];
                    call(HookTool::RelationGet, relation, &args)
                }
            };
            let data: Option<_> = self.ask_json(&call, "an object of texts")?;
            Ok(data.unwrap_or_default())
        })
    }

    fn write_relation_data(
        &self,
        relation: &RelationId,
        owner: Owner,
        flags: &[&str],
        mut data: BTreeMap<String, String>,
    ) -> Result<(), ToolError> {
        let tool = HookTool::RelationSet;
        if data.contains_key("") {
            return Err(ToolError::bad_argument(tool, "a key must not be empty"));
        }
        // A non-leader cannot even read its application's data; then the write
        // itself brings the refusal that says so.
        if let Some(known) = readable(self.read_relation_data(relation, &owner))? {
            let same = |key: &str, value: &str| known.get(key).map_or("", String::as_str) == value;
            data.retain(|key, value| !same(key, value));
        }
        if data.is_empty() {
            return Ok(());
        }
        let stdin = yaml_safe_json::write(&data);
        let args = [flags, &["--file", "-"]].concat();
        self.relation_data.data.forget(&(relation.clone(), owner));
        self.tell(&call(tool, relation, &args).with_stdin(stdin))
    }
}

/// Collects pairs, of which later ones win.
pub(super) fn pairs<K, V>(data: impl IntoIterator<Item = (K, V)>) -> BTreeMap<String, String>
where
    K: Into<String>,
    V: Into<String>,
{
    data.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}
