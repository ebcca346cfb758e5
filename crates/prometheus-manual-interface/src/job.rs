//! A scrape job, to be asked for.

use std::fmt;
use std::time::Duration;

use python_json::Value;
use serde::Serialize;

use crate::check::check_settings;
use crate::check::consumer::Consumer;
use crate::job_defect::JobDefect;
use crate::job_request::JobRequest;
use crate::job_settings::JobSettings;
use crate::place::Place;
use crate::relabel::Relabel;
use crate::scheme::Scheme;
use crate::target_group::TargetGroup;
use crate::tls::Tls;

/// A scrape job that a charm asks for, setting by setting, each named as in a
/// [`scrape_config`]. What has no method is a [`setting`](Self::setting), and a
/// whole job that is there already is taken by [`raw`](Self::raw).
///
/// It becomes a [`JobRequest`] by [`build`](Self::build), which tells the first
/// thing that cannot be right. Of two calls for the same the later one counts,
/// unless the method says that it adds.
///
/// ```
/// use std::net::SocketAddr;
/// use std::time::Duration;
///
/// use prometheus_manual_interface::Job;
///
/// let address: SocketAddr = "[fd00::5]:9100".parse()?;
/// let request = Job::new("node")
///     .target(address)
///     .scrape_interval(Duration::from_secs(90))
///     .build()?;
/// assert_eq!(
///     request.job_data.to_string(),
///     r#"{"scrape_interval": "1m30s", "static_configs": [{"targets": ["[fd00::5]:9100"]}]}"#
/// );
///
/// let wrong = Job::new("node").target("10.0.0.5").build();
/// assert_eq!(
///     wrong.unwrap_err().to_string(),
///     "`static_configs[0].targets[0]`: it must be a host and a port, such as `10.0.0.5:9100`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`scrape_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
#[derive(Clone, PartialEq)]
#[must_use]
pub struct Job {
    name: String,
    groups: Vec<TargetGroup>,
    settings: JobSettings,
    tls: Option<Tls>,
}

impl Job {
    /// Begins a job. The consumer may make more of its name, so that no other
    /// job has the same.
    pub fn new(name: impl Into<String>) -> Self {
        Self::with_settings(name, JobSettings::default())
    }

    /// Takes all settings as they are, such as those of a template: anything
    /// that is serialised as a mapping. Certificates for its placeholders are
    /// put into the request, as by [`JobRequest::with_ca_cert`].
    pub fn raw(name: impl Into<String>, settings: impl Serialize) -> Self {
        Self::with_settings(name, JobSettings::of(&settings))
    }

    /// Adds a target: a [`SocketAddr`](std::net::SocketAddr), or a text such as
    /// `exporter.local:9100`.
    pub fn target(self, target: impl fmt::Display) -> Self {
        self.targets([target])
    }

    /// Adds targets.
    pub fn targets(mut self, targets: impl IntoIterator<Item: fmt::Display>) -> Self {
        let targets = TargetGroup::new(targets);
        match self.groups.last_mut() {
            Some(group) if !group.has_labels() => group.add(targets),
            _ => self.groups.push(targets),
        }
        self
    }

    /// Adds targets that have labels in common.
    pub fn target_group(mut self, group: TargetGroup) -> Self {
        self.groups.push(group);
        self
    }

    /// Sets the path of the metrics, in place of `/metrics`.
    pub fn metrics_path(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if !path.starts_with('/') || path.contains(['?', '#']) {
            let rule = "it must begin with `/`, and parameters belong to `params`";
            self.settings.note(JobDefect::new("metrics_path", rule));
        }
        self.settings.put_text("metrics_path", path);
        self
    }

    /// Adds a parameter to the URL of the metrics.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.add_param(name.into(), value.into());
        self
    }

    /// Sets the protocol, in place of HTTP.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.settings.put_text("scheme", scheme.to_string());
        self
    }

    /// Asks the targets over TLS.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.settings.put("tls_config", tls.settings());
        self.tls = Some(tls);
        self.scheme(Scheme::Https)
    }

    /// Sets how often the targets are asked, to the millisecond.
    pub fn scrape_interval(mut self, interval: Duration) -> Self {
        self.settings.put_duration("scrape_interval", interval);
        self
    }

    /// Sets how long a target may take to answer, to the millisecond.
    pub fn scrape_timeout(mut self, timeout: Duration) -> Self {
        self.settings.put_duration("scrape_timeout", timeout);
        self
    }

    /// Lets labels of the targets' metrics win over those that Prometheus sets.
    pub fn honor_labels(mut self) -> Self {
        self.settings.put("honor_labels", Value::Bool(true));
        self
    }

    /// Sets how many samples a target may give.
    pub fn sample_limit(mut self, limit: u64) -> Self {
        self.settings.put("sample_limit", Value::Integer(limit.into()));
        self
    }

    /// Adds a step that changes or drops targets before they are asked.
    pub fn relabel(mut self, relabel: Relabel) -> Self {
        self.settings.add("relabel_configs", relabel.into_value());
        self
    }

    /// Adds a step that changes or drops metrics before they are stored.
    pub fn metric_relabel(mut self, relabel: Relabel) -> Self {
        self.settings.add("metric_relabel_configs", relabel.into_value());
        self
    }

    /// Sends a bearer token. It is the credential of the job, which has one:
    /// the last that was set.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.settings.put_credential("bearer_token", Value::String(token.into()));
        self
    }

    /// Sends credentials of a type, such as `Bearer`, as the credential of the
    /// job.
    pub fn authorization(
        mut self,
        kind: impl Into<String>,
        credentials: impl Into<String>,
    ) -> Self {
        let settings = mapping([("credentials", credentials.into()), ("type", kind.into())]);
        self.settings.put_credential("authorization", settings);
        self
    }

    /// Sends a user's name and password, as the credential of the job.
    pub fn basic_auth(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        let settings = mapping([("password", password.into()), ("username", username.into())]);
        self.settings.put_credential("basic_auth", settings);
        self
    }

    /// Sets anything else, such as `target_limit` or `dns_sd_configs`.
    pub fn setting(mut self, key: impl Into<String>, value: impl Serialize) -> Self {
        let key = key.into();
        if key == "job_name" {
            self.settings.note(JobDefect::new(key, "it is what `Job::new` was given"));
        } else {
            self.settings.put_any(&key, &value);
        }
        self
    }

    /// Makes the request to publish.
    ///
    /// # Errors
    ///
    /// Returns the first thing that cannot be right: a job without a name or
    /// anything to find targets by, a target that is no address, a name of a
    /// label, a duration that is zero or not in milliseconds, a certificate that
    /// is not PEM, a value that has no form in JSON, settings given to
    /// [`raw`](Self::raw) that are no mapping, and whatever no version of
    /// Prometheus would take, as [`ScrapeConfig::check`] finds it.
    ///
    /// [`ScrapeConfig::check`]: crate::ScrapeConfig::check
    pub fn build(mut self) -> Result<JobRequest, JobDefect> {
        if self.name.is_empty() {
            return Err(JobDefect::new("job_name", "it must not be empty"));
        }
        let place = Place::Job.key("static_configs");
        for (index, group) in self.groups.into_iter().enumerate() {
            self.settings.add("static_configs", group.build(&place.item(index))?);
        }
        let settings = self.settings.finish()?;
        let finds_targets = |key: &String| key == "static_configs" || key.ends_with("_sd_configs");
        if !settings.keys().any(finds_targets) {
            return Err(JobDefect::new("static_configs", "a job must have targets"));
        }
        check_settings(&settings, Consumer::Unknown)?;
        let request = JobRequest::new(self.name, Value::Object(settings));
        self.tls.unwrap_or_default().send(request)
    }

    fn with_settings(name: impl Into<String>, settings: JobSettings) -> Self {
        Self { name: name.into(), groups: Vec::new(), settings, tls: None }
    }
}

impl TryFrom<Job> for JobRequest {
    type Error = JobDefect;

    fn try_from(job: Job) -> Result<Self, JobDefect> {
        job.build()
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The settings may have passwords among them.
        f.debug_struct("Job").field("name", &self.name).finish_non_exhaustive()
    }
}

fn mapping(texts: [(&str, String); 2]) -> Value {
    Value::Object(texts.map(|(key, text)| (key.to_owned(), Value::String(text))).into())
}
