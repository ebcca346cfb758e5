//! `juju-exec`, before Juju 3 `juju-run`: it asks an agent on its machine to
//! run text for a shell in the context of a unit.
//!
//! The machine is a folder: with the unit's agents in `agents`, with the lock
//! that is held while something runs there, and with the link by which this
//! program is run.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use juju_agent_rpc::{CallError, Client, ExecRequest, ExecService, Response};
use juju_types::UnitName;

use super::exec_arguments::ExecArguments;
use super::{Failure, describe, variable};

/// How long `--no-context` waits for its turn.
const LOCK_LIMIT: Duration = Duration::from_mins(5);

/// Runs `juju-exec` under one of its two names.
pub(super) fn run(name: &str, machine: &Path, arguments: Vec<String>) -> Result<Response, Failure> {
    let arguments = ExecArguments::parse(arguments).map_err(Failure::Usage)?;
    if let Some(id) = variable("JUJU_CONTEXT_ID") {
        let text = format!("{name} cannot be called from within a hook, have context {id:?}");
        return Err(Failure::Usage(text));
    }
    let agents = machine.join("agents");
    let (unit, commands) = choose(&agents, &arguments).map_err(Failure::Usage)?;
    match unit {
        Some(unit) => {
            let service =
                if name == "juju-run" { ExecService::JujuRun } else { ExecService::JujuExec };
            run_in_unit(&agents, service, &unit, commands, &arguments)
        }
        None => run_without_context(machine, &commands),
    }
    .map_err(Failure::Run)
}

/// Finds the unit that is meant, unless none is, and the text to run.
fn choose(agents: &Path, arguments: &ExecArguments) -> Result<(Option<UnitName>, String), String> {
    let remote = &arguments.remote_unit;
    if arguments.remote_app.is_empty() && !remote.is_empty() && remote.parse::<UnitName>().is_err()
    {
        return Err(format!(
            "remoteUnit {remote:?} is not a valid unit name: {remote:?} is not a valid unit name"
        ));
    }
    let mut words = arguments.positional.as_slice();
    let unit = match (arguments.unit.as_deref(), words) {
        (Some(unit), _) if arguments.no_context => {
            return Err(format!(
                "-no-context cannot be passed with an explicit unit-name (-u {unit:?})"
            ));
        }
        (None, _) if arguments.no_context => None,
        (Some(""), _) => Some(only_unit(agents).ok_or("no unit")?),
        (Some(unit), _) => Some(read_unit(unit)?),
        (None, []) => return Err("missing unit-name".to_owned()),
        (None, [first, rest @ ..]) => match (read_unit(first), only_unit(agents)) {
            (Ok(unit), _) => {
                words = rest;
                Some(unit)
            }
            (Err(_), Some(only)) => Some(only),
            (Err(error), None) => return Err(error),
        },
    };
    match words {
        [] => Err("missing commands".to_owned()),
        // It may well be several words for the shell.
        [text] => Ok((unit, text.clone())),
        words => Ok((unit, words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))),
    }
}

/// Reads a unit's name or tag.
fn read_unit(text: &str) -> Result<UnitName, String> {
    let of_tag = |tag: &str| {
        let (application, number) = tag.strip_prefix("unit-")?.rsplit_once('-')?;
        format!("{application}/{number}").parse().ok()
    };
    text.parse().ok().or_else(|| of_tag(text)).ok_or_else(|| {
        let kind = if text.starts_with("unit-") { "unit tag" } else { "tag" };
        format!("{text:?} is not a valid {kind}")
    })
}

/// Returns the unit on the machine, if there is exactly one.
fn only_unit(agents: &Path) -> Option<UnitName> {
    let entries = fs::read_dir(agents).ok()?.flatten();
    let mut units = entries.filter_map(|entry| read_unit(entry.file_name().to_str()?).ok());
    units.next().filter(|_| units.next().is_none())
}

/// Quotes one of several words where Juju does.
fn quoted(word: &str) -> String {
    let mut escaped = String::new();
    for c in word.chars() {
        if matches!(c, '"' | '$' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let is_plain = escaped == word && !word.contains(char::is_whitespace);
    if is_plain { escaped } else { format!("\"{escaped}\"") }
}

fn run_in_unit(
    agents: &Path,
    service: ExecService,
    unit: &UnitName,
    commands: String,
    arguments: &ExecArguments,
) -> Result<Response, String> {
    let folder = File::open(agents.join(unit.tag()));
    let folder = folder.map_err(|_| format!("unit \"{unit}\" not found on this machine"))?;
    let relation = arguments.relation.as_str();
    let number = relation.rsplit_once(':').map_or(relation, |(_, number)| number);
    let relation_id = (!relation.is_empty())
        .then(|| number.parse())
        .transpose()
        .map_err(|_| "invalid relation id".to_owned())?;
    for (kind, name) in [("unit", &arguments.remote_unit), ("app", &arguments.remote_app)] {
        if relation_id.is_none() && !name.is_empty() {
            return Err(format!("remote {kind}: {name}, provided without a relation"));
        }
    }
    let remote_unit: Option<UnitName> = arguments.remote_unit.parse().ok();
    let remote_application = match remote_unit {
        Some(unit) if arguments.remote_app.is_empty() => unit.application().to_string(),
        _ => arguments.remote_app.clone(),
    };
    let request = ExecRequest {
        commands,
        relation_id,
        remote_unit_name: arguments.remote_unit.clone(),
        remote_application_name: remote_application,
        force_remote_unit: arguments.force_remote_unit,
        unit_name: unit.to_string(),
        token: String::new(),
        operator: arguments.operator,
    };
    let mut client = connect(&folder)?;
    client.run_commands(service, &request).map_err(|error| match error {
        CallError::Refused(text) => text,
        error => describe(&error),
    })
}

/// Connects to the agent by a short path, whatever the unit is called.
fn connect(folder: &File) -> Result<Client<UnixStream>, String> {
    let address = format!("/proc/self/fd/{}/run.socket", folder.as_raw_fd());
    Client::connect(address)
        .map_err(|error| format!("dialing juju run socket: {}", describe(&error)))
}

/// Runs text as nobody's, while nothing else runs on the machine.
fn run_without_context(machine: &Path, commands: &str) -> Result<Response, String> {
    let _lock = lock(&machine.join("lock"))?;
    let piped = Stdio::piped;
    let shell =
        Command::new("/bin/bash").arg("-s").stdin(piped()).stdout(piped()).stderr(piped()).spawn();
    let mut shell = shell.map_err(|error| error.to_string())?;
    let input = shell.stdin.take();
    let output = thread::scope(|scope| {
        // A shell that ends early needs no more.
        scope.spawn(move || input.map(|mut input| input.write_all(commands.as_bytes())));
        shell.wait_with_output()
    });
    let Output { status, stdout, stderr } = output.map_err(|error| error.to_string())?;
    let code = status.code().ok_or_else(|| status.to_string())?;
    Ok(Response { code, stdout, stderr })
}

fn lock(path: &Path) -> Result<File, String> {
    let file = File::options().write(true).open(path);
    let file = file.map_err(|error| error.to_string())?;
    let deadline = Instant::now() + LOCK_LIMIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error.to_string()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                return Err("cancelled acquiring mutex".to_owned());
            }
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the unit and the text, on a machine with these units.
    fn choose_on(units: &[&str], words: &[&str]) -> Result<(Option<String>, String), String> {
        let machine = tempfile::tempdir().unwrap();
        for unit in units {
            fs::create_dir(machine.path().join(unit)).unwrap();
        }
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let chosen = choose(machine.path(), &ExecArguments::parse(words).unwrap());
        chosen.map(|(unit, text)| (unit.map(|unit| unit.to_string()), text))
    }

    #[test]
    fn a_unit_is_named_or_the_only_one() {
        let check = |units: &[&str], words: &[&str], unit: Option<&str>, text: &str| {
            let expected = (unit.map(str::to_owned), text.to_owned());
            assert_eq!(choose_on(units, words), Ok(expected), "{words:?}");
        };
        let (one, two) = (&["unit-app-0"][..], &["unit-app-0", "unit-other-app-1"][..]);
        check(two, &["app/0", "hostname"], Some("app/0"), "hostname");
        check(two, &["unit-other-app-1", "hostname"], Some("other-app/1"), "hostname");
        check(two, &["-u", "unit-app-0", "hostname", "-"], Some("app/0"), "hostname -");
        check(one, &["hostname -f"], Some("app/0"), "hostname -f");
        check(one, &["-u", "", "--", "hostname", "-f"], Some("app/0"), "hostname -f");
        check(one, &["--", "app", "-f"], Some("app/0"), "app -f");
        check(two, &["--no-context", "app/0", "x"], None, "app/0 x");
    }

    #[test]
    fn several_words_are_quoted_where_juju_does() {
        let text = |words: &[&str]| choose_on(&[], &[&["app/0", "--"], words].concat()).unwrap().1;
        assert_eq!(text(&["echo $HOME 'a  b'"]), "echo $HOME 'a  b'");
        assert_eq!(
            text(&["echo", "a b", "$HOME", r#"q"\"#, "it's", ";", ""]),
            r#"echo "a b" "\$HOME" "q\"\\" it's ; "#
        );
    }

    #[test]
    fn refuses_in_jujus_words() {
        let two = ["unit-app-0", "unit-app-1"];
        let refusal = |words: &[&str]| choose_on(&two, words).unwrap_err();
        insta::assert_snapshot!(refusal(&[]), @"missing unit-name");
        insta::assert_snapshot!(refusal(&["app/0"]), @"missing commands");
        insta::assert_snapshot!(refusal(&["-u", "app/0"]), @"missing commands");
        insta::assert_snapshot!(refusal(&["--no-context"]), @"missing commands");
        insta::assert_snapshot!(refusal(&["hostname"]), @r#""hostname" is not a valid tag"#);
        insta::assert_snapshot!(refusal(&["unit-app", "x"]), @r#""unit-app" is not a valid unit tag"#);
        insta::assert_snapshot!(refusal(&["-u", "app", "x"]), @r#""app" is not a valid tag"#);
        insta::assert_snapshot!(refusal(&["-u", "", "x"]), @"no unit");
        insta::assert_snapshot!(refusal(&["--no-context", "-u", "app/0", "x"]), @r#"-no-context cannot be passed with an explicit unit-name (-u "app/0")"#);
        insta::assert_snapshot!(refusal(&["--remote-unit", "db", "app/0", "x"]), @r#"remoteUnit "db" is not a valid unit name: "db" is not a valid unit name"#);
    }
}
