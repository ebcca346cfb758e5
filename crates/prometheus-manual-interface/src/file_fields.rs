//! The settings of a job that name files.

use std::collections::BTreeMap;

use python_json::Value;

use crate::certificate_kind::CertificateKind;
use crate::job_defect::JobDefect;
use crate::job_files::{JobFiles, LocalFiles};
use crate::place::Place;

type Mapping = BTreeMap<String, Value>;

/// Puts the paths of files into the settings of a job, wherever it has
/// placeholders for them.
pub(crate) struct FileFields<'a>(pub(crate) &'a JobFiles);

/// What holds names that producers choose, and never names a file to
/// Prometheus.
const WITHOUT_FILES: [&str; 7] = [
    "endpoint_params",
    "metric_relabel_configs",
    "node_meta",
    "params",
    "proxy_connect_header",
    "relabel_configs",
    "static_configs",
];

/// What names files by patterns.
const FILE_DISCOVERIES: &str = "file_sd_configs";

/// Headers, by names of the producer's choice.
const HTTP_HEADERS: &str = "http_headers";

/// What some Python producers write for `cert_file`, which Prometheus does not
/// know.
const CLIENT_FILE: &str = "client_file";

impl FileFields<'_> {
    /// Puts them in.
    pub(crate) fn fill(&self, settings: &mut Mapping) -> Result<(), JobDefect> {
        self.name_what_was_sent(settings);
        self.mapping(settings, &Place::Job)
    }

    /// Names the certificates that were sent in the `tls_config` of the job
    /// itself: there are producers that send them and rely on that.
    fn name_what_was_sent(&self, settings: &mut Mapping) {
        let sent = || CertificateKind::ALL.into_iter().filter(|file| self.0.path(*file).is_some());
        if sent().next().is_none() {
            return;
        }
        let is_https =
            matches!(settings.get("scheme"), Some(Value::String(scheme)) if scheme == "https");
        let tls_config = match settings.get_mut("tls_config") {
            Some(Value::Null) | None if is_https => {
                settings.insert("tls_config".to_owned(), Value::Object(Mapping::new()));
                settings.get_mut("tls_config")
            }
            tls_config => tls_config,
        };
        let Some(Value::Object(tls_config)) = tls_config else { return };
        let skips_verify = tls_config.get("insecure_skip_verify") == Some(&Value::Bool(true));
        for file in sent() {
            let is_needed = file != CertificateKind::Authority || !skips_verify;
            if is_needed && !names(tls_config, file) {
                set(tls_config, file, file.placeholder());
            }
        }
    }

    fn value(&self, value: &mut Value, place: &Place<'_>) -> Result<(), JobDefect> {
        match value {
            Value::Object(mapping) => self.mapping(mapping, place),
            Value::Array(items) => {
                let mut items = items.iter_mut().enumerate();
                items.try_for_each(|(index, item)| self.value(item, &place.item(index)))
            }
            _ => Ok(()),
        }
    }

    fn mapping(&self, mapping: &mut Mapping, place: &Place<'_>) -> Result<(), JobDefect> {
        mapping.retain(|key, value| key != "tls_config" || *value != Value::Null);
        for (key, value) in mapping {
            let (key, place) = (key.as_str(), place.key(key));
            if WITHOUT_FILES.contains(&key) {
                continue;
            }
            if key == "tls_config" {
                let Value::Object(tls_config) = value else {
                    return Err(place.defect("it must be a mapping"));
                };
                self.tls_config(tls_config, &place)?;
            } else if key == HTTP_HEADERS {
                self.http_headers(value, &place)?;
            } else if key == FILE_DISCOVERIES || is_socket(key, value) {
                self.local_file(value, &place)?;
            } else if is_file_setting(key) {
                self.file(value, &place)?;
            } else {
                self.value(value, &place)?;
            }
        }
        Ok(())
    }

    /// Looks at the files of headers, whose names producers choose: a header may
    /// be called as a setting is.
    fn http_headers(&self, headers: &mut Value, place: &Place<'_>) -> Result<(), JobDefect> {
        let Value::Object(headers) = headers else { return Ok(()) };
        for (name, header) in headers {
            let place = place.key(name);
            let Value::Object(header) = header else { continue };
            let Some(Value::Array(files)) = header.get_mut("files") else { continue };
            let place = place.key("files");
            for (index, file) in files.iter_mut().enumerate() {
                self.file(file, &place.item(index))?;
            }
        }
        Ok(())
    }

    fn tls_config(&self, tls_config: &mut Mapping, place: &Place<'_>) -> Result<(), JobDefect> {
        if tls_config.get(CLIENT_FILE).is_some_and(stands_for_path) {
            tls_config.remove(CLIENT_FILE);
            if !names(tls_config, CertificateKind::Client) {
                set(tls_config, CertificateKind::Client, CertificateKind::Client.placeholder());
            }
        }
        for file in CertificateKind::ALL {
            let setting = file.setting();
            match (tls_config.get_mut(setting), self.0.path(file)) {
                (Some(value), Some(path)) if stands_for_path(value) => *value = text(path),
                // To Prometheus they are none.
                (Some(value), None) if is_empty(value) => {
                    tls_config.remove(setting);
                }
                (Some(value), None) if stands_for_path(value) => {
                    return Err(not_sent(file, &place.key(setting)));
                }
                _ => {}
            }
        }
        self.pair(tls_config, place)?;
        self.mapping(tls_config, place)
    }

    /// Has a certificate have its key, and a key its certificate.
    fn pair(&self, tls_config: &mut Mapping, place: &Place<'_>) -> Result<(), JobDefect> {
        use CertificateKind::{Client, Key};
        let (named, missing, rule) = match (names(tls_config, Client), names(tls_config, Key)) {
            (true, false) => (Client, Key, "it must be there, because `cert_file` is"),
            (false, true) => (Key, Client, "it must be there, because `key_file` is"),
            _ => return Ok(()),
        };
        let is_ours =
            self.0.path(named).is_some_and(|path| is(tls_config.get(named.setting()), path));
        match self.0.path(missing) {
            Some(path) if is_ours => set(tls_config, missing, path),
            _ => return Err(place.key(missing.setting()).defect(rule)),
        }
        Ok(())
    }

    /// Puts the path into any other setting that names a file. There the
    /// placeholder says which one it is.
    fn file(&self, value: &mut Value, place: &Place<'_>) -> Result<(), JobDefect> {
        let stands_for = |file: &CertificateKind| is(Some(value), file.placeholder());
        match CertificateKind::ALL.into_iter().find(stands_for) {
            None => return self.local_file(value, place),
            Some(file) => match self.0.path(file) {
                None => return Err(not_sent(file, place)),
                Some(path) => *value = text(path),
            },
        }
        Ok(())
    }

    fn local_file(&self, value: &Value, place: &Place<'_>) -> Result<(), JobDefect> {
        let paths = CertificateKind::ALL.into_iter().filter_map(|file| self.0.path(file));
        let is_local = !is_empty(value) && !paths.into_iter().any(|path| is(Some(value), path));
        if is_local && self.0.local_files == LocalFiles::Refuse {
            return Err(place.defect("a job must not name files of the machine of Prometheus"));
        }
        Ok(())
    }
}

fn text(path: &str) -> Value {
    Value::String(path.to_owned())
}

fn is(value: Option<&Value>, text: &str) -> bool {
    matches!(value, Some(Value::String(value)) if value == text)
}

fn set(tls_config: &mut Mapping, file: CertificateKind, path: &str) {
    tls_config.insert(file.setting().to_owned(), text(path));
}

/// Tells whether a `tls_config` says which file it is, or has what would be in
/// it.
fn names(tls_config: &Mapping, file: CertificateKind) -> bool {
    file.settings().iter().any(|key| tls_config.get(*key).is_some_and(|value| !is_empty(value)))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Tells whether a value stands for a path within a `tls_config`, where the
/// setting says which one.
fn stands_for_path(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || is_placeholder(text),
        _ => false,
    }
}

/// Tells whether a path is none, but stands for one.
pub(crate) fn is_placeholder(path: &str) -> bool {
    path.len() > 4 && path.starts_with("__") && path.ends_with("__")
}

/// Tells whether it is the address of a socket that is a file.
fn is_socket(key: &str, value: &Value) -> bool {
    key == "host" && matches!(value, Value::String(host) if host.starts_with("unix:"))
}

fn is_file_setting(key: &str) -> bool {
    key.ends_with("_file") || (key.ends_with("_path") && key != "metrics_path")
}

fn not_sent(file: CertificateKind, place: &Place<'_>) -> JobDefect {
    place.defect(format!("it stands for `{}`, which was not sent", file.field()))
}
