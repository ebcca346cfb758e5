//! Relation data that are kept back.

use std::collections::BTreeMap;

use juju_types::{ApplicationName, UnitName};

use super::HookContext;
use crate::model::{DataBag, Relation, overlay};

/// The settings to be written, each by the number of the relation; an empty
/// value deletes.
#[derive(Debug, Default)]
pub(super) struct PendingRelations {
    unit: BTreeMap<u32, BTreeMap<String, String>>,
    application: BTreeMap<u32, BTreeMap<String, String>>,
}

/// Whose settings are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Publisher {
    Application,
    Unit,
}

impl HookContext<'_> {
    /// Returns what a unit has published, if it is or was in the relation; of
    /// the own unit, with what is kept back.
    pub(crate) fn unit_settings(
        &self,
        relation: &Relation,
        unit: &UnitName,
    ) -> Option<BTreeMap<String, String>> {
        let mut settings = relation.units.get(unit)?.settings.clone();
        if let Some(pending) = self.pending.relations.unit.get(&relation.id)
            && *unit == self.unit_name
        {
            overlay(&mut settings, pending);
        }
        Some(settings)
    }

    /// Returns what an application of the relation has published; of the own
    /// one, with what is kept back.
    pub(crate) fn application_settings(
        &self,
        relation: &Relation,
        application: &ApplicationName,
    ) -> BTreeMap<String, String> {
        let bag = relation.applications.get(application);
        let mut settings = bag.map(|bag| bag.settings.clone()).unwrap_or_default();
        if let Some(pending) = self.pending.relations.application.get(&relation.id)
            && application == self.unit_name.application()
        {
            overlay(&mut settings, pending);
        }
        settings
    }

    /// Keeps back settings of a relation.
    pub(crate) fn publish(
        &mut self,
        relation: u32,
        publisher: Publisher,
        settings: BTreeMap<String, String>,
    ) {
        let pending = match publisher {
            Publisher::Application => &mut self.pending.relations.application,
            Publisher::Unit => &mut self.pending.relations.unit,
        };
        pending.entry(relation).or_default().extend(settings);
    }

    /// Checks that what the leader has written can still be sent. The error
    /// says, as the controller does, that another unit is the leader now.
    pub(super) fn check_leadership(&self, pending: &PendingRelations) -> Result<(), String> {
        if pending.application.is_empty() || self.model.is_leader(&self.unit_name) {
            return Ok(());
        }
        let unit = crate::go::quote(&self.unit_name.to_string());
        let application = crate::go::quote(self.unit_name.application().as_str());
        let not_leader = format!("{unit} is not leader of {application}");
        Err(match self.model.version.major() {
            ..3 => format!("prerequisites failed: {not_leader}"),
            3 => format!("checking leadership continuity: {not_leader}"),
            4.. => format!("updating unit and application settings for {unit}: permission denied"),
        })
    }

    /// Checks that what is published is not too much. The error says so as the
    /// controller does.
    pub(super) fn check_relation_data(&self, pending: &PendingRelations) -> Result<(), String> {
        let Some(max) = self.model.version.max_relation_data() else { return Ok(()) };
        let relation = |number: &u32| self.model.relations.get(number);
        for (number, written) in &pending.unit {
            let bag = relation(number).and_then(|found| found.units.get(&self.unit_name));
            check_size(bag, written, max)?;
        }
        for (number, written) in &pending.application {
            let own = self.unit_name.application();
            let bag = relation(number).and_then(|found| found.applications.get(own));
            check_size(bag, written, max)?;
        }
        Ok(())
    }

    pub(super) fn flush_relations(&mut self, pending: &PendingRelations) {
        for (id, settings) in &pending.unit {
            self.model.publish(*id, &self.unit_name, settings);
        }
        for (id, settings) in &pending.application {
            self.model.publish_for_application(*id, self.unit_name.application(), settings);
        }
    }
}

fn check_size(
    bag: Option<&DataBag>,
    written: &BTreeMap<String, String>,
    max: usize,
) -> Result<(), String> {
    let mut settings = bag.map(|bag| bag.settings.clone()).unwrap_or_default();
    overlay(&mut settings, written);
    let sizes = settings.iter().map(|(key, value)| key.len() + value.len());
    if sizes.sum::<usize>() > max {
        return Err(format!("max allowed total size ({max}): quota limit exceeded"));
    }
    Ok(())
}
