//! Targets that are registered somewhere: a catalogue, a file, the DNS.

use crate::check::http_client::HTTP_CLIENT;
use crate::check::rule::Rule;
use crate::check::schema::{ANY_KEY, Kind, Section, TEXTS, field};
use crate::check::service_discovery::{
    PORT_OF_TARGETS, REFRESH_INTERVAL, TAG_SEPARATOR, is_not_blank,
};
use crate::check::settings::{Settings, is_set, text};
use crate::check::{duration, url};
use crate::job_defect::JobDefect;
use crate::place::Place;

pub(crate) const CONSUL: Section = Section {
    fields: &[
        field("allow_stale", Kind::Bool),
        field("datacenter", Kind::Text),
        field("filter", Kind::Text).since(3, 0),
        field("namespace", Kind::Text),
        field("node_meta", Kind::Map(ANY_KEY, &Kind::Text)),
        field("partition", Kind::Text),
        field("password", Kind::Text),
        field("path_prefix", Kind::Text).since(2, 47),
        REFRESH_INTERVAL,
        field("scheme", Kind::OneOf(&["http", "https"])),
        field("server", Kind::Formed(is_not_blank)).never_null(),
        field("services", TEXTS),
        TAG_SEPARATOR,
        field("tags", TEXTS),
        field("token", Kind::Text),
        field("username", Kind::Text),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[
        // A user and a password are taken for `basic_auth`.
        Rule::AtMostOne(&[
            "username",
            "authorization",
            "basic_auth",
            "bearer_token",
            "bearer_token_file",
            "oauth2",
        ]),
        Rule::AtMostOne(&[
            "password",
            "authorization",
            "basic_auth",
            "bearer_token",
            "bearer_token_file",
            "oauth2",
        ]),
        Rule::AtMostOne(&["token", "authorization", "bearer_token", "bearer_token_file", "oauth2"]),
    ],
};

pub(crate) const DNS: Section = Section {
    fields: &[
        field("names", TEXTS).required(),
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("type", Kind::OneOf(&["A", "AAAA", "MX", "SRV"])).never_null(),
    ],
    inline: &[],
    rules: &[Rule::Holds(addresses_have_a_port)],
};

pub(crate) const EUREKA: Section = Section {
    fields: &[REFRESH_INTERVAL, field("server", Kind::Formed(url::check_http)).required()],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const FILE: Section = Section {
    fields: &[
        field("files", Kind::List(&Kind::Formed(is_file_pattern))).required(),
        REFRESH_INTERVAL,
    ],
    inline: &[],
    rules: &[],
};

pub(crate) const HTTP: Section = Section {
    fields: &[REFRESH_INTERVAL, field("url", Kind::Formed(url::check_http)).required()],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const KUMA: Section = Section {
    fields: &[
        field("client_id", Kind::Text).since(2, 50),
        field("fetch_timeout", Kind::Formed(duration::check_positive)).never_null(),
        REFRESH_INTERVAL,
        field("server", Kind::Formed(url::check_http)).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const PUPPETDB: Section = Section {
    fields: &[
        field("include_parameters", Kind::Bool),
        PORT_OF_TARGETS,
        field("query", Kind::Text).required(),
        REFRESH_INTERVAL,
        field("url", Kind::Formed(url::check_http)).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const UYUNI: Section = Section {
    fields: &[
        field("entitlement", Kind::Text),
        field("password", Kind::Text).required(),
        REFRESH_INTERVAL,
        field("separator", Kind::Text),
        field("server", Kind::Formed(url::check_http)).required(),
        field("username", Kind::Text).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

/// Of `AirBnB`'s Nerve, and of serversets.
pub(crate) const ZOOKEEPER: Section = Section {
    fields: &[
        field("paths", Kind::List(&Kind::Formed(is_zookeeper_path))).required(),
        field("servers", TEXTS).required(),
        field("timeout", Kind::Formed(duration::check_positive)).never_null(),
    ],
    inline: &[],
    rules: &[],
};

fn addresses_have_a_port(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let kind = settings.get("type").and_then(text).unwrap_or("SRV".into());
    let has_port =
        is_set(settings, "port") && settings.get("port").and_then(text).as_deref() != Some("0");
    if kind != "SRV" && !has_port {
        return Err(place.key("port").defect("it is needed unless `type` is `SRV`"));
    }
    Ok(())
}

/// A `*` may stand in the last part only.
fn is_file_pattern(pattern: &str) -> Result<(), String> {
    let is_known = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"]
        .iter()
        .any(|end| pattern.ends_with(end));
    let is_pattern = match pattern.split_once('*') {
        Some((_, after)) => !after.contains(['*', '/']),
        None => true,
    };
    let is_plain = !pattern.contains(|c: char| "[]?\\".contains(c) || c.is_control());
    if is_known && is_pattern && is_plain {
        Ok(())
    } else {
        Err("it must be files that end in `.json`, `.yml` or `.yaml`, with one `*` at most, after the last `/`".to_owned())
    }
}

fn is_zookeeper_path(path: &str) -> Result<(), String> {
    if path.starts_with('/') { Ok(()) } else { Err("it must start with `/`".to_owned()) }
}
