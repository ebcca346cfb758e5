//! The subcommands that every charm has.

use std::path::PathBuf;

use thiserror::Error;

use crate::charm::flag_command::FlagCommand;
use crate::charm::graph::GraphFormat;
use crate::flag::Flag;

/// A subcommand of the charm's program.
#[derive(Debug)]
pub(crate) enum Command {
    CheckCharm { folder: PathBuf },
    Explain { hook: Option<String>, as_json: bool },
    Flags(FlagCommand),
    Graph(GraphFormat),
    Help,
}

/// The name of each subcommand, its arguments, and what it does.
const USAGE: [(&str, &str, &str); 23] = [
    ("set-flag", "FLAG [VALUE]", "sets a flag"),
    ("clear-flag", "FLAG", "clears a flag"),
    ("toggle-flag", "FLAG true|false", "sets a flag, or clears it"),
    ("is-flag-set", "FLAG", "is the flag set?"),
    ("all-flags-set", "FLAG...", "are all set?"),
    ("any-flags-set", "FLAG...", "are one or more set?"),
    ("get-flags", "", "prints the flags that are set"),
    ("get-unset-flags", "FLAG...", "prints those that are not set"),
    ("when", "FLAG...", "the same as all-flags-set"),
    ("when-all", "FLAG...", "the same as all-flags-set"),
    ("when-any", "FLAG...", "the same as any-flags-set"),
    ("when-not", "FLAG...", "are none set?"),
    ("when-none", "FLAG...", "are none set?"),
    ("when-not-all", "FLAG...", "are one or more not set?"),
    ("hook", "PATTERN...", "the same as any-hook"),
    ("any-hook", "PATTERN...", "is it one of these hooks?"),
    ("was-invoked", "ID", "was it done before?"),
    ("only-once", "ID", "was it not done before?"),
    ("mark-invoked", "ID...", "notes that it was done"),
    ("explain", "[HOOK] [--json]", "tells which handlers would run now, and why others not"),
    ("graph", "[--format mermaid|dot]", "draws handlers, events and flags"),
    ("check-charm", "FOLDER", "compares the charm with the YAML files in a folder"),
    ("help", "", "prints this"),
];

impl Command {
    /// Tells whether every charm has a subcommand of this name, written with
    /// dashes.
    pub(crate) fn is_one(name: &str) -> bool {
        USAGE.iter().any(|(known, ..)| *known == name)
    }

    /// Reads a subcommand: its name, written with dashes, and its arguments.
    pub(crate) fn read(name: &str, arguments: &[String]) -> Result<Self, CommandError> {
        let usage = || CommandError::Usage { call: call_of(name) };
        let flag = |text: &String| text.parse::<Flag>().map_err(CommandError::invalid);
        let flags = || match arguments {
            [] => Err(usage()),
            flags => flags.iter().map(flag).collect(),
        };
        let flags_command = match (name, arguments) {
            ("all-flags-set" | "when" | "when-all", _) => FlagCommand::AllFlagsSet(flags()?),
            ("any-flags-set" | "when-any", _) => FlagCommand::AnyFlagsSet(flags()?),
            ("when-not" | "when-none", _) => FlagCommand::NoFlagsSet(flags()?),
            ("when-not-all", _) => FlagCommand::NotAllFlagsSet(flags()?),
            ("get-unset-flags", _) => FlagCommand::GetUnsetFlags(flags()?),
            ("get-flags", []) => FlagCommand::GetFlags,
            ("is-flag-set", [name]) => FlagCommand::AllFlagsSet(vec![flag(name)?]),
            ("set-flag", [name]) => FlagCommand::SetFlag(flag(name)?, None),
            ("set-flag", [name, value]) => FlagCommand::SetFlag(flag(name)?, Some(value.clone())),
            ("clear-flag", [name]) => FlagCommand::ToggleFlag(flag(name)?, false),
            ("toggle-flag", [name, value]) => {
                let should_be_set = value.to_lowercase().parse().map_err(|_| usage())?;
                FlagCommand::ToggleFlag(flag(name)?, should_be_set)
            }
            ("any-hook" | "hook", [_, ..]) => {
                let patterns = arguments.iter().map(|text| text.parse()).collect();
                FlagCommand::AnyHook(Result::map_err(patterns, CommandError::invalid)?)
            }
            ("was-invoked", [id]) => FlagCommand::WasInvoked(id.clone()),
            ("only-once", [id]) => FlagCommand::OnlyOnce(id.clone()),
            ("mark-invoked", [_, ..]) => FlagCommand::MarkInvoked(arguments.to_vec()),
            _ => return Self::read_other(name, arguments).unwrap_or_else(|| Err(usage())),
        };
        Ok(Self::Flags(flags_command))
    }

    /// Reads what has nothing to do with single flags; returns nothing if the
    /// arguments are wrong.
    fn read_other(name: &str, arguments: &[String]) -> Option<Result<Self, CommandError>> {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let command = match (name, words.as_slice()) {
            ("check-charm", [folder]) => Self::CheckCharm { folder: folder.into() },
            ("explain", []) => Self::Explain { hook: None, as_json: false },
            ("explain", ["--json"]) => Self::Explain { hook: None, as_json: true },
            ("explain", [hook] | [hook, "--json"] | ["--json", hook]) if !hook.starts_with('-') => {
                Self::Explain { hook: Some((*hook).to_owned()), as_json: words.len() > 1 }
            }
            ("graph", [] | ["--format", "mermaid"] | ["--format=mermaid"]) => {
                Self::Graph(GraphFormat::Mermaid)
            }
            ("graph", ["--format", "dot"] | ["--format=dot"]) => Self::Graph(GraphFormat::Dot),
            ("help" | "--help" | "-h", _) => Self::Help,
            ("register-trigger", _) => return Some(Err(CommandError::RegisterTrigger)),
            ("render-template" | "test" | "when-file-changed", _) => {
                return Some(Err(CommandError::ExternalHandler { name: name.to_owned() }));
            }
            _ if Self::is_one(name) => return None,
            _ => return Some(Err(CommandError::Unknown { name: name.to_owned() })),
        };
        Some(Ok(command))
    }
}

/// Returns what is printed to those who ask for help.
pub(crate) fn help<'a>(of_the_author: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = "\
This program is a Juju charm. Juju runs it without arguments. With arguments it
does one of these, on a unit: juju exec --unit APP/0 './dispatch SUBCOMMAND'

"
    .to_owned();
    for (name, _, what) in USAGE {
        text.push_str(&format_line(&call_of(name), what));
    }
    for name in of_the_author {
        text.push_str(&format_line(name, "(this charm's own)"));
    }
    text.push_str(
        "
Names can be written with underscores, too. The exit code is 0 for what was done
and for yes, 1 for no, and 2 for an error. What is changed is kept if Juju keeps
the run, and no handler runs before the next hook.
",
    );
    text
}

fn format_line(call: &str, what: &str) -> String {
    format!("  {call:<31} {what}\n")
}

/// Returns how a subcommand is called.
fn call_of(name: &str) -> String {
    let known = USAGE.iter().find(|(known, ..)| *known == name);
    let arguments = known.map_or("", |(_, arguments, _)| arguments);
    format!("{name} {arguments}").trim_end().to_owned()
}

/// Why the arguments of the charm's program mean nothing.
#[derive(Debug, Error)]
pub(crate) enum CommandError {
    #[error(
        "`{name}` is for handlers that are programs of their own, which this charm cannot have"
    )]
    ExternalHandler { name: String },
    #[error(transparent)]
    Invalid(Box<dyn std::error::Error + Send + Sync>),
    #[error(
        "a trigger lasts as long as the process that registers it: register it in the charm, with \
         `Charm::trigger`"
    )]
    RegisterTrigger,
    #[error("there is no subcommand `{name}`; `--help` lists them")]
    Unknown { name: String },
    #[error("usage: {call}")]
    Usage { call: String },
}

impl CommandError {
    fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Invalid(Box::new(error))
    }
}
