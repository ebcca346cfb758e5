//! The daemon on a bus that does what the tests say.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::net::UnixDatagram;

use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::fake_systemd::{FakeSystemd, OWNER};
use crate::daemon::manager::{BUS, MANAGER, MANAGER_PATH, PROPERTIES};
use crate::daemon::run::Means;
use crate::daemon::run_bench::{Bench, block_on};
use crate::daemon::service_manager::ServiceManager;
use crate::daemon::wake::Alarms;
use crate::notice::Notice;

/// A delivery that has the means to begin only after some failures.
struct Scarce {
    delivery: Arc<dyn Delivery>,
    failures: AtomicU32,
}

#[async_trait]
impl Delivery for Scarce {
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        if self.failures.load(Ordering::Relaxed) > 0 {
            self.failures.fetch_sub(1, Ordering::Relaxed);
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.delivery.prepare(notice).await
    }

    async fn complete(&self, ticket: &Ticket) -> Outcome {
        self.delivery.complete(ticket).await
    }
}

/// A delivery that does not end.
struct Endless(Arc<dyn Delivery>);

#[async_trait]
impl Delivery for Endless {
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        self.0.prepare(notice).await
    }

    async fn complete(&self, _: &Ticket) -> Outcome {
        std::future::pending().await
    }
}

#[test]
fn asks_for_signals_before_it_reads_states() {
    block_on(async {
        let mut bench = Bench::new("web.service web\n", |systemd| {
            systemd.set("web.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "web.service started");
        let calls = bench.systemd.calls();
        insta::assert_snapshot!(calls.join(" "), @"AddMatch GetNameOwner Subscribe AddMatch AddMatch AddMatch ListUnitsByNames GetAll GetAll");
    });
}

#[test]
fn asks_for_the_details_of_a_failure_that_it_has_not_seen() {
    block_on(async {
        let mut bench = Bench::new("web.service web failed\n", |systemd| {
            systemd.set("web.service", "failed", 1);
        })
        .await;
        let notice = bench.next_notice().await;
        assert_eq!(notice.event.to_string(), "failed");
        assert!(notice.invocation.is_some());
    });
}

#[test]
fn believes_nobody_but_systemd() {
    block_on(async {
        let mut bench = Bench::new("web.service web\nb.service b\n", |systemd| {
            systemd.set("web.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "web.service started");
        bench.systemd.change(":1.66", "web.service", "failed", 1).await;
        let owner = ("org.freedesktop.systemd1", OWNER, ":1.66");
        bench
            .systemd
            .signal(":1.66", "/org/freedesktop/DBus", BUS, "NameOwnerChanged", &owner)
            .await;
        bench.systemd.change(":1.66", "web.service", "failed", 1).await;
        bench.systemd.change(OWNER, "b.service", "active", 2).await;
        assert_eq!(bench.next().await, "b.service started");
    });
}

#[test]
fn passes_over_what_it_does_not_understand() {
    block_on(async {
        let mut bench = Bench::new("web.service web\nb.service b\n", |systemd| {
            systemd.set("b.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "b.service started");
        let systemd = &bench.systemd;
        let path = "/org/freedesktop/systemd1/unit/web_2eservice";
        systemd.signal(OWNER, path, PROPERTIES, "PropertiesChanged", &"x").await;
        systemd.signal(OWNER, path, PROPERTIES, "PropertiesChanged", &()).await;
        systemd.signal(OWNER, MANAGER_PATH, MANAGER, "UnitNew", &7_u8).await;
        systemd.signal(OWNER, MANAGER_PATH, MANAGER, "Reloading", &"x").await;
        systemd.signal(OWNER, "/", PROPERTIES, "PropertiesChanged", &"x").await;
        systemd.signal(BUS, "/org/freedesktop/DBus", BUS, "NameAcquired", &":1.5").await;
        let other = ("org.example", OWNER, "");
        systemd.signal(BUS, "/org/freedesktop/DBus", BUS, "NameOwnerChanged", &other).await;
        systemd.change(OWNER, "other.service", "active", 1).await;
        systemd.change(OWNER, "web.service", "active", 1).await;
        assert_eq!(bench.next().await, "web.service started");
    });
}

#[test]
fn reads_everything_again_when_systemd_comes_back() {
    block_on(async {
        let mut bench = Bench::new("web.service web\n", |systemd| {
            systemd.set("web.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "web.service started");
        bench.systemd.set("web.service", "active", 2);
        bench.systemd.restart(":1.9").await;
        assert_eq!(bench.next().await, "web.service stopped merged");
        assert_eq!(bench.next().await, "web.service started merged");
        bench.systemd.change(OWNER, "web.service", "failed", 2).await;
        bench.systemd.change(":1.9", "web.service", "inactive", 2).await;
        assert_eq!(bench.next().await, "web.service stopped");
    });
}

#[test]
fn takes_the_silence_of_a_systemd_that_leaves_for_no_answer() {
    block_on(async {
        let line = |number| format!("web@{number}.service web-{number}\n");
        let list: String = (0..60).map(line).collect();
        let mut bench = Bench::new(&list, |systemd| {
            systemd.keep_calls();
            for number in 0..60 {
                systemd.set(&format!("web@{number}.service"), "active", 1);
            }
        })
        .await;
        // Some of the calls are sent when others are answered.
        bench.wait_for_calls("GetAll", 90).await;
        bench.systemd.restart(":1.9").await;
        for _ in 0..60 {
            assert!(bench.next_notice().await.invocation.is_some());
        }
    });
}

#[test]
fn reads_all_states_again_when_systemd_has_read_its_files_again() {
    block_on(async {
        let mut bench = Bench::new("web.service web\na.service a\n", |systemd| {
            systemd.set("a.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "a.service started");
        bench.systemd.set("web.service", "active", 1);
        let before = bench.systemd.calls().len();
        let systemd = &bench.systemd;
        for is_beginning in [true, true, false] {
            systemd.signal(OWNER, MANAGER_PATH, MANAGER, "Reloading", &is_beginning).await;
        }
        assert_eq!(bench.next().await, "web.service started");
        let path = zbus::ObjectPath::try_from("/").unwrap();
        let last = ("a.service", path);
        bench.systemd.signal(OWNER, MANAGER_PATH, MANAGER, "UnitNew", &last).await;
        bench.wait_for_calls("ListUnitsByPatterns", 1).await;
        let calls = bench.systemd.calls()[before..].join(" ");
        insta::assert_snapshot!(calls, @"ListUnitsByNames Get GetAll GetAll ListUnitsByPatterns");
    });
}

#[test]
fn a_unit_that_systemd_does_not_know_is_down_and_hides_no_other() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let list = "a.service a\nb.service b\n";
        let daemon = async |prepare: fn(&FakeSystemd)| {
            Bench::in_folder(Arc::clone(&folder), list, Outcome::Delivered, prepare).await
        };
        let mut bench = daemon(|systemd| systemd.set("a.service", "active", 1)).await;
        assert_eq!(bench.next().await, "a.service started");
        bench.wait_until_told(1).await;
        bench.daemon.abort();

        let mut bench = daemon(|systemd| {
            systemd.forget("a.service");
            systemd.set("b.service", "active", 1);
        })
        .await;
        let told = [bench.next().await, bench.next().await];
        assert_eq!(told, ["a.service stopped", "b.service started"]);
    });
}

#[test]
fn looks_at_a_unit_that_is_loaded_with_its_change() {
    block_on(async {
        let mut bench = Bench::new("web.service web\na.service a\n", |systemd| {
            systemd.set("a.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "a.service started");
        bench.systemd.set("web.service", "active", 1);
        let path = zbus::ObjectPath::try_from("/").unwrap();
        let loaded = ("web.service", path);
        bench.systemd.signal(OWNER, MANAGER_PATH, MANAGER, "UnitNew", &loaded).await;
        assert_eq!(bench.next().await, "web.service started");
    });
}

#[test]
fn does_not_load_a_unit_because_it_was_loaded() {
    block_on(async {
        let mut bench = Bench::new("web.service web\na.service a\n", |systemd| {
            systemd.set("a.service", "active", 1);
        })
        .await;
        assert_eq!(bench.next().await, "a.service started");
        let before = bench.systemd.calls().len();
        let path = zbus::ObjectPath::try_from("/").unwrap();
        let loaded = ("web.service", path);
        // The second is there to see all that follows from the first.
        for count in [1, 2] {
            bench.systemd.signal(OWNER, MANAGER_PATH, MANAGER, "UnitNew", &loaded).await;
            bench.systemd.change(OWNER, "a.service", ["active", "inactive"][count % 2], 1).await;
            bench.next().await;
            bench.wait_for_calls("ListUnitsByPatterns", count).await;
        }
        assert_eq!(bench.systemd.calls()[before..], ["ListUnitsByPatterns"; 2]);
    });
}

#[test]
fn what_the_charm_has_failed_on_is_pending_and_told_again_under_its_id() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let daemon = async |outcome| {
            let active = |systemd: &FakeSystemd| systemd.set("web.service", "active", 1);
            Bench::in_folder(Arc::clone(&folder), "web.service web\n", outcome, active).await
        };
        let mut bench = daemon(Outcome::Refused).await;
        let id = bench.next_notice().await.id;
        bench.wait_until_pending(1).await;
        bench.daemon.abort();

        let mut bench = daemon(Outcome::Unanswered("killed".to_owned())).await;
        assert_eq!(bench.next_notice().await.id, id);
        bench.daemon.abort();

        let bench = daemon(Outcome::Delivered).await;
        bench.wait_until_pending(0).await;
        bench.daemon.abort();
    });
}

#[test]
fn forgets_what_was_told_of_units_that_are_no_longer_watched() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        for (list, units) in [("web.service web\n", 1), ("", 0), ("web.service web\n", 1)] {
            let active = |systemd: &FakeSystemd| systemd.set("web.service", "active", 1);
            let mut bench =
                Bench::in_folder(Arc::clone(&folder), list, Outcome::Delivered, active).await;
            for _ in 0..units {
                assert_eq!(bench.next().await, "web.service started");
            }
            bench.wait_until_told(units).await;
            bench.daemon.abort();
        }
    });
}

#[test]
fn what_could_not_be_written_is_written_later() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        std::fs::remove_dir(folder.path()).unwrap();
        let active = |systemd: &FakeSystemd| systemd.set("web.service", "active", 1);
        let often = |means: &mut Means| {
            means.alarms = Alarms::new(Some(Duration::from_millis(10))).unwrap();
        };
        let list = "web.service web\nb.service b\n";
        let mut bench =
            Bench::with_means(Arc::clone(&folder), list, Outcome::Delivered, active, often).await;
        assert_eq!(bench.next().await, "web.service started");
        bench.systemd.change(OWNER, "b.service", "active", 2).await;
        assert_eq!(bench.next().await, "b.service started");
        std::fs::create_dir(folder.path()).unwrap();
        bench.wait_until_told(2).await;
    });
}

#[test]
fn is_ready_when_systemd_has_said_everything_and_alive_all_the_time() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let heard = async || {
            let mut buffer = [0; 256];
            let message = tokio::time::timeout(Duration::from_secs(30), socket.recv(&mut buffer));
            let length = message.await.unwrap().unwrap();
            String::from_utf8(buffer[..length].to_vec()).unwrap()
        };
        let means = |means: &mut Means| {
            means.alarms = Alarms::new(Some(Duration::from_millis(10))).unwrap();
            means.service_manager = ServiceManager::new(path.to_str()).unwrap();
        };
        let away = FakeSystemd::leave;
        let list = "web.service web\n";
        let bench = Bench::with_means(folder, list, Outcome::Delivered, away, means).await;
        for _ in 0..5 {
            assert_eq!(heard().await, "WATCHDOG=1\n");
        }
        bench.systemd.restart(OWNER).await;
        let mut message = heard().await;
        while message == "WATCHDOG=1\n" {
            message = heard().await;
        }
        insta::assert_snapshot!(message, @r"
        READY=1
        STATUS=watching 1 units
        ");
        assert_eq!(heard().await, "WATCHDOG=1\n");
    });
}

#[test]
fn a_delivery_that_cannot_begin_is_tried_again() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let active = |systemd: &FakeSystemd| systemd.set("web.service", "active", 1);
        let scarce = |means: &mut Means| {
            let (delivery, failures) = (Arc::clone(&means.delivery), AtomicU32::new(2));
            means.delivery = Arc::new(Scarce { delivery, failures });
        };
        let list = "web.service web\n";
        let mut bench = Bench::with_means(folder, list, Outcome::Delivered, active, scarce).await;
        assert_eq!(bench.next().await, "web.service started");
    });
}

#[test]
fn what_waits_for_the_end_of_a_delivery_is_pending() {
    block_on(async {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let active = |systemd: &FakeSystemd| systemd.set("web.service", "active", 1);
        let endless = |means: &mut Means| {
            means.delivery = Arc::new(Endless(Arc::clone(&means.delivery)));
        };
        let list = "web.service web\nb.service b\nc.service c\n";
        let mut bench = Bench::with_means(folder, list, Outcome::Delivered, active, endless).await;
        assert_eq!(bench.next().await, "web.service started");
        bench.systemd.change(OWNER, "b.service", "active", 2).await;
        bench.wait_until_pending(2).await;
    });
}
