//! A daemon whose bus, charm and service manager are in the hands of a test.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;
use tokio::net::UnixDatagram;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::daemon::backoff::Backoff;
use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::fake_systemd::FakeSystemd;
use crate::daemon::journal::Journal;
use crate::daemon::ledger::{Ledger, LedgerFiles};
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
    _notify_folder: TempDir,
    notified: UnixDatagram,
    told: UnboundedReceiver<Notice>,
    pub(crate) daemon: tokio::task::JoinHandle<()>,
}

impl Bench {
    pub(crate) async fn new(list: &str, prepare: impl FnOnce(&FakeSystemd)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::in_folder(folder, list, Outcome::Delivered, prepare).await
    }

    pub(crate) async fn in_folder(
        folder: Arc<TempDir>,
        list: &str,
        outcome: Outcome,
        prepare: impl FnOnce(&FakeSystemd),
    ) -> Self {
        Self::with_means(folder, list, outcome, prepare, |_| ()).await
    }

    pub(crate) async fn with_means(
        folder: Arc<TempDir>,
        list: &str,
        outcome: Outcome,
        prepare: impl FnOnce(&FakeSystemd),
        change: impl FnOnce(&mut Means),
    ) -> Self {
        let (systemd, connection) = FakeSystemd::new().await;
        prepare(&systemd);
        let (sender, told) = unbounded_channel();
        let notify_folder = tempfile::tempdir().unwrap();
        let notify_socket = notify_folder.path().join("notify");
        let notified = UnixDatagram::bind(&notify_socket).unwrap();
        let mut means = Means {
            alarms: Alarms::new(None).unwrap(),
            backoff: Backoff::new(Duration::from_secs(1)),
            connection,
            delivery: Arc::new(Recorder { told: sender, outcome }),
            journal: Journal::standard_error(),
            ledger: LedgerFiles::new(folder.path()),
            list: Listing::Fixed(list.parse().unwrap()),
            service_manager: ServiceManager::new(notify_socket.to_str()).unwrap(),
        };
        change(&mut means);
        let daemon = tokio::spawn(async { run(means).await.unwrap() });
        Self { systemd, folder, _notify_folder: notify_folder, notified, told, daemon }
    }

    /// Starts a daemon for `web.service` and `b.service`, of which the first
    /// was told as up, in the run 1.
    pub(crate) async fn with_web_up(prepare: impl FnOnce(&FakeSystemd)) -> Self {
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
    pub(crate) async fn wait_until_ready(&self) {
        let mut buffer = [0; 256];
        let next = tokio::time::timeout(Duration::from_secs(30), self.notified.recv(&mut buffer));
        let length = next.await.expect("the daemon is to be ready").unwrap();
        assert!(buffer[..length].starts_with(b"READY=1\n"));
    }

    pub(crate) async fn next_notice(&mut self) -> Notice {
        let next = tokio::time::timeout(Duration::from_secs(30), self.told.recv());
        next.await.expect("something is to be told").expect("the daemon runs")
    }

    pub(crate) async fn next(&mut self) -> String {
        let notice = self.next_notice().await;
        let merged = if notice.merged { " merged" } else { "" };
        format!("{} {}{merged}", notice.unit, notice.event)
    }

    /// Waits until systemd was asked for `member` so often.
    pub(crate) async fn wait_for_calls(&self, member: &str, count: usize) {
        let calls = || self.systemd.calls().iter().filter(|call| *call == member).count();
        let is_asked = async {
            while calls() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), is_asked).await.unwrap();
    }

    /// Waits until so many units are pending.
    pub(crate) async fn wait_until_pending(&self, units: usize) {
        self.wait_until(|ledger| ledger.pending.len() == units).await;
    }

    /// Waits until it is on disk that so many units were told, and nothing is
    /// being told.
    pub(crate) async fn wait_until_told(&self, units: usize) {
        self.wait_until(|ledger| ledger.told.len() == units && ledger.delivery.is_none()).await;
    }

    pub(crate) async fn wait_until(&self, is_so: impl Fn(&Ledger) -> bool) {
        let files = LedgerFiles::new(self.folder.path());
        let is_written = async {
            while !is_so(&files.read().unwrap()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), is_written).await.unwrap();
    }
}

/// Runs a test on a runtime as the daemon has it.
pub(crate) fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}
