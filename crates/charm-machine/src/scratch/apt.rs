//! `apt-get`, `apt-mark`, `dpkg` and `dpkg-query`, played.
//!
//! Texts and exit codes are those of apt 2.6 and dpkg 1.21.

use std::fs;
use std::io;
use std::path::Path;

use super::root::put_file;
use super::state::State;
use super::systemctl;
use crate::output::Output;
use crate::scratch_package::ScratchPackage;

pub(super) fn apt_get(
    state: &mut State,
    root: &Path,
    arguments: &[&str],
) -> io::Result<Option<Output>> {
    let (verb, names) = words(arguments);
    match verb {
        "update" => {
            state.lists_fetched = true;
            state.note("updated the lists of packages");
            Ok(Some(Output::success("")))
        }
        "install" => install(state, root, &names).map(Some),
        "purge" | "remove" => remove(state, root, &names, verb == "purge").map(Some),
        _ => Ok(None),
    }
}

pub(super) fn apt_mark(state: &mut State, arguments: &[&str]) -> Option<Output> {
    let (verb, names) = words(arguments);
    if !matches!(verb, "hold" | "unhold") {
        return None;
    }
    for name in names {
        if !state.installed.contains_key(name) && find(state, name).is_none() {
            return Some(Output::failure(
                100,
                format!("E: Unable to locate package {name}\nE: No packages found\n"),
            ));
        }
        let changed = if verb == "hold" {
            state.holds.insert(name.to_owned())
        } else {
            state.holds.remove(name)
        };
        if changed {
            state.note(format!(
                "{} package {name}",
                if verb == "hold" { "held" } else { "released" }
            ));
        }
    }
    Some(Output::success(""))
}

pub(super) fn dpkg(arguments: &[&str]) -> Option<Output> {
    // Nothing is ever interrupted here.
    arguments.contains(&"--configure").then(|| Output::success(""))
}

pub(super) fn dpkg_query(state: &State, arguments: &[&str]) -> Option<Output> {
    let ["--show", format, names @ ..] = arguments else { return None };
    if !format.starts_with("--showformat=${Package}\\t${db:Status-Want}\\t") {
        return None;
    }
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        let held = state.holds.contains(*name);
        if let Some(package) = state.installed.get(*name) {
            let want = if held { "hold" } else { "install" };
            found.push(format!("{name}\t{want}\tinstalled\t{}\n", package.version));
        } else if let Some(package) = state.removed.get(*name) {
            found.push(format!("{name}\tdeinstall\tconfig-files\t{}\n", package.version));
        } else if held {
            found.push(format!("{name}\thold\tnot-installed\t\n"));
        } else {
            unknown.push(format!("dpkg-query: no packages found matching {name}\n"));
        }
    }
    Some(Output::exited(i32::from(!unknown.is_empty()), found.concat(), unknown.concat()))
}

fn install(state: &mut State, root: &Path, names: &[&str]) -> io::Result<Output> {
    let mut packages = Vec::new();
    for name in names {
        match find(state, name) {
            Some(package) => packages.push(package),
            None => {
                return Ok(Output::failure(100, format!("E: Unable to locate package {name}\n")));
            }
        }
    }
    for package in packages {
        if state.installed.contains_key(&package.name) {
            continue;
        }
        state.note(format!("installed package {} {}", package.name, package.version));
        for (path, contents) in &package.files {
            let place = root.join(path.trim_start_matches('/'));
            // A configuration file that is there is kept.
            if !(path.starts_with("/etc/") && place.exists()) {
                put_file(root, path, contents)?;
            }
        }
        // Debian and Ubuntu start what they install.
        for unit in units(&package) {
            systemctl::take_over(state, root, unit);
        }
        state.removed.remove(&package.name);
        state.installed.insert(package.name.clone(), package);
    }
    Ok(Output::success(""))
}

fn remove(state: &mut State, root: &Path, names: &[&str], purge: bool) -> io::Result<Output> {
    for name in names {
        if !state.installed.contains_key(*name)
            && !state.removed.contains_key(*name)
            && find(state, name).is_none()
        {
            return Ok(Output::failure(100, format!("E: Unable to locate package {name}\n")));
        }
        if state.installed.contains_key(*name) && state.holds.contains(*name) {
            let text = "E: Held packages were changed and -y was used without --allow-change-held-packages.\n";
            return Ok(Output::failure(100, text));
        }
    }
    for name in names {
        if let Some(package) = state.installed.remove(*name) {
            state.note(format!("removed package {name}"));
            for unit in units(&package) {
                systemctl::give_up(state, unit);
            }
            delete(root, package.files.keys().filter(|path| !path.starts_with("/etc/")))?;
            state.removed.insert((*name).to_owned(), package);
        }
        if purge && let Some(package) = state.removed.remove(*name) {
            state.note(format!("purged package {name}"));
            delete(root, package.files.keys())?;
        }
    }
    Ok(Output::success(""))
}

fn delete<'a>(root: &Path, paths: impl Iterator<Item = &'a String>) -> io::Result<()> {
    for path in paths {
        match fs::remove_file(root.join(path.trim_start_matches('/'))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn find(state: &State, name: &str) -> Option<ScratchPackage> {
    if !state.lists_fetched {
        return None;
    }
    let any = || state.any_package.then(|| ScratchPackage::new(name, "0+scratch").service(name));
    state.archive.get(name).cloned().or_else(any)
}

fn units(package: &ScratchPackage) -> impl Iterator<Item = &str> {
    package.files.keys().filter_map(|path| path.strip_prefix("/usr/lib/systemd/system/"))
}

/// Splits the arguments into the verb and the names; options change nothing
/// here.
fn words<'a>(arguments: &[&'a str]) -> (&'a str, Vec<&'a str>) {
    let mut words = arguments.iter().copied().filter(|argument| !argument.starts_with('-'));
    (words.next().unwrap_or_default(), words.collect())
}
