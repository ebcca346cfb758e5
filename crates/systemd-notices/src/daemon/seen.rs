//! What systemd says of a unit.

use std::collections::HashMap;

use zbus::Variant;

use crate::active_state::ActiveState;
use crate::invocation_id::InvocationId;
use crate::main_exit::MainExit;
use crate::word::Word;

/// What systemd says of a unit, as far as the charm is told of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Seen {
    pub(crate) state: ActiveState,
    pub(crate) sub_state: Word,
    /// Whether somebody has asked systemd to start, stop or restart it, and
    /// systemd has not finished with that.
    pub(crate) has_job: bool,
    pub(crate) invocation: Option<InvocationId>,
    /// When the state changed, in microseconds since 1970.
    pub(crate) microseconds: u64,
    pub(crate) result: Option<Word>,
    main_code: i32,
    main_status: i32,
    pub(crate) restarts: u32,
}

impl Seen {
    /// A unit of which nothing is known is down.
    pub(crate) fn nothing() -> Self {
        Self {
            state: ActiveState::Inactive,
            sub_state: "dead".parse().expect("this is a word"),
            has_job: false,
            invocation: None,
            microseconds: 0,
            result: None,
            main_code: 0,
            main_status: 0,
            restarts: 0,
        }
    }

    /// Takes over the properties in `properties` that matter here. What is not
    /// of its type, or no word of systemd's, stays as it was: it does not come
    /// from a systemd that this program understands.
    pub(crate) fn update(&mut self, properties: &HashMap<&str, Variant<'_>>) {
        fn parsed<T: std::str::FromStr>(value: &Variant<'_>) -> Option<T> {
            <&str>::try_from(value).ok()?.parse().ok()
        }
        for (&name, value) in properties {
            match name {
                "ActiveState" => replace(&mut self.state, parsed(value)),
                "SubState" => replace(&mut self.sub_state, parsed(value)),
                "Job" => replace(&mut self.has_job, job(value)),
                "InvocationID" => self.invocation = invocation(value),
                "StateChangeTimestamp" => replace(&mut self.microseconds, value.try_into().ok()),
                "Result" => replace(&mut self.result, parsed(value).map(Some)),
                "ExecMainCode" => replace(&mut self.main_code, value.try_into().ok()),
                "ExecMainStatus" => replace(&mut self.main_status, value.try_into().ok()),
                "NRestarts" => replace(&mut self.restarts, value.try_into().ok()),
                _ => {}
            }
        }
    }

    /// Returns how the main process has ended.
    pub(crate) fn main_exit(&self) -> Option<MainExit> {
        MainExit::from_properties(self.main_code, self.main_status)
    }

    /// Tells whether the unit is up, or `None` while it goes down.
    pub(crate) fn is_up(&self) -> Option<bool> {
        match self.state {
            ActiveState::Active | ActiveState::Refreshing | ActiveState::Reloading => Some(true),
            // A unit that comes up again after a crash is down until it is up.
            ActiveState::Activating
            | ActiveState::Failed
            | ActiveState::Inactive
            | ActiveState::Maintenance => Some(false),
            ActiveState::Deactivating => None,
        }
    }

    /// Tells whether the unit has failed, also when systemd is about to start
    /// it again.
    pub(crate) fn has_failed(&self) -> bool {
        // The latter is there from systemd 254 on.
        let waits_for_restart =
            ["auto-restart", "auto-restart-queued"].contains(&self.sub_state.as_str());
        let is_bad = self.result.as_ref().is_some_and(|result| result.as_str() != "success");
        self.state == ActiveState::Failed || (waits_for_restart && is_bad)
    }

    /// Tells whether the unit is down and systemd brings it up again.
    pub(crate) fn is_coming_back(&self) -> bool {
        self.is_up() == Some(false) && (self.has_job || self.state == ActiveState::Activating)
    }
}

fn replace<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The property is the number of the job, 0 for none, and its object.
fn job(value: &Variant<'_>) -> Option<bool> {
    let Variant::Structure(job) = value else { return None };
    let Some(Variant::U32(number)) = job.fields().first() else { return None };
    Some(*number != 0)
}

fn invocation(value: &Variant<'_>) -> Option<InvocationId> {
    let Variant::Array(bytes) = value else { return None };
    let byte = |value: &Variant<'_>| u8::try_from(value).ok();
    let bytes = bytes.inner().iter().take(17).map(byte).collect::<Option<Vec<u8>>>()?;
    InvocationId::from_property(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_over_what_systemd_says() {
        let mut seen = Seen::nothing();
        seen.update(&HashMap::from([
            ("ActiveState", Variant::from("failed")),
            ("SubState", Variant::from("failed")),
            ("Job", Variant::from((7_u32, zbus::ObjectPath::try_from("/").unwrap()))),
            ("InvocationID", Variant::from(vec![0xab_u8; 16])),
            ("StateChangeTimestamp", Variant::from(42_u64)),
            ("Result", Variant::from("oom-kill")),
            ("ExecMainCode", Variant::from(2)),
            ("ExecMainStatus", Variant::from(9)),
            ("NRestarts", Variant::from(3_u32)),
            ("Description", Variant::from("Web")),
        ]));
        assert_eq!(seen.state, ActiveState::Failed);
        assert!(seen.has_job);
        assert_eq!(seen.invocation.unwrap().to_string(), "ab".repeat(16));
        assert_eq!(seen.microseconds, 42);
        assert_eq!(seen.result.as_ref().unwrap().as_str(), "oom-kill");
        assert_eq!(seen.main_exit(), Some(MainExit::Killed(9)));
        assert_eq!(seen.restarts, 3);
    }

    #[test]
    fn what_is_to_be_started_again_has_failed() {
        for (sub_state, result, has_failed) in [
            ("auto-restart", "exit-code", true),
            ("auto-restart-queued", "exit-code", true),
            ("auto-restart", "success", false),
            ("start", "exit-code", false),
        ] {
            let mut seen = Seen::nothing();
            seen.update(&HashMap::from([
                ("ActiveState", Variant::from("activating")),
                ("SubState", Variant::from(sub_state)),
                ("Result", Variant::from(result)),
            ]));
            assert_eq!(seen.has_failed(), has_failed, "{sub_state} {result}");
        }
    }

    #[test]
    fn leaves_as_it_was_what_is_not_of_its_type() {
        let mut seen = Seen::nothing();
        seen.update(&HashMap::from([
            ("ActiveState", Variant::from("on fire")),
            ("SubState", Variant::from("x; rm -rf /")),
            ("Job", Variant::from("job")),
            ("InvocationID", Variant::from(vec![1_u32, 2])),
            ("StateChangeTimestamp", Variant::from("today")),
            ("Result", Variant::from(7)),
            ("ExecMainCode", Variant::from(true)),
            ("ExecMainStatus", Variant::from("9")),
            ("NRestarts", Variant::from(-1)),
        ]));
        assert_eq!(seen, Seen::nothing());
    }

    #[test]
    fn knows_which_states_are_up() {
        for (state, is_up) in [
            (ActiveState::Activating, Some(false)),
            (ActiveState::Active, Some(true)),
            (ActiveState::Deactivating, None),
            (ActiveState::Failed, Some(false)),
            (ActiveState::Inactive, Some(false)),
            (ActiveState::Maintenance, Some(false)),
            (ActiveState::Refreshing, Some(true)),
            (ActiveState::Reloading, Some(true)),
        ] {
            assert_eq!(Seen { state, ..Seen::nothing() }.is_up(), is_up, "{state}");
        }
    }

    #[test]
    fn a_unit_that_waits_for_its_restart_has_failed_unless_its_end_was_good() {
        for (sub_state, result, has_failed) in [
            ("auto-restart", Some("exit-code"), true),
            ("auto-restart", Some("success"), false),
            ("auto-restart", None, false),
            ("start-pre", Some("exit-code"), false),
        ] {
            let seen = Seen {
                state: ActiveState::Activating,
                sub_state: sub_state.parse().unwrap(),
                result: result.map(|result| result.parse().unwrap()),
                ..Seen::nothing()
            };
            assert_eq!(seen.has_failed(), has_failed, "{sub_state} {result:?}");
        }
    }

    #[test]
    fn forgets_a_job_that_is_done_and_a_run_that_has_no_right_id() {
        let mut seen = Seen::nothing();
        let job = |number: u32| (number, zbus::ObjectPath::try_from("/").unwrap());
        for (number, length) in [(7, 16), (0, 17)] {
            let id = vec![1_u8; length];
            seen.update(&HashMap::from([
                ("Job", Variant::from(job(number))),
                ("InvocationID", Variant::from(id)),
            ]));
            assert_eq!(seen.has_job, number == 7);
            assert_eq!(seen.invocation.is_some(), length == 16);
        }
    }
}
