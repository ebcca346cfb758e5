mod properties;

use std::collections::BTreeMap;

use crate::check::settings::Settings;
use crate::job_defect::JobDefect;
use crate::scrape_config::ScrapeConfig;

/// Jobs by their names, of which the real promtool thinks the same: see
/// `tests/promtool`.
const GOOD: &str = include_str!("../../tests/promtool/good_jobs.json");
const LEFT_OUT_BY_DEBIAN: &str = include_str!("../../tests/promtool/left_out_by_debian.json");
const BAD: &str = include_str!("../../tests/promtool/bad_jobs.json");

fn jobs(text: &str) -> BTreeMap<String, Settings> {
    python_json::from_str(text).unwrap()
}

fn check_with(job: &Settings, version: &str) -> Result<(), JobDefect> {
    ScrapeConfig::new("a", job.clone()).check(version.parse().unwrap())
}

#[track_caller]
fn check(job: &str) -> String {
    check_in(job, "2.42.0")
}

#[track_caller]
fn check_in(job: &str, version: &str) -> String {
    let job: Settings = python_json::from_str(job).unwrap();
    check_with(&job, version).map_or_else(|defect| defect.to_string(), |()| "accepted".to_owned())
}

#[test]
fn accepts_good_jobs_in_every_version() {
    for (name, job) in jobs(GOOD) {
        assert_eq!(check_with(&job, "2.42.0+ds-5"), Ok(()), "{name}");
    }
    for (name, job) in jobs(GOOD).into_iter().chain(jobs(LEFT_OUT_BY_DEBIAN)) {
        for version in ["2.31.2", "2.42.0", "2.55.1", "3.5.0"] {
            assert_eq!(check_with(&job, version), Ok(()), "{name}");
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row for each job")]
fn says_what_is_wrong_with_bad_jobs() {
    let said: Vec<String> = jobs(BAD)
        .into_iter()
        .map(|(name, job)| format!("{name}: {}", check_with(&job, "2.42.0").unwrap_err()))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    a URL of another kind: `http_sd_configs[0].url`: it must start with `http://` or `https://`
    a back reference: `relabel_configs[0].regex`: `(a)\\1` is no regular expression for Prometheus: backreferences are not supported
    a boundary of Rust: `relabel_configs[0].regex`: `\\b{start}a{1001}` is no regular expression for Prometheus: only `\b` and `\B` are boundaries of words
    a certificate that is a text: `tls_config.ca`: Prometheus has it since 2.50.0, and this is 2.42.0
    a certificate without key: `tls_config.cert_file`: it needs `key_file` beside it
    a filter without values: `ec2_sd_configs[0].filters[0].values`: it must not be empty
    a group named in the new way: `relabel_configs[0].regex`: `(?<n>a)` is no regular expression for Prometheus: a group is named with `(?P<`
    a hashmod by zero: `relabel_configs[0].modulus`: it must be from 1 to 18446744073709551615
    a hashmod into a template: `relabel_configs[0].target_label`: `$1` is no label name
    a hashmod without modulus: `relabel_configs[0].modulus`: it is needed for the action `hashmod`
    a keepequal with more: `relabel_configs[0].regex`: it cannot be used for the action `keepequal`
    a key of a newer version: `scrape_protocols`: Prometheus has it since 2.49.0, and this is 2.42.0
    a key without certificate: `tls_config.key_file`: it needs `cert_file` beside it
    a label name with a dash: `static_configs[0].labels.a-b`: `a-b` is no label name
    a label with a list: `static_configs[0].labels.a`: it must be text
    a labeldrop with more: `relabel_configs[0].source_labels`: it cannot be used for the action `labeldrop`
    a labelmap into no name: `relabel_configs[0].replacement`: `a-b` is no label name
    a labelmap into null: `relabel_configs[0].replacement`: it must not be null
    a limit beyond 64 bits: `sample_limit`: it must be from 0 to 18446744073709551615
    a list for a text: `metrics_path`: it must be text
    a lookahead: `relabel_configs[0].regex`: `(?!a)b` is no regular expression for Prometheus: look-around, including look-ahead and look-behind, is not supported
    a lowercase with a replacement: `relabel_configs[0].replacement`: it cannot be used for the action `lowercase`
    a map for a list: `static_configs`: it must be a list
    a negative limit: `sample_limit`: it must be from 0 to 18446744073709551615
    a null action: `metric_relabel_configs[0].action`: it must not be null
    a null among targets: `static_configs[0]`: it must be a map
    a null discovery: `docker_sd_configs[0]`: it must be a map
    a null rule: `relabel_configs[0]`: it must be a map
    a null target: `static_configs[0].targets[0]`: it must be text
    a number for a boolean: `honor_labels`: it must be `true` or `false`
    a path without slash: `nerve_sd_configs[0].paths[0]`: it must start with `/`
    a placeholder: `tls_config.cert_file`: nothing was sent for the placeholder `__cert_file__`
    a port that is a text: `vultr_sd_configs[0].port`: it must be a whole number
    a proxy that is no URL: `proxy_url`: the host of a URL must be a name or an address, and its port a number
    a proxy that is quoted null: `proxy_url`: it must be a URL, such as `http://10.0.0.1:8080`
    a repeated repetition: `relabel_configs[0].regex`: `a**` is no regular expression for Prometheus: a repetition must not be repeated without a group
    a rule that makes an address with a path: `relabel_configs[0].replacement`: a target is a host and a port, without scheme and path
    a rule that takes the address away: `relabel_configs[0].replacement`: a target is a host and a port, without scheme and path
    a scheme in a label: `static_configs[0].labels.__scheme__`: `ftp` is none of `http`, `https`
    a size with an unknown unit: `body_size_limit`: `10mb` is no size, such as `512KiB` or `10MB`
    a size without unit: `body_size_limit`: `10` is no size, such as `512KiB` or `10MB`
    a source label with a dash: `relabel_configs[0].source_labels[0]`: `a-b` is no label name
    a source label without list: `relabel_configs[0].source_labels`: it must be a list
    a star in the middle: `file_sd_configs[0].files[0]`: it must be files that end in `.json`, `.yml` or `.yaml`, with one `*` at most, after the last `/`
    a target label with a dash: `relabel_configs[0].target_label`: `a-b` is no label name
    a target with a path: `static_configs[0].targets[0]`: a target is a host and a port, without scheme and path
    a target with a scheme: `static_configs[0].targets[0]`: a target is a host and a port, without scheme and path
    a target with a scheme that no rule replaces: `static_configs[0].targets[0]`: a target is a host and a port, without scheme and path
    a text for a boolean: `honor_labels`: it must be `true` or `false`
    a text for a list: `static_configs[0].targets`: it must be a list
    a text for a map: `basic_auth`: it must be a map
    a text for a number: `sample_limit`: it must be a whole number
    a timeout beyond the default interval: `scrape_timeout`: it must not be longer than the interval, which is `1m`
    a timeout beyond the interval: `scrape_timeout`: it must not be longer than the interval, which is `5s`
    a timeout in a label beyond the interval: `static_configs[0].labels`: the timeout of these targets must not be longer than their interval
    a token and a user for marathon: `marathon_sd_configs[0].basic_auth`: it cannot stand beside `auth_token`
    a user and a token: `bearer_token`: it cannot stand beside `basic_auth`
    a verbose expression: `relabel_configs[0].regex`: `(?x)a b` is no regular expression for Prometheus: the flags are `i`, `m`, `s` and `U`
    addresses without port: `dns_sd_configs[0].port`: it is needed unless `type` is `SRV`
    an empty interval: `scrape_interval`: `` is no duration, such as `15s` or `1m30s`
    an empty target: `static_configs[0].targets[0]`: a target must not be empty
    an escape of Rust: `relabel_configs[0].regex`: `\\u0041` is no regular expression for Prometheus: a character is escaped as `\x7F` or `\x{10FFFF}`
    an expression that is a tilde: `relabel_configs[0].regex`: `~` is no regular expression for Prometheus: its YAML reader takes it for nothing
    an expression that is null: `relabel_configs[0].regex`: `null` is no regular expression for Prometheus: its YAML reader takes it for nothing
    an interval beyond all ages: `scrape_interval`: `300y` is no duration, such as `15s` or `1m30s`
    an interval in a label: `static_configs[0].labels.__scrape_interval__`: it must not be 0
    an interval that is a number: `scrape_interval`: `15` is no duration, such as `15s` or `1m30s`
    an interval with a fraction: `scrape_interval`: `1.5s` is no duration, such as `15s` or `1m30s`
    an interval without unit: `scrape_interval`: `15` is no duration, such as `15s` or `1m30s`
    an unclosed group: `relabel_configs[0].regex`: `(a` is no regular expression for Prometheus: unclosed group
    an unknown action: `relabel_configs[0].action`: `remove` is no action of relabelling
    an unknown class: `relabel_configs[0].regex`: `\\p{Emoji}` is no regular expression for Prometheus: the Unicode class is unknown
    an unknown discovery: `foo_sd_configs`: Prometheus knows no such key
    an unknown key: `scrape_intervall`: Prometheus knows no such key
    an unknown record: `dns_sd_configs[0].type`: `TXT` is none of `A`, `AAAA`, `MX`, `SRV`
    an unknown scheme: `scheme`: `ftp` is none of `http`, `https`
    an unknown version of TLS: `tls_config.min_version`: `1.2` is none of `TLS10`, `TLS11`, `TLS12`, `TLS13`
    azure without client: `azure_sd_configs[0].client_id`: it is needed unless `authentication_method` is `ManagedIdentity`
    azure without subscription: `azure_sd_configs[0].subscription_id`: it is missing
    basic as a type: `authorization.type`: `basic_auth` is for that
    dns without names: `dns_sd_configs[0].names`: it must not be empty
    docker without host: `docker_sd_configs[0].host`: it is missing
    dockerswarm without role: `dockerswarm_sd_configs[0].role`: it is missing
    eureka without server: `eureka_sd_configs[0].server`: it is missing
    files of another kind: `file_sd_configs[0].files[0]`: it must be files that end in `.json`, `.yml` or `.yaml`, with one `*` at most, after the last `/`
    gce without zone: `gce_sd_configs[0].zone`: it is missing
    headers for no proxy: `proxy_connect_header`: it needs `proxy_url` beside it
    hetzner with an unknown role: `hetzner_sd_configs[0].role`: `cloud` is none of `hcloud`, `robot`
    no files: `file_sd_configs[0].files`: it must not be empty
    no refresh at all: `vultr_sd_configs[0].refresh_interval`: `` is no duration, such as `15s` or `1m30s`
    no target label: `relabel_configs[0].target_label`: it is needed for the action `replace`
    oauth2 and a user: `oauth2`: it cannot stand beside `basic_auth`
    oauth2 without address: `oauth2.token_url`: it is missing
    oauth2 without client: `oauth2.client_id`: it is missing
    oauth2 without secret: `oauth2.client_secret`: it is missing; one of `client_secret`, `client_secret_file` is needed
    openstack with an unknown availability: `openstack_sd_configs[0].availability`: `secret` is none of `admin`, `internal`, `public`
    ovhcloud with an unknown service: `ovhcloud_sd_configs[0].service`: `cloud` is none of `dedicated_server`, `vps`
    ovhcloud without endpoint: `ovhcloud_sd_configs[0].endpoint`: it must not be blank
    params without list: `params.module`: it must be a list
    puppetdb without query: `puppetdb_sd_configs[0].query`: it is missing
    scaleway with a key of no form: `scaleway_sd_configs[0].access_key`: it must be `SCW` and 17 capitals or digits
    too many nested repetitions: `relabel_configs[0].regex`: `(a{100}){11}` is no regular expression for Prometheus: nothing may be repeated more than 1000 times
    too many repetitions: `relabel_configs[0].regex`: `a{1001}` is no regular expression for Prometheus: nothing may be repeated more than 1000 times
    triton without account: `triton_sd_configs[0].account`: it is missing
    two credentials: `authorization.credentials_file`: it cannot stand beside `credentials`
    two passwords: `basic_auth.password_file`: it cannot stand beside `password`
    two tokens: `bearer_token_file`: it cannot stand beside `bearer_token`
    two tokens for marathon: `marathon_sd_configs[0].auth_token_file`: it cannot stand beside `auth_token`
    two ways to authorise: `authorization`: it cannot stand beside `basic_auth`
    units out of order: `scrape_interval`: `1s1m` is no duration, such as `15s` or `1m30s`
    uyuni without password: `uyuni_sd_configs[0].password`: it is missing
    ");
}

/// What promtool would let through.
#[test]
fn is_stricter_than_promtool_where_prometheus_would_fail() {
    insta::assert_snapshot!(
        check(r#"{"vultr_sd_configs": [{"refresh_interval": "0s"}]}"#),
        @"`vultr_sd_configs[0].refresh_interval`: it must not be 0"
    );
    insta::assert_snapshot!(
        check(r#"{"vultr_sd_configs": [{"refresh_interval": null}]}"#),
        @"`vultr_sd_configs[0].refresh_interval`: it must not be null"
    );
    insta::assert_snapshot!(
        check(r#"{"tls_config": {"min_version": "TLS13", "max_version": "TLS12"}}"#),
        @"`tls_config.max_version`: it must not be below `min_version`"
    );
    insta::assert_snapshot!(check(r#"{"tls_config": {"ca_file": "__ca_file__"}}"#), @"`tls_config.ca_file`: nothing was sent for the placeholder `__ca_file__`");
    insta::assert_snapshot!(check(r#"{"bearer_token_file": ""}"#), @"`bearer_token_file`: it must not be empty");
    insta::assert_snapshot!(check(r#"{"sample_limit": 1.5}"#), @"`sample_limit`: it must be a whole number");
}

#[test]
fn knows_the_versions_of_keys() {
    let job = r#"{"scrape_protocols": ["PrometheusProto"]}"#;
    insta::assert_snapshot!(check(job), @"`scrape_protocols`: Prometheus has it since 2.49.0, and this is 2.42.0");
    assert_eq!(check_in(job, "2.49.0"), "accepted");

    let job = r#"{"scrape_classic_histograms": true}"#;
    insta::assert_snapshot!(check_in(job, "3.0.0"), @"`scrape_classic_histograms`: Prometheus no longer has it since 3.0.0, and this is 3.0.0");
    assert_eq!(check_in(job, "2.53.0"), "accepted");

    let check = |job: &str| check_in(job, "3.5.0");
    insta::assert_snapshot!(check(r#"{"scrape_protocols": []}"#), @"`scrape_protocols`: it must not be empty");
    insta::assert_snapshot!(
        check(r#"{"scrape_protocols": ["PrometheusProto", "PrometheusProto"]}"#),
        @"`scrape_protocols[1]`: it is there twice"
    );
    insta::assert_snapshot!(check(r#"{"http_headers": {"Host": {"values": ["a"]}}}"#), @"`http_headers.Host`: Prometheus sets this header itself");
    insta::assert_snapshot!(check(r#"{"http_headers": {"a b": {"values": ["a"]}}}"#), @"`http_headers.a b`: it is no name of a header");
    insta::assert_snapshot!(
        check(r#"{"http_headers": {"X-a": {"values": ["a"]}, "x-A": {"values": ["a"]}}}"#),
        @"`http_headers.x-A`: it is there twice"
    );
    insta::assert_snapshot!(check(r#"{"native_histogram_min_bucket_factor": "1"}"#), @"`native_histogram_min_bucket_factor`: it must be a number");
    for job in [
        r#"{"http_headers": {"X-Team": {"values": ["a"], "secrets": ["b"], "files": ["/c"]}}}"#,
        r#"{"native_histogram_min_bucket_factor": 1.1, "keep_dropped_targets": 5}"#,
        r#"{"proxy_url": "http://a", "no_proxy": "10.0.0.0/8", "basic_auth": {"username_file": "/a"}}"#,
        r#"{"proxy_from_environment": true, "tls_config": {"cert": "", "key": "", "ca": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"}}"#,
        r#"{"fallback_scrape_protocol": "PrometheusText0.0.4", "metric_name_validation_scheme": "utf8"}"#,
    ] {
        assert_eq!(check(job), "accepted", "{job}");
    }
}

#[test]
fn knows_what_debian_leaves_out() {
    let job = r#"{"consul_sd_configs": [{}]}"#;
    insta::assert_snapshot!(check_in(job, "2.42.0+ds-5+deb12u1"), @"`consul_sd_configs`: Debian builds Prometheus without this discovery, and this is 2.42.0+ds");
    for (name, job) in jobs(LEFT_OUT_BY_DEBIAN) {
        assert!(check_with(&job, "2.45.3+ds-2ubuntu0.2").is_err(), "{name}");
    }
}

#[test]
fn says_what_is_wrong_with_discoveries_that_debian_leaves_out() {
    let kubernetes =
        |settings: &str| check(&format!(r#"{{"kubernetes_sd_configs": [{{{settings}}}]}}"#));
    insta::assert_snapshot!(kubernetes(""), @"`kubernetes_sd_configs[0].role`: it is missing");
    insta::assert_snapshot!(kubernetes(r#""role": "pods""#), @"`kubernetes_sd_configs[0].role`: `pods` is none of `endpoints`, `endpointslice`, `ingress`, `node`, `pod`, `service`");
    insta::assert_snapshot!(kubernetes(r#""role": "pod", "bearer_token": "a""#), @"`kubernetes_sd_configs[0].api_server`: it is needed when the section says how to speak to the server");
    insta::assert_snapshot!(
        kubernetes(r#""role": "pod", "api_server": "http://a", "kubeconfig_file": "/b""#),
        @"`kubernetes_sd_configs[0].kubeconfig_file`: it cannot stand beside `api_server`"
    );
    insta::assert_snapshot!(
        kubernetes(r#""role": "pod", "api_server": "http://a", "namespaces": {"own_namespace": true}"#),
        @"`kubernetes_sd_configs[0].namespaces.own_namespace`: it cannot stand beside `api_server` or `kubeconfig_file`"
    );
    insta::assert_snapshot!(kubernetes(r#""role": "pod", "selectors": [{"role": "node"}]"#), @"`kubernetes_sd_configs[0].selectors[0].role`: the role `pod` has no selector of this role");
    insta::assert_snapshot!(
        kubernetes(r#""role": "pod", "selectors": [{"role": "pod"}, {"role": "pod"}]"#),
        @"`kubernetes_sd_configs[0].selectors[1].role`: there is a selector of this role already"
    );
    insta::assert_snapshot!(check(r#"{"consul_sd_configs": [{"server": " "}]}"#), @"`consul_sd_configs[0].server`: it must not be blank");
    insta::assert_snapshot!(
        check(r#"{"consul_sd_configs": [{"token": "a", "authorization": {"credentials": "b"}}]}"#),
        @"`consul_sd_configs[0].authorization`: it cannot stand beside `token`"
    );
    insta::assert_snapshot!(check(r#"{"nomad_sd_configs": [{"server": "localhost:4646"}]}"#), @"`nomad_sd_configs[0].server`: it must be a URL, such as `http://10.0.0.1:8080`");
    insta::assert_snapshot!(check(r#"{"kuma_sd_configs": [{}]}"#), @"`kuma_sd_configs[0].server`: it is missing");
}

#[test]
fn bounds_the_size_of_a_job() {
    let targets = |count| {
        format!(
            r#"{{"static_configs": [{{"targets": [{}]}}]}}"#,
            vec![r#""a:9100""#; count].join(", ")
        )
    };
    assert_eq!(check(&targets(40_000)), "accepted");
    insta::assert_snapshot!(check(&targets(50_000)), @"`scrape_config`: it is larger than 1 MiB");

    let rules = |count| {
        format!(
            r#"{{"relabel_configs": [{}]}}"#,
            vec![r#"{"action": "drop", "regex": ".{1000}"}"#; count].join(", ")
        )
    };
    assert_eq!(check(&rules(100)), "accepted");
    insta::assert_snapshot!(check(&rules(200)), @"`relabel_configs[125].regex`: it makes the regular expressions of the job too large");

    let key = "a".repeat(101);
    insta::assert_snapshot!(check(&format!(r#"{{"params": {{"{key}": ["b"]}}}}"#)), @"`params.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`: a key must not be longer than 100 bytes");

    let deep = "[".repeat(100) + &"]".repeat(100);
    insta::assert_snapshot!(check(&format!(r#"{{"static_configs": {deep}}}"#)), @"`static_configs[0]`: it must be a map");
}

#[test]
fn shortens_and_escapes_what_it_quotes() {
    let long = "a".repeat(100);
    insta::assert_snapshot!(check(&format!(r#"{{"scrape_interval": "{long}"}}"#)), @"`scrape_interval`: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` is no duration, such as `15s` or `1m30s`");
    insta::assert_snapshot!(check(&format!(r#"{{"{long}": 1}}"#)), @"`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`: Prometheus knows no such key");
    insta::assert_snapshot!(check(r#"{"a\nb`": 1}"#), @r"`a\nb``: Prometheus knows no such key");
}
