use juju_types::{
    ApplicationName, EndpointName, RelationId, RelationRole, RelationScope, StatusValue,
};

use super::relation::key_of;
use super::{Life, Model, Relation, RelationEnd};

/// One side of `juju integrate`: an application, and maybe one of its endpoints.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) application: ApplicationName,
    pub(crate) endpoint: Option<EndpointName>,
}

/// Why two applications are not integrated, or a relation is not removed.
#[derive(Debug)]
pub(crate) enum RelationRefusal {
    Ambiguous { candidates: Vec<String> },
    Exists { key: String },
    Limit { endpoint: String, limit: u32 },
    NotFound,
}

/// An end that a relation could have, with its scope, limit, and whether the
/// charm does not define it.
struct Candidate {
    end: RelationEnd,
    scope: RelationScope,
    limit: Option<u32>,
    is_implicit: bool,
}

impl Model {
    /// Adds a relation between two applications that exist, and returns how
    /// the first of them names it.
    pub(crate) fn integrate(
        &mut self,
        one: &Side,
        other: &Side,
    ) -> Result<RelationId, RelationRefusal> {
        let others = self.candidates(other);
        let mut pairs = Vec::new();
        for a in self.candidates(one) {
            pairs.extend(others.iter().filter(|b| fits(&a.end, &b.end)).map(|b| Pair::new(&a, b)));
        }
        // What every application has is meant only if nothing else is.
        if pairs.iter().any(|pair| !pair.is_implicit) {
            pairs.retain(|pair| !pair.is_implicit);
        }
        let pair = match pairs.len() {
            0 => return Err(RelationRefusal::NotFound),
            1 => pairs.remove(0),
            _ => {
                let candidates = pairs.iter().map(|pair| key_of(&pair.ends)).collect();
                return Err(RelationRefusal::Ambiguous { candidates });
            }
        };
        if self.relations.values().any(|relation| relation.key() == key_of(&pair.ends)) {
            return Err(RelationRefusal::Exists { key: key_of(&pair.ends) });
        }
        for (end, limit) in pair.ends.iter().zip(pair.limits) {
            let relations = self.relations.values().filter(|relation| relation.ends.contains(end));
            if let Some(limit) = limit.filter(|limit| relations.count() >= *limit as usize) {
                let endpoint = format!("{}:{}", end.application, end.endpoint);
                return Err(RelationRefusal::Limit { endpoint, limit });
            }
        }
        let endpoint = pair.ends[0].endpoint.clone();
        Ok(RelationId::new(endpoint, self.add_relation(pair.scope, pair.ends)))
    }

    /// Lets the one relation between two applications go.
    pub(crate) fn remove_relation(
        &mut self,
        one: &Side,
        other: &Side,
    ) -> Result<(), RelationRefusal> {
        let is_meant = |relation: &&Relation| {
            let has = |side: &Side| {
                let endpoint = relation.endpoint_of(&side.application);
                endpoint
                    .is_some_and(|name| side.endpoint.as_ref().is_none_or(|asked| asked == name))
            };
            !relation.is_peer() && has(one) && has(other)
        };
        let meant: Vec<&Relation> = self.relations.values().filter(is_meant).collect();
        let number = match meant.as_slice() {
            [] => return Err(RelationRefusal::NotFound),
            [relation] => relation.id,
            _ => {
                let candidates = meant.iter().map(|relation| relation.key()).collect();
                return Err(RelationRefusal::Ambiguous { candidates });
            }
        };
        if let Some(relation) = self.relation_mut(number) {
            relation.life = Life::Dying;
        }
        self.forget_dead_relations();
        self.remove_lost_subordinates();
        Ok(())
    }

    /// Adds the peer relations of an application.
    pub(crate) fn add_peer_relations(&mut self, application: &ApplicationName) {
        let side = Side { application: application.clone(), endpoint: None };
        for peer in self.candidates(&side) {
            let is_missing = !self.relations.values().any(|known| known.ends.contains(&peer.end));
            if peer.end.role == RelationRole::Peer && is_missing {
                self.add_relation(peer.scope, vec![peer.end]);
            }
        }
    }

    fn add_relation(&mut self, scope: RelationScope, ends: Vec<RelationEnd>) -> u32 {
        let id = self.next_relation;
        self.next_relation += 1;
        let status = self.status(StatusValue::from("joining"), "");
        self.insert_relation(Relation::new(id, scope, ends, status));
        id
    }

    /// Returns the endpoints that a side can mean.
    fn candidates(&self, side: &Side) -> Vec<Candidate> {
        let Some(application) = self.applications.get(&side.application) else { return Vec::new() };
        let defined = application.charm.metadata().endpoints();
        let defined = defined.map(|(name, definition)| Candidate {
            end: RelationEnd {
                application: side.application.clone(),
                endpoint: name.clone(),
                interface: definition.interface.clone(),
                role: definition.role,
            },
            scope: definition.scope,
            limit: definition.limit,
            is_implicit: false,
        });
        let every = Candidate {
            end: RelationEnd {
                application: side.application.clone(),
                endpoint: "juju-info".parse().expect("it is an endpoint name"),
                interface: "juju-info".parse().expect("it is an interface name"),
                role: RelationRole::Provider,
            },
            scope: RelationScope::Global,
            limit: None,
            is_implicit: true,
        };
        let asked = |end: &RelationEnd| {
            side.endpoint.as_ref().is_none_or(|endpoint| *endpoint == end.endpoint)
        };
        defined.chain([every]).filter(|candidate| asked(&candidate.end)).collect()
    }
}

/// Two endpoints that fit together.
struct Pair {
    ends: Vec<RelationEnd>,
    limits: [Option<u32>; 2],
    scope: RelationScope,
    is_implicit: bool,
}

impl Pair {
    fn new(one: &Candidate, other: &Candidate) -> Self {
        let is_container = [one.scope, other.scope].contains(&RelationScope::Container);
        Self {
            ends: vec![one.end.clone(), other.end.clone()],
            limits: [one.limit, other.limit],
            scope: if is_container { RelationScope::Container } else { RelationScope::Global },
            is_implicit: one.is_implicit || other.is_implicit,
        }
    }
}

fn fits(one: &RelationEnd, other: &RelationEnd) -> bool {
    let roles = matches!(
        (one.role, other.role),
        (RelationRole::Provider, RelationRole::Requirer)
            | (RelationRole::Requirer, RelationRole::Provider)
    );
    roles && one.interface == other.interface && one.application != other.application
}
