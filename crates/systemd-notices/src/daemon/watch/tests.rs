//! What is told of a unit, from what is seen of it.

use super::*;
use crate::active_state::ActiveState;
use crate::notice_event::NoticeEvent;

/// A unit whose notices are written down.
struct Bench {
    watch: Watch,
    ids: u32,
}

impl Bench {
    fn new(line: &str) -> Self {
        let mut watch = Watch::new(line.parse().unwrap(), Told::default());
        watch.is_known = true;
        Self { watch, ids: 0 }
    }

    /// systemd says that the unit is in `state`, in the run `run`.
    fn see(&mut self, state: &str, run: u8) -> &mut Self {
        let seen = &mut self.watch.seen;
        seen.state = state.parse().unwrap();
        seen.sub_state = "dead".parse().unwrap();
        seen.invocation = InvocationId::from_property(&[run; 16]);
        self.watch.note();
        self
    }

    /// Systemd waits before it starts the unit again by itself.
    fn see_auto_restart(&mut self, run: u8, restarts: u32) -> &mut Self {
        self.see("activating", run);
        self.watch.seen.sub_state = "auto-restart".parse().unwrap();
        self.watch.seen.result = Some("exit-code".parse().unwrap());
        self.watch.seen.restarts = restarts;
        self
    }

    fn next(&mut self) -> Option<(Notice, Told)> {
        let ids = &mut self.ids;
        self.watch.next_notice(|| {
            *ids += 1;
            ids.to_string().parse().unwrap()
        })
    }

    /// Delivers all there is to tell, and returns it.
    fn tell(&mut self) -> String {
        let mut told = Vec::new();
        while let Some((notice, after)) = self.next() {
            let merged = if notice.merged { " merged" } else { "" };
            told.push(format!("{}{merged}", notice.event));
            self.watch.delivered(after);
        }
        told.join(", ")
    }
}

#[test]
fn tells_start_and_stop() {
    let mut bench = Bench::new("web.service web");
    assert_eq!(bench.see("inactive", 0).tell(), "");
    assert_eq!(bench.see("activating", 1).tell(), "");
    assert_eq!(bench.see("active", 1).tell(), "started");
    assert_eq!(bench.see("reloading", 1).tell(), "");
    assert_eq!(bench.see("active", 1).tell(), "");
    assert_eq!(bench.see("deactivating", 1).tell(), "");
    assert_eq!(bench.see("inactive", 1).tell(), "stopped");
}

#[test]
fn tells_a_failure_once_in_place_of_a_stop() {
    let mut bench = Bench::new("web.service web failed");
    bench.see("active", 1).tell();
    assert_eq!(bench.see("failed", 1).tell(), "failed");
    assert_eq!(bench.see("inactive", 1).tell(), "");
    assert_eq!(bench.see("failed", 2).tell(), "failed");
}

#[test]
fn tells_a_failure_as_a_stop_to_who_has_not_asked_and_a_reset_not_at_all() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    assert_eq!(bench.see("failed", 1).tell(), "stopped");
    assert_eq!(bench.see("inactive", 1).tell(), "");
}

#[test]
fn tells_no_stop_of_what_was_never_up() {
    let mut bench = Bench::new("web.service web");
    assert_eq!(bench.see("activating", 1).see("failed", 1).tell(), "");
    assert_eq!(bench.see("activating", 2).see("inactive", 2).tell(), "");
}

#[test]
fn tells_a_crash_and_its_restart_even_if_all_signals_merge() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    assert_eq!(bench.see_auto_restart(1, 0).tell(), "stopped");
    assert_eq!(bench.see("active", 2).tell(), "started");
    assert_eq!(bench.see("active", 3).tell(), "stopped merged, started merged");
    assert_eq!(bench.see("inactive", 3).see("active", 4).tell(), "stopped, started");
}

#[test]
fn tells_a_restart_as_one_to_who_has_asked() {
    let mut bench = Bench::new("web.service web restarted");
    bench.see("active", 1).tell();
    assert_eq!(bench.see_auto_restart(1, 0).tell(), "");
    assert_eq!(bench.see("active", 2).tell(), "restarted");
    bench.watch.seen.has_job = true;
    assert_eq!(bench.see("inactive", 2).tell(), "");
    bench.watch.seen.has_job = false;
    assert_eq!(bench.see("active", 3).tell(), "restarted");
    assert_eq!(bench.see("active", 4).see("active", 5).tell(), "restarted merged");
    assert_eq!(bench.see("inactive", 5).tell(), "stopped");
    assert_eq!(bench.see("active", 6).tell(), "started");
}

#[test]
fn waits_for_one_attempt_to_restart_only() {
    let mut bench = Bench::new("web.service web restarted");
    bench.see("active", 1).tell();
    assert_eq!(bench.see_auto_restart(1, 1).tell(), "");
    assert_eq!(bench.see_auto_restart(2, 2).tell(), "stopped");
    assert_eq!(bench.see("active", 3).tell(), "started");
}

#[test]
fn leaves_out_what_is_no_longer_true_and_says_so() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    for run in 2..100 {
        bench.see("inactive", run - 1).see("active", run);
    }
    assert_eq!(bench.see("inactive", 99).tell(), "stopped merged");
    bench.see("active", 100).see("inactive", 100);
    assert_eq!(bench.tell(), "");
}

#[test]
fn waits_for_every_restart_anew() {
    let mut bench = Bench::new("web.service web restarted");
    bench.see("active", 1).tell();
    for run in 1..9 {
        assert_eq!(bench.see_auto_restart(run, run.into()).tell(), "");
        assert_eq!(bench.see("active", run + 1).tell(), "restarted");
    }
}

#[test]
fn waits_for_a_restart_also_if_the_charm_may_have_heard_of_the_start() {
    let mut bench = Bench::new("web.service web restarted");
    bench.see("active", 1).next();
    bench.watch.unanswered();
    assert_eq!(bench.see_auto_restart(1, 0).tell(), "");
    assert_eq!(bench.see("active", 2).tell(), "started merged");
}

#[test]
fn a_failed_unit_that_is_being_started_has_not_failed_again() {
    let mut bench = Bench::new("web.service web failed");
    assert_eq!(bench.see("failed", 1).tell(), "failed");
    bench.watch.seen.has_job = true;
    assert_eq!(bench.see("failed", 2).tell(), "");
    bench.watch.seen.has_job = false;
    assert_eq!(bench.see("failed", 2).tell(), "failed");
}

#[test]
fn remembers_the_run_where_systemd_does_not_say_it() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    bench.watch.seen.invocation = None;
    bench.watch.note();
    assert_eq!(bench.see("active", 2).tell(), "stopped merged, started merged");
}

#[test]
fn says_once_what_is_left_out() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    bench.see("inactive", 1).see("active", 2).see("inactive", 2);
    assert_eq!(bench.tell(), "stopped merged");
    assert_eq!(bench.see("active", 3).tell(), "started");
}

#[test]
fn what_an_earlier_daemon_has_left_out_stays_left_out() {
    let mut earlier = Bench::new("web.service web");
    earlier.see("active", 1).see("inactive", 1);
    let (notice, after) = earlier.see("active", 2).next().unwrap();
    assert!(notice.merged);
    let mut bench = Bench::new("web.service web");
    bench.watch.resume(&notice, after);
    bench.watch.refused();
    assert_eq!(bench.see("inactive", 2).see("active", 3).tell(), "started merged");
}

#[test]
fn a_failure_leaves_out_that_the_unit_was_up_and_says_so() {
    let mut bench = Bench::new("web.service web failed");
    assert_eq!(bench.see("active", 1).see("failed", 1).tell(), "failed merged");
}

#[test]
fn a_change_during_a_delivery_is_the_next_notice() {
    let mut bench = Bench::new("web.service web");
    let (_, after) = bench.see("active", 1).next().unwrap();
    bench.see("inactive", 1);
    bench.watch.delivered(after);
    assert_eq!(bench.tell(), "stopped");
}

#[test]
fn repeats_an_attempt_under_its_id_and_gives_up_until_something_changes() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1);
    let ids = std::iter::repeat_with(|| {
        let id = bench.next()?.0.id;
        bench.watch.refused();
        Some(id.to_string())
    });
    assert_eq!(ids.take(10).flatten().collect::<Vec<_>>(), ["1", "1", "1"]);
    assert!(bench.next().is_none());
    bench.watch.seen.microseconds += 1;
    assert!(bench.see("reloading", 1).next().is_none());
    assert_eq!(bench.see("inactive", 1).tell(), "");
    assert_eq!(bench.see("active", 2).next().unwrap().0.id.as_str(), "2");
}

#[test]
fn asks_again_for_an_end_when_the_unit_is_up_again() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).tell();
    bench.see("inactive", 1);
    let mut tries = 0;
    while bench.next().is_some() {
        tries += 1;
        bench.watch.refused();
    }
    assert_eq!(tries, MOST_ATTEMPTS);
    assert_eq!(bench.see("active", 2).tell(), "stopped, started");
}

#[test]
fn says_nothing_before_systemd_has_said_everything() {
    let mut bench = Bench::new("web.service web");
    bench.watch.is_known = false;
    assert!(bench.see("active", 1).next().is_none());
    assert!(!bench.watch.is_behind());
    bench.watch.is_known = true;
    assert!(bench.watch.is_behind());
    assert_eq!(bench.tell(), "started");
    assert!(!bench.watch.is_behind());
}

#[test]
fn the_end_leaves_out_a_start_that_an_earlier_daemon_may_have_told() {
    let mut bench = Bench::new("web.service web");
    bench.watch.told.rumour = Some(Rumour { invocation: None });
    assert_eq!(bench.see("inactive", 1).tell(), "stopped merged");
}

#[test]
fn goes_on_from_what_an_earlier_daemon_has_told() {
    for (run, told) in [(1, ""), (2, "stopped merged, started merged")] {
        let mut earlier = Bench::new("web.service web");
        let (notice, after) = earlier.see("active", 1).next().unwrap();
        let mut bench = Bench::new("web.service web");
        bench.watch.resume(&notice, after.clone());
        bench.watch.delivered(after);
        assert_eq!(bench.see("active", run).tell(), told);
        assert_eq!(bench.see("inactive", run).tell(), "stopped");
    }
}

#[test]
fn an_end_that_the_charm_may_have_heard_is_repeated_though_the_unit_is_up_again() {
    let mut bench = Bench::new("web.service web failed");
    bench.see("active", 1).tell();
    let (lost, _) = bench.see("failed", 1).next().unwrap();
    bench.watch.unanswered();
    let (repeated, after) = bench.see("active", 2).next().unwrap();
    assert_eq!((repeated.event, repeated.id), (lost.event, lost.id));
    bench.watch.delivered(after);
    assert_eq!(bench.tell(), "started");
}

#[test]
fn what_the_charm_may_have_heard_is_put_right() {
    let mut bench = Bench::new("web.service web");
    bench.see("active", 1).next();
    assert!(bench.watch.unanswered());
    assert_eq!(bench.see("inactive", 1).tell(), "stopped merged");
    assert_eq!(bench.see("active", 2).see("inactive", 2).tell(), "");
}

#[test]
fn a_failure_of_the_next_run_does_not_end_the_one_before() {
    let mut bench = Bench::new("web.service web failed");
    bench.see("active", 1).tell();
    bench.see("inactive", 1).see("activating", 2).see("failed", 2);
    let mut runs = Vec::new();
    while let Some((notice, after)) = bench.next() {
        runs.push(format!("{} {}", notice.event, notice.invocation.unwrap()));
        bench.watch.delivered(after);
    }
    let of = |run: u8| format!("{run:02}").repeat(16);
    assert_eq!(runs, [format!("stopped {}", of(1)), format!("failed {}", of(2))]);
}

#[test]
fn tells_that_systemd_has_given_up() {
    let mut bench = Bench::new("web.service web failed");
    assert_eq!(bench.see_auto_restart(1, 0).tell(), "failed");
    assert_eq!(bench.see("activating", 2).tell(), "");
    assert_eq!(bench.see_auto_restart(2, 1).tell(), "failed");
    assert_eq!(bench.see("failed", 2).tell(), "failed");
    assert_eq!(bench.see("failed", 2).tell(), "");
}

#[test]
fn the_end_of_a_restart_that_may_have_been_heard_is_told() {
    let mut bench = Bench::new("web.service web restarted");
    bench.see("active", 1).tell();
    bench.see("active", 2).next();
    assert!(bench.watch.unanswered());
    let (notice, _) = bench.see("inactive", 2).next().unwrap();
    assert_eq!(notice.event, NoticeEvent::Stopped);
    assert_eq!(notice.invocation, InvocationId::from_property(&[2; 16]));
    assert!(notice.merged);
}

#[test]
fn an_end_that_may_have_been_heard_keeps_its_name() {
    let mut bench = Bench::new("web.service web failed");
    bench.see("active", 1).tell();
    let (first, _) = bench.see("failed", 1).next().unwrap();
    assert!(!bench.watch.unanswered());
    for (state, run) in [("inactive", 1), ("active", 2), ("failed", 3)] {
        let (notice, _) = bench.see(state, run).next().unwrap();
        assert_eq!((&notice.id, notice.event), (&first.id, NoticeEvent::Failed));
        assert_eq!(notice.invocation, first.invocation);
    }
    // It was not heard after all.
    bench.watch.refused();
    bench.see("active", 4);
    assert_eq!(bench.tell(), "stopped merged, started merged");
}

#[test]
fn a_notice_says_all_there_is_to_say() {
    let mut bench = Bench::new("web.service web failed");
    bench.see("active", 1).tell();
    bench.watch.seen.result = Some("oom-kill".parse().unwrap());
    bench.watch.seen.microseconds = 7;
    let (notice, _) = bench.see("failed", 1).next().unwrap();
    assert_eq!(notice.event_name().as_str(), "service-web-failed");
    assert_eq!(notice.state_before, Some(ActiveState::Active));
    assert_eq!(notice.state, ActiveState::Failed);
    assert_eq!(notice.result.unwrap().as_str(), "oom-kill");
    assert_eq!(notice.microseconds, 7);
    assert!(!notice.merged);
}
