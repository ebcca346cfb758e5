//! `snap`, played.
//!
//! Texts and exit codes are those of snapd 2.61.

use super::state::{InstalledSnap, State};
use crate::output::Output;

pub(super) fn snap(state: &mut State, arguments: &[&str]) -> Option<Output> {
    let (verb, name) = (arguments.first()?, *arguments.last()?);
    let option = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
    match *verb {
        "list" => Some(list(state, name)),
        "install" => {
            let any = state.any_package.then(|| "0+scratch".to_owned());
            let Some(version) = state.store.get(name).cloned().or(any) else {
                return Some(Output::failure(1, format!("error: snap \"{name}\" not found\n")));
            };
            let channel = option("--channel=").unwrap_or("latest/stable").to_owned();
            state.note(format!("installed snap {name} {version} from {channel}"));
            let classic = arguments.contains(&"--classic");
            let snap = InstalledSnap { version, channel, classic, held: false, revision: 1 };
            state.snaps.insert(name.to_owned(), snap);
            Some(Output::success(""))
        }
        "remove" => {
            if state.snaps.remove(name).is_none() {
                return Some(Output::failure(0, format!("snap \"{name}\" is not installed\n")));
            }
            state.note(format!("removed snap {name}"));
            Some(Output::success(""))
        }
        "refresh" => {
            let Some(snap) = state.snaps.get_mut(name) else {
                return Some(Output::failure(
                    1,
                    format!("error: snap \"{name}\" is not installed\n"),
                ));
            };
            let change = if option("--hold").is_some() {
                snap.held = true;
                format!("held snap {name}")
            } else if option("--unhold").is_some() {
                snap.held = false;
                format!("released snap {name}")
            } else {
                let channel = option("--channel=").unwrap_or(&snap.channel).to_owned();
                if channel == snap.channel {
                    return Some(Output::failure(
                        0,
                        format!("snap \"{name}\" has no updates available\n"),
                    ));
                }
                snap.revision += 1;
                snap.channel.clone_from(&channel);
                format!("refreshed snap {name} to {channel}")
            };
            state.note(change);
            Some(Output::success(""))
        }
        _ => None,
    }
}

fn list(state: &State, name: &str) -> Output {
    let Some(snap) = state.snaps.get(name) else {
        return Output::failure(1, "error: no matching snaps installed\n");
    };
    let notes = [(snap.classic, "classic"), (snap.held, "held")];
    let notes: Vec<&str> = notes.into_iter().filter_map(|(is, note)| is.then_some(note)).collect();
    let notes = if notes.is_empty() { "-".to_owned() } else { notes.join(",") };
    let InstalledSnap { version, revision, channel, .. } = snap;
    Output::success(format!(
        "Name  Version  Rev  Tracking  Publisher  Notes\n{name}  {version}  {revision}  {channel}  scratch  {notes}\n"
    ))
}
