//! What a unit has published in a relation.

use std::collections::{BTreeMap, BTreeSet};

use python_json::Value;
use serde::de::DeserializeOwned;

use crate::job_id::JobId;
use crate::malformed_setting::{MalformedSetting, SettingDefect};

/// The requests or the responses that a unit has published in a relation, read
/// by [`JobRequest::read_all`](crate::JobRequest::read_all) or
/// [`JobResponse::read_all`](crate::JobResponse::read_all). It takes what any
/// framework gives of them: keys and texts.
///
/// ```
/// use prometheus_manual_interface::JobRequest;
///
/// let settings = [
///     ("ingress-address", "10.0.0.5"),
///     ("request_prod_exporter", r#"{"job_name": "node", "request_id": "prod_exporter"}"#),
///     ("request_2", "{broken"),
/// ];
/// let settings = settings.map(|(key, text)| (key.to_owned(), text.to_owned()));
///
/// let requests = JobRequest::read_all(&settings.into());
/// assert_eq!(requests.by_id.len(), 1);
/// let malformed = requests.malformed[0].to_string();
/// assert_eq!(malformed, "cannot read the setting `request_2`: it is not JSON");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Databag<T> {
    /// What can be read.
    pub by_id: BTreeMap<JobId, T>,
    /// What cannot, which the others do not suffer from.
    pub malformed: Vec<MalformedSetting>,
}

impl<T: DeserializeOwned> Databag<T> {
    /// Reads the settings whose keys have a prefix. `id_field` may name the
    /// field that has the id, before the key.
    pub(crate) fn read(
        settings: &BTreeMap<String, String>,
        prefix: &str,
        id_field: Option<&str>,
    ) -> Self {
        let settings = settings.range(prefix.to_owned()..);
        let settings =
            settings.map_while(|(key, text)| Some((key, key.strip_prefix(prefix)?, text)));
        let mut entries: Vec<Entry<'_>> = settings
            .filter_map(|(key, named, text)| Entry::read(key, named, text, id_field))
            .collect();
        // Who has its id in its key has it before others that only say so.
        entries.sort_by_key(|entry| !entry.is_under_its_id);
        let mut databag = Self { by_id: BTreeMap::new(), malformed: Vec::new() };
        let mut taken = BTreeSet::new();
        for Entry { key, id, fields, .. } in entries {
            let is_taken = id.as_ref().is_some_and(|id| !taken.insert(id.clone()));
            let data = if is_taken { Err(SettingDefect::IdTaken) } else { fields.and_then(parse) };
            match (data, id) {
                (Ok(data), Some(id)) => {
                    databag.by_id.insert(id, data);
                }
                (Ok(_), None) => {
                    databag.malformed.push(MalformedSetting::new(key, None, SettingDefect::Id));
                }
                (Err(defect), id) => {
                    let id = id.filter(|_| !is_taken);
                    databag.malformed.push(MalformedSetting::new(key, id, defect));
                }
            }
        }
        databag
    }
}

type Fields = BTreeMap<String, Value>;

/// A setting, half read.
struct Entry<'a> {
    key: &'a str,
    id: Option<JobId>,
    is_under_its_id: bool,
    fields: Result<Fields, SettingDefect>,
}

impl<'a> Entry<'a> {
    /// Reads a setting; there is nothing in one that is null.
    fn read(key: &'a str, named: &str, text: &str, id_field: Option<&str>) -> Option<Self> {
        let id = named.parse().ok();
        let mut entry =
            Self { key, id, is_under_its_id: true, fields: Err(SettingDefect::NotAnObject) };
        match text.parse() {
            Ok(Value::Null) => return None,
            Ok(Value::Object(fields)) => entry.fields = Ok(fields),
            Ok(_) => {}
            Err(_) => entry.fields = Err(SettingDefect::NotJson),
        }
        if let (Some(id_field), Ok(fields)) = (id_field, &mut entry.fields) {
            match fields.remove(id_field) {
                None | Some(Value::Null) => {}
                Some(Value::String(id)) if id == named => {}
                Some(Value::String(id)) if let Ok(id) = id.parse() => {
                    entry.id = Some(id);
                    entry.is_under_its_id = false;
                }
                Some(_) => entry.fields = Err(SettingDefect::Id),
            }
        }
        Some(entry)
    }
}

fn parse<T: DeserializeOwned>(fields: Fields) -> Result<T, SettingDefect> {
    python_json::from_value(Value::Object(fields)).map_err(|error| {
        match (error.missing_field(), error.path()) {
            (Some(field), _) => SettingDefect::Missing(field.to_owned()),
            (None, path) => SettingDefect::Field(path.unwrap_or_default().to_owned()),
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::job_request::JobRequest;
    use crate::job_response::JobResponse;

    use super::*;

    fn settings<const N: usize>(settings: [(&str, &str); N]) -> BTreeMap<String, String> {
        settings.map(|(key, text)| (key.to_owned(), text.to_owned())).into()
    }

    #[track_caller]
    fn check<T>(databag: &Databag<T>, ids: &[&str], malformed: &[&str]) {
        assert_eq!(databag.by_id.keys().map(AsRef::as_ref).collect::<Vec<&str>>(), ids);
        let texts: Vec<String> = databag.malformed.iter().map(ToString::to_string).collect();
        assert_eq!(texts, malformed);
    }

    #[test]
    fn the_id_among_the_fields_counts_and_first_that_of_a_key() {
        let requests = JobRequest::read_all(&settings([
            ("a", "{}"),
            ("request_a", r#"{"request_id": "b"}"#),
            ("request_b", r#"{"request_id": "b", "job_name": "node"}"#),
            ("request_c", r#"{"request_id": "d"}"#),
            ("request_e", r#"{"request_id": null}"#),
            ("request_f", "{}"),
            ("requests", "{}"),
        ]));
        let defect = "cannot read the setting `request_a`: another one has the same `request_id`";
        check(&requests, &["b", "d", "e", "f"], &[defect]);
        assert_eq!(requests.by_id[&"b".parse().unwrap()].job_name, "node");
        assert!(requests.by_id[&"b".parse().unwrap()].other.is_empty());
        assert_eq!(requests.malformed[0].id(), None);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_never_shown() {
        let requests = JobRequest::read_all(&settings([
            ("request_", "{}"),
            ("request_a", "null"),
            ("request_b", r#"{"request_id": 7}"#),
            ("request_c", r#"["hidden"]"#),
            ("request_d", "hidden"),
            ("request_e", r#"{"request_id": ""}"#),
        ]));
        check(
            &requests,
            &[],
            &[
                "cannot read the setting `request_`: it has no valid id",
                "cannot read the setting `request_b`: it has no valid id",
                "cannot read the setting `request_c`: it is not an object",
                "cannot read the setting `request_d`: it is not JSON",
                "cannot read the setting `request_e`: it has no valid id",
            ],
        );
        assert_eq!(requests.malformed[1].id().map(AsRef::as_ref), Some("b"));
        assert_eq!(requests.malformed[1].key(), "request_b");
        assert!(!format!("{requests:?}").contains("hidden"));
    }

    #[test]
    fn responses_are_found_by_their_keys() {
        let responses = JobResponse::read_all(&settings([
            ("response_a", r#"{"reason": null, "success": true, "request_id": "b"}"#),
            ("response_b", r#"{"success": false}"#),
            ("response_c", r#"{"reason": "no"}"#),
            ("response_d", r#"{"success": "yes"}"#),
            ("response_e", "null"),
        ]));
        check(
            &responses,
            &["a", "b"],
            &[
                "cannot read the setting `response_c`: `success` is missing",
                "cannot read the setting `response_d`: `success` is not what it should be",
            ],
        );
    }
}
