//! Running a scenario again and again.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::ending::Ending;
use super::{Failure, KillPointFailure, KillPoints};
use crate::kill_point::KillPoint;
use crate::operation::Operation;
use crate::panic_text::panic_text;
use crate::simulator::Simulator;
use crate::trial::Trial;

impl<S: AsRef<Simulator>> KillPoints<'_, S> {
    pub(super) fn points(&self, operations: &[Operation]) -> Vec<KillPoint> {
        let numbered = (1..).zip(operations);
        if let Some((only, fault)) = &self.only {
            let of = |(operation, ran): (usize, &Operation)| KillPoint {
                operation,
                unit: ran.unit.clone(),
                kind: ran.kind.clone(),
                fault: fault.clone(),
            };
            return numbered.filter(|(number, _)| number == only).map(of).collect();
        }
        let chosen = numbered.filter(|(_, ran)| self.choices.iter().all(|choice| choice(ran)));
        let points = chosen.flat_map(|(number, ran)| KillPoint::all_of(number, ran));
        points.step_by(self.step).collect()
    }

    /// Returns the points at which something fails, in order.
    pub(super) fn try_all(
        &self,
        points: &[KillPoint],
        undisturbed: &Ending,
    ) -> Vec<KillPointFailure> {
        let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..self.threads.min(points.len()) {
                scope.spawn(|| {
                    while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let failure = self.try_one(point, undisturbed);
                        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                        failures.extend(failure);
                    }
                });
            }
        });
        let mut failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
        let place = |failure: &KillPointFailure| points.iter().position(|at| *at == failure.point);
        failures.sort_by_key(place);
        failures
    }

    fn try_one(&self, point: &KillPoint, undisturbed: &Ending) -> Option<KillPointFailure> {
        let (operations, ending) = self.play(Some(point));
        let result = ending.and_then(|ending| {
            if point.has_struck(&operations) {
                ending.compare(undisturbed)
            } else {
                Err("it has not come: the scenario is not the same in every run".to_owned())
            }
        });
        let reason = result.err()?;
        Some(KillPointFailure { point: point.clone(), reason, operations })
    }

    /// Runs the scenario and the checks. The error says what has failed.
    pub(super) fn play(
        &self,
        point: Option<&KillPoint>,
    ) -> (Vec<Operation>, Result<Ending, String>) {
        let trial = Trial::default();
        let mut builder = Simulator::builder().on_trial(trial.clone());
        if let Some(point) = point {
            builder = builder.inject(point.operation, point.fault.clone());
        }
        let play = || -> Result<Ending, Failure> {
            let end = (self.scenario)(builder)?;
            self.checks.iter().try_for_each(|check| check(&end))?;
            let mut snapshots = vec![end.as_ref().units_in_error()];
            for snapshot in &self.snapshots {
                snapshots.push(snapshot(&end)?);
            }
            Ok(Ending::new(snapshots))
        };
        let ending = match catch_unwind(AssertUnwindSafe(play)) {
            Ok(result) => result.map_err(|error| with_sources(&*error)),
            Err(panic) => Err(panic_text(&*panic).to_owned()),
        };
        (trial.operations(), ending)
    }
}

fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
