//! What becomes of calls that the bus or systemd refuses.

use crate::daemon::fake_systemd::{FakeSystemd, OWNER};
use crate::daemon::run_bench::{Bench, block_on};

#[test]
fn a_call_that_is_refused_says_nothing_about_the_unit() {
    for (member, error) in [
        ("ListUnitsByNames", "org.freedesktop.DBus.Error.LimitsExceeded"),
        ("ListUnitsByNames", "org.freedesktop.DBus.Error.NoReply"),
        ("ListUnitsByNames", "org.freedesktop.DBus.Error.AccessDenied"),
        ("Get", "org.freedesktop.DBus.Error.Timeout"),
    ] {
        block_on(async {
            let mut bench = Bench::with_web_up(|systemd| {
                systemd.set("web.service", "active", 1);
                systemd.refuse(member, error);
            })
            .await;
            bench.wait_until_ready().await;
            bench.systemd.set("web.service", "inactive", 1);
            bench.systemd.change(OWNER, "b.service", "active", 1).await;
            assert_eq!(bench.next().await, "b.service started", "{member} {error}");
            assert_eq!(bench.next().await, "web.service stopped", "{member} {error}");
            let lists = bench.systemd.calls().into_iter().filter(|call| call == "ListUnitsByNames");
            assert_eq!(lists.count(), 2, "it is asked again once, after a pause");
        });
    }
}

#[test]
fn details_that_are_refused_are_waited_for() {
    block_on(async {
        let mut bench = Bench::new("web.service web\n", |systemd| {
            systemd.set("web.service", "active", 1);
            systemd.refuse("GetAll", "org.freedesktop.DBus.Error.LimitsExceeded");
        })
        .await;
        assert!(bench.next_notice().await.result.is_some());
    });
}

#[test]
fn a_unit_that_cannot_be_is_down() {
    // The list is that of both, then that of the first, then that of the second.
    for (member, error, times) in [
        ("ListUnitsByNames", "org.freedesktop.DBus.Error.InvalidArgs", 3),
        ("Get", "org.freedesktop.DBus.Error.UnknownObject", 1),
    ] {
        block_on(async {
            let mut bench = Bench::with_web_up(|systemd| {
                systemd.set("web.service", "active", 1);
                for _ in 0..times {
                    systemd.refuse(member, error);
                }
            })
            .await;
            assert_eq!(bench.next().await, "web.service stopped", "{member} {error}");
        });
    }
}

#[test]
fn a_unit_in_an_unknown_state_is_watched_on() {
    block_on(async {
        let on_fire = |systemd: &FakeSystemd| systemd.set("web.service", "on-fire", 1);
        let mut bench = Bench::with_web_up(on_fire).await;
        bench.wait_until_ready().await;
        bench.systemd.change(OWNER, "web.service", "on-ice", 1).await;
        bench.systemd.change(OWNER, "b.service", "active", 1).await;
        assert_eq!(bench.next().await, "b.service started");
        bench.systemd.change(OWNER, "web.service", "inactive", 1).await;
        assert_eq!(bench.next().await, "web.service stopped");
    });
}

#[test]
fn listens_to_no_answer_but_that_of_systemd() {
    block_on(async {
        let mut bench = Bench::with_web_up(|systemd| {
            systemd.let_impostor_answer();
            systemd.set("web.service", "active", 1);
            systemd.set("b.service", "active", 1);
        })
        .await;
        bench.wait_until_ready().await;
        assert_eq!(bench.next().await, "b.service started");
    });
}

#[test]
fn an_alias_ends_no_rule_for_all_units() {
    block_on(async {
        let line = |number| format!("web@{number}.service web-{number}\n");
        let list: String = (0..400).map(line).collect();
        let mut bench = Bench::new(&list, |systemd| {
            systemd.alias("web@7.service", "web@8.service");
            systemd.set("web@8.service", "active", 1);
        })
        .await;
        let mut told = [bench.next().await, bench.next().await];
        told.sort();
        assert_eq!(told, ["web@7.service started", "web@8.service started"]);
        assert!(!bench.systemd.calls().contains(&"RemoveMatch".to_owned()));
        assert_eq!(bench.systemd.rules(), 4);
    });
}

#[test]
fn asks_for_no_more_than_the_bus_allows() {
    for (units, rules) in [(1, 4), (239, 480), (240, 243), (399, 402), (400, 4), (600, 4)] {
        block_on(async {
            let line = |number| format!("web@{number}.service web-{number}\n");
            let list: String = (0..units).map(line).collect();
            let active = format!("web@{}.service", units - 1);
            let prepare = |systemd: &FakeSystemd| systemd.set(&active, "active", 1);
            let mut bench = Bench::new(&list, prepare).await;
            assert_eq!(bench.next().await, format!("{active} started"));
            assert_eq!(bench.systemd.rules(), rules, "{units} units");
            assert!(!bench.systemd.has_refused(), "{units} units");
            assert!(!bench.daemon.is_finished());
        });
    }
}

#[test]
fn asks_for_all_changes_where_the_bus_allows_few_rules() {
    block_on(async {
        let mut bench = Bench::new("web.service web\nb.service b\n", |systemd| {
            systemd.limit_rules(5);
            systemd.set("web.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "web.service started");
        bench.systemd.change(OWNER, "b.service", "active", 2).await;
        assert_eq!(bench.next().await, "b.service started");
        assert!(bench.systemd.has_refused());
        assert_eq!(bench.systemd.rules(), 4);
        assert!(!bench.daemon.is_finished());
    });
}
