//! The endpoint that makes requests.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::endpoint::Endpoint;
use crate::endpoint::interface::Interface;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::request::created_request::CreatedRequest;
use crate::request::received_response::ReceivedResponse;
use crate::request::reports::Reports;
use crate::request::request_fields::shortened;
use crate::request::request_id::RequestId;
use crate::request::request_match::matches;
use crate::request::{Request, RequestOwner};

/// An endpoint that makes [requests](Request) of the other side.
///
/// Requests are made in one relation, and are published with the data of this
/// unit. What publishes them for the whole application, as its leader, takes
/// care itself that the others do not.
///
/// It keeps two flags, which are true in every hook, and right after a change:
/// `endpoint.NAME.has_responses`, and `endpoint.NAME.all_responses` while there
/// are requests and each has a response.
///
/// ```
/// # use reactive_endpoints::testing::{self, CertRequest};
/// use reactive_endpoints::{Context, EndpointKey, RequesterEndpoint, Result};
///
/// const CERTS: EndpointKey<RequesterEndpoint<CertRequest>> = EndpointKey::new("certs");
///
/// /// Runs when `CERTS.joined()` is set.
/// fn request_certs(cx: &Context) -> Result {
///     cx.endpoint(CERTS).sync(["example.com", "example.org"].map(CertRequest::new))
/// }
///
/// # testing::asked(CERTS, |cx| {
/// request_certs(cx)?;
/// let certs = cx.endpoint(CERTS);
/// let names: Vec<_> = certs.requests()?.iter().map(|one| one.common_name.clone()).collect();
/// assert_eq!(names.len(), 2);
/// assert!(certs.response_by(|request| request.common_name == "example.org")?.is_none());
///
/// // One is not wanted any more.
/// certs.sync([CertRequest::new("example.com")])?;
/// assert!(certs.find(|request| request.common_name == "example.org")?.is_none());
/// # Ok(())
/// # });
/// ```
///
/// # Wrapping it
///
/// ```
/// # use reactive_endpoints::testing::{self, CertRequest, Cert};
/// use std::ops::Deref;
///
/// use juju_types::RelationRole;
/// use reactive_endpoints::{Endpoint, Interface, RequesterEndpoint, Result};
///
/// #[derive(Debug)]
/// struct CertsRequires(RequesterEndpoint<CertRequest>);
///
/// impl Interface for CertsRequires {
///     const INTERFACE: Option<&'static str> = Some("certs");
///     const ROLE: Option<RelationRole> = Some(RelationRole::Requirer);
///
///     fn new(endpoint: Endpoint) -> Self {
///         Self(RequesterEndpoint::new(endpoint))
///     }
///
///     fn manage_flags(&self) -> Result {
///         self.0.manage_flags()?;
///         self.toggle_flag("available", self.is_flag_set("all_responses"));
///         Ok(())
///     }
/// }
///
/// impl Deref for CertsRequires {
///     type Target = RequesterEndpoint<CertRequest>;
///
///     fn deref(&self) -> &Self::Target {
///         &self.0
///     }
/// }
///
/// impl CertsRequires {
///     /// Returns the certificate of a name, if it is there already.
///     fn cert(&self, name: &str) -> Result<Option<Cert>> {
///         let response = self.response_by(|request| request.common_name == name)?;
///         Ok(response.map(|response| response.into_inner()))
///     }
/// }
/// ```
pub struct RequesterEndpoint<R> {
    endpoint: Endpoint,
    owner: RequestOwner,
    reports: Reports,
    request: PhantomData<fn() -> R>,
}

impl<R: Request> RequesterEndpoint<R> {
    /// Makes it for an endpoint whose requests have another owner than
    /// [`Request::OWNER`].
    pub fn with_owner(endpoint: Endpoint, owner: RequestOwner) -> Self {
        Self { endpoint, owner, reports: Reports::default(), request: PhantomData }
    }

    /// Returns all requests of this unit, in the order of their ids.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn requests(&self) -> Result<Vec<CreatedRequest<R>>> {
        let mut requests = Vec::new();
        for relation in &self.relations()? {
            requests.extend(self.requests_in(relation)?);
        }
        requests.sort_by(|one, other| one.request_id().cmp(other.request_id()));
        Ok(requests)
    }

    /// Returns the requests of this unit in a relation, in the order of their
    /// ids.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn requests_in(&self, relation: &Relation) -> Result<Vec<CreatedRequest<R>>> {
        let mut requests = Vec::new();
        for (key, text) in relation.to_publish()?.raw() {
            if !key.starts_with(RequestId::REQUEST_PREFIX) {
                continue;
            }
            match CreatedRequest::read(&key, &text, relation, &self.reports) {
                Ok(request) => requests.extend(request),
                Err(defect) => self.reports.warn_once(format!(
                    "cannot read the own request `{}` in relation `{}`: {defect}",
                    shortened(&key),
                    relation.relation_id()
                )),
            }
        }
        Ok(requests)
    }

    /// Returns the responses that have come, one for each request that has one.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn responses(&self) -> Result<Vec<ReceivedResponse<R>>> {
        let requests = self.requests()?;
        requests.iter().filter_map(|request| request.response().transpose()).collect()
    }

    /// Returns the request of that id.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn get(&self, id: impl AsRef<str>) -> Result<Option<CreatedRequest<R>>> {
        self.find(|request| request.request_id().as_ref() == id.as_ref())
    }

    /// Returns the first request that is as wanted. The relation, too, can be
    /// asked of it.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn find(
        &self,
        is_wanted: impl FnMut(&CreatedRequest<R>) -> bool,
    ) -> Result<Option<CreatedRequest<R>>> {
        Ok(self.requests()?.into_iter().find(is_wanted))
    }

    /// Returns all requests that are as wanted.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn find_all(
        &self,
        is_wanted: impl FnMut(&CreatedRequest<R>) -> bool,
    ) -> Result<Vec<CreatedRequest<R>>> {
        Ok(self.requests()?.into_iter().filter(is_wanted).collect())
    }

    /// Returns the response to the first request that is as wanted, if it has
    /// come. The relation, too, can be asked of the request.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say
    /// what is published.
    pub fn response_by(
        &self,
        is_wanted: impl FnMut(&CreatedRequest<R>) -> bool,
    ) -> Result<Option<ReceivedResponse<R>>> {
        self.find(is_wanted)?.map_or(Ok(None), |request| request.response())
    }

    /// Makes a request in a relation, also if there is one with the same key.
    ///
    /// # Errors
    ///
    /// Returns a [`PublishError`](crate::PublishError) if the request cannot be
    /// written as a JSON object, and a
    /// [`ToolError`](juju_hook_env::ToolError) if what is published already
    /// cannot be read.
    pub fn create(&self, relation: &Relation, request: R) -> Result<CreatedRequest<R>> {
        let id = self.free_id(relation, &request)?;
        self.create_with_id(relation, id, request)
    }

    /// Makes a request with an id of one's own in a relation, and replaces the
    /// one that has it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub fn create_with_id(
        &self,
        relation: &Relation,
        id: RequestId,
        request: R,
    ) -> Result<CreatedRequest<R>> {
        CreatedRequest::create(id, relation, &self.reports, request)
    }

    /// Updates the request in a relation that has the same
    /// [key](Request::key), or makes one. Nothing is sent if it is equal.
    ///
    /// Several requests are better [synchronised](Self::sync_in) together.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub fn create_or_update(&self, relation: &Relation, request: R) -> Result<CreatedRequest<R>> {
        let published = self.requests_in(relation)?;
        let desired = [request];
        let found = matches(published.iter().map(|one| &**one), &desired)?;
        let [request] = desired;
        match found.first().copied().flatten() {
            Some(place) => {
                let id = published[place].request_id().clone();
                self.create_with_id(relation, id, request)
            }
            None => self.create(relation, request),
        }
    }

    /// Has each relation hold exactly the desired requests: missing ones are
    /// made, and others taken back. A request that is there already, with the
    /// same [key](Request::key) or all of its fields, keeps its id, and is sent
    /// again only if it is another one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub fn sync(&self, desired: impl IntoIterator<Item = R>) -> Result {
        let desired: Vec<R> = desired.into_iter().collect();
        for relation in &self.relations()? {
            self.sync_all(relation, &desired)?;
        }
        Ok(())
    }

    /// Has one relation hold exactly the desired requests, where they differ
    /// from relation to relation; see [`sync`](Self::sync).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub fn sync_in(&self, relation: &Relation, desired: impl IntoIterator<Item = R>) -> Result {
        let desired: Vec<R> = desired.into_iter().collect();
        self.sync_all(relation, &desired)
    }

    fn sync_all(&self, relation: &Relation, desired: &[R]) -> Result {
        let published = relation.to_publish()?;
        let requests = self.requests_in(relation)?;
        let found = matches(requests.iter().map(|one| &**one), desired)?;
        let ids = found.iter().map(|place| place.map(|place| requests[place].request_id().clone()));
        let ids: Vec<Option<RequestId>> = ids.collect();
        let kept: BTreeSet<String> = ids.iter().flatten().map(RequestId::request_key).collect();
        for key in published.raw().into_keys() {
            if key.starts_with(RequestId::REQUEST_PREFIX) && !kept.contains(&key) {
                published.remove(&key);
            }
        }
        for (request, id) in desired.iter().zip(ids) {
            let id = id.map_or_else(|| self.free_id(relation, request), Ok)?;
            CreatedRequest::publish(relation, &id, request)?;
        }
        Ok(())
    }

    /// Makes an id for a request that no other one has in its relation.
    fn free_id(&self, relation: &Relation, request: &R) -> Result<RequestId> {
        let Some(key) = request.key() else { return Ok(RequestId::random()) };
        let published = relation.to_publish()?;
        let env = self.juju().env();
        let id =
            |attempt| RequestId::of_key(env, self.owner, relation.relation_id(), &key, attempt);
        let mut ids = (0..).map(id);
        // Python takes a request back by making it null.
        let is_free =
            |id: &RequestId| published.get_raw(&id.request_key()).is_none_or(|text| text == "null");
        Ok(ids.find(is_free).expect("a relation does not hold every id"))
    }
}

impl<R: Request> Interface for RequesterEndpoint<R> {
    fn new(endpoint: Endpoint) -> Self {
        Self::with_owner(endpoint, R::OWNER)
    }

    fn manage_flags(&self) -> Result {
        let requests = self.requests()?;
        let mut responses = 0;
        for request in &requests {
            responses += usize::from(request.response()?.is_some());
        }
        self.toggle_flag("has_responses", responses > 0);
        self.toggle_flag("all_responses", responses > 0 && responses == requests.len());
        Ok(())
    }
}

impl<R> Deref for RequesterEndpoint<R> {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        &self.endpoint
    }
}

impl<R> fmt::Debug for RequesterEndpoint<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequesterEndpoint({})", self.endpoint.endpoint_name())
    }
}
