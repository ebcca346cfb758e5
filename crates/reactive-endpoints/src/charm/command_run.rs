//! How the charm's program runs when it is given arguments.

use std::path::Path;
use std::process::ExitCode;

use juju_hook_env::{HookEnv, HookEnvError, Juju, UnitAgent};

use crate::charm::Charm;
use crate::charm::check_faults::CheckFolderError;
use crate::charm::command::{self, Command};
use crate::charm::command_answer::CommandAnswer;
use crate::charm::explainer::Explainer;
use crate::charm::flag_command::{FlagAnswer, FlagCommand};
use crate::charm::subcommand_end::SubcommandEnd;
use crate::failure::{Failure, Result, chain};
use crate::flag::Flag;
use crate::handler::dispatcher::Dispatcher;
use crate::run::run_kind::RunKind;

/// A subcommand of the author's own.
pub(crate) type Subcommand = Box<dyn FnOnce(&[String]) -> CommandAnswer>;

/// What `check-charm` prints first. `cargo charm pack` looks for it in the
/// program, so that it starts none that would take the arguments for nothing
/// and do something else, and in the answer.
const CHECK_CHARM: &str = "charmwright: answer of check-charm, version 1";

/// The exit code for an error, as `grep` has it: 1 means no.
const ERROR: u8 = 2;

impl<S: 'static> Charm<S> {
    /// Registers a subcommand of the charm's program: a function of the
    /// arguments that follow its name. It runs outside of any hook, and has to
    /// do with neither flags nor handlers; so a crate that knows nothing of
    /// this one can offer it, such as a daemon that the charm starts.
    ///
    /// ```
    /// use std::process::ExitCode;
    ///
    /// use reactive_endpoints::Charm;
    ///
    /// fn daemon(arguments: &[String]) -> Result<(), std::num::ParseIntError> {
    ///     for number in arguments {
    ///         number.parse::<u16>()?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let charm = || Charm::new(()).subcommand("daemon", daemon);
    /// let answer = charm().run_command(["daemon", "1"], [("LANG", "C")]);
    /// assert_eq!(answer.code, ExitCode::SUCCESS);
    ///
    /// let answer = charm().run_command(["daemon", "x"], [("LANG", "C")]);
    /// assert_eq!(answer.error, "error: invalid digit found in string\n");
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is a subcommand of that name already: every charm has
    /// those that `--help` lists.
    #[must_use]
    pub fn subcommand<F, T>(mut self, name: &str, subcommand: F) -> Self
    where
        F: FnOnce(&[String]) -> T + 'static,
        T: SubcommandEnd,
    {
        let name = with_dashes(name);
        let is_taken = Command::is_one(&name) || self.subcommands.contains_key(&name);
        assert!(!is_taken, "there is a subcommand `{name}` already");
        let run = |arguments: &[String]| match subcommand(arguments).into_code() {
            Ok(code) => CommandAnswer { code, ..CommandAnswer::done(String::new()) },
            Err(error) => CommandAnswer::failed(1, &chain(&*error)),
        };
        self.subcommands.insert(name, Box::new(run));
        self
    }

    /// Runs a subcommand of the charm's program, with the variables of a hook
    /// if it needs them, as [`run`](Self::run) does when the program was given
    /// arguments, and returns what it would print.
    ///
    /// `--help` lists the subcommands that every charm has. Those that change
    /// flags follow the rule of every run: what they change is kept if Juju
    /// keeps the run.
    ///
    /// ```
    /// use reactive_endpoints::Charm;
    ///
    /// let answer = Charm::new(()).run_command(["set-flag", "ready"], [("LANG", "C")]);
    /// assert!(answer.error.contains("juju exec --unit APP/0 './dispatch set-flag ready'"));
    /// ```
    pub fn run_command<A, K, V>(
        self,
        arguments: impl IntoIterator<Item = A>,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> CommandAnswer
    where
        A: Into<String>,
        K: Into<String>,
        V: Into<String>,
    {
        let arguments: Vec<String> = arguments.into_iter().map(Into::into).collect();
        self.answer(&arguments, || HookEnv::from_pairs(variables))
    }

    pub(crate) fn answer(
        mut self,
        arguments: &[String],
        env: impl FnOnce() -> std::result::Result<HookEnv, HookEnvError>,
    ) -> CommandAnswer {
        let Some((name, rest)) = arguments.split_first() else {
            return CommandAnswer::done(self.help());
        };
        let name = with_dashes(name);
        if let Some(subcommand) = self.subcommands.remove(&name) {
            return subcommand(rest);
        }
        let command = match Command::read(&name, rest) {
            Ok(command) => command,
            Err(error) => return CommandAnswer::failed(ERROR, &error.to_string()),
        };
        match command {
            Command::CheckCharm { folder } => self.answer_check(&folder),
            Command::Graph(format) => CommandAnswer::done(self.graph().in_format(format)),
            Command::Help => CommandAnswer::done(self.help()),
            Command::Explain { hook, as_json } => in_unit(arguments, env, |env, juju| {
                self.preview(env, juju, hook, as_json).map(CommandAnswer::done)
            }),
            Command::Flags(command) => {
                in_unit(arguments, env, |env, juju| self.perform_command(env, juju, command))
            }
        }
    }

    fn help(&self) -> String {
        command::help(self.subcommands.keys().map(String::as_str))
    }

    fn answer_check(&self, folder: &Path) -> CommandAnswer {
        let output = |faults: String| format!("{CHECK_CHARM}\n{faults}");
        match self.check_folder(folder) {
            Ok(()) => CommandAnswer::done(output(String::new())),
            Err(CheckFolderError::Faults(faults)) => {
                let faults = lines(faults.iter().map(String::as_str));
                CommandAnswer { output: output(faults), ..CommandAnswer::yes_no(false) }
            }
            Err(error) => CommandAnswer::failed(ERROR, &chain(&error)),
        }
    }

    fn perform_command(
        &mut self,
        env: &HookEnv,
        juju: &Juju,
        command: FlagCommand,
    ) -> Result<CommandAnswer> {
        if RunKind::of(env) == RunKind::Restricted {
            return Err("in this hook Juju gives no access to the state of the unit".into());
        }
        let cx = self.open(env, juju, None)?;
        self.register_triggers(&cx);
        let answer = command.perform(&cx)?;
        cx.take_fault().map_or(Ok(()), Err)?;
        Ok(match answer {
            FlagAnswer::Changed => {
                cx.groups().end(&cx)?;
                cx.run().state.commit(&cx.run().juju)?;
                CommandAnswer::done(String::new())
            }
            FlagAnswer::Flags(flags) => CommandAnswer::done(lines(flags.iter().map(Flag::as_str))),
            FlagAnswer::YesNo(is_so) => CommandAnswer::yes_no(is_so),
        })
    }

    /// Tells which handlers would run now; nothing is changed. Of the author's
    /// code only the tests in conditions are called, and the interfaces whose
    /// flags are looked at.
    fn preview(
        &mut self,
        env: &HookEnv,
        juju: &Juju,
        hook: Option<String>,
        as_json: bool,
    ) -> Result<String> {
        // A command of `juju exec` is no hook: what would run in any.
        let is_exec = RunKind::of(env) == RunKind::Exec;
        let hook = hook.or_else(|| is_exec.then(|| "update-status".to_owned()));
        let kind = hook.as_deref().map_or_else(|| RunKind::of(env), RunKind::of_hook);
        let explainer = Explainer::new();
        self.tracer = Some(Box::new(explainer.clone()));
        let cx = self.open(env, juju, hook)?;
        let flag_handlers = !self.without_flag_handlers.contains(&kind);
        Dispatcher::new(&self.handlers, &cx).preview(kind, flag_handlers)?;
        let explanation = explainer.explanation();
        Ok(if as_json {
            format!("{}\n", serde_json::to_string_pretty(&explanation)?)
        } else {
            explanation.to_string()
        })
    }
}

fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.flat_map(|text| [text, "\n"]).collect()
}

fn with_dashes(name: &str) -> String {
    name.replace('_', "-")
}

/// Answers in the environment of a unit. An error is printed here, and not sent
/// to Juju's log: somebody waits for it.
fn in_unit(
    arguments: &[String],
    env: impl FnOnce() -> std::result::Result<HookEnv, HookEnvError>,
    answer: impl FnOnce(&HookEnv, &Juju) -> Result<CommandAnswer>,
) -> CommandAnswer {
    let env = match env() {
        Ok(env) => env,
        Err(error) if error.is_outside_juju() => {
            let command = arguments.join(" ");
            return CommandAnswer::failed(
                ERROR,
                &format!(
                    "this needs the variables that Juju sets on a unit; run it there: \
                     juju exec --unit APP/0 './dispatch {command}'"
                ),
            );
        }
        Err(error) => return CommandAnswer::failed(ERROR, &error.to_string()),
    };
    let mut answered = None;
    let code = juju_hook_env::run_in(&env, UnitAgent::new(&env), |env, juju| {
        let error = |failure: Failure| CommandAnswer::failed(ERROR, &chain(&*failure.into_error()));
        answered = Some(answer(env, juju).unwrap_or_else(error));
        Ok(())
    });
    match answered {
        Some(answer) if code == ExitCode::SUCCESS => answer,
        _ => CommandAnswer::failed(ERROR, "the program has panicked; Juju's log has the details"),
    }
}
