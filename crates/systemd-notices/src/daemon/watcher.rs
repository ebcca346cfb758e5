//! The units that are watched, and how systemd is asked about them.

use std::collections::BTreeMap;

use crate::daemon::changes::{Changes, Update};
use crate::daemon::doubts::{Doubts, Remark};
use crate::daemon::ledger::Ledger;
use crate::daemon::manager;
use crate::daemon::rules::Rules;
use crate::daemon::seen::Seen;
use crate::daemon::systemd::{Call, Calls, Extent, News, UnitStatus};
use crate::daemon::watch::Watch;
use crate::notice_event::NoticeEvent;
use crate::systemd_unit_name::SystemdUnitName;
use crate::watch_list::WatchList;

/// The units that are watched.
///
/// It does no I/O: it says what to ask, and takes what comes.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    watches: BTreeMap<SystemdUnitName, Watch>,
    /// The names that a unit is watched by.
    names: BTreeMap<SystemdUnitName, Vec<SystemdUnitName>>,
    rules: Rules,
    doubts: Doubts,
}

impl Watcher {
    /// Returns the unit that the charm calls `name`.
    pub(crate) fn watch_mut(&mut self, name: &SystemdUnitName) -> Option<&mut Watch> {
        self.watches.get_mut(name)
    }

    /// Goes through the units.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SystemdUnitName, &Watch)> {
        self.watches.iter()
    }

    /// Watches the units of `list` from now on. What is known of those that
    /// were watched before stays; of the others, `ledger` tells what was told
    /// and is being told.
    pub(crate) fn watch(&mut self, list: &WatchList, ledger: &Ledger) {
        let mut before = std::mem::take(&mut self.watches);
        for service in list.iter() {
            let name = service.unit().clone();
            let watch = match before.remove(&name) {
                Some(mut watch) => {
                    watch.service = service.clone();
                    watch
                }
                None => Watch::resumed(service.clone(), ledger),
            };
            self.watches.insert(name, watch);
        }
        self.doubts.retain(|name| self.watches.contains_key(name));
        self.index();
    }

    /// Tells whether systemd has said of each unit what there is to say.
    pub(crate) fn is_ready(&self) -> bool {
        // A unit in a state that nobody knows here must not keep the daemon
        // from being ready: `systemctl start` would wait, and fail.
        self.watches.iter().all(|(name, watch)| watch.is_known || self.doubts.contains(name))
    }

    /// Tells whether something is to be asked again, after a pause.
    pub(crate) fn has_questions(&self) -> bool {
        self.doubts.has_questions()
    }

    /// Returns the calls that ask again what was not answered.
    pub(crate) fn ask_again(&mut self) -> zbus::Result<Calls> {
        list(self.doubts.take_questions())
    }

    /// Returns what the log is to say of units.
    pub(crate) fn take_remarks(&mut self) -> Vec<Remark> {
        self.doubts.take_remarks()
    }

    /// Returns the calls that begin it all, or begin it again: first the rules,
    /// then the states, so that no change falls in between.
    pub(crate) fn begin(&mut self) -> zbus::Result<Calls> {
        let mut calls = vec![(manager::subscribe()?, Call::Unanswered)];
        calls.extend(self.rules.ask(self.watches.len(), self.names.keys())?);
        calls.extend(list(self.watches.keys().cloned().collect())?);
        Ok(calls)
    }

    /// Takes `news`. Returns the calls that it makes necessary, and adds the
    /// names of the units of which more is known now to `due`.
    pub(crate) fn take(
        &mut self,
        news: News,
        due: &mut Vec<SystemdUnitName>,
    ) -> zbus::Result<Calls> {
        match news {
            News::Arrived => self.begin(),
            News::Changed(unit, changes) => self.take_changes(&unit, &changes, due),
            News::Listed(units) => self.take_list(units, due),
            News::Loaded(unit) => match self.names.get(&unit) {
                Some(names) => {
                    Ok(vec![(manager::list_loaded_unit(&unit)?, Call::Loaded(names.clone()))])
                }
                None => Ok(Calls::new()),
            },
            News::LoadedIn(names, status) => list(self.names_of_news(names, &status)),
            News::NoMoreRules => {
                self.rules.save();
                self.begin()
            }
            News::Read(name, changes, extent) => {
                self.take_properties(&name, changes.as_ref(), extent, due)
            }
            News::Refused(mut names, reason) => {
                names.retain(|name| self.watches.contains_key(name));
                for name in &names {
                    if let Some(watch) = self.watches.get_mut(name) {
                        watch.is_known = false;
                    }
                }
                self.doubts.refused(&names, &reason);
                Ok(Calls::new())
            }
            News::Reloaded => list(self.watches.keys().cloned().collect()),
            News::Unlisted(names) => match <[_; 1]>::try_from(names) {
                Ok([name]) => {
                    self.lose(&name, due);
                    Ok(Calls::new())
                }
                Err(names) => {
                    let calls = names.into_iter().map(|name| list(vec![name]));
                    calls.collect::<zbus::Result<Vec<_>>>().map(|calls| calls.concat())
                }
            },
        }
    }

    /// Returns the names of a unit that was loaded in another state than it was
    /// seen in. Mostly it was loaded because it was asked for; to ask again
    /// would load it again, for ever.
    fn names_of_news(
        &self,
        mut names: Vec<SystemdUnitName>,
        status: &UnitStatus,
    ) -> Vec<SystemdUnitName> {
        let Ok((state, _)) = status.states else { return Vec::new() };
        names.retain(|name| self.watches.get(name).is_some_and(|watch| watch.seen.state != state));
        names
    }

    /// Everything is known of the unit `name`.
    fn know(&mut self, name: &SystemdUnitName, due: &mut Vec<SystemdUnitName>) {
        let Some(watch) = self.watches.get_mut(name) else { return };
        watch.is_known = true;
        watch.note();
        self.doubts.end(name);
        due.push(name.clone());
    }

    /// There is no unit `name`, so it is down.
    fn lose(&mut self, name: &SystemdUnitName, due: &mut Vec<SystemdUnitName>) {
        if let Some(watch) = self.watches.get_mut(name) {
            watch.seen = Seen::nothing();
        }
        self.know(name, due);
    }

    /// What systemd says of the unit `name` is not understood.
    fn doubt(&mut self, name: &SystemdUnitName, reason: &str) {
        if let Some(watch) = self.watches.get_mut(name) {
            watch.is_known = false;
            self.doubts.strange(name, reason);
        }
    }

    fn take_changes(
        &mut self,
        unit: &SystemdUnitName,
        changes: &Changes,
        due: &mut Vec<SystemdUnitName>,
    ) -> zbus::Result<Calls> {
        let mut unsure = Vec::new();
        for name in self.names.get(unit).cloned().unwrap_or_default() {
            let Some(watch) = self.watches.get_mut(&name) else { continue };
            match changes.update(&mut watch.seen) {
                Update::Details => continue,
                Update::State => {}
                Update::Strange(reason) => {
                    self.doubt(&name, &reason);
                    continue;
                }
            }
            // Systemd says that a service has failed, and only then that it
            // restarts it; both are done before it answers.
            let is_end = watch.seen.is_up() == Some(false) && !watch.seen.is_coming_back();
            if is_end && watch.service.tells(NoticeEvent::Restarted) {
                watch.is_known = false;
                watch.note();
                unsure.push(name);
            } else {
                self.know(&name, due);
            }
        }
        list(unsure)
    }

    fn take_list(
        &mut self,
        units: Vec<(SystemdUnitName, UnitStatus)>,
        due: &mut Vec<SystemdUnitName>,
    ) -> zbus::Result<Calls> {
        let mut renamed = Vec::new();
        let mut calls = Calls::new();
        for (name, status) in units {
            let Some(watch) = self.watches.get_mut(&name) else { continue };
            if watch.unit != status.unit {
                watch.unit = status.unit;
                renamed.push(name);
                continue;
            }
            let (state, sub_state) = match status.states {
                Ok(states) => states,
                Err(reason) => {
                    self.doubt(&name, &reason);
                    continue;
                }
            };
            watch.seen.state = state;
            watch.seen.sub_state = sub_state;
            watch.seen.has_job = status.has_job;
            let details = details(watch)?;
            if details.is_empty() {
                self.know(&name, due);
            } else {
                watch.is_known = false;
                calls.extend(details);
            }
        }
        if !renamed.is_empty() {
            self.index();
            // Their signals come under another name than was asked for, and the
            // state may have changed meanwhile.
            calls.extend(self.rules.ask(self.watches.len(), self.names.keys())?);
            calls.extend(list(renamed)?);
        }
        Ok(calls)
    }

    fn take_properties(
        &mut self,
        name: &SystemdUnitName,
        changes: Option<&Changes>,
        extent: Extent,
        due: &mut Vec<SystemdUnitName>,
    ) -> zbus::Result<Calls> {
        let Some(watch) = self.watches.get_mut(name) else { return Ok(Calls::new()) };
        let mut seen = watch.seen.clone();
        match changes.map(|changes| changes.update(&mut seen)) {
            Some(Update::Strange(reason)) => {
                self.doubt(name, &reason);
                return Ok(Calls::new());
            }
            Some(Update::Details | Update::State) => {}
            // What comes after a part says whether there is such a unit.
            None if extent == Extent::Part => return Ok(Calls::new()),
            None => {
                self.lose(name, due);
                return Ok(Calls::new());
            }
        }
        if extent == Extent::Run && watch.told.is_other_run(&seen) {
            // The state that is known may be that of the run before: the two
            // together would be a state in which the unit never was.
            watch.is_known = false;
            return everything(watch);
        }
        watch.seen = seen;
        // A part that was refused is asked for again.
        if extent != Extent::Part && !self.doubts.asks(name) {
            self.know(name, due);
        }
        Ok(Calls::new())
    }

    /// Brings the order of the names up to date.
    fn index(&mut self) {
        self.names.clear();
        for (name, watch) in &self.watches {
            self.names.entry(watch.unit.clone()).or_default().push(name.clone());
        }
    }
}

fn list(names: Vec<SystemdUnitName>) -> zbus::Result<Calls> {
    if names.is_empty() {
        return Ok(Calls::new());
    }
    let message = manager::list_units_by_names(&names.iter().collect::<Vec<_>>())?;
    Ok(vec![(message, Call::List(names))])
}

/// Returns the calls for what is to be known of a unit besides its state.
///
/// Mostly, nothing has happened since the charm was told, and of 200 units only
/// the runs are asked for.
fn details(watch: &Watch) -> zbus::Result<Calls> {
    let is_failure = watch.service.tells(NoticeEvent::Failed) && watch.seen.has_failed();
    match (watch.told.is_up, watch.seen.is_up()) {
        (false, Some(false)) if !is_failure => Ok(Calls::new()),
        (true, Some(true)) => {
            let call = Call::Property(watch.service.unit().clone(), "InvocationID");
            Ok(vec![(manager::unit_property(&watch.unit, "InvocationID")?, call)])
        }
        _ => everything(watch),
    }
}

fn everything(watch: &Watch) -> zbus::Result<Calls> {
    let call = |extent| Call::Properties(watch.service.unit().clone(), extent);
    Ok(vec![
        (manager::type_properties(&watch.unit)?, call(Extent::Part)),
        (manager::unit_properties(&watch.unit)?, call(Extent::Whole)),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use zbus::{Message, Variant};

    use super::*;
    use crate::daemon::changes::Form;
    use crate::daemon::manager::UNIT;
    use crate::daemon::systemd::Extent;
    use crate::daemon::told::Told;
    use crate::invocation_id::InvocationId;

    #[test]
    fn does_not_take_the_state_of_one_run_for_that_of_the_next() {
        let name: SystemdUnitName = "web.service".parse().unwrap();
        let first = InvocationId::from_property(&[1; 16]);
        let mut ledger = Ledger::default();
        let told = Told { is_up: true, invocation: first, ..Told::default() };
        ledger.told.insert(name.clone(), told);
        let mut watcher = Watcher::default();
        watcher.watch(&"web.service web".parse().unwrap(), &ledger);
        // A signal has told the end of the first run, and the run was asked for
        // before that.
        let watch = watcher.watch_mut(&name).unwrap();
        watch.is_known = true;
        watch.seen.invocation = first;
        let second = Variant::from(vec![2_u8; 16]);
        let answer = Message::signal("/", "a.b", "C").build(&second).unwrap();
        let changes = Changes::new(answer.body(), Form::One("InvocationID"));
        let news = News::Read(name.clone(), Some(changes), Extent::Run);
        let calls = watcher.take(news, &mut Vec::new()).unwrap();
        assert_eq!(calls.len(), 2, "everything is asked for");
        let watch = watcher.watch_mut(&name).unwrap();
        assert!(!watch.is_known);
        assert_eq!(watch.seen.invocation, first);
    }

    #[test]
    fn waits_for_the_state_that_systemd_sends_after_the_details() {
        let name: SystemdUnitName = "web.service".parse().unwrap();
        let mut watcher = Watcher::default();
        watcher.watch(&"web.service web".parse().unwrap(), &Ledger::default());
        let mut due = Vec::new();
        for (interface, property, is_known) in [
            ("org.freedesktop.systemd1.Service", ("Result", "oom-kill"), false),
            (UNIT, ("ActiveState", "failed"), true),
        ] {
            let properties = HashMap::from([(property.0, Variant::from(property.1))]);
            let body = (interface, properties, [""; 0].as_slice());
            let signal = Message::signal("/", "a.b", "C").build(&body).unwrap();
            let news = News::Changed(name.clone(), Changes::new(signal.body(), Form::Signal));
            assert!(watcher.take(news, &mut due).unwrap().is_empty());
            let watch = watcher.watch_mut(&name).unwrap();
            assert_eq!(watch.is_known, is_known, "{interface}");
            assert_eq!(watch.seen.result, Some("oom-kill".parse().unwrap()));
            assert_eq!(due.len(), usize::from(is_known), "{interface}");
        }
    }

    #[test]
    fn another_list_leaves_alone_what_is_being_told() {
        let name: SystemdUnitName = "web.service".parse().unwrap();
        let mut watcher = Watcher::default();
        let mut notice = |list: &str, id: &str| {
            watcher.watch(&list.parse().unwrap(), &Ledger::default());
            let watch = watcher.watch_mut(&name).unwrap();
            watch.seen.state = "active".parse().unwrap();
            watch.is_known = true;
            watch.next_notice(|| id.parse().unwrap()).unwrap().0
        };
        let first = notice("web.service web", "1");
        let second = notice("a.service a\nweb.service front", "2");
        assert_eq!(second.id, first.id);
        assert_eq!(second.alias.as_str(), "front");
    }
}
