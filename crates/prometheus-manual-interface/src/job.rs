//! A scrape job, to be asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use python_json::Value;
use serde::Serialize;

use crate::job_defect::JobDefect;
use crate::job_request::JobRequest;
use crate::place::Place;
use crate::prometheus_duration::prometheus_duration;
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
    scrape_interval: Option<Duration>,
    scrape_timeout: Option<Duration>,
    settings: BTreeMap<String, Value>,
    tls: Option<Tls>,
    /// The first thing that was given and cannot be right.
    defect: Option<JobDefect>,
}

/// The settings by which Prometheus says who it is, of which a job has one.
const CREDENTIALS: [&str; 5] =
    ["authorization", "basic_auth", "bearer_token", "bearer_token_file", "oauth2"];

impl Job {
    /// Begins a job. The consumer may make more of its name, so that no other
    /// job has the same.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            groups: Vec::new(),
            scrape_interval: None,
            scrape_timeout: None,
            settings: BTreeMap::new(),
            tls: None,
            defect: None,
        }
    }

    /// Takes all settings as they are, such as those of a template: anything
    /// that is serialised as a mapping. Certificates for its placeholders are
    /// put into the request, as by [`JobRequest::with_ca_cert`].
    pub fn raw(name: impl Into<String>, settings: impl Serialize) -> Self {
        let mut job = Self::new(name);
        match value_of(&settings) {
            Some(Value::Object(settings)) => job.settings = settings,
            _ => job.note(JobDefect::new("job_data", "it must be a mapping")),
        }
        job
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
            self.note(JobDefect::new("metrics_path", rule));
        }
        self.put("metrics_path", Value::String(path))
    }

    /// Adds a parameter to the URL of the metrics.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let params = self.settings.entry("params".to_owned());
        let values = match params.or_insert_with(|| Value::Object(BTreeMap::new())) {
            Value::Object(params) => Some(params.entry(name.into()).or_insert_with(empty_list)),
            _ => None,
        };
        match values {
            Some(Value::Array(values)) => values.push(Value::String(value.into())),
            _ => self.note(JobDefect::new("params", "it must be a mapping to lists")),
        }
        self
    }

    /// Sets the protocol, in place of HTTP.
    pub fn scheme(self, scheme: Scheme) -> Self {
        self.put("scheme", Value::String(scheme.to_string()))
    }

    /// Asks the targets over TLS.
    pub fn tls(mut self, tls: Tls) -> Self {
        let settings = tls.settings();
        self.tls = Some(tls);
        self.scheme(Scheme::Https).put("tls_config", settings)
    }

    /// Sets how often the targets are asked, to the millisecond.
    pub fn scrape_interval(mut self, interval: Duration) -> Self {
        self.scrape_interval = Some(interval);
        self.duration("scrape_interval", interval)
    }

    /// Sets how long a target may take to answer, to the millisecond.
    pub fn scrape_timeout(mut self, timeout: Duration) -> Self {
        self.scrape_timeout = Some(timeout);
        self.duration("scrape_timeout", timeout)
    }

    /// Lets labels of the targets' metrics win over those that Prometheus sets.
    pub fn honor_labels(self) -> Self {
        self.put("honor_labels", Value::Bool(true))
    }

    /// Sets how many samples a target may give.
    pub fn sample_limit(self, limit: u64) -> Self {
        self.put("sample_limit", Value::Integer(limit.into()))
    }

    /// Adds a step that changes or drops targets before they are asked.
    pub fn relabel(self, relabel: Relabel) -> Self {
        self.add("relabel_configs", relabel.into_value())
    }

    /// Adds a step that changes or drops metrics before they are stored.
    pub fn metric_relabel(self, relabel: Relabel) -> Self {
        self.add("metric_relabel_configs", relabel.into_value())
    }

    /// Sends a bearer token. It is the credential of the job, which has one:
    /// the last that was set.
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        self.credentials("bearer_token", Value::String(token.into()))
    }

    /// Sends credentials of a type, such as `Bearer`, as the credential of the
    /// job.
    pub fn authorization(self, kind: impl Into<String>, credentials: impl Into<String>) -> Self {
        let settings = mapping([("credentials", credentials.into()), ("type", kind.into())]);
        self.credentials("authorization", settings)
    }

    /// Sends a user's name and password, as the credential of the job.
    pub fn basic_auth(self, username: impl Into<String>, password: impl Into<String>) -> Self {
        let settings = mapping([("password", password.into()), ("username", username.into())]);
        self.credentials("basic_auth", settings)
    }

    /// Sets anything else, such as `target_limit` or `dns_sd_configs`.
    pub fn setting(mut self, key: impl Into<String>, value: impl Serialize) -> Self {
        let key = key.into();
        let rule = match value_of(&value) {
            _ if key == "job_name" => "it is what `Job::new` was given",
            Some(value) => return self.put(key, value),
            None => "it has no form in JSON",
        };
        self.note(Place::Job.key(&key).defect(rule));
        self
    }

    /// Makes the request to publish.
    ///
    /// # Errors
    ///
    /// Returns the first thing that cannot be right: a job without a name or
    /// anything to find targets by, a target that is no address, a name of a
    /// label, a duration that is zero or not in milliseconds, a timeout beyond
    /// the interval, a certificate that is not PEM, a value that has no form in
    /// JSON, or one given to [`raw`](Self::raw) that is no mapping.
    pub fn build(mut self) -> Result<JobRequest, JobDefect> {
        if self.name.is_empty() {
            return Err(JobDefect::new("job_name", "it must not be empty"));
        }
        if let (Some(interval), Some(timeout)) = (self.scrape_interval, self.scrape_timeout)
            && timeout > interval
        {
            return Err(JobDefect::new("scrape_timeout", "it must not be beyond the interval"));
        }
        let place = Place::Job.key("static_configs");
        for (index, group) in std::mem::take(&mut self.groups).into_iter().enumerate() {
            self = self.add("static_configs", group.build(&place.item(index))?);
        }
        if let Some(defect) = self.defect {
            return Err(defect);
        }
        let finds_targets = |key: &String| key == "static_configs" || key.ends_with("_sd_configs");
        if !self.settings.keys().any(finds_targets) {
            return Err(JobDefect::new("static_configs", "a job must have targets"));
        }
        let request = JobRequest::new(self.name, Value::Object(self.settings));
        self.tls.unwrap_or_default().send(request)
    }

    fn duration(mut self, key: &'static str, duration: Duration) -> Self {
        match prometheus_duration(duration) {
            Some(text) if !duration.is_zero() => self.put(key, Value::String(text)),
            _ => {
                self.note(JobDefect::new(key, "it must be whole milliseconds, and not zero"));
                self
            }
        }
    }

    fn credentials(mut self, key: &str, value: Value) -> Self {
        self.settings.retain(|key, _| !CREDENTIALS.contains(&key.as_str()));
        self.put(key, value)
    }

    /// Adds to a list.
    fn add(mut self, key: &'static str, item: Value) -> Self {
        match self.settings.entry(key.to_owned()).or_insert_with(empty_list) {
            Value::Array(items) => items.push(item),
            _ => self.note(JobDefect::new(key, "it must be a list")),
        }
        self
    }

    fn put(mut self, key: impl Into<String>, value: Value) -> Self {
        self.settings.insert(key.into(), value);
        self
    }

    fn note(&mut self, defect: JobDefect) {
        self.defect.get_or_insert(defect);
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

/// Makes a value of anything that has a form in JSON.
fn value_of(value: &impl Serialize) -> Option<Value> {
    python_json::to_string(value).ok()?.parse().ok()
}

fn empty_list() -> Value {
    Value::Array(Vec::new())
}

fn mapping(texts: [(&str, String); 2]) -> Value {
    Value::Object(texts.map(|(key, text)| (key.to_owned(), Value::String(text))).into())
}
