//! What a daemon costs.

use std::fmt;
use std::thread;
use std::time::Duration;

use crate::daemon::Daemon;
use crate::machine::Machine;
use crate::told::{delays, most_at_once, wrong_places};

/// What a daemon costs, and how well it tells.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// In kB.
    memory: u64,
    /// From its start until it watches, in microseconds.
    start: u64,
    /// From each change until the charm begins to be told, in microseconds.
    delays: Vec<u64>,
    not_told: usize,
    unrelated: Duration,
    events: usize,
    wrong_places: usize,
    at_once: usize,
    wake_ups: u64,
}

const STARTS: usize = 25;
/// The daemons take turns, so that both see the same machine.
const ROUNDS: usize = 5;
const CHANGES_OF_ROUND: usize = 100;
const IDLE: Duration = Duration::from_mins(1);

/// Measures each of the daemons.
pub(crate) fn measure(machine: &Machine, daemons: &[Daemon]) -> Vec<Figures> {
    let mut all: Vec<Figures> = daemons.iter().map(|_| Figures::default()).collect();
    for _ in 0..ROUNDS {
        for (daemon, figures) in daemons.iter().zip(&mut all) {
            figures.measure_delays(machine, *daemon);
        }
    }
    for (daemon, figures) in daemons.iter().zip(&mut all) {
        figures.measure_start_and_cost(machine, *daemon);
        figures.measure_order(machine, *daemon);
        figures.measure_at_once(machine, *daemon);
    }
    all
}

impl Figures {
    fn measure_delays(&mut self, machine: &Machine, daemon: Daemon) {
        daemon.start(machine);
        machine.forget();
        let mut changes = Vec::new();
        for number in 0..CHANGES_OF_ROUND {
            // A service that changed all the time would be told of at a slow pace.
            let service = number / 2;
            let (verb, event) =
                if number % 2 == 0 { ("stop", "stopped") } else { ("start", "started") };
            machine.shell(&format!("systemctl {verb} web@{service}; sleep 0.03"));
            let unit = format!("web@{service}.service");
            let time = machine.property(&unit, "Unit", "StateChangeTimestamp");
            changes.push((time, format!("web-{service}-{event}")));
        }
        machine.settle(daemon);
        let delays = delays(&changes, &machine.told());
        self.not_told += delays.iter().filter(|delay| delay.is_none()).count();
        self.delays.extend(delays.into_iter().flatten());
        daemon.stop(machine);
    }

    fn measure_start_and_cost(&mut self, machine: &Machine, daemon: Daemon) {
        daemon.start(machine);
        machine.shell(&format!("systemctl stop {}", daemon.name()));
        let starts = (0..STARTS).map(|_| daemon.time_to_watching(machine));
        self.start = part(&mut starts.collect::<Vec<_>>(), 50);
        daemon.start(machine);
        self.memory = machine.memory(daemon);

        let before = machine.busy(daemon);
        machine.shell(
            "for n in {1..250}; do systemctl start other@$n; done; \
             for n in {1..250}; do systemctl stop other@$n; done; \
             for n in {1..500}; do systemctl start once@$n; done",
        );
        self.unrelated = machine.busy(daemon).saturating_sub(before);

        let before = machine.switches(daemon);
        thread::sleep(IDLE);
        self.wake_ups = machine.switches(daemon) - before;
        daemon.stop(machine);
    }

    /// Restarts services while both cores are busy.
    fn measure_order(&mut self, machine: &Machine, daemon: Daemon) {
        daemon.start(machine);
        machine.forget();
        machine.shell(
            "for n in 1 2; do timeout 300 bash -c 'while :; do :; done' & done; \
             for n in {0..199}; do systemctl restart web@$n; done; \
             kill $(jobs -p)",
        );
        machine.settle(daemon);
        (self.events, self.wrong_places) = wrong_places(&machine.told());
        daemon.stop(machine);
    }

    /// Restarts all services at once, while each hook takes a second.
    fn measure_at_once(&mut self, machine: &Machine, daemon: Daemon) {
        daemon.start(machine);
        machine.forget();
        machine.shell(">/run/bench/slow; systemctl restart web@{0..199}; sleep 5");
        self.at_once = most_at_once(&machine.told());
        daemon.stop(machine);
        machine.shell("rm /run/bench/slow; sleep 2");
    }

    /// Tells whether the goals are met, of which that for the delay is the
    /// better of a fixed one and the `other` daemon's.
    pub(crate) fn meet_goals(&self, other: Option<&Self>) -> bool {
        let delay = |figures: &Self, percent| part(&mut figures.delays.clone(), percent);
        let is_quick = [(50, 800), (99, 2000)].iter().all(|(percent, goal)| {
            let goal = other.map_or(*goal, |other| delay(other, *percent).max(*goal));
            delay(self, *percent) <= goal
        });
        is_quick
            && self.not_told == 0
            && self.memory <= 3584
            && self.start <= 20_000
            && self.unrelated <= Duration::from_millis(5)
            && self.wrong_places == 0
            && self.at_once == 1
            && self.wake_ups <= 1
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let delay = |percent| part(&mut self.delays.clone(), percent);
        writeln!(f, "memory {} kB", self.memory)?;
        writeln!(f, "  from its start to watching: {} µs, median of {STARTS}", self.start)?;
        writeln!(
            f,
            "  from a change to juju-exec: {} µs, 99 %: {} µs, least {} µs, of {}; not told: {}",
            delay(50),
            delay(99),
            delay(0),
            self.delays.len(),
            self.not_told
        )?;
        writeln!(f, "  1,000 unrelated changes: {} µs", self.unrelated.as_micros())?;
        writeln!(f, "  at a wrong place under load: {} of {}", self.wrong_places, self.events)?;
        writeln!(f, "  juju-exec at once: {}", self.at_once)?;
        write!(f, "  woken in {} s: {} times", IDLE.as_secs(), self.wake_ups)
    }
}

/// Returns the value that so many percent do not exceed.
fn part(values: &mut [u64], percent: usize) -> u64 {
    values.sort_unstable();
    let index = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or_default()
}
