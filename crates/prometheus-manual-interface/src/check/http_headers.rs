//! Headers of requests.

use std::collections::BTreeSet;

use python_json::Value;

use crate::check::schema::{Kind, Section, TEXTS, field};
use crate::check::settings::Settings;
use crate::job_defect::JobDefect;
use crate::place::Place;

/// The values of headers, by the names of these.
pub(crate) const HTTP_HEADERS: Kind = Kind::Map(check_name, &Kind::Section(&HTTP_HEADER));

const HTTP_HEADER: Section = Section {
    fields: &[
        field("files", Kind::List(&Kind::File)),
        field("secrets", TEXTS),
        field("values", TEXTS),
    ],
    inline: &[],
    rules: &[],
};

/// What Prometheus sets itself.
const RESERVED: [&str; 18] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "user-agent",
    "www-authenticate",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-prometheus-remote-read-version",
    "x-prometheus-remote-write-version",
    "x-prometheus-scrape-timeout-seconds",
];

fn check_name(name: &str) -> Result<(), String> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.is_empty() || !name.bytes().all(is_word) {
        return Err("it is no name of a header".to_owned());
    }
    if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        return Err("Prometheus sets this header itself".to_owned());
    }
    Ok(())
}

pub(crate) fn headers_differ(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let Some(Value::Object(headers)) = settings.get("http_headers") else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    match headers.keys().find(|name| !seen.insert(name.to_ascii_lowercase())) {
        Some(name) => Err(place.key("http_headers").key(name).defect("it is there twice")),
        None => Ok(()),
    }
}
