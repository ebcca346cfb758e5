//! One run of a charm, from its environment to its exit code.

use std::io::Write as _;
use std::process::ExitCode;
use std::rc::Rc;

use juju_hook_env::{Agent, HookEnv, Juju, UnitAgent};
use juju_types::{Event, Status, StatusKind};

use super::Charm;
use crate::context::Context;
use crate::endpoint::endpoints::Endpoints;
use crate::failure::{Failure, Result};
use crate::flag::flag_groups::FlagGroups;
use crate::handler::dispatcher::{Dispatcher, describe_run};
use crate::run::Run;
use crate::run::run_kind::RunKind;
use crate::state::State;
use crate::state::store::Store;
use crate::trace::{Phase, TraceEvent};

impl<S: 'static> Charm<S> {
    /// Runs the charm from `main`; see [`juju_hook_env::run`].
    ///
    /// If the program was given arguments, which Juju never does, they are a
    /// subcommand; see [`run_command`](Self::run_command).
    #[expect(clippy::disallowed_methods, reason = "this is the way into a program")]
    pub fn run(self) -> ExitCode {
        let arguments = std::env::args_os().skip(1);
        let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
        let arguments: Vec<String> = arguments.collect();
        if arguments.is_empty() {
            return juju_hook_env::run(|env, juju| self.run_once(env, juju));
        }
        let answer = self.answer(&arguments, HookEnv::from_process);
        // Nobody may be there to read it; the exit code tells the rest.
        let _ = std::io::stdout().write_all(answer.output.as_bytes());
        let _ = std::io::stderr().write_all(answer.error.as_bytes());
        answer.code
    }

    /// Runs the charm with the variables of a hook, and talks to the agent that
    /// they name: in a test, that of a simulated unit.
    ///
    /// Nothing of the process is touched, so many can run at the same time.
    pub fn run_in<K, V>(self, variables: impl IntoIterator<Item = (K, V)>) -> ExitCode
    where
        K: Into<String>,
        V: Into<String>,
    {
        match HookEnv::from_pairs(variables) {
            Ok(env) => {
                let agent = UnitAgent::new(&env);
                self.run_with(&env, agent)
            }
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Runs the charm in a given environment and through a given agent.
    pub fn run_with(self, env: &HookEnv, agent: impl Agent + 'static) -> ExitCode {
        juju_hook_env::run_in(env, agent, |env, juju| self.run_once(env, juju))
    }

    fn run_once(mut self, env: &HookEnv, juju: &Juju) -> juju_hook_env::CharmResult {
        self.perform(env, juju).map_err(Failure::into_error)
    }

    fn perform(&mut self, env: &HookEnv, juju: &Juju) -> Result {
        let cx = self.open(env, juju, None)?;
        self.handle(&cx, RunKind::of(env))
    }

    /// Opens the state of the unit; `preview` is the hook to be in, in the
    /// place of the real one.
    pub(crate) fn open(
        &mut self,
        env: &HookEnv,
        juju: &Juju,
        preview: Option<String>,
    ) -> Result<Context> {
        let juju = Juju::new(env, juju.agent().clone());
        let store = self.store.take().unwrap_or_else(|| default_store(env));
        let state = match RunKind::of(env) {
            RunKind::Restricted => State::peek(store)?,
            _ => State::open(store, &juju)?,
        };
        let run = Rc::new(Run::new(juju, state));
        run.watch.set_tracer(self.tracer.take());
        let yaml = self.bind_interfaces(env)?;
        let bindings = std::mem::take(&mut self.bindings).into_values();
        let endpoints = Endpoints::new(bindings, std::mem::take(&mut self.interest), &run);
        let groups = FlagGroups::new(std::mem::take(&mut self.groups));
        Ok(Context::new(run, endpoints, groups, yaml, preview))
    }

    pub(crate) fn register_triggers(&mut self, cx: &Context) {
        cx.register_triggers(self.triggers.drain(..));
    }

    fn handle(&mut self, cx: &Context, kind: RunKind) -> Result {
        cx.watch().trace(&TraceEvent::Begun { run: &describe_run(cx) });
        cx.watch().trace(&TraceEvent::Phase(Phase::Start));
        self.register_triggers(cx);
        let mut raised = Vec::new();
        if kind != RunKind::Restricted {
            cx.groups().begin(cx)?;
            for start in &self.at_start {
                raised.extend(Failure::raised(start(&mut self.author, cx))?);
            }
            cx.endpoints().begin(cx)?;
        }
        let flag_handlers = !self.without_flag_handlers.contains(&kind);
        let dispatcher = Dispatcher::new(&self.handlers, cx);
        raised.extend(dispatcher.dispatch(&mut self.author, flag_handlers)?);
        if kind == RunKind::Restricted {
            return Ok(());
        }
        cx.watch().trace(&TraceEvent::Phase(Phase::End));
        raised.extend(cx.exit()?);
        cx.files().store();
        cx.freshen_endpoints()?;
        self.show_status(cx, raised)?;
        cx.groups().end(cx)?;
        cx.take_fault().map_or(Ok(()), Err)?;
        let run = cx.run();
        cx.config_memory().store(&run.state);
        run.published.send(&run.juju)?;
        run.state.commit(&run.juju)?;
        cx.config_memory().update_file()
    }

    fn show_status(&mut self, cx: &Context, mut statuses: Vec<Status>) -> Result {
        // The unit is about to go; Juju says so itself.
        if matches!(cx.env().event(), Some(Event::Remove)) {
            return Ok(());
        }
        for status in &self.statuses {
            match status(&mut self.author, cx) {
                Ok(status) | Err(Failure::Status(status)) => statuses.push(status),
                Err(error) => return Err(error),
            }
        }
        // The first of equals.
        let worst = statuses.into_iter().rev().max_by_key(|status| severity(status.kind()));
        worst.map_or(Ok(()), |status| Ok(cx.juju().status_set(&status)?))
    }
}

/// Returns how bad a status is.
fn severity(kind: StatusKind) -> u8 {
    match kind {
        StatusKind::Active => 0,
        StatusKind::Waiting => 1,
        StatusKind::Maintenance => 2,
        StatusKind::Blocked => 3,
    }
}

#[cfg(feature = "sqlite")]
fn default_store(env: &HookEnv) -> Box<dyn Store> {
    Box::new(crate::state::sqlite_store::SqliteStore::of(env))
}

#[cfg(not(feature = "sqlite"))]
fn default_store(_: &HookEnv) -> Box<dyn Store> {
    panic!("without the feature `sqlite`, a charm needs `Charm::store`")
}
