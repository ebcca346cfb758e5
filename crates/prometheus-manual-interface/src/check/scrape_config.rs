//! The settings of a job.

use python_json::Value;

use crate::check::http_client::HTTP_CLIENT;
use crate::check::relabel::RELABEL_CONFIG;
use crate::check::rule::Rule;
use crate::check::schema::{ANY_KEY, Kind, LIMIT, Section, TEXTS, field};
use crate::check::service_discovery::SERVICE_DISCOVERIES;
use crate::check::settings::Settings;
use crate::check::static_config::STATIC_CONFIG;
use crate::check::target_address::targets_are_hosts;
use crate::check::{bytes, duration};
use crate::job_defect::JobDefect;
use crate::place::Place;

/// A [`scrape_config`], but for the name of the job.
///
/// [`scrape_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
pub(crate) const SCRAPE_CONFIG: Section = Section {
    fields: &[
        field("always_scrape_classic_histograms", Kind::Bool).since(3, 0),
        field("body_size_limit", Kind::Formed(bytes::check)),
        field("convert_classic_histograms_to_nhcb", Kind::Bool).since(3, 1),
        field("enable_compression", Kind::Bool).since(2, 49),
        field("fallback_scrape_protocol", SCRAPE_PROTOCOL).since(3, 0),
        field("honor_labels", Kind::Bool),
        field("honor_timestamps", Kind::Bool),
        field("keep_dropped_targets", LIMIT).since(2, 47),
        field("label_limit", LIMIT),
        field("label_name_length_limit", LIMIT),
        field("label_value_length_limit", LIMIT),
        field("metric_name_validation_scheme", Kind::OneOf(&["legacy", "utf8"])).since(3, 0),
        field("metric_relabel_configs", Kind::List(&Kind::Section(&RELABEL_CONFIG))),
        field("metrics_path", Kind::Text),
        field("native_histogram_bucket_limit", LIMIT).since(2, 45),
        field("native_histogram_min_bucket_factor", Kind::Number).since(2, 50),
        field("params", Kind::Map(ANY_KEY, &TEXTS)),
        field("relabel_configs", Kind::List(&Kind::Section(&RELABEL_CONFIG))),
        field("sample_limit", LIMIT),
        field("scheme", Kind::OneOf(&["http", "https"])),
        field("scrape_classic_histograms", Kind::Bool).since(2, 45).until(3, 0),
        field("scrape_interval", Kind::Formed(duration::check)),
        field("scrape_protocols", Kind::List(&SCRAPE_PROTOCOL)).since(2, 49),
        field("scrape_timeout", Kind::Formed(duration::check)),
        field("static_configs", Kind::List(&Kind::Section(&STATIC_CONFIG))),
        field("target_limit", LIMIT),
        field("track_timestamps_staleness", Kind::Bool).since(2, 48),
    ],
    inline: &[&HTTP_CLIENT, &SERVICE_DISCOVERIES],
    rules: &[Rule::Holds(protocols_differ), Rule::Holds(targets_are_hosts)],
};

const SCRAPE_PROTOCOL: Kind = Kind::OneOf(&[
    "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0",
    "PrometheusProto",
    "PrometheusText0.0.4",
]);

fn protocols_differ(job: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let Some(Value::Array(protocols)) = job.get("scrape_protocols") else {
        return Ok(());
    };
    let place = place.key("scrape_protocols");
    if protocols.is_empty() {
        return Err(place.defect("it must not be empty"));
    }
    // As there are only a few, a longer list repeats one before it gets long.
    for (index, protocol) in protocols.iter().enumerate() {
        if protocols[..index].contains(protocol) {
            return Err(place.item(index).defect("it is there twice"));
        }
    }
    Ok(())
}
