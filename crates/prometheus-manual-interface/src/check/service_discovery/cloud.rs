//! Targets that are machines in a cloud.

use crate::check::http_client::{HTTP_CLIENT, TLS_CONFIG};
use crate::check::rule::Rule;
use crate::check::schema::{Kind, Section, TEXTS, field};
use crate::check::service_discovery::{
    FILTERS, PORT_OF_TARGETS, REFRESH_INTERVAL, TAG_SEPARATOR, is_not_blank,
};
use crate::check::settings::{Settings, is_set, text};
use crate::check::url;
use crate::job_defect::JobDefect;
use crate::place::Place;

pub(crate) const AZURE: Section = Section {
    fields: &[
        field("authentication_method", Kind::OneOf(&["ManagedIdentity", "OAuth"])).never_null(),
        field("client_id", Kind::Text),
        field("client_secret", Kind::Text),
        field("environment", Kind::Text),
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("resource_group", Kind::Text),
        field("subscription_id", Kind::Text).required(),
        field("tenant_id", Kind::Text),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[Rule::Holds(azure_knows_its_client)],
};

pub(crate) const DIGITALOCEAN: Section =
    Section { fields: &[PORT_OF_TARGETS, REFRESH_INTERVAL], inline: &[&HTTP_CLIENT], rules: &[] };

pub(crate) const EC2: Section =
    Section { fields: &[field("filters", FILTERS)], inline: &[&AMAZON], rules: &[] };

pub(crate) const LIGHTSAIL: Section = Section { fields: &[], inline: &[&AMAZON], rules: &[] };

/// Without a region, Prometheus asks the machine's own cloud for one when it
/// reads the configuration, and refuses it if there is no answer.
const AMAZON: Section = Section {
    fields: &[
        field("access_key", Kind::Text),
        field("endpoint", Kind::Text),
        PORT_OF_TARGETS,
        field("profile", Kind::Text),
        REFRESH_INTERVAL,
        field("region", Kind::Text).required(),
        field("role_arn", Kind::Text),
        field("secret_key", Kind::Text),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const GCE: Section = Section {
    fields: &[
        field("filter", Kind::Text),
        PORT_OF_TARGETS,
        field("project", Kind::Text).required(),
        REFRESH_INTERVAL,
        TAG_SEPARATOR,
        field("zone", Kind::Text).required(),
    ],
    inline: &[],
    rules: &[],
};

pub(crate) const HETZNER: Section = Section {
    fields: &[
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("role", Kind::OneOf(&["hcloud", "robot"])).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const IONOS: Section = Section {
    fields: &[field("datacenter_id", Kind::Text).required(), PORT_OF_TARGETS, REFRESH_INTERVAL],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const LINODE: Section = Section {
    fields: &[
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("region", Kind::Text).since(2, 52),
        TAG_SEPARATOR,
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const OPENSTACK: Section = Section {
    fields: &[
        field("all_tenants", Kind::Bool),
        field("application_credential_id", Kind::Text),
        field("application_credential_name", Kind::Text),
        field("application_credential_secret", Kind::Text),
        field("availability", Kind::OneOf(&["admin", "internal", "public"])).never_null(),
        field("domain_id", Kind::Text),
        field("domain_name", Kind::Text),
        field("identity_endpoint", Kind::Text),
        field("password", Kind::Text),
        PORT_OF_TARGETS,
        field("project_id", Kind::Text),
        field("project_name", Kind::Text),
        REFRESH_INTERVAL,
        field("region", Kind::Text).required(),
        field("role", Kind::OneOf(&["hypervisor", "instance"])).required(),
        field("tls_config", Kind::Section(&TLS_CONFIG)),
        field("userid", Kind::Text),
        field("username", Kind::Text),
    ],
    inline: &[],
    rules: &[],
};

pub(crate) const OVHCLOUD: Section = Section {
    fields: &[
        field("application_key", Kind::Text).required(),
        field("application_secret", Kind::Text).required(),
        field("consumer_key", Kind::Text).required(),
        field("endpoint", Kind::Formed(is_not_blank)).never_null(),
        REFRESH_INTERVAL,
        field("service", Kind::OneOf(&["dedicated_server", "vps"])).required(),
    ],
    inline: &[],
    rules: &[],
};

/// Prometheus has the client of the cloud look at keys, zone and address when
/// it reads the configuration.
pub(crate) const SCALEWAY: Section = Section {
    fields: &[
        field("access_key", Kind::Formed(is_scaleway_access_key)).required(),
        field("api_url", Kind::Formed(url::check_http)).never_null(),
        field("name_filter", Kind::Text),
        PORT_OF_TARGETS,
        field("project_id", Kind::Formed(is_uuid)).required(),
        REFRESH_INTERVAL,
        field("role", Kind::OneOf(&["baremetal", "instance"])).required(),
        field("secret_key", Kind::Formed(is_uuid)),
        field("secret_key_file", Kind::File),
        field("tags_filter", TEXTS),
        field("zone", Kind::OneOf(SCALEWAY_ZONES)).never_null(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[Rule::ExactlyOne(&["secret_key", "secret_key_file"])],
};

const SCALEWAY_ZONES: &[&str] =
    &["fr-par-1", "fr-par-2", "fr-par-3", "nl-ams-1", "nl-ams-2", "pl-waw-1", "pl-waw-2"];

pub(crate) const TRITON: Section = Section {
    fields: &[
        field("account", Kind::Text).required(),
        field("dns_suffix", Kind::Text).required(),
        field("endpoint", Kind::Text).required(),
        field("groups", TEXTS),
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("role", Kind::OneOf(&["cn", "container"])).never_null(),
        field("tls_config", Kind::Section(&TLS_CONFIG)),
        field("version", Kind::Integer(1, 1)),
    ],
    inline: &[],
    rules: &[],
};

pub(crate) const VULTR: Section =
    Section { fields: &[PORT_OF_TARGETS, REFRESH_INTERVAL], inline: &[&HTTP_CLIENT], rules: &[] };

fn azure_knows_its_client(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    if settings.get("authentication_method").and_then(text).as_deref() == Some("ManagedIdentity") {
        return Ok(());
    }
    for name in ["client_id", "client_secret", "tenant_id"] {
        if !is_set(settings, name) {
            let rule = "it is needed unless `authentication_method` is `ManagedIdentity`";
            return Err(place.key(name).defect(rule));
        }
    }
    Ok(())
}

fn is_scaleway_access_key(text: &str) -> Result<(), String> {
    let is_key = text.strip_prefix("SCW").is_some_and(|rest| {
        rest.len() == 17 && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    if is_key { Ok(()) } else { Err("it must be `SCW` and 17 capitals or digits".to_owned()) }
}

fn is_uuid(text: &str) -> Result<(), String> {
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(index, b)| match index {
            8 | 13 | 18 | 23 => b == b'-',
            _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        });
    if is_uuid { Ok(()) } else { Err("it must be a UUID in small letters".to_owned()) }
}
