//! `useradd`, `groupadd` and `usermod`, played on the machine's own files.
//!
//! Texts and exit codes are those of shadow 4.13.

use std::fs;
use std::io;
use std::path::Path;

use super::state::State;
use crate::account::{Group, User};
use crate::machine::Ids;
use crate::output::Output;

pub(super) fn useradd(
    state: &mut State,
    root: &Path,
    arguments: &[&str],
) -> io::Result<Option<Output>> {
    let ["--system", options @ .., "--no-create-home", "--home-dir", home, "--shell", shell, name] =
        arguments
    else {
        return Ok(None);
    };
    let mut files = Accounts::read(root)?;
    if files.users().any(|user| user.name == *name) {
        return Ok(Some(refuse(9, format!("useradd: user '{name}' already exists"))));
    }
    let group = match options {
        ["--user-group"] if files.group(name).is_some() => {
            let advice = "if you want to add this user to that group, use -g.";
            return Ok(Some(refuse(9, format!("useradd: group {name} exists - {advice}"))));
        }
        ["--user-group"] => files.add_group(name),
        ["--gid", group] => match files.group(group) {
            Some(group) => group.gid,
            None => return Ok(Some(refuse(6, format!("useradd: group '{group}' does not exist")))),
        },
        _ => return Ok(None),
    };
    let uid = free_number(|number| files.users().any(|user| user.uid == number));
    files.passwd.push(format!("{name}:x:{uid}:{group}::{home}:{shell}"));
    files.write(root)?;
    state.note(format!("added user {name}"));
    Ok(Some(Output::success("")))
}

pub(super) fn groupadd(
    state: &mut State,
    root: &Path,
    arguments: &[&str],
) -> io::Result<Option<Output>> {
    let ["--system", name] = arguments else { return Ok(None) };
    let mut files = Accounts::read(root)?;
    if files.group(name).is_some() {
        return Ok(Some(refuse(9, format!("groupadd: group '{name}' already exists"))));
    }
    files.add_group(name);
    files.write(root)?;
    state.note(format!("added group {name}"));
    Ok(Some(Output::success("")))
}

pub(super) fn usermod(
    state: &mut State,
    root: &Path,
    arguments: &[&str],
) -> io::Result<Option<Output>> {
    let ["--append", "--groups", group, name] = arguments else { return Ok(None) };
    let mut files = Accounts::read(root)?;
    if !files.users().any(|user| user.name == *name) {
        return Ok(Some(refuse(6, format!("usermod: user '{name}' does not exist"))));
    }
    let Some(Group { gid, mut members, .. }) = files.group(group) else {
        return Ok(Some(refuse(6, format!("usermod: group '{group}' does not exist"))));
    };
    if members.iter().any(|member| member == name) {
        return Ok(Some(Output::success("")));
    }
    members.push((*name).to_owned());
    let line = format!("{group}:x:{gid}:{}", members.join(","));
    let own = format!("{group}:");
    for old in files.group.iter_mut().filter(|old| old.starts_with(&own)) {
        old.clone_from(&line);
    }
    files.write(root)?;
    state.note(format!("added user {name} to group {group}"));
    Ok(Some(Output::success("")))
}

/// Names an owner, by numbers where there are no names.
pub(super) fn owner(root: &Path, ids: Ids) -> String {
    let files = Accounts::read(root).unwrap_or_default();
    let user = files.users().find(|user| user.uid == ids.user).map(|user| user.name);
    let group = files.groups().find(|group| group.gid == ids.group).map(|group| group.name);
    format!(
        "{}:{}",
        user.unwrap_or_else(|| ids.user.to_string()),
        group.unwrap_or_else(|| ids.group.to_string())
    )
}

/// The files that list users and groups.
#[derive(Default)]
struct Accounts {
    passwd: Vec<String>,
    group: Vec<String>,
}

impl Accounts {
    fn read(root: &Path) -> io::Result<Self> {
        let read = |name| -> io::Result<Vec<String>> {
            Ok(fs::read_to_string(root.join(name))?.lines().map(str::to_owned).collect())
        };
        Ok(Self { passwd: read("etc/passwd")?, group: read("etc/group")? })
    }

    fn write(&self, root: &Path) -> io::Result<()> {
        fs::write(root.join("etc/passwd"), self.passwd.join("\n") + "\n")?;
        fs::write(root.join("etc/group"), self.group.join("\n") + "\n")
    }

    fn users(&self) -> impl Iterator<Item = User> {
        self.passwd.iter().filter_map(|line| User::from_line(line))
    }

    fn groups(&self) -> impl Iterator<Item = Group> {
        self.group.iter().filter_map(|line| Group::from_line(line))
    }

    fn group(&self, name: &str) -> Option<Group> {
        self.groups().find(|group| group.name == name)
    }

    fn add_group(&mut self, name: &str) -> u32 {
        let gid = free_number(|number| self.groups().any(|group| group.gid == number));
        self.group.push(format!("{name}:x:{gid}:"));
        gid
    }
}

/// System accounts are numbered downwards from 999.
fn free_number(taken: impl Fn(u32) -> bool) -> u32 {
    (100..1000).rev().find(|number| !taken(*number)).expect("a scratch machine has few accounts")
}

fn refuse(code: i32, text: String) -> Output {
    Output::failure(code, text + "\n")
}
