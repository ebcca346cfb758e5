//! All requests of the units at the other side.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{Event, RelationId};

use crate::endpoint::Endpoint;
use crate::endpoint::related_unit::RelatedUnit;
use crate::failure::Result;
use crate::request::Request;
use crate::request::answers::Answers;
use crate::request::asked::Asked;
use crate::request::malformed_request::MalformedRequest;
use crate::request::received_request::ReceivedRequest;
use crate::request::request_fields::{Defect, RequestFields, shortened};
use crate::request::request_id::RequestId;

/// All requests of the units at the other side of an endpoint, as they are in
/// this run.
pub(crate) struct ReceivedRequests<R> {
    /// By id, then by relation and unit.
    pub(crate) requests: Vec<ReceivedRequest<R>>,
    pub(crate) malformed: Vec<MalformedRequest<R>>,
}

impl<R: Request> ReceivedRequests<R> {
    /// Reads all requests, and takes back the responses to those that are gone.
    pub(crate) fn load(endpoint: &Endpoint) -> Result<Self> {
        let answers = Answers::of(endpoint);
        let mut all = Self { requests: Vec::new(), malformed: Vec::new() };
        for unit in &endpoint.all_joined_units()? {
            all.read(unit, &answers)?;
        }
        // Units come in order, and the sort keeps it.
        all.requests.sort_by(|one, other| one.request_id().cmp(other.request_id()));
        for malformed in &all.malformed {
            tracing::warn!("{malformed}");
        }
        all.settle(endpoint, &answers)?;
        Ok(all)
    }

    fn read(&mut self, unit: &RelatedUnit, answers: &Answers) -> Result {
        let received = unit.received()?;
        let settings = received.raw().range(RequestId::REQUEST_PREFIX.to_owned()..);
        let settings = settings.take_while(|(key, _)| key.starts_with(RequestId::REQUEST_PREFIX));
        let mut entries: Vec<Entry<'_>> =
            settings.filter_map(|(key, text)| Entry::read(key, text)).collect();
        // Who has its id in its key has it before others that only say so.
        entries.sort_by_key(|entry| !entry.is_under_its_id());
        let mut taken: BTreeMap<RequestId, &str> = BTreeMap::new();
        for entry in entries {
            let Entry { key, mut id, mut fields } = entry;
            if let Some(other) = id.as_ref().and_then(|id| taken.get(id)) {
                fields = Err(Defect::IdTaken(shortened(other)));
                id = None;
            }
            let asked = match id {
                None => None,
                Some(id) => {
                    taken.insert(id.clone(), key);
                    let version = python_json::digest(&received.json(key))?;
                    let (answers, unit) = (answers.clone(), unit.clone());
                    Some(Asked { answers, id, key: key.to_owned(), unit, version })
                }
            };
            match (fields.and_then(RequestFields::parse), asked) {
                (Ok(request), Some(asked)) => {
                    self.requests.push(ReceivedRequest::new(asked, request));
                }
                (Ok(_), None) => {
                    self.malformed.push(MalformedRequest::new(None, key, unit, Defect::Id));
                }
                (Err(defect), asked) => {
                    self.malformed.push(MalformedRequest::new(asked, key, unit, defect));
                }
            }
        }
        Ok(())
    }

    /// Has responses and what is known of them follow the requests.
    fn settle(&self, endpoint: &Endpoint, answers: &Answers) -> Result {
        let mut asked: BTreeMap<(RelationId, RequestId), Vec<&Asked>> = BTreeMap::new();
        let readable = self.requests.iter().map(ReceivedRequest::asked);
        for one in readable.chain(self.malformed.iter().filter_map(MalformedRequest::asked)) {
            asked.entry((one.relation_id().clone(), one.id.clone())).or_default().push(one);
        }
        let ids: BTreeSet<(RelationId, RequestId)> = asked.keys().cloned().collect();
        withdraw_others(endpoint, &ids)?;
        answers.retain(endpoint, &ids);
        for asked in asked.values() {
            if asked[0].has_response()? {
                answers.adopt(asked)?;
            }
        }
        Ok(())
    }
}

/// Takes all responses back but those to these requests.
fn withdraw_others(endpoint: &Endpoint, ids: &BTreeSet<(RelationId, RequestId)>) -> Result {
    let mut relations = endpoint.relations()?;
    // The last unit leaves it, and it may go on without any.
    if let Some(Event::RelationDeparted { relation, .. }) = endpoint.own_event()
        && relations.get(&relation.id).is_none()
    {
        relations.append(endpoint.relation(&relation.id));
    }
    for relation in &relations {
        let published = relation.to_publish()?;
        for key in published.raw().into_keys() {
            let Some(id) = key.strip_prefix(RequestId::RESPONSE_PREFIX) else { continue };
            let is_asked =
                id.parse().is_ok_and(|id| ids.contains(&(relation.relation_id().clone(), id)));
            if !is_asked {
                published.remove(&key);
            }
        }
    }
    Ok(())
}

/// A setting that is a request.
struct Entry<'a> {
    key: &'a str,
    id: Option<RequestId>,
    fields: std::result::Result<RequestFields, Defect>,
}

impl<'a> Entry<'a> {
    /// Reads a setting; there is nothing in one that is null.
    fn read(key: &'a str, text: &str) -> Option<Self> {
        let named = key.strip_prefix(RequestId::REQUEST_PREFIX).and_then(|id| id.parse().ok());
        let fields = RequestFields::read(text).transpose()?;
        // Python responds to the id among the fields, whatever the key is.
        let read = fields.and_then(|mut fields| Ok((fields.take_id()?, fields)));
        Some(match read {
            Ok((id, fields)) => Self { key, id: id.or(named), fields: Ok(fields) },
            Err(defect) => Self { key, id: named, fields: Err(defect) },
        })
    }

    fn is_under_its_id(&self) -> bool {
        self.id.as_ref().is_some_and(|id| id.request_key() == self.key)
    }
}
