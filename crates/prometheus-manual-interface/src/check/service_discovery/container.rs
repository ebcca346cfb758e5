//! Targets that are containers, and what runs them.

use python_json::Value;

use crate::check::http_client::{HTTP_CLIENT, is_customised};
use crate::check::kubernetes_selector as selector;
use crate::check::rule::Rule;
use crate::check::schema::{Kind, Section, TEXTS, field};
use crate::check::service_discovery::{FILTERS, PORT_OF_TARGETS, REFRESH_INTERVAL, TAG_SEPARATOR};
use crate::check::settings::{Settings, is_set, text};
use crate::check::url;
use crate::job_defect::JobDefect;
use crate::place::Place;

pub(crate) const DOCKER: Section = Section {
    fields: &[
        field("filters", FILTERS),
        field("host", Kind::Formed(url::check_socket)).required(),
        field("host_networking_host", Kind::Text),
        field("match_first_network", Kind::Bool).since(2, 54),
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const DOCKERSWARM: Section = Section {
    fields: &[
        field("filters", FILTERS),
        field("host", Kind::Formed(url::check_socket)).required(),
        PORT_OF_TARGETS,
        REFRESH_INTERVAL,
        field("role", Kind::OneOf(&["nodes", "services", "tasks"])).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

pub(crate) const KUBERNETES: Section = Section {
    fields: &[
        field("api_server", Kind::Formed(url::check)),
        field("attach_metadata", Kind::Section(&ATTACH_METADATA)),
        field("kubeconfig_file", Kind::File),
        field("namespaces", Kind::Section(&NAMESPACES)),
        field("role", KUBERNETES_ROLE).required(),
        field("selectors", Kind::List(&Kind::Section(&SELECTOR))),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[
        Rule::AtMostOne(&["api_server", "kubeconfig_file"]),
        Rule::Holds(a_client_of_its_own_has_a_server),
        Rule::Holds(own_namespace_is_of_the_pod),
        Rule::Holds(selectors_fit_the_role),
    ],
};

const KUBERNETES_ROLE: Kind =
    Kind::OneOf(&["endpoints", "endpointslice", "ingress", "node", "pod", "service"]);

const ATTACH_METADATA: Section =
    Section { fields: &[field("node", Kind::Bool)], inline: &[], rules: &[] };

const NAMESPACES: Section = Section {
    fields: &[field("names", TEXTS), field("own_namespace", Kind::Bool)],
    inline: &[],
    rules: &[],
};

const SELECTOR: Section = Section {
    fields: &[
        field("field", Kind::Formed(selector::check_field)),
        field("label", Kind::Formed(selector::check_label)),
        field("role", KUBERNETES_ROLE).required(),
    ],
    inline: &[],
    rules: &[],
};

pub(crate) const MARATHON: Section = Section {
    fields: &[
        field("auth_token", Kind::Text),
        field("auth_token_file", Kind::File),
        REFRESH_INTERVAL,
        field("servers", TEXTS).required(),
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[Rule::AtMostOne(&[
        "auth_token",
        "auth_token_file",
        "authorization",
        "basic_auth",
        "bearer_token",
        "bearer_token_file",
        "oauth2",
    ])],
};

pub(crate) const NOMAD: Section = Section {
    fields: &[
        field("allow_stale", Kind::Bool),
        field("namespace", Kind::Text),
        REFRESH_INTERVAL,
        field("region", Kind::Text),
        field("server", Kind::Formed(url::check_http)).never_null(),
        TAG_SEPARATOR,
    ],
    inline: &[&HTTP_CLIENT],
    rules: &[],
};

fn a_client_of_its_own_has_a_server(
    settings: &Settings,
    place: &Place<'_>,
) -> Result<(), JobDefect> {
    if is_customised(settings) && !is_set(settings, "api_server") {
        let rule = "it is needed when the section says how to speak to the server";
        return Err(place.key("api_server").defect(rule));
    }
    Ok(())
}

fn own_namespace_is_of_the_pod(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let Some(Value::Object(namespaces)) = settings.get("namespaces") else {
        return Ok(());
    };
    let is_elsewhere = is_set(settings, "api_server") || is_set(settings, "kubeconfig_file");
    if is_elsewhere && namespaces.get("own_namespace") == Some(&Value::Bool(true)) {
        let rule = "it cannot stand beside `api_server` or `kubeconfig_file`";
        return Err(place.key("namespaces").key("own_namespace").defect(rule));
    }
    Ok(())
}

fn selectors_fit_the_role(settings: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let Some(Value::Array(selectors)) = settings.get("selectors") else {
        return Ok(());
    };
    let role = settings.get("role").and_then(text).unwrap_or_default();
    let allowed: &[&str] = match &*role {
        "endpoints" => &["pod", "service", "endpoints"],
        "endpointslice" => &["pod", "service", "endpointslice"],
        _ => &[&role],
    };
    let mut seen = Vec::new();
    for (index, selector) in selectors.iter().enumerate() {
        let Value::Object(selector) = selector else { continue };
        let selected = selector.get("role").and_then(text).unwrap_or_default();
        let defect = |rule: String| place.key("selectors").item(index).key("role").defect(rule);
        if !allowed.contains(&&*selected) {
            return Err(defect(format!("the role `{role}` has no selector of this role")));
        }
        if seen.contains(&selected) {
            return Err(defect("there is a selector of this role already".to_owned()));
        }
        seen.push(selected);
    }
    Ok(())
}
