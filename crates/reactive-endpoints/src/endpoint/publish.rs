//! What this side publishes in one relation.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use juju_hook_env::{HookTool, ToolError};
use juju_types::RelationId;
use python_json::{SerializeError, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::endpoint::published::Scope;
use crate::endpoint::received::{ReceivedData, SettingError};
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::run::Run;

/// What this unit, or its application, publishes in one relation.
///
/// Values are JSON, as Python writes it, or [raw](Self::set_raw) texts. What is
/// set or [removed](Self::remove) is sent at the end of the run, if it is
/// another than before; a run that fails sends nothing.
///
/// ```
/// # use reactive_endpoints::{Endpoint, EndpointKey, testing};
/// # const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
/// # testing::related(|cx| {
/// let relation = &cx.endpoint(DB).relations()?[0];
/// let published = relation.to_publish()?;
/// published.set("tables", &["users", "posts"])?;
/// published.set_raw("mode", "read-only");
/// assert_eq!(published.get_raw("tables").as_deref(), Some(r#"["users", "posts"]"#));
/// assert!(published.is_modified());
///
/// published.remove("tables");
/// published.remove("mode");
/// assert!(!published.is_modified());
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct Publish {
    run: Rc<Run>,
    relation: RelationId,
    scope: Scope,
}

impl Publish {
    pub(crate) fn load(run: &Rc<Run>, relation: &Relation, scope: Scope) -> Result<Self> {
        let (juju, id) = (&run.juju, relation.relation_id());
        run.published.load(id, scope, || match scope {
            Scope::Unit => Ok(juju.relation_get(id, juju.env().unit())?),
            Scope::Application if juju.is_leader()? => {
                Ok(juju.relation_get_app(id, juju.env().unit().application())?)
            }
            Scope::Application => Err(not_leader(id).into()),
        })?;
        Ok(Self { run: Rc::clone(run), relation: id.clone(), scope })
    }

    /// Returns all settings as they are.
    pub fn raw(&self) -> BTreeMap<String, String> {
        self.run.published.bag(&self.relation, self.scope).now.clone()
    }

    /// Returns a setting as it is.
    pub fn get_raw(&self, key: &str) -> Option<String> {
        self.run.published.bag(&self.relation, self.scope).now.get(key).cloned()
    }

    /// Returns a setting as JSON, or as a text if it is none, or null if it is
    /// not there.
    pub fn json(&self, key: &str) -> Value {
        self.as_received().json(key)
    }

    /// Returns a setting as a type, or `None` if it is not there.
    ///
    /// # Errors
    ///
    /// Returns a [`SettingError`] if the setting does not fit `T`.
    pub fn get<T: DeserializeOwned>(
        &self,
        key: &str,
    ) -> std::result::Result<Option<T>, SettingError> {
        self.as_received().get(key)
    }

    /// Publishes a value as JSON.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`] if the value cannot be written as JSON.
    pub fn set<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
    ) -> std::result::Result<(), PublishError> {
        let text = python_json::to_string(value).map_err(|source| self.error(key, source))?;
        self.set_raw(key, text);
        Ok(())
    }

    /// Publishes a text as it is, for interfaces that do not use JSON. An empty
    /// text [removes](Self::remove) the key, as Juju means it.
    pub fn set_raw(&self, key: &str, value: impl Into<String>) {
        let value = value.into();
        if value.is_empty() {
            return self.remove(key);
        }
        let mut bag = self.run.published.bag_mut(&self.relation, self.scope);
        if bag.now.get(key) != Some(&value) {
            bag.now.insert(key.to_owned(), value);
            bag.version += 1;
        }
    }

    /// Publishes a value as JSON if there is no setting of that key yet, and
    /// returns what is published.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`] if the value cannot be written as JSON.
    pub fn setdefault<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
    ) -> std::result::Result<Value, PublishError> {
        if self.get_raw(key).is_none() {
            self.set(key, value)?;
        }
        Ok(self.json(key))
    }

    /// Takes a setting back: the remote side will not have it any more.
    pub fn remove(&self, key: &str) {
        let mut bag = self.run.published.bag_mut(&self.relation, self.scope);
        if bag.now.remove(key).is_some() {
            bag.version += 1;
        }
    }

    /// Tells whether anything is another than Juju has it.
    pub fn is_modified(&self) -> bool {
        self.run.published.bag(&self.relation, self.scope).is_modified()
    }

    /// Has the flags of the endpoint looked at again, as if something had
    /// changed.
    pub(crate) fn touch(&self) {
        self.run.published.bag_mut(&self.relation, self.scope).version += 1;
    }

    pub(crate) fn error(&self, key: &str, source: SerializeError) -> PublishError {
        let relation = self.relation.clone();
        PublishError { key: key.to_owned(), relation, source: Box::new(source) }
    }

    pub(crate) fn as_received(&self) -> ReceivedData {
        ReceivedData::new(format!("this side of relation `{}`", self.relation), self.raw())
    }
}

fn not_leader(relation: &RelationId) -> ToolError {
    ToolError::NotLeader {
        tool: HookTool::RelationSet,
        message: format!("only the leader publishes for its application in `{relation}`"),
    }
}

impl fmt::Debug for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let keys: Vec<String> = self.raw().into_keys().collect();
        f.debug_struct("Publish")
            .field("relation", &self.relation)
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}

/// A value cannot be published.
#[derive(Debug, Error)]
#[error("cannot publish `{key}` in relation `{relation}`")]
pub struct PublishError {
    key: String,
    relation: RelationId,
    source: Box<SerializeError>,
}
