//! A tracer that explains a run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::charm::explanation::{
    ExplainedFlag, ExplainedHandler, ExplainedPhase, Explanation, Outcome,
};
use crate::trace::{Phase, TraceEvent, TracedHandler, Tracer};

/// Explains a run of a charm: which handlers ran, and why, and why others did
/// not. Clones are the same, so that a test can keep one.
///
/// ```
/// use juju_hook_env::{HookEnv, HookTool, ScriptedAgent};
/// use juju_types::Event;
/// use reactive_endpoints::{Charm, Context, Explainer, Flag, MemoryStore, Result, all};
///
/// const READY: Flag = Flag::new("ready");
/// const BROKEN: Flag = Flag::new("broken");
///
/// fn start(_: &mut (), cx: &Context) -> Result {
///     cx.set(READY);
///     Ok(())
/// }
///
/// fn serve(_: &mut (), _: &Context) -> Result {
///     Ok(())
/// }
///
/// fn repair(_: &mut (), _: &Context) -> Result {
///     Ok(())
/// }
///
/// let explainer = Explainer::new();
/// let charm = Charm::new(())
///     .on(Event::Start, start)
///     .when(&READY, serve)
///     .when(all([&READY, &BROKEN]), repair)
///     .store(MemoryStore::new())
///     .tracer(explainer.clone());
/// # let env = HookEnv::from_pairs([
/// #     ("JUJU_CHARM_DIR", "/charm"),
/// #     ("JUJU_CONTEXT_ID", "app/0-start-1"),
/// #     ("JUJU_DISPATCH_PATH", "hooks/start"),
/// #     ("JUJU_MODEL_NAME", "prod"),
/// #     ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
/// #     ("JUJU_UNIT_NAME", "app/0"),
/// #     ("JUJU_VERSION", "3.6.28"),
/// # ])?;
/// # let agent = ScriptedAgent::new().accept(HookTool::JujuLog).accept(HookTool::StateSet);
/// charm.run_with(&env, agent);
/// let text = explainer.explanation().to_string();
/// # // The path of a function in an example has parts of rustdoc's own.
/// # let text = text.replace("main::", "").replace("_doctest::", "");
/// assert_eq!(
///     text,
///     "\
/// start
/// hook:
///   start ran: hook start
///     set ready
/// flags, iteration 0:
///   serve ran: all of ready
///   repair is not due: not set: broken
/// ",
/// );
/// # Ok::<(), juju_hook_env::HookEnvError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Explainer(Arc<Mutex<Explaining>>);

#[derive(Debug, Default)]
struct Explaining {
    explanation: Explanation,
    /// The place, in the last phase, of the handler that runs.
    running: Option<usize>,
}

impl Explainer {
    /// Makes an explainer, for [`Charm::tracer`](crate::Charm::tracer).
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns what is known of the last run, or nothing of note before the
    /// first.
    pub fn explanation(&self) -> Explanation {
        let mut explanation = self.lock().explanation.clone();
        explanation.phases.retain(|phase| !phase.flags.is_empty() || !phase.handlers.is_empty());
        explanation
    }

    fn lock(&self) -> MutexGuard<'_, Explaining> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tracer for Explainer {
    fn trace(&mut self, event: &TraceEvent<'_>) {
        self.lock().note(event);
    }
}

impl Explaining {
    fn note(&mut self, event: &TraceEvent<'_>) {
        match event {
            TraceEvent::Begun { run } => {
                let explanation = Explanation { run: (*run).to_owned(), phases: Vec::new() };
                *self = Self { explanation, running: None };
            }
            TraceEvent::Phase(phase) => {
                let (flags, handlers) = (Vec::new(), Vec::new());
                let phase = ExplainedPhase { phase: *phase, flags, handlers };
                self.explanation.phases.push(phase);
            }
            TraceEvent::Tested { handler, when, unmet } => {
                let place = self.find(*handler);
                let outcome = match unmet {
                    Some(unmet) => Outcome::NotDue((*unmet).to_owned()),
                    None => Outcome::Due,
                };
                let handler = ExplainedHandler {
                    name: handler.name.to_owned(),
                    position: handler.position,
                    when: (*when).to_owned(),
                    outcome,
                    flags: Vec::new(),
                };
                // The last of several tests counts.
                match place {
                    Some(place) => self.phase().handlers[place] = handler,
                    None => self.phase().handlers.push(handler),
                }
            }
            TraceEvent::Dropped { handler, unmet } => {
                if let Some(place) = self.find(*handler) {
                    let outcome = Outcome::Dropped((*unmet).to_owned());
                    self.phase().handlers[place].outcome = outcome;
                }
            }
            TraceEvent::Invoked { handler } => self.running = self.find(*handler),
            TraceEvent::Ended { failure, .. } => {
                if let Some(place) = self.running.take() {
                    self.phase().handlers[place].outcome = match failure {
                        Some(failure) => Outcome::Stopped(failure.clone()),
                        None => Outcome::Ran,
                    };
                }
            }
            TraceEvent::Flag { flag, change } => {
                let flag = ExplainedFlag { flag: (*flag).to_owned(), change: *change };
                match self.running {
                    Some(place) => self.phase().handlers[place].flags.push(flag),
                    None => self.phase().flags.push(flag),
                }
            }
        }
    }

    fn phase(&mut self) -> &mut ExplainedPhase {
        let phases = &mut self.explanation.phases;
        if phases.is_empty() {
            let (flags, handlers) = (Vec::new(), Vec::new());
            phases.push(ExplainedPhase { phase: Phase::Start, flags, handlers });
        }
        phases.last_mut().expect("there is one now")
    }

    fn find(&mut self, handler: TracedHandler<'_>) -> Option<usize> {
        let handlers = &self.phase().handlers;
        handlers.iter().position(|other| other.position == handler.position)
    }
}
