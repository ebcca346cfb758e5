use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use juju_types::{ApplicationName, UnitName};

use super::Model;

/// The values of a secret, in base64.
pub(crate) type SecretContent = BTreeMap<String, String>;

/// A secret.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) owner: Party,
    /// The owner's label; empty if there is none.
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) rotate: Option<RotatePolicy>,
    pub(crate) next_rotate: Option<Timestamp>,
    pub(crate) revisions: BTreeMap<u32, SecretRevision>,
    pub(crate) consumers: BTreeMap<UnitName, SecretConsumer>,
    /// Who may read it, and by which relation.
    pub(crate) grants: BTreeMap<Party, Option<u32>>,
}

/// One revision of a secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretRevision {
    pub(crate) content: SecretContent,
    pub(crate) expire: Option<Timestamp>,
    /// When the owner is to be told that it has expired.
    pub(crate) expire_due: Option<Timestamp>,
    /// The owner was told that nobody reads it any more.
    pub(crate) is_told_unused: bool,
}

/// A unit that has read a secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretConsumer {
    /// Its own label; empty if there is none.
    pub(crate) label: String,
    pub(crate) tracked: u32,
    /// The latest revision that it knows to exist.
    pub(crate) told: u32,
}

/// What a new secret is given, or what of a secret is changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretSpec {
    pub(crate) label: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) rotate: Option<RotatePolicy>,
    pub(crate) expire: Option<Timestamp>,
    pub(crate) content: Option<SecretContent>,
}

/// An owner or a reader.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Party {
    Application(ApplicationName),
    Unit(UnitName),
}

impl Party {
    /// Tells whether a unit is this party, or one of its units.
    pub(crate) fn includes(&self, unit: &UnitName) -> bool {
        match self {
            Self::Application(application) => unit.application() == application,
            Self::Unit(name) => name == unit,
        }
    }

    pub(crate) fn application(&self) -> &ApplicationName {
        match self {
            Self::Application(application) => application,
            Self::Unit(unit) => unit.application(),
        }
    }
}

/// The tag by which Juju names it.
impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application(application) => write!(f, "application-{application}"),
            Self::Unit(unit) => f.write_str(&unit.tag()),
        }
    }
}

impl FromStr for Party {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        if let Some(application) = tag.strip_prefix("application-") {
            return application.parse().map(Self::Application).map_err(drop);
        }
        let unit = tag.strip_prefix("unit-").ok_or(())?;
        let (application, number) = unit.rsplit_once('-').ok_or(())?;
        format!("{application}/{number}").parse().map(Self::Unit).map_err(drop)
    }
}

/// How often a secret is to be renewed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RotatePolicy {
    Never,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl RotatePolicy {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Never, "never"),
        (Self::Hourly, "hourly"),
        (Self::Daily, "daily"),
        (Self::Weekly, "weekly"),
        (Self::Monthly, "monthly"),
        (Self::Quarterly, "quarterly"),
        (Self::Yearly, "yearly"),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(policy, _)| *policy == self).map_or("", |(_, name)| name)
    }

    /// Returns when a secret that is new now is to be renewed.
    pub(crate) fn next(self, now: Timestamp) -> Option<Timestamp> {
        let span = match self {
            Self::Never => return None,
            Self::Hourly => 1.hour(),
            Self::Daily => 1.day(),
            Self::Weekly => 7.days(),
            Self::Monthly => 1.month(),
            Self::Quarterly => 3.months(),
            Self::Yearly => 1.year(),
        };
        now.to_zoned(TimeZone::UTC).checked_add(span).ok().map(|next| next.timestamp())
    }
}

impl FromStr for RotatePolicy {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(policy, _)| *policy).ok_or(())
    }
}

impl Secret {
    pub(crate) fn new(owner: Party, spec: &SecretSpec, now: Timestamp) -> Self {
        let mut secret = Self {
            owner,
            label: String::new(),
            description: String::new(),
            rotate: None,
            next_rotate: None,
            revisions: BTreeMap::new(),
            consumers: BTreeMap::new(),
            grants: BTreeMap::new(),
        };
        secret.update(spec, now);
        secret
    }

    /// Changes what the spec names. Content that is not new makes no revision.
    pub(crate) fn update(&mut self, spec: &SecretSpec, now: Timestamp) {
        self.describe(spec);
        if let Some(rotate) = spec.rotate {
            self.next_rotate = rotate.next(now);
        }
        if let Some(content) = &spec.content
            && self.content(self.latest()) != Some(content)
        {
            let revision = SecretRevision { content: content.clone(), ..SecretRevision::default() };
            self.revisions.insert(self.latest() + 1, revision);
        }
        if let (Some(expire), Some(mut latest)) = (spec.expire, self.revisions.last_entry()) {
            latest.get_mut().expire = Some(expire);
            latest.get_mut().expire_due = Some(expire);
        }
    }

    /// Changes what is shown of the secret, and not its content.
    pub(crate) fn describe(&mut self, spec: &SecretSpec) {
        if let Some(label) = &spec.label {
            self.label.clone_from(label);
        }
        if let Some(description) = &spec.description {
            self.description.clone_from(description);
        }
        if let Some(rotate) = spec.rotate {
            self.rotate = Some(rotate).filter(|rotate| *rotate != RotatePolicy::Never);
        }
    }

    /// Returns the number of the latest revision.
    pub(crate) fn latest(&self) -> u32 {
        self.revisions.keys().next_back().copied().unwrap_or_default()
    }

    pub(crate) fn content(&self, revision: u32) -> Option<&SecretContent> {
        self.revisions.get(&revision).map(|revision| &revision.content)
    }

    pub(crate) fn is_readable_by(&self, unit: &UnitName) -> bool {
        // What an application owns, all of its units may read.
        self.owner.includes(unit) || self.grants.keys().any(|party| party.includes(unit))
    }
}

impl Model {
    /// Tells whether a unit may change a secret: its own, or as the leader
    /// that of its application.
    pub(crate) fn manages(&self, unit: &UnitName, secret: &Secret) -> bool {
        match &secret.owner {
            Party::Application(application) => {
                application == unit.application() && self.is_leader(unit)
            }
            Party::Unit(owner) => owner == unit,
        }
    }
}
