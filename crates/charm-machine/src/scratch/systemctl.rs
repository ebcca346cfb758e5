//! `systemctl`, played.
//!
//! Texts and exit codes are those of systemd 252.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::state::{ServiceState, State};
use crate::output::Output;

pub(super) fn systemctl(
    state: &mut State,
    root: &Path,
    arguments: &[&str],
) -> io::Result<Option<Output>> {
    match arguments {
        ["daemon-reload"] => {
            state.units_outdated = false;
            state.note("reloaded unit files");
            Ok(Some(Output::success("")))
        }
        ["show", "--property=NeedDaemonReload", "--value", _] => {
            Ok(Some(Output::success(if state.units_outdated { "yes\n" } else { "no\n" })))
        }
        ["mask", unit] => mask(state, root, unit).map(Some),
        ["unmask", unit] => unmask(state, root, unit).map(Some),
        ["disable" | "enable" | "is-enabled", unit] => {
            Ok(Some(boot(state, root, arguments[0], unit)))
        }
        ["is-active", unit] if state.active.contains(*unit) => {
            Ok(Some(Output::success("active\n")))
        }
        ["is-active", _] => Ok(Some(Output::exited(3, "inactive\n", ""))),
        ["reload" | "restart" | "start" | "stop", unit] => {
            Ok(Some(run(state, root, arguments[0], unit)))
        }
        _ => Ok(None),
    }
}

/// Enables and starts a unit of a package that was installed.
pub(super) fn take_over(state: &mut State, root: &Path, unit: &str) {
    let starts = unit_text(root, unit).is_some_and(|text| text.contains("[Install]"));
    if !starts || is_masked(root, unit) || unit.contains("@.") {
        return;
    }
    if state.enabled.insert(unit.to_owned()) {
        state.note(format!("enabled {unit}"));
    }
    if state.active.insert(unit.to_owned()) {
        state.note(format!("started {unit}"));
    }
}

/// Stops a unit of a package that is being removed.
pub(super) fn give_up(state: &mut State, unit: &str) {
    if state.active.remove(unit) {
        state.note(format!("stopped {unit}"));
    }
    state.enabled.remove(unit);
}

/// Lists the units that have a file or run.
pub(super) fn services(state: &State, root: &Path) -> io::Result<BTreeMap<String, ServiceState>> {
    let mut names: BTreeSet<String> = state.active.clone();
    for folder in UNIT_FOLDERS {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                names.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    let look = |name: String| {
        let (active, enabled) = (state.active.contains(&name), state.enabled.contains(&name));
        let state = ServiceState { active, enabled, masked: is_masked(root, &name) };
        (name, state)
    };
    Ok(names.into_iter().map(look).collect())
}

/// Whether systemd has to read a file that was changed.
pub(super) fn is_unit_file(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    UNIT_FOLDERS
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

const UNIT_FOLDERS: [&str; 2] = ["etc/systemd/system", "usr/lib/systemd/system"];

fn run(state: &mut State, root: &Path, verb: &str, unit: &str) -> Output {
    let active = state.active.contains(unit);
    if !active && unit_text(root, unit).is_none() {
        let what = if verb == "stop" { "not loaded" } else { "not found" };
        return Output::failure(5, format!("Failed to {verb} {unit}: Unit {unit} {what}.\n"));
    }
    if verb == "stop" {
        if state.active.remove(unit) {
            state.note(format!("stopped {unit}"));
        }
        return Output::success("");
    }
    if is_masked(root, unit) {
        return Output::failure(1, format!("Failed to {verb} {unit}: Unit {unit} is masked.\n"));
    }
    if unit.contains("@.") {
        let text =
            format!("Failed to {verb} {unit}: Unit name {unit} is missing the instance name.\n");
        return Output::failure(1, text);
    }
    match (verb, active) {
        ("reload", false) => {
            return Output::failure(1, format!("{unit} is not active, cannot reload.\n"));
        }
        ("reload", true)
            if !unit_text(root, unit).is_some_and(|text| text.contains("ExecReload=")) =>
        {
            let text = format!(
                "Failed to reload {unit}: Job type reload is not applicable for unit {unit}.\n"
            );
            return Output::failure(3, text);
        }
        ("reload", true) => state.note(format!("reloaded {unit}")),
        ("restart", _) => state.note(format!("restarted {unit}")),
        (_, false) => state.note(format!("started {unit}")),
        (_, true) => {}
    }
    state.active.insert(unit.to_owned());
    Output::success("")
}

fn boot(state: &mut State, root: &Path, verb: &str, unit: &str) -> Output {
    let text = unit_text(root, unit);
    match (verb, text) {
        ("is-enabled", None) => Output::failure(
            1,
            format!("Failed to get unit file state for {unit}: No such file or directory\n"),
        ),
        ("is-enabled", Some(_)) if is_masked(root, unit) => Output::exited(1, "masked\n", ""),
        ("is-enabled", Some(text)) if !text.contains("[Install]") => Output::success("static\n"),
        ("is-enabled", Some(_)) if state.enabled.contains(unit) => Output::success("enabled\n"),
        ("is-enabled", Some(_)) => Output::exited(1, "disabled\n", ""),
        (_, None) => {
            Output::failure(1, format!("Failed to {verb} unit: Unit file {unit} does not exist.\n"))
        }
        ("enable", Some(_)) if is_masked(root, unit) => Output::failure(
            1,
            format!("Failed to enable unit: Unit file /etc/systemd/system/{unit} is masked.\n"),
        ),
        // systemd says at length that this has no effect, and that it is fine.
        ("enable", Some(text)) if !text.contains("[Install]") => Output::success(""),
        ("enable", Some(_)) => {
            if state.enabled.insert(unit.to_owned()) {
                state.note(format!("enabled {unit}"));
            }
            Output::success("")
        }
        (_, Some(_)) => {
            if state.enabled.remove(unit) {
                state.note(format!("disabled {unit}"));
            }
            Output::success("")
        }
    }
}

fn mask(state: &mut State, root: &Path, unit: &str) -> io::Result<Output> {
    let file = mask_of(root, unit);
    if is_masked(root, unit) {
        return Ok(Output::success(""));
    }
    if file.symlink_metadata().is_ok() {
        let text =
            format!("Failed to mask unit: File /etc/systemd/system/{unit} already exists.\n");
        return Ok(Output::failure(1, text));
    }
    symlink("/dev/null", file)?;
    state.note(format!("masked {unit}"));
    Ok(Output::success(""))
}

fn unmask(state: &mut State, root: &Path, unit: &str) -> io::Result<Output> {
    if is_masked(root, unit) {
        fs::remove_file(mask_of(root, unit))?;
        state.note(format!("unmasked {unit}"));
    }
    Ok(Output::success(""))
}

fn mask_of(root: &Path, unit: &str) -> PathBuf {
    root.join(UNIT_FOLDERS[0]).join(unit)
}

/// A unit is masked by a link to `/dev/null` in the place of its file.
fn is_masked(root: &Path, unit: &str) -> bool {
    fs::read_link(mask_of(root, unit)).is_ok_and(|target| target == Path::new("/dev/null"))
}

/// Returns what the file of a unit says, or that of its template.
fn unit_text(root: &Path, unit: &str) -> Option<String> {
    let template = unit.split_once('@').and_then(|(stem, rest)| {
        let (_, suffix) = rest.rsplit_once('.')?;
        Some(format!("{stem}@.{suffix}"))
    });
    let names = [Some(unit.to_owned()), template];
    let read = |name: String| {
        UNIT_FOLDERS
            .iter()
            .find_map(|folder| fs::read_to_string(root.join(folder).join(&name)).ok())
    };
    names.into_iter().flatten().find_map(read)
}
