//! Which versions of requests were answered.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use juju_types::{RelationId, UnitName};
use python_json::Digest;

use crate::endpoint::Endpoint;
use crate::failure::Result;
use crate::request::asked::Asked;
use crate::request::request_id::RequestId;
use crate::run::Run;
use crate::state::kv::Kv;

/// Remembers which version of each request this unit has answered, so that a
/// request that is changed is new again.
///
/// The wire has no place for it: what is not a field of a response would be
/// foreign to a Python charm. So there is a row of our own for each response,
/// `charmwright.answered.RELATION.ID`, with the digest of the request by the
/// name of the unit that asks; several may use one id. It is kept, as all rows
/// are, if the run succeeds that has also published the response.
#[derive(Clone, Debug)]
pub(crate) struct Answers(Rc<Run>);

/// The digest of what was answered, by unit.
type Row = BTreeMap<UnitName, Digest>;

impl Answers {
    pub(crate) fn of(endpoint: &Endpoint) -> Self {
        Self(Rc::clone(endpoint.run()))
    }

    /// Tells whether it was this version of the request that was answered.
    pub(crate) fn contains(&self, asked: &Asked) -> Result<bool> {
        Ok(self
            .row(asked)?
            .is_some_and(|row| row.get(asked.unit.unit_name()) == Some(&asked.version)))
    }

    /// Notes that this version is answered.
    pub(crate) fn note(&self, asked: &Asked) -> Result {
        let mut row = self.row(asked)?.unwrap_or_default();
        row.insert(asked.unit.unit_name().clone(), asked.version.clone());
        self.kv().set(&row_key(asked.relation_id(), &asked.id), &row)
    }

    /// Takes over responses of a Python charm, which knows of no versions: each
    /// counts for its request as it was when the unit's charm last saw it.
    pub(crate) fn adopt(&self, asked: &[&Asked]) -> Result {
        let Some(first) = asked.first() else { return Ok(()) };
        if self.row(first)?.is_some() {
            return Ok(());
        }
        let versions = asked.iter().map(|asked| {
            let seen = self.0.state.kept(&asked.seen_key());
            let seen = seen.and_then(|text| serde_json::from_str(&text).ok());
            (asked.unit.unit_name().clone(), seen.unwrap_or_else(|| asked.version.clone()))
        });
        let row: Row = versions.collect();
        self.kv().set(&row_key(first.relation_id(), &first.id), &row)
    }

    /// Forgets the answers of an endpoint to all but these requests.
    pub(crate) fn retain(&self, endpoint: &Endpoint, asked: &BTreeSet<(RelationId, RequestId)>) {
        let kept: BTreeSet<String> =
            asked.iter().map(|(relation, id)| row_key(relation, id)).collect();
        let prefix = format!("{PREFIX}{}:", endpoint.endpoint_name());
        for rest in self.0.state.range(&prefix).into_keys() {
            let key = format!("{prefix}{rest}");
            if !kept.contains(&key) {
                self.0.state.set(&key, None);
            }
        }
    }

    fn row(&self, asked: &Asked) -> Result<Option<Row>> {
        self.kv().get(&row_key(asked.relation_id(), &asked.id))
    }

    fn kv(&self) -> Kv {
        Kv::new(Rc::clone(&self.0))
    }
}

/// The keys of rows begin with it.
const PREFIX: &str = "charmwright.answered.";

fn row_key(relation: &RelationId, id: &RequestId) -> String {
    format!("{PREFIX}{relation}.{id}")
}
