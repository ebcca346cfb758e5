//! The way into a charm.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::error::Error;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use juju_types::Event;

use crate::agent::Agent;
use crate::env::HookEnv;
use crate::juju::Juju;
use crate::juju::log::{self, LogLevel};
use crate::log_layer::{chain, with_juju_log};
use crate::unit_agent::UnitAgent;

/// What a charm returns, and what its parts may return: any error will do.
pub type CharmResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs a charm from `main`: reads the environment, calls `charm`, and turns
/// what comes of it into an exit code.
///
/// - Hook tools are called as [`UnitAgent`] says: over the agent's socket, or
///   else by their programs.
/// - While the charm runs, the events of the crate `tracing` on this thread go
///   to Juju's log ([`with_juju_log`]).
/// - An error goes to Juju's log with all its causes, and the exit code is 1:
///   Juju drops what the hook has written, and tries again. In an action it
///   goes to standard error, too, which Juju shows to the user. Nothing is
///   ever printed to standard output.
/// - A panic is an error like any other; Juju's log gets the message and the
///   backtrace. For that this function installs a panic hook, which is the
///   only thing here that concerns the whole process.
/// - If the environment is not that of a hook, all its faults are printed to
///   standard error. If there is nothing of Juju in it, somebody has started
///   the program by hand: then a help text is printed, and the exit code is 2.
///
/// What the charm does not know is its own business: for an
/// [`Event::Custom`] that it has no use for it should return `Ok`.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use juju_hook_env::{CharmResult, HookEnv, Juju, run};
/// use juju_types::{Event, Status};
///
/// fn main() -> ExitCode {
///     run(charm)
/// }
///
/// fn charm(env: &HookEnv, juju: &Juju) -> CharmResult {
///     match env.event() {
///         Some(Event::Start | Event::ConfigChanged) => juju.status_set(&Status::active())?,
///         _ => tracing::debug!("nothing to do"),
///     }
///     Ok(())
/// }
/// ```
pub fn run(charm: impl FnOnce(&HookEnv, &Juju) -> CharmResult) -> ExitCode {
    keep_backtraces_of_this_thread();
    match HookEnv::from_process() {
        Ok(env) => run_in(&env, UnitAgent::new(&env), charm),
        Err(error) if error.is_outside_juju() => {
            say(HELP);
            ExitCode::from(2)
        }
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Runs a charm as [`run`] does, with variables that are given in place of
/// those of the process, for tests: a simulated agent hands them over.
///
/// Nothing of the process is changed, so many can run at the same time.
///
/// ```
/// use std::process::ExitCode;
///
/// use juju_hook_env::run_with;
///
/// // As the variables of a hook are missing, it does not come to the charm.
/// assert_eq!(run_with([("LANG", "C")], |_, _| panic!()), ExitCode::FAILURE);
/// ```
pub fn run_with<K: Into<String>, V: Into<String>>(
    variables: impl IntoIterator<Item = (K, V)>,
    charm: impl FnOnce(&HookEnv, &Juju) -> CharmResult,
) -> ExitCode {
    match HookEnv::from_pairs(variables) {
        Ok(env) => run_in(&env, UnitAgent::new(&env), charm),
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Runs a charm as [`run`] does, in a given environment and through a given
/// agent, for tests and for frameworks.
///
/// Nothing of the process is changed, so many can run at the same time. A
/// panic comes to Juju's log without its backtrace, unless [`run`] called
/// this.
///
/// ```
/// use std::process::ExitCode;
///
/// use juju_hook_env::{HookEnv, HookTool, ScriptedAgent, run_in};
///
/// let env = HookEnv::from_pairs([
///     ("JUJU_CHARM_DIR", "/charm"),
///     ("JUJU_CONTEXT_ID", "app/0-install-1"),
///     ("JUJU_HOOK_NAME", "install"),
///     ("JUJU_MODEL_NAME", "prod"),
///     ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
///     ("JUJU_UNIT_NAME", "app/0"),
///     ("JUJU_VERSION", "3.6.28"),
/// ])?;
/// let agent = ScriptedAgent::new().accept(HookTool::JujuLog);
///
/// let code = run_in(&env, agent.clone(), |_, _| Err("no network".into()));
/// assert_eq!(code, ExitCode::FAILURE);
/// assert_eq!(
///     agent.transcript(),
///     "juju-log -l ERROR -- \"the hook `install` failed: no network\"\n",
/// );
/// # Ok::<(), juju_hook_env::HookEnvError>(())
/// ```
pub fn run_in(
    env: &HookEnv,
    agent: impl Agent + 'static,
    charm: impl FnOnce(&HookEnv, &Juju) -> CharmResult,
) -> ExitCode {
    let agent: Arc<dyn Agent> = Arc::new(agent);
    let juju = Juju::new(env, agent.clone());
    let outcome = with_juju_log(agent.clone(), || {
        panic::catch_unwind(AssertUnwindSafe(|| charm(env, &juju)))
    });
    let failure = match outcome {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => {
            let what = describe_run(env);
            Failure { message: format!("{what} failed: {}", chain(&*error)), backtrace: None }
        }
        Err(payload) => {
            let what = describe_run(env);
            let Panic { message, backtrace } = take_panic(&*payload);
            Failure { message: format!("{what} panicked: {message}"), backtrace }
        }
    };
    failure.report(env, &agent);
    ExitCode::FAILURE
}

const HELP: &str = "\
This program is a Juju charm. Juju runs it on a unit, once for each hook and
action, and tells it through variables what there is to do. Those variables are
not set, so it does nothing.

Pack it and deploy it:             juju deploy ./NAME_ARCH.charm
Run it by hand on a deployed unit: juju exec --unit APP/0 \\
    'JUJU_DISPATCH_PATH=hooks/update-status ./dispatch'";

struct Failure {
    message: String,
    backtrace: Option<String>,
}

impl Failure {
    fn report(&self, env: &HookEnv, agent: &dyn Agent) {
        let Self { message, backtrace } = self;
        let text = match backtrace {
            Some(backtrace) => &format!("{message}\n{backtrace}"),
            None => message,
        };
        match log::send(agent, LogLevel::Error, text) {
            Ok(()) if !is_action(env) => {}
            Ok(()) => say(message),
            Err(error) => {
                say(&format!("{text}\ncannot write to juju's log: {}", chain(&error)));
            }
        }
    }
}

fn describe_run(env: &HookEnv) -> String {
    match env.event() {
        Some(Event::Action(name)) => format!("the action `{name}`"),
        Some(hook) => format!("the hook `{hook}`"),
        None => "the charm".to_owned(),
    }
}

fn is_action(env: &HookEnv) -> bool {
    env.action().is_some() || matches!(env.event(), Some(Event::Action(_)))
}

/// Prints to standard error; nobody is left to tell if that fails.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[derive(Clone)]
struct Panic {
    message: String,
    backtrace: Option<String>,
}

thread_local! {
    static LAST_PANIC: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Has panics of this thread kept for [`take_panic`], in place of printing
/// them. What other threads do is left to the hook that was there before.
#[expect(
    clippy::disallowed_methods,
    reason = "only here is the backtrace at hand, and only the entry of a program gets here"
)]
fn keep_backtraces_of_this_thread() {
    let this_thread = thread::current().id();
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == this_thread {
            LAST_PANIC.set(Some(describe_panic(info)));
        } else {
            previous(info);
        }
    }));
}

fn describe_panic(info: &PanicHookInfo<'_>) -> Panic {
    let message = payload_text(info.payload());
    let message = match info.location() {
        Some(place) => format!("{message} ({place})"),
        None => message,
    };
    Panic { message, backtrace: Some(Backtrace::force_capture().to_string()) }
}

/// Returns what is known of the panic that was just caught.
fn take_panic(payload: &(dyn Any + Send)) -> Panic {
    let kept = LAST_PANIC.take();
    kept.unwrap_or_else(|| Panic { message: payload_text(payload), backtrace: None })
}

fn payload_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
