//! What Python consumers of the interface do, to the byte.

use std::collections::BTreeMap;

use python_json::{SerializeError, Value};
use thiserror::Error;

use crate::job_id::JobId;
use crate::job_request::JobRequest;

/// Renders a request as `JobRequest.to_json` of the Python layer does, for a
/// charm that compares what it has written with what Python wrote.
///
/// [`JobRequest::render`] is for all else, and says what Python does not do.
/// One more reason is the text itself: a character beyond U+FFFF becomes two
/// escapes, which JSON has for it, and which Prometheus does not read as YAML
/// (`found invalid Unicode character escape code`): then its whole
/// configuration is invalid.
///
/// A path that is empty counts as none, and one of `cert_file` and `key_file`
/// alone does nothing.
///
/// ```
/// use prometheus_manual_interface::{JobRequest, compat};
///
/// let request = JobRequest::new("node", r#"{"tls_config": {}}"#.parse()?);
/// let text = compat::to_json(&request, &"1".parse()?, Some("/etc/ca.pem"), None, None)?;
/// assert_eq!(text, r#"{"job_name": "node-1", "tls_config": {"ca_file": "/etc/ca.pem"}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns an error where Python raises an exception: if `job_data` is no
/// mapping, and, if there is a file to be named, if a `tls_config` or an item of
/// a service discovery is no mapping, or a service discovery no list. (What
/// Python passes over by luck, such as a `tls_config` that is a text without
/// `ca_file` in it, is an error too.)
pub fn to_json(
    request: &JobRequest,
    id: &JobId,
    ca_file: Option<&str>,
    cert_file: Option<&str>,
    key_file: Option<&str>,
) -> Result<String, ToJsonError> {
    let mut data = request.job_data.clone();
    let data = mapping(&mut data, "job_data")?;
    data.insert("job_name".to_owned(), text(&format!("{}-{id}", request.job_name)));
    if let Some(ca_file) = ca_file.filter(|path| !path.is_empty()) {
        each_tls_config(data, |tls_config, level| {
            if level == Level::Job || tls_config.contains_key("ca_file") {
                tls_config.insert("ca_file".to_owned(), text(ca_file));
            }
        })?;
    }
    if let (Some(cert_file), Some(key_file)) = (cert_file, key_file)
        && !cert_file.is_empty()
        && !key_file.is_empty()
    {
        each_tls_config(data, |tls_config, level| {
            let is_job = level == Level::Job;
            let has_client_file = tls_config.contains_key("client_file");
            if is_job || has_client_file {
                tls_config.insert("cert_file".to_owned(), text(cert_file));
            }
            if is_job || (!has_client_file && tls_config.contains_key("key_file")) {
                tls_config.insert("key_file".to_owned(), text(key_file));
            }
        })?;
    }
    Ok(python_json::to_string(data)?)
}

/// Why Python raises an exception.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct ToJsonError(Fault);

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Fault {
    #[error("cannot render a job as Python does: `{0}` must be a mapping")]
    NoMapping(&'static str),
    #[error("cannot render a job as Python does: a service discovery must be a list")]
    NoList,
    #[error(transparent)]
    Serialize(SerializeError),
}

impl From<SerializeError> for ToJsonError {
    fn from(error: SerializeError) -> Self {
        Self(Fault::Serialize(error))
    }
}

/// Where a `tls_config` is.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Job,
    ServiceDiscovery,
}

fn each_tls_config(
    data: &mut BTreeMap<String, Value>,
    mut edit: impl FnMut(&mut BTreeMap<String, Value>, Level),
) -> Result<(), ToJsonError> {
    for (key, value) in data {
        if key == "tls_config" {
            edit(mapping(value, "tls_config")?, Level::Job);
        } else if key.ends_with("_sd_configs") {
            let Value::Array(items) = value else { return Err(ToJsonError(Fault::NoList)) };
            for item in items {
                let item = mapping(item, "an item of a service discovery")?;
                match item.get_mut("tls_config") {
                    None | Some(Value::Null) => {}
                    Some(value) => {
                        let tls_config = mapping(value, "tls_config")?;
                        if !tls_config.is_empty() {
                            edit(tls_config, Level::ServiceDiscovery);
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

fn mapping<'a>(
    value: &'a mut Value,
    name: &'static str,
) -> Result<&'a mut BTreeMap<String, Value>, ToJsonError> {
    match value {
        Value::Object(mapping) => Ok(mapping),
        _ => Err(ToJsonError(Fault::NoMapping(name))),
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}
