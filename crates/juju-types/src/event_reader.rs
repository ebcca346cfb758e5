//! Reads the event from the variables of the charm's process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::container_name::ContainerName;
use crate::event::Event;
use crate::event_variables_error::EventVariablesError;
use crate::notice::Notice;
use crate::relation_context::RelationContext;
use crate::secret_context::SecretContext;
use crate::storage_context::StorageContext;
use crate::storage_name::StorageName;
use crate::text::parse_number;
use crate::unit_name::UnitName;
use crate::variable_reader::VariableReader;

/// Does the work of [`Event::from_variables`], once for all kinds of pairs.
pub(crate) fn read_event(
    variables: &BTreeMap<String, String>,
) -> Result<Option<Event>, EventVariablesError> {
    let mut reader = VariableReader::new(variables);
    let event = reader.event();
    let faults = reader.into_faults();
    if faults.is_empty() { Ok(event) } else { Err(EventVariablesError::new(faults)) }
}

/// Reads the event; each method reads one part of it.
impl<'a> VariableReader<'a> {
    fn event(&mut self) -> Option<Event> {
        if let Some(path) = self.text(DISPATCH_PATH) {
            if let Some(name) = path.strip_prefix("hooks/") {
                self.hook(DISPATCH_PATH, name)
            } else if let Some(name) = path.strip_prefix("actions/") {
                self.parse(DISPATCH_PATH, name).map(Event::Action)
            } else {
                let rule = format!("`{path}` is neither `hooks/NAME` nor `actions/NAME`");
                self.report(DISPATCH_PATH, path, rule);
                None
            }
        } else if let Some(name) = self.text(HOOK_NAME) {
            self.hook(HOOK_NAME, name)
        } else {
            match self.text(ACTION_NAME)? {
                // This is how `juju exec` of a client arrives: it runs a
                // command, and the charm's program only if that calls it.
                "juju-exec" | "juju-run" => None,
                name => self.parse(ACTION_NAME, name).map(Event::Action),
            }
        }
    }

    /// Reads the hook `name`, which `source` has given.
    fn hook(&mut self, source: &str, name: &str) -> Option<Event> {
        let event = match name {
            "collect-metrics" => Event::CollectMetrics,
            "config-changed" => Event::ConfigChanged,
            "install" => Event::Install,
            "leader-elected" => Event::LeaderElected,
            "leader-settings-changed" => Event::LeaderSettingsChanged,
            "meter-status-changed" => Event::MeterStatusChanged,
            "post-series-upgrade" => Event::PostSeriesUpgrade,
            "pre-series-upgrade" => Event::PreSeriesUpgrade {
                base: self.optional("JUJU_TARGET_BASE"),
                series: self.text("JUJU_TARGET_SERIES").map(str::to_owned),
            },
            "remove" => Event::Remove,
            "secret-changed" => Event::SecretChanged(self.secret(name)?),
            "secret-expired" => {
                let (secret, revision) = (self.secret(name), self.secret_revision(name));
                Event::SecretExpired { secret: secret?, revision: revision? }
            }
            "secret-remove" => {
                let (secret, revision) = (self.secret(name), self.secret_revision(name));
                Event::SecretRemove { secret: secret?, revision: revision? }
            }
            "secret-rotate" => Event::SecretRotate(self.secret(name)?),
            "start" => Event::Start,
            "stop" => Event::Stop,
            "update-status" => Event::UpdateStatus,
            "upgrade-charm" => Event::UpgradeCharm,
            _ => return self.named_hook(source, name),
        };
        Some(event)
    }

    /// Reads a hook whose name starts with the name of an endpoint, storage
    /// or container, or else a custom one.
    fn named_hook(&mut self, source: &str, hook: &str) -> Option<Event> {
        let event = match self.split(hook) {
            Some((container, "pebble-check-failed")) => {
                let container = self.parse(source, container);
                let check = self.required(hook, "JUJU_PEBBLE_CHECK_NAME");
                Event::PebbleCheckFailed { container: container?, check: check? }
            }
            Some((container, "pebble-check-recovered")) => {
                let container = self.parse(source, container);
                let check = self.required(hook, "JUJU_PEBBLE_CHECK_NAME");
                Event::PebbleCheckRecovered { container: container?, check: check? }
            }
            Some((container, "pebble-custom-notice")) => {
                let container = self.parse(source, container);
                let notice = self.notice(hook);
                Event::PebbleCustomNotice { container: container?, notice: notice? }
            }
            Some((container, "pebble-ready")) => Event::PebbleReady(self.parse(source, container)?),
            Some((endpoint, "relation-broken")) => {
                Event::RelationBroken(self.relation(hook, endpoint)?)
            }
            Some((endpoint, "relation-changed")) => {
                let relation = self.relation(hook, endpoint);
                let unit = self.optional(REMOTE_UNIT);
                Event::RelationChanged { relation: relation?, unit }
            }
            Some((endpoint, "relation-created")) => {
                Event::RelationCreated(self.relation(hook, endpoint)?)
            }
            Some((endpoint, "relation-departed")) => {
                let relation = self.relation(hook, endpoint);
                let unit = self.required(hook, REMOTE_UNIT);
                let departing = self.optional("JUJU_DEPARTING_UNIT");
                Event::RelationDeparted { relation: relation?, unit: unit?, departing }
            }
            Some((endpoint, "relation-joined")) => {
                let relation = self.relation(hook, endpoint);
                let unit = self.required(hook, REMOTE_UNIT);
                Event::RelationJoined { relation: relation?, unit: unit? }
            }
            Some((name, "storage-attached")) => Event::StorageAttached(self.storage(source, name)?),
            Some((name, "storage-detaching")) => {
                Event::StorageDetaching(self.storage(source, name)?)
            }
            _ => Event::Custom(self.parse(source, hook)?),
        };
        Some(event)
    }

    /// Splits the name of a hook into what it is about and what has happened
    /// to that, if the variables confirm it.
    fn split<'n>(&self, hook: &'n str) -> Option<(&'n str, &'static str)> {
        // The name of an endpoint may itself end in a suffix, as in
        // `x-relation-joined`. That does no harm: only the last one is cut off,
        // and no suffix ends in another.
        let (subject, suffix) = SUFFIXES
            .into_iter()
            .find_map(|suffix| Some((hook.strip_suffix(suffix)?.strip_suffix('-')?, suffix)))?;
        let confirmed = if suffix.starts_with("relation-") {
            self.endpoint() == Some(subject)
        } else if suffix.starts_with("storage-") {
            subject.parse::<StorageName>().is_ok()
                && self.storage_name().is_none_or(|name| name == subject)
        } else {
            match self.text(WORKLOAD_NAME) {
                Some(container) => container == subject,
                None => suffix == "pebble-ready" && subject.parse::<ContainerName>().is_ok(),
            }
        };
        confirmed.then_some((subject, suffix))
    }

    /// Returns the endpoint that the variables name, not yet parsed.
    fn endpoint(&self) -> Option<&'a str> {
        self.text(RELATION).or_else(|| {
            let (endpoint, _) = self.text(RELATION_ID)?.rsplit_once(':')?;
            Some(endpoint)
        })
    }

    /// Returns the name of the storage that the variables name, not yet parsed.
    fn storage_name(&self) -> Option<&'a str> {
        let id = self.text(STORAGE_ID)?;
        Some(id.split_once('/').map_or(id, |(name, _)| name))
    }

    fn relation(&mut self, hook: &str, endpoint: &str) -> Option<RelationContext> {
        let endpoint = self.parse(RELATION, endpoint);
        let id = self.required(hook, RELATION_ID);
        let application = match self.text(REMOTE_APP) {
            Some(application) => self.parse(REMOTE_APP, application),
            // A malformed unit is reported by those events that have a unit.
            None => self
                .text(REMOTE_UNIT)
                .and_then(|unit| unit.parse::<UnitName>().ok())
                .map(|unit| unit.application().clone()),
        };
        Some(RelationContext::new(endpoint?, id?, application))
    }

    fn storage(&mut self, source: &str, name: &str) -> Option<StorageContext> {
        let mut storage = StorageContext::new(self.parse(source, name)?);
        storage.id = self.optional(STORAGE_ID);
        storage.kind = self.optional("JUJU_STORAGE_KIND");
        storage.location = self.text("JUJU_STORAGE_LOCATION").map(PathBuf::from);
        Some(storage)
    }

    fn secret(&mut self, hook: &str) -> Option<SecretContext> {
        let id = self.required(hook, "JUJU_SECRET_ID")?;
        Some(SecretContext::new(id, self.text("JUJU_SECRET_LABEL").map(str::to_owned)))
    }

    fn secret_revision(&mut self, hook: &str) -> Option<u32> {
        let text: String = self.required(hook, SECRET_REVISION)?;
        let revision = parse_number(&text).filter(|revision| *revision > 0);
        if revision.is_none() {
            let rule = format!("invalid secret revision `{text}`: it must be a number above 0");
            self.report(SECRET_REVISION, &text, rule);
        }
        revision
    }

    fn notice(&mut self, hook: &str) -> Option<Notice> {
        let id = self.required::<String>(hook, "JUJU_NOTICE_ID");
        let kind = self.required::<String>(hook, "JUJU_NOTICE_TYPE");
        let key = self.required::<String>(hook, "JUJU_NOTICE_KEY");
        Some(Notice::new(id?, kind?, key?))
    }
}

const ACTION_NAME: &str = "JUJU_ACTION_NAME";
const DISPATCH_PATH: &str = "JUJU_DISPATCH_PATH";
const HOOK_NAME: &str = "JUJU_HOOK_NAME";
const RELATION: &str = "JUJU_RELATION";
const RELATION_ID: &str = "JUJU_RELATION_ID";
const REMOTE_APP: &str = "JUJU_REMOTE_APP";
const REMOTE_UNIT: &str = "JUJU_REMOTE_UNIT";
const SECRET_REVISION: &str = "JUJU_SECRET_REVISION";
const STORAGE_ID: &str = "JUJU_STORAGE_ID";
const WORKLOAD_NAME: &str = "JUJU_WORKLOAD_NAME";

/// What can happen to an endpoint, storage or container. No suffix ends in another.
const SUFFIXES: [&str; 11] = [
    "pebble-check-failed",
    "pebble-check-recovered",
    "pebble-custom-notice",
    "pebble-ready",
    "relation-broken",
    "relation-changed",
    "relation-created",
    "relation-departed",
    "relation-joined",
    "storage-attached",
    "storage-detaching",
];

#[cfg(test)]
mod tests {
    use super::SUFFIXES;

    #[test]
    fn no_suffix_ends_in_another() {
        for suffix in SUFFIXES {
            let fitting = SUFFIXES.into_iter().filter(|other| suffix.ends_with(other));
            assert_eq!(fitting.collect::<Vec<_>>(), [suffix]);
        }
    }
}
