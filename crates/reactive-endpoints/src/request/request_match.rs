//! Which published request stands for a desired one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use python_json::SerializeError;

use crate::request::Request;
use crate::request::request_fields::RequestFields;

/// Finds for each desired request the published one that stands for it: one
/// that is equal, and else one that has the same key. Each is found once.
///
/// Equal ones come first: of several with the same key, none is rewritten as
/// another that is there already.
pub(crate) fn matches<'a, R: Request>(
    published: impl IntoIterator<Item = &'a R>,
    desired: &[R],
) -> Result<Vec<Option<usize>>, SerializeError> {
    let mut free: BTreeMap<Option<Cow<'_, str>>, Vec<(usize, RequestFields)>> = BTreeMap::new();
    for (place, request) in published.into_iter().enumerate() {
        let fields = RequestFields::of(request)?;
        free.entry(request.key()).or_default().push((place, fields));
    }
    let mut found = Vec::new();
    for request in desired {
        let fields = RequestFields::of(request)?;
        let same = free.get_mut(&request.key());
        found.push(same.and_then(|same| {
            let equal = same.iter().position(|(_, other)| *other == fields)?;
            Some(same.remove(equal).0)
        }));
    }
    for (request, found) in desired.iter().zip(&mut found) {
        if found.is_none()
            && let Some(key) = request.key()
        {
            let same = free.get_mut(&Some(key)).filter(|same| !same.is_empty());
            *found = same.map(|same| same.remove(0).0);
        }
    }
    Ok(found)
}
