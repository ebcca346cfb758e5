//! Whose turn it is.

use std::collections::{BTreeSet, VecDeque};
use std::error::Error;

use juju_types::{ActionName, Status};
use thiserror::Error;

use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::handler::handler_id::HandlerId;
use crate::handler::{Handler, When};
use crate::run::run_kind::RunKind;
use crate::trace::{Phase, TraceEvent, TracedHandler};

/// Runs the handlers of a charm whose turn it is.
///
/// First come the handlers of the event, in the order of registration, then
/// those of flags, in iterations:
///
/// - In the first iteration each handler runs whose condition holds.
/// - In a later one it runs only if a flag of its condition has changed in the
///   iteration before, or a file since it succeeded with it, or if it has not
///   run yet and waits for something that is no flag.
/// - A flag that is set makes handlers due in the next iteration. When one is
///   cleared, all that are due are tested again, so that no handler runs after
///   its flag was cleared.
pub(crate) struct Dispatcher<'a, S> {
    handlers: &'a [Handler<S>],
    cx: &'a Context,
    invoked: BTreeSet<HandlerId>,
    raised: Vec<Status>,
}

impl<'a, S> Dispatcher<'a, S> {
    /// After so many iterations handlers are taken to be waking one another
    /// without end.
    const MAX_ITERATIONS: usize = 100;

    /// So many of the last iterations show who wakes whom.
    const ITERATIONS_TO_NAME: usize = 10;

    pub(crate) fn new(handlers: &'a [Handler<S>], cx: &'a Context) -> Self {
        Self { handlers, cx, invoked: BTreeSet::new(), raised: Vec::new() }
    }

    /// Runs all, and returns the statuses that handlers have ended with.
    pub(crate) fn dispatch(mut self, charm: &mut S, flag_handlers: bool) -> Result<Vec<Status>> {
        let is_restricted = RunKind::of(self.cx.env()) == RunKind::Restricted;
        self.trace(&TraceEvent::Phase(if is_restricted { Phase::Restricted } else { Phase::Hook }));
        for (id, handler) in self.all() {
            if !matches!(handler.when, When::Flags(_)) && self.is_due(id, handler) {
                self.invoke(id, handler, charm)?;
            }
        }
        if self.invoked.is_empty() {
            self.refuse_unknown_action()?;
        }
        if flag_handlers && !is_restricted {
            self.dispatch_flags(charm)?;
        }
        Ok(self.raised)
    }

    /// Fails an action that nobody has handled: otherwise it would seem done.
    fn refuse_unknown_action(&self) -> Result {
        // Those that Juju defines itself run a command of the user's.
        let own = |name: &&ActionName| !matches!(name.as_str(), "juju-exec" | "juju-run");
        match self.cx.action().filter(own) {
            Some(name) => {
                Ok(self.cx.juju().action_fail(&format!("the charm has no action `{name}`"))?)
            }
            None => Ok(()),
        }
    }

    /// Traces which handlers would run, and runs none.
    pub(crate) fn preview(&self, kind: RunKind, flag_handlers: bool) -> Result {
        let is_restricted = kind == RunKind::Restricted;
        self.trace(&TraceEvent::Begun { run: &describe_run(self.cx) });
        self.trace(&TraceEvent::Phase(if is_restricted { Phase::Restricted } else { Phase::Hook }));
        for (id, handler) in self.all() {
            if !matches!(handler.when, When::Flags(_)) {
                self.is_due(id, handler);
            }
        }
        if flag_handlers && !is_restricted {
            self.trace(&TraceEvent::Phase(Phase::Flags(0)));
            self.due(None);
        }
        self.check()
    }

    fn dispatch_flags(&mut self, charm: &mut S) -> Result {
        let handlers = self.handlers;
        let mut changed = None;
        let mut unrest = Unrest::default();
        for iteration in 0..Self::MAX_ITERATIONS {
            self.trace(&TraceEvent::Phase(Phase::Flags(iteration)));
            self.cx.freshen_endpoints()?;
            let mut due = self.due(changed);
            self.check()?;
            if due.is_empty() {
                return Ok(());
            }
            self.cx.watch().take_cleared();
            let is_late = iteration >= Self::MAX_ITERATIONS - Self::ITERATIONS_TO_NAME;
            while let Some(id) = due.pop_front() {
                let handler = &handlers[id.0];
                if is_late {
                    unrest.handlers.insert(handler.name.clone());
                }
                self.invoke(id, handler, charm)?;
                self.cx.freshen_endpoints()?;
                if self.cx.watch().take_cleared() {
                    due.retain(|id| self.is_still_due(*id));
                    self.check()?;
                }
            }
            let news = self.cx.watch().take_changed();
            if is_late {
                unrest.flags.extend(news.iter().cloned());
            }
            changed = Some(news);
        }
        Err(EndlessError::of(unrest).into())
    }

    /// Returns the handlers whose turn it is, because of these flags or, in the
    /// first iteration, because of any.
    ///
    /// To test a handler can bring an endpoint up to date that nobody has looked
    /// at before, and so change flags that others were tested for already: then
    /// all are tested again.
    fn due(&self, mut changed: Option<BTreeSet<String>>) -> VecDeque<HandlerId> {
        let mut due = VecDeque::new();
        // Tests that change flags themselves do not come to rest either.
        for _ in 0..Self::MAX_ITERATIONS {
            let news = self.cx.watch().take_changed();
            if let Some(changed) = &mut changed {
                changed.extend(news);
            }
            due = self.test_all(changed.as_ref());
            if !self.cx.watch().has_changed() {
                break;
            }
        }
        due
    }

    fn test_all(&self, changed: Option<&BTreeSet<String>>) -> VecDeque<HandlerId> {
        let mut due = VecDeque::new();
        for (id, handler) in self.all() {
            let When::Flags(condition) = &handler.when else { continue };
            let is_concerned = changed.is_none_or(|changed| {
                condition.flags().iter().any(|flag| changed.contains(flag.as_str()))
                    || if self.invoked.contains(&id) {
                        condition.has_news(self.cx, id)
                    } else {
                        condition.has_tests()
                    }
            });
            if is_concerned && self.is_due(id, handler) {
                self.cx.files().expect(id);
                due.push_back(id);
            }
        }
        due
    }

    fn is_due(&self, id: HandlerId, handler: &Handler<S>) -> bool {
        if !self.cx.watch().is_traced() {
            return handler.when.holds(self.cx, id);
        }
        let (when, unmet) = (handler.when.to_string(), handler.when.unmet(self.cx, id));
        let (handler, unmet) = (traced(id, handler), unmet.as_deref());
        self.trace(&TraceEvent::Tested { handler, when: &when, unmet });
        unmet.is_none()
    }

    fn is_still_due(&self, id: HandlerId) -> bool {
        let handler = &self.handlers[id.0];
        let unmet = handler.when.unmet(self.cx, id);
        if let Some(unmet) = &unmet {
            self.trace(&TraceEvent::Dropped { handler: traced(id, handler), unmet });
        }
        unmet.is_none()
    }

    fn invoke(&mut self, id: HandlerId, handler: &Handler<S>, charm: &mut S) -> Result {
        self.invoked.insert(id);
        tracing::debug!("running the handler {}", handler.name);
        self.trace(&TraceEvent::Invoked { handler: traced(id, handler) });
        let ended = handler.invoke(charm, self.cx);
        let failure = ended.as_ref().err().map(ToString::to_string);
        self.trace(&TraceEvent::Ended { handler: traced(id, handler), failure });
        match ended {
            Ok(()) => {
                if let When::Flags(condition) = &handler.when {
                    condition.acknowledge(self.cx, id);
                }
            }
            Err(Failure::Status(status)) => self.raised.push(status),
            Err(Failure::Error(source)) => {
                return Err(HandlerError { handler: handler.name.clone(), source }.into());
            }
        }
        self.check()
    }

    /// Fails if something has gone wrong where no error could be returned.
    fn check(&self) -> Result {
        self.cx.take_fault().map_or(Ok(()), Err)
    }

    fn all(&self) -> impl Iterator<Item = (HandlerId, &'a Handler<S>)> + use<'a, S> {
        let handlers = self.handlers;
        handlers.iter().enumerate().map(|(index, handler)| (HandlerId(index), handler))
    }

    fn trace(&self, event: &TraceEvent<'_>) {
        self.cx.watch().trace(event);
    }
}

/// Says what a run is for.
pub(crate) fn describe_run(cx: &Context) -> String {
    match (cx.hook(), cx.action()) {
        (Some(hook), _) => hook,
        (None, Some(action)) => format!("action {action}"),
        (None, None) => "no hook".to_owned(),
    }
}

fn traced<S>(id: HandlerId, handler: &Handler<S>) -> TracedHandler<'_> {
    TracedHandler { name: &handler.name, position: id.0 }
}

/// A handler has failed, and with it the run.
#[derive(Debug, Error)]
#[error("the handler `{handler}` failed")]
pub struct HandlerError {
    handler: String,
    source: Box<dyn Error + Send + Sync>,
}

/// What does not come to rest.
#[derive(Default)]
struct Unrest {
    flags: BTreeSet<String>,
    handlers: BTreeSet<String>,
}

/// Handlers change flags that wake one another, without end.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "the handlers do not come to rest: after {} iterations {handlers} still run, and still change \
     the flags {flags}",
    Dispatcher::<()>::MAX_ITERATIONS
)]
pub struct EndlessError {
    flags: String,
    handlers: String,
}

impl EndlessError {
    fn of(unrest: Unrest) -> Self {
        let join = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(", ");
        Self { flags: join(unrest.flags), handlers: join(unrest.handlers) }
    }
}
