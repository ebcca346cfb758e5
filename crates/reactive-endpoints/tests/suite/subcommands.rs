//! Flags from outside.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Output};
use std::sync::{Arc, Mutex};

use juju_simulator::{Exec, Fault, Simulator};
use juju_types::Event;
use reactive_endpoints::{Charm, CommandAnswer, Flag, MemoryStore, Trigger, all};

use crate::support::{files, flags};

const LIT: Flag = Flag::new("lit");
const WARM: Flag = Flag::new("warm");

/// A unit whose charm runs subcommands when it is told to.
struct Unit {
    juju: Simulator,
    store: MemoryStore,
    /// What the next run for the event `ask` is to do, and then the answers.
    asked: Arc<Mutex<Vec<Vec<String>>>>,
    answers: Arc<Mutex<Vec<CommandAnswer>>>,
}

fn charm() -> Charm<()> {
    Charm::new(())
        .on(Event::Install, |(), cx| {
            cx.set(LIT);
            Ok(())
        })
        .when(all([&LIT, &WARM]), |(), cx| {
            cx.mark_invoked("enjoy");
            Ok(())
        })
        .trigger(Trigger::on_clear(&LIT).clear(&WARM))
}

impl Unit {
    fn new() -> Self {
        let store = MemoryStore::new();
        let (asked, answers) = (Arc::<Mutex<Vec<Vec<String>>>>::default(), Arc::default());
        let (kept, questions, noted) =
            (store.clone(), Arc::clone(&asked), Arc::<Mutex<Vec<CommandAnswer>>>::clone(&answers));
        let mut juju = Simulator::new();
        juju.deploy_in_process(&files(""), "app", move |mut variables| {
            let questions = std::mem::take(&mut *questions.lock().unwrap());
            if questions.is_empty() {
                return charm().store(kept.clone()).run_in(variables);
            }
            // As `juju exec` and a shell of debug-hooks start it.
            variables.remove("JUJU_DISPATCH_PATH");
            let mut code = ExitCode::SUCCESS;
            for question in questions {
                let charm = charm().store(kept.clone());
                let answer = charm.run_command(question, variables.clone());
                code = answer.code;
                noted.lock().unwrap().push(answer);
            }
            code
        })
        .unwrap();
        juju.run_until_idle().unwrap();
        Self { juju, store, asked, answers }
    }

    /// Runs subcommands one after the other in one context of `juju exec`, and
    /// returns the answer of the last.
    #[track_caller]
    fn run(&mut self, commands: &[&str]) -> CommandAnswer {
        self.ask(commands);
        self.juju.exec("app/0", Exec::custom_event("ask")).unwrap();
        self.answer()
    }

    fn ask(&self, commands: &[&str]) {
        let words = |command: &&str| command.split(' ').map(str::to_owned).collect();
        *self.asked.lock().unwrap() = commands.iter().map(words).collect();
    }

    #[track_caller]
    fn answer(&self) -> CommandAnswer {
        std::mem::take(&mut *self.answers.lock().unwrap()).pop().unwrap()
    }

    /// Tells the exit code of a question.
    #[track_caller]
    fn yes(&mut self, command: &str) -> bool {
        let answer = self.run(&[command]);
        assert_eq!((answer.output.as_str(), answer.error.as_str()), ("", ""), "{command}");
        assert_ne!(answer.code, ExitCode::from(2), "{command}");
        answer.code == ExitCode::SUCCESS
    }

    fn flags(&self) -> Vec<String> {
        flags(&self.store.rows())
    }
}

#[test]
fn flags_are_set_and_cleared_and_their_triggers_fire() {
    let mut unit = Unit::new();
    assert_eq!(unit.run(&["set_flag warm"]), unit.run(&["set-flag warm"]));
    assert_eq!(unit.flags(), ["lit", "warm"]);
    unit.run(&["toggle-flag lit false"]);
    assert!(unit.flags().is_empty());
    unit.run(&["toggle_flag lit True"]);
    unit.run(&["set_flag warm very"]);
    assert_eq!(unit.store.rows()["reactive.states.warm"], "\"very\"");
    unit.run(&["clear_flag lit"]);
    assert!(unit.flags().is_empty());
}

#[test]
fn no_handler_runs_before_the_next_hook() {
    let mut unit = Unit::new();
    unit.run(&["set-flag warm"]);
    assert!(!unit.yes("was-invoked enjoy") && unit.yes("only_once enjoy"));
    unit.juju.update_status("app/0").unwrap();
    assert!(unit.yes("was-invoked enjoy") && !unit.yes("only_once enjoy"));
    unit.run(&["mark_invoked a b"]);
    assert!(unit.yes("was_invoked a") && unit.yes("was_invoked b"));
}

#[test]
fn questions_are_answered_by_the_exit_code_and_change_nothing() {
    let mut unit = Unit::new();
    let rows = unit.store.rows();
    for yes in [
        "is_flag_set lit",
        "all_flags_set lit lit",
        "any_flags_set warm lit",
        "when lit",
        "when_all lit",
        "when_any lit warm",
        "when_not warm",
        "when_none warm cold",
        "when_not_all lit warm",
    ] {
        assert!(unit.yes(yes), "{yes}");
    }
    for no in [
        "is_flag_set warm",
        "all_flags_set lit warm",
        "any_flags_set warm cold",
        "when warm",
        "when_all lit warm",
        "when_any warm",
        "when_not lit",
        "when_none lit warm",
        "when_not_all lit",
        "any_hook install",
        "hook {a,b}-relation-joined",
    ] {
        assert!(!unit.yes(no), "{no}");
    }
    assert_eq!(unit.run(&["get_flags"]).output, "lit\n");
    assert_eq!(unit.run(&["get_unset_flags warm lit cold"]).output, "cold\nwarm\n");
    assert_eq!(unit.store.rows(), rows);
}

#[test]
fn wrong_words_are_an_error_that_says_what_is_right() {
    let text = |command: &str| {
        let answer = charm().run_command(command.split(' '), [("LANG", "C")]);
        assert_eq!((answer.code, answer.output.as_str()), (ExitCode::from(2), ""));
        answer.error
    };
    let errors: Vec<String> = [
        "set-flags a",
        "set-flag",
        "set-flag a b c",
        "toggle-flag a maybe",
        "any-hook {a",
        "all-flags-set",
        "get-flags a",
        "graph --format png",
        "explain --xml",
        "register_trigger a",
        "when_file_changed /etc/hosts",
        "set-flag a",
    ]
    .map(text)
    .into();
    insta::assert_snapshot!(errors.concat(), @r"
    error: there is no subcommand `set-flags`; `--help` lists them
    error: usage: set-flag FLAG [VALUE]
    error: usage: set-flag FLAG [VALUE]
    error: usage: toggle-flag FLAG true|false
    error: invalid hook pattern `{a`: a brace is not closed
    error: usage: all-flags-set FLAG...
    error: usage: get-flags
    error: usage: graph [--format mermaid|dot]
    error: usage: explain [HOOK] [--json]
    error: a trigger lasts as long as the process that registers it: register it in the charm, with `Charm::trigger`
    error: `when-file-changed` is for handlers that are programs of their own, which this charm cannot have
    error: this needs the variables that Juju sets on a unit; run it there: juju exec --unit APP/0 './dispatch set-flag a'
    ");
}

#[test]
fn help_lists_all() {
    let charm = || Charm::new(()).subcommand("watch_services", |_: &[String]| ());
    let help = charm().run_command(["--help"], [("LANG", "C")]);
    assert_eq!(help, charm().run_command(["help"], [("LANG", "C")]));
    insta::assert_snapshot!(help.output, @r"
    This program is a Juju charm. Juju runs it without arguments. With arguments it
    does one of these, on a unit: juju exec --unit APP/0 './dispatch SUBCOMMAND'

      set-flag FLAG [VALUE]           sets a flag
      clear-flag FLAG                 clears a flag
      toggle-flag FLAG true|false     sets a flag, or clears it
      is-flag-set FLAG                is the flag set?
      all-flags-set FLAG...           are all set?
      any-flags-set FLAG...           are one or more set?
      get-flags                       prints the flags that are set
      get-unset-flags FLAG...         prints those that are not set
      when FLAG...                    the same as all-flags-set
      when-all FLAG...                the same as all-flags-set
      when-any FLAG...                the same as any-flags-set
      when-not FLAG...                are none set?
      when-none FLAG...               are none set?
      when-not-all FLAG...            are one or more not set?
      hook PATTERN...                 the same as any-hook
      any-hook PATTERN...             is it one of these hooks?
      was-invoked ID                  was it done before?
      only-once ID                    was it not done before?
      mark-invoked ID...              notes that it was done
      explain [HOOK] [--json]         tells which handlers would run now, and why others not
      graph [--format mermaid|dot]    draws handlers, events and flags
      check-charm FOLDER              compares the charm with the YAML files in a folder
      help                            prints this
      watch-services                  (this charm's own)

    Names can be written with underscores, too. The exit code is 0 for what was done
    and for yes, 1 for no, and 2 for an error. What is changed is kept if Juju keeps
    the run, and no handler runs before the next hook.
    ");
}

#[test]
#[should_panic(expected = "there is a subcommand `set-flag` already")]
fn a_subcommand_of_every_charm_is_not_the_authors() {
    let _ = Charm::new(()).subcommand("set_flag", |_: &[String]| ());
}

#[test]
fn what_several_commands_of_one_run_change_is_undone_together() {
    let mut unit = Unit::new();
    unit.ask(&["set-flag a", "set-flag b", "clear-flag lit"]);
    // In a hook, as from debug-hooks, whose flush fails.
    unit.juju.inject("app/0", Fault::FailFlush).unwrap();
    unit.juju.update_status("app/0").unwrap();
    unit.answer();
    // The next run finds out.
    assert_eq!(unit.run(&["get-flags"]).output, "lit\n");

    unit.run(&["set-flag a", "set-flag b", "clear-flag lit"]);
    assert_eq!(unit.run(&["get-flags"]).output, "a\nb\n");
}

/// The program of an example, which cargo builds with the tests.
#[expect(clippy::disallowed_methods, reason = "cargo names the folder in no other way")]
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("examples/lamp");
    assert!(program.exists(), "run `cargo build -p reactive-endpoints --examples`");
    program
}

#[expect(clippy::disallowed_methods, reason = "tests start the program that they test")]
fn lamp(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).env_clear();
    command
}

fn text(output: &Output) -> String {
    let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}{}", output.status, part(&output.stdout), part(&output.stderr))
}

#[test]
fn a_program_reads_its_arguments() {
    let run = |arguments: &[&str]| text(&lamp(arguments).output().unwrap());
    assert_eq!(run(&["shine", "a", "b"]), "exit status: 2\n");
    insta::assert_snapshot!(run(&["get-flags"]), @r"
    exit status: 2
    error: this needs the variables that Juju sets on a unit; run it there: juju exec --unit APP/0 './dispatch get-flags'
    ");
    let without = run(&[]);
    assert!(without.contains("This program is a Juju charm."), "{without}");
}

#[test]
fn a_program_compares_itself_with_the_files_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let run = || text(&lamp(&["check-charm", path]).output().unwrap());
    insta::assert_snapshot!(run(), @r"
    exit status: 2
    error: cannot tell what is in the charm's YAML files: the charm's own YAML files are refused: metadata.yaml:1:1: the file is missing; write it, or a charmcraft.yaml
    ");
    fs::write(folder.path().join("metadata.yaml"), files("").metadata.unwrap()).unwrap();
    insta::assert_snapshot!(run(), @r"
    exit status: 1
    charmwright: answer of check-charm, version 1
    there is no action `light`, for which there is a handler
    ");
    fs::write(folder.path().join("actions.yaml"), "light: {}\n").unwrap();
    insta::assert_snapshot!(run(), @r"
    exit status: 0
    charmwright: answer of check-charm, version 1
    ");
    let program = fs::read(program()).unwrap();
    let answer = "charmwright: answer of check-charm, version 1";
    assert!(program.windows(answer.len()).any(|part| part == answer.as_bytes()));
}

#[test]
fn a_program_changes_the_flags_of_its_unit_in_the_file_of_its_state() {
    let printed = Arc::new(Mutex::new(Vec::<String>::new()));
    let noted = Arc::clone(&printed);
    let mut juju = Simulator::new();
    juju.deploy_in_process(&files(""), "app", move |mut variables| {
        let arguments = variables.remove("ARGUMENTS").unwrap_or_default();
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        if !arguments.is_empty() {
            variables.remove("JUJU_DISPATCH_PATH");
        }
        let output = lamp(&arguments).envs(variables).output().unwrap();
        noted.lock().unwrap().push(text(&output));
        ExitCode::from(u8::from(!output.status.success()))
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    let mut run = |arguments: &str| {
        let exec = Exec::custom_event("ask").variable("ARGUMENTS", arguments);
        juju.exec("app/0", exec).unwrap();
        printed.lock().unwrap().pop().unwrap()
    };
    assert_eq!(run("get-flags"), "exit status: 0\nlamp.lit\nlamp.warm\n");
    assert_eq!(run("clear_flag lamp.lit"), "exit status: 0\n");
    assert_eq!(run("is-flag-set lamp.warm"), "exit status: 1\n");
    assert_eq!(run("get_flags"), "exit status: 0\n");
}
