//! The daemon on a bus that does what the tests say.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;
use tokio::net::UnixDatagram;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::daemon::backoff::Backoff;
use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::fake_systemd::{FakeSystemd, OWNER};
use crate::daemon::journal::Journal;
use crate::daemon::ledger::LedgerFiles;
use crate::daemon::manager::{BUS, MANAGER, MANAGER_PATH, PROPERTIES};
use crate::daemon::process::Process;
use crate::daemon::run::{Listing, Means, run};
use crate::daemon::service_manager::ServiceManager;
use crate::daemon::told::Told;
use crate::daemon::wake::Alarms;
use crate::invocation_id::InvocationId;
use crate::notice::Notice;

/// A delivery that passes everything on to the test, and ends so.
struct Recorder {
    told: UnboundedSender<Notice>,
    outcome: Outcome,
}

#[async_trait]
impl Delivery for Recorder {
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        self.told.send(notice.clone()).unwrap();
        let process = Process::find(std::process::id()).unwrap();
        Ok(Ticket { boot: String::new(), process, begun: 0 })
    }

    async fn complete(&self, _: &Ticket) -> Outcome {
        self.outcome.clone()
    }
}

/// A daemon, its bus, and what the charm is told.
pub(crate) struct Bench {
    pub(crate) systemd: FakeSystemd,
    folder: Arc<TempDir>,
    notified: UnixDatagram,
    told: UnboundedReceiver<Notice>,
    daemon: tokio::task::JoinHandle<()>,
}

impl Bench {
    pub(crate) async fn new(list: &str, prepare: impl FnOnce(&FakeSystemd)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::in_folder(folder, list, Outcome::Delivered, prepare).await
    }

    async fn in_folder(
        folder: Arc<TempDir>,
        list: &str,
        outcome: Outcome,
        prepare: impl FnOnce(&FakeSystemd),
    ) -> Self {
        let (systemd, connection) = FakeSystemd::new().await;
        prepare(&systemd);
        let (sender, told) = unbounded_channel();
        let notify_socket = folder.path().join("notify");
        let _ = std::fs::remove_file(&notify_socket);
        let notified = UnixDatagram::bind(&notify_socket).unwrap();
        let means = Means {
            alarms: Alarms::new(None).unwrap(),
            backoff: Backoff::new(Duration::from_secs(1)),
            connection,
            delivery: Arc::new(Recorder { told: sender, outcome }),
            journal: Journal::standard_error(),
            ledger: LedgerFiles::new(folder.path()),
            list: Listing::Fixed(list.parse().unwrap()),
            service_manager: ServiceManager::new(notify_socket.to_str()).unwrap(),
        };
        let daemon = tokio::spawn(async { run(means).await.unwrap() });
        Self { systemd, folder, notified, told, daemon }
    }

    /// Starts a daemon for `web.service` and `b.service`, of which the first
    /// was told as up, in the run 1.
    async fn with_web_up(prepare: impl FnOnce(&FakeSystemd)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let invocation = InvocationId::from_property(&[1; 16]);
        let told = Told { is_up: true, invocation, ..Told::default() };
        let files = LedgerFiles::new(folder.path());
        let mut ledger = files.read().unwrap();
        ledger.told.insert("web.service".parse().unwrap(), told);
        files.write_told(&ledger).unwrap();
        Self::in_folder(folder, "web.service web\nb.service b\n", Outcome::Delivered, prepare).await
    }

    /// Waits until the daemon says that it is ready.
    async fn wait_until_ready(&self) {
        let mut buffer = [0; 256];
        let next = tokio::time::timeout(Duration::from_secs(30), self.notified.recv(&mut buffer));
        let length = next.await.expect("the daemon is to be ready").unwrap();
        assert!(buffer[..length].starts_with(b"READY=1\n"));
    }

    async fn next_notice(&mut self) -> Notice {
        let next = tokio::time::timeout(Duration::from_secs(30), self.told.recv());
        next.await.expect("something is to be told").expect("the daemon runs")
    }

    pub(crate) async fn next(&mut self) -> String {
        let notice = self.next_notice().await;
        let merged = if notice.merged { " merged" } else { "" };
        format!("{} {}{merged}", notice.unit, notice.event)
    }

    /// Waits until so many units are pending.
    async fn wait_until_pending(&self, units: usize) {
        let files = LedgerFiles::new(self.folder.path());
        let is_so = async {
            while files.read().unwrap().pending.len() != units {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), is_so).await.unwrap();
    }
}

/// Runs a test on a runtime as the daemon has it.
pub(crate) fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
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
        bench.systemd.signal(OWNER, MANAGER_PATH, MANAGER, "UnitNew", &loaded).await;
        bench.systemd.change(OWNER, "a.service", "inactive", 1).await;
        assert_eq!(bench.next().await, "a.service stopped");
        let is_asked = async {
            while bench.systemd.calls().len() == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), is_asked).await.unwrap();
        assert_eq!(bench.systemd.calls()[before..], ["ListUnitsByPatterns"]);
    });
}

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
            assert!(!bench.daemon.is_finished());
        });
    }
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
