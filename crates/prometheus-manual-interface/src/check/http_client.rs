//! How Prometheus speaks to targets and to what it discovers them with.

use python_json::Value;

use crate::certificate_kind::CertificateKind;
use crate::check::http_headers::{HTTP_HEADERS, headers_differ};
use crate::check::rule::Rule;
use crate::check::schema::{ANY_KEY, Kind, Section, TEXTS, field};
use crate::check::settings::{Settings, is_set, text};
use crate::check::url;
use crate::job_defect::JobDefect;
use crate::place::Place;

/// What stands in a [`scrape_config`] itself, and in most discoveries.
///
/// [`scrape_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
pub(crate) const HTTP_CLIENT: Section = Section {
    fields: &[
        field("authorization", Kind::Section(&AUTHORIZATION)),
        field("basic_auth", Kind::Section(&BASIC_AUTH)),
        field("bearer_token", Kind::Text),
        field("bearer_token_file", Kind::File),
        field("enable_http2", Kind::Bool),
        field("follow_redirects", Kind::Bool),
        field("http_headers", HTTP_HEADERS).since(2, 55),
        field("oauth2", Kind::Section(&OAUTH2)),
        field("tls_config", Kind::Section(&TLS_CONFIG)),
    ],
    inline: &[&PROXY],
    rules: &[
        Rule::AtMostOne(&[
            "basic_auth",
            "authorization",
            "oauth2",
            "bearer_token",
            "bearer_token_file",
        ]),
        Rule::Holds(headers_differ),
    ],
};

const PROXY: Section = Section {
    fields: &[
        field("no_proxy", Kind::Text).since(2, 43),
        field("proxy_connect_header", Kind::Map(ANY_KEY, &TEXTS)),
        field("proxy_from_environment", Kind::Bool).since(2, 43),
        field("proxy_url", Kind::Formed(url::check)),
    ],
    inline: &[],
    rules: &[
        Rule::Needs("proxy_connect_header", "proxy_url"),
        Rule::Needs("no_proxy", "proxy_url"),
        Rule::AtMostOne(&["proxy_url", "proxy_from_environment"]),
    ],
};

const AUTHORIZATION: Section = Section {
    fields: &[
        field("credentials", Kind::Text),
        field("credentials_file", Kind::File),
        field("type", Kind::Text),
    ],
    inline: &[],
    rules: &[Rule::AtMostOne(&["credentials", "credentials_file"]), Rule::Holds(type_is_not_basic)],
};

const BASIC_AUTH: Section = Section {
    fields: &[
        field("password", Kind::Text),
        field("password_file", Kind::File),
        field("username", Kind::Text),
        field("username_file", Kind::File).since(2, 53),
    ],
    inline: &[],
    rules: &[
        Rule::AtMostOne(&["password", "password_file"]),
        Rule::AtMostOne(&["username", "username_file"]),
    ],
};

const OAUTH2: Section = Section {
    fields: &[
        field("client_id", Kind::Text).required(),
        field("client_secret", Kind::Text),
        field("client_secret_file", Kind::File),
        field("endpoint_params", Kind::Map(ANY_KEY, &Kind::Text)),
        field("scopes", TEXTS),
        field("tls_config", Kind::Section(&TLS_CONFIG)),
        field("token_url", Kind::Text).required(),
    ],
    inline: &[&PROXY],
    rules: &[Rule::ExactlyOne(&["client_secret", "client_secret_file"])],
};

pub(crate) const TLS_CONFIG: Section = Section {
    fields: &[
        field("ca", Kind::Formed(|pem| check_pem(CertificateKind::Authority, pem))).since(2, 50),
        field("ca_file", Kind::File),
        field("cert", Kind::Formed(|pem| check_pem(CertificateKind::Client, pem))).since(2, 50),
        field("cert_file", Kind::File),
        field("insecure_skip_verify", Kind::Bool),
        field("key", Kind::Formed(|pem| check_pem(CertificateKind::Key, pem))).since(2, 50),
        field("key_file", Kind::File),
        field("max_version", TLS_VERSION),
        field("min_version", TLS_VERSION),
        field("server_name", Kind::Text),
    ],
    inline: &[],
    rules: &[
        Rule::AtMostOne(&["ca", "ca_file"]),
        Rule::AtMostOne(&["cert", "cert_file"]),
        Rule::AtMostOne(&["key", "key_file"]),
        Rule::Needs("cert", "key"),
        Rule::Needs("key", "cert"),
        Rule::Needs("cert_file", "key_file"),
        Rule::Needs("key_file", "cert_file"),
        Rule::Holds(versions_are_in_order),
    ],
};

const TLS_VERSION: Kind = Kind::OneOf(&["TLS10", "TLS11", "TLS12", "TLS13"]);

fn type_is_not_basic(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let kind = settings.get("type").and_then(text).unwrap_or_default();
    if kind.trim().eq_ignore_ascii_case("basic") {
        return Err(place.key("type").defect("`basic_auth` is for that"));
    }
    Ok(())
}

fn versions_are_in_order(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    // Their names are ordered as they are.
    match (settings.get("min_version"), settings.get("max_version")) {
        (Some(Value::String(least)), Some(Value::String(most))) if least > most => {
            Err(place.key("max_version").defect("it must not be below `min_version`"))
        }
        _ => Ok(()),
    }
}

/// Checks what has no file; for Prometheus, an empty text is none.
fn check_pem(kind: CertificateKind, pem: &str) -> Result<(), String> {
    if pem.is_empty() { Ok(()) } else { kind.check(pem).map_err(|error| error.to_string()) }
}

/// Tells whether a section says how to speak to a server.
pub(crate) fn is_customised(settings: &Settings) -> bool {
    settings.keys().any(|name| HTTP_CLIENT.field(name).is_some() && is_set(settings, name))
}
