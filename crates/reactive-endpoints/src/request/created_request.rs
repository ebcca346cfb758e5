//! A request of this unit.

use std::fmt;
use std::ops::Deref;

use juju_hook_env::{Address, Subnet};

use crate::endpoint::related_unit::RelatedUnit;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::request::Request;
use crate::request::received_response::ReceivedResponse;
use crate::request::reports::Reports;
use crate::request::request_fields::{Defect, RequestFields};
use crate::request::request_id::RequestId;

/// A request of this unit: the author's own value, and the responses to it.
///
/// [`RequesterEndpoint`](crate::RequesterEndpoint) makes and finds them. What
/// the other side asks is a [`ReceivedRequest`](crate::ReceivedRequest), which
/// cannot be changed here.
pub struct CreatedRequest<R> {
    id: RequestId,
    relation: Relation,
    reports: Reports,
    request: R,
}

impl<R: Request> CreatedRequest<R> {
    /// Makes a request.
    pub(crate) fn create(
        id: RequestId,
        relation: &Relation,
        reports: &Reports,
        request: R,
    ) -> Result<Self> {
        Self::publish(relation, &id, &request)?;
        Ok(Self { id, relation: relation.clone(), reports: reports.clone(), request })
    }

    /// Publishes a request under an id.
    pub(crate) fn publish(relation: &Relation, id: &RequestId, request: &R) -> Result {
        let published = relation.to_publish()?;
        let key = id.request_key();
        let fields = RequestFields::of(request).map_err(|source| published.error(&key, source))?;
        published.set_raw(&key, fields.with_id(id).to_string());
        Ok(())
    }

    /// Reads a request that is published, if there is one in the setting.
    pub(crate) fn read(
        key: &str,
        text: &str,
        relation: &Relation,
        reports: &Reports,
    ) -> std::result::Result<Option<Self>, Defect> {
        let Some(mut fields) = RequestFields::read(text)? else { return Ok(None) };
        let id = fields.take_id()?.filter(|id| id.request_key() == key).ok_or(Defect::Id)?;
        let (relation, reports) = (relation.clone(), reports.clone());
        Ok(Some(Self { id, relation, reports, request: fields.parse()? }))
    }

    /// Changes the request, and publishes it if it is another one then.
    ///
    /// It keeps its id. Responses to the request as it was stay until their
    /// units respond anew, and cannot be told from others.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`](crate::PublishError) if the request cannot be
    /// written as a JSON object, and a
    /// [`ToolError`](juju_hook_env::ToolError) if what is published already
    /// cannot be read.
    pub fn update(&mut self, change: impl FnOnce(&mut R)) -> Result {
        change(&mut self.request);
        Self::publish(&self.relation, &self.id, &self.request)
    }

    /// Takes the request back.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if what is published
    /// already cannot be read.
    pub fn remove(self) -> Result {
        self.relation.to_publish()?.remove(&self.id.request_key());
        Ok(())
    }

    /// Returns the response: if there are several, that of the unit with the
    /// lowest number.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn response(&self) -> Result<Option<ReceivedResponse<R>>> {
        for unit in &self.relation.joined_units()? {
            if let Some(response) = self.response_of(unit)? {
                return Ok(Some(response));
            }
        }
        Ok(None)
    }

    /// Returns the responses of all units, by their numbers.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn responses(&self) -> Result<Vec<ReceivedResponse<R>>> {
        let units = self.relation.joined_units()?;
        units.iter().filter_map(|unit| self.response_of(unit).transpose()).collect()
    }

    /// Returns the address that the units which respond are told to reach this
    /// unit at, if there is one.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn ingress_address(&self) -> Result<Option<Address>> {
        Ok(self.relation.to_publish()?.as_received().ingress_address())
    }

    /// Returns the subnets that the units which respond are told that this
    /// unit's traffic comes from.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn egress_subnets(&self) -> Result<Vec<Subnet>> {
        Ok(self.relation.to_publish()?.as_received().egress_subnets())
    }

    fn response_of(&self, unit: &RelatedUnit) -> Result<Option<ReceivedResponse<R>>> {
        let received = unit.received()?;
        let Some(text) = received.get_raw(&self.id.response_key()) else { return Ok(None) };
        let read = RequestFields::read(text)
            .and_then(|fields| fields.map(RequestFields::parse).transpose());
        let response = read.unwrap_or_else(|defect| {
            let (id, unit, relation) = (&self.id, unit.unit_name(), self.relation.relation_id());
            self.reports.warn_once(format!(
                "cannot read the response `{id}` of unit `{unit}` in relation `{relation}`: {defect}"
            ));
            None
        });
        Ok(response.map(|response| ReceivedResponse::new(&self.id, unit, response)))
    }
}

impl<R> CreatedRequest<R> {
    /// Returns the id.
    pub fn request_id(&self) -> &RequestId {
        &self.id
    }

    /// Returns the relation.
    pub fn relation(&self) -> &Relation {
        &self.relation
    }
}

impl<R> Deref for CreatedRequest<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.request
    }
}

impl<R> fmt::Debug for CreatedRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The fields may be secret.
        write!(f, "CreatedRequest({} in {})", self.id, self.relation.relation_id())
    }
}
