//! Users and groups.

use std::path::PathBuf;

use crate::account_name::AccountName;
use crate::command::Command;
use crate::file_error::FileError;
use crate::machine::Machine;
use crate::system_user::SystemUser;
use crate::user_error::UserError;

/// Users and groups, as `/etc/passwd` and `/etc/group` know them.
///
/// Those that only a directory service such as LDAP knows do not exist here:
/// a statically linked program cannot ask for them.
impl Machine {
    /// Returns the user of this name, or nothing if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`UserError::Name`] if `name` is no [`AccountName`], and
    /// [`UserError::File`] if `/etc/passwd` cannot be read.
    pub fn user(&self, name: impl AsRef<str>) -> Result<Option<User>, UserError> {
        Ok(self.find_user(&name.as_ref().parse()?)?)
    }

    /// Returns the group of this name, or nothing if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`UserError::Name`] if `name` is no [`AccountName`], and
    /// [`UserError::File`] if `/etc/group` cannot be read.
    pub fn group(&self, name: impl AsRef<str>) -> Result<Option<Group>, UserError> {
        Ok(self.find_group(&name.as_ref().parse()?)?)
    }

    /// Adds a system user unless there is a user of that name, and returns
    /// whether it was added.
    ///
    /// A user that exists is left as it is. There is no way to remove one:
    /// files that it leaves behind would fall to the next user with its number.
    ///
    /// Wraps [`useradd`].
    ///
    /// ```
    /// use charm_machine::{Machine, SystemUser};
    ///
    /// let machine = Machine::scratch();
    /// let user = SystemUser::new("prometheus".parse()?).home("/var/lib/prometheus");
    /// assert!(machine.add_system_user(&user)?);
    /// assert!(!machine.add_system_user(&user)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`UserError::NoGroup`] if the group that it should be in does
    /// not exist, and [`UserError::Command`] if `useradd` refuses.
    ///
    /// [`useradd`]: https://manpages.debian.org/bookworm/passwd/useradd.8.en.html
    pub fn add_system_user(&self, user: &SystemUser) -> Result<bool, UserError> {
        if self.find_user(&user.name)?.is_some() {
            return Ok(false);
        }
        let own_group = user.group.is_none();
        let group = user.group.as_ref().unwrap_or(&user.name);
        let group_exists = self.find_group(group)?.is_some();
        let command = match (own_group, group_exists) {
            (true, false) => Command::new("useradd").args(["--system", "--user-group"]),
            (_, true) => Command::new("useradd").args(["--system", "--gid", group.as_str()]),
            (false, false) => return Err(UserError::NoGroup { group: group.clone() }),
        };
        let command = command.args(["--no-create-home", "--home-dir"]).arg(&user.home);
        self.run(&command.arg("--shell").arg(&user.shell).arg(user.name.as_str()))?;
        Ok(true)
    }

    /// Adds a system group unless there is a group of that name, and returns
    /// whether it was added.
    ///
    /// Wraps [`groupadd`].
    ///
    /// # Errors
    ///
    /// Returns [`UserError::Name`] if `name` is no [`AccountName`], and
    /// [`UserError::Command`] if `groupadd` refuses.
    ///
    /// [`groupadd`]: https://manpages.debian.org/bookworm/passwd/groupadd.8.en.html
    pub fn add_system_group(&self, name: impl AsRef<str>) -> Result<bool, UserError> {
        let name: AccountName = name.as_ref().parse()?;
        if self.find_group(&name)?.is_some() {
            return Ok(false);
        }
        self.run(&Command::new("groupadd").args(["--system", name.as_str()]))?;
        Ok(true)
    }

    /// Adds a user to a group unless it is in there, and returns whether it
    /// was added.
    ///
    /// Wraps [`usermod`]. Programs of the user that already run do not notice:
    /// restart them.
    ///
    /// # Errors
    ///
    /// Returns [`UserError::NoUser`] or [`UserError::NoGroup`] if one of the
    /// two does not exist, [`UserError::Name`] if it is no [`AccountName`], and
    /// [`UserError::Command`] if `usermod` refuses.
    ///
    /// [`usermod`]: https://manpages.debian.org/bookworm/passwd/usermod.8.en.html
    pub fn add_to_group(
        &self,
        user: impl AsRef<str>,
        group: impl AsRef<str>,
    ) -> Result<bool, UserError> {
        let user: AccountName = user.as_ref().parse()?;
        let group: AccountName = group.as_ref().parse()?;
        let Some(found) = self.find_user(&user)? else { return Err(UserError::NoUser { user }) };
        let Some(target) = self.find_group(&group)? else {
            return Err(UserError::NoGroup { group });
        };
        if found.gid == target.gid || target.members.iter().any(|member| member == user.as_str()) {
            return Ok(false);
        }
        self.run(&Command::new("usermod").args([
            "--append",
            "--groups",
            group.as_str(),
            user.as_str(),
        ]))?;
        Ok(true)
    }

    pub(crate) fn find_user(&self, name: &AccountName) -> Result<Option<User>, FileError> {
        let users = self.account_lines("/etc/passwd")?;
        Ok(users.lines().filter_map(User::from_line).find(|user| user.name == name.as_str()))
    }

    pub(crate) fn find_group(&self, name: &AccountName) -> Result<Option<Group>, FileError> {
        let groups = self.account_lines("/etc/group")?;
        Ok(groups.lines().filter_map(Group::from_line).find(|group| group.name == name.as_str()))
    }

    /// Reads one of the files; the names of people in it may be in any coding.
    fn account_lines(&self, path: &str) -> Result<String, FileError> {
        let bytes = self.read_bytes(path)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A user of the machine.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct User {
    /// The name.
    pub name: String,
    /// The number.
    pub uid: u32,
    /// The number of the user's first group.
    pub gid: u32,
    /// The home folder.
    pub home: PathBuf,
    /// The program that a login starts.
    pub shell: PathBuf,
}

impl User {
    /// Reads a line of `/etc/passwd`; other programs may leave lines there that
    /// are no users.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let [name, _, uid, gid, _, home, shell] =
            line.split(':').collect::<Vec<_>>().try_into().ok()?;
        let (name, home, shell) = (name.to_owned(), home.into(), shell.into());
        Some(Self { name, uid: uid.parse().ok()?, gid: gid.parse().ok()?, home, shell })
    }
}

/// A group of the machine.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// The name.
    pub name: String,
    /// The number.
    pub gid: u32,
    /// The users in it, apart from those whose first group it is.
    pub members: Vec<String>,
}

impl Group {
    /// Reads a line of `/etc/group`; other programs may leave lines there that
    /// are no groups.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let [name, _, gid, members] = line.split(':').collect::<Vec<_>>().try_into().ok()?;
        let members =
            members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
        Some(Self { name: name.to_owned(), gid: gid.parse().ok()?, members })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::{Group, User};
    use crate::bench::Bench;
    use crate::system_user::SystemUser;

    const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
+::::::
broken
postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
";
    const GROUP: &str =
        "root:x:0:\nssl-cert:x:103:postgres,caddy\npostgres:x:104:\nprometheus:x:105:\n";

    fn bench() -> Bench {
        let bench = Bench::new(&["groupadd", "useradd", "usermod"]);
        fs::write(bench.root("/etc/passwd"), PASSWD).unwrap();
        fs::write(bench.root("/etc/group"), GROUP).unwrap();
        bench
    }

    #[test]
    fn finds_users_and_groups_in_the_files() {
        let bench = bench();
        assert_eq!(bench.machine().user("nobody").unwrap(), None);
        let user = bench.machine().user("postgres").unwrap().unwrap();
        assert_eq!(
            (user.uid, user.gid, user.home.to_str()),
            (101, 104, Some("/var/lib/postgresql"))
        );
        let group = bench.machine().group("ssl-cert").unwrap().unwrap();
        assert_eq!(
            (group.gid, group.members),
            (103, vec!["postgres".to_owned(), "caddy".to_owned()])
        );
    }

    #[test]
    fn adds_a_user_with_a_group_of_its_own() {
        let bench = bench();
        let user = SystemUser::new("loki".parse().unwrap()).home("/var/lib/loki").shell("/bin/sh");
        assert!(bench.machine().add_system_user(&user).unwrap());
        insta::assert_snapshot!(bench.calls(), @"useradd --system --user-group --no-create-home --home-dir /var/lib/loki --shell /bin/sh loki");
    }

    #[test]
    fn a_group_that_waits_for_its_user_is_used() {
        let bench = bench();
        assert!(
            bench
                .machine()
                .add_system_user(&SystemUser::new("prometheus".parse().unwrap()))
                .unwrap()
        );
        insta::assert_snapshot!(bench.calls(), @"useradd --system --gid prometheus --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin prometheus");
    }

    #[test]
    fn existing_users_groups_and_members_are_left_alone() {
        let bench = bench();
        let machine = bench.machine();
        assert!(!machine.add_system_user(&SystemUser::new("postgres".parse().unwrap())).unwrap());
        assert!(!machine.add_system_group("ssl-cert").unwrap());
        assert!(!machine.add_to_group("postgres", "ssl-cert").unwrap());
        assert!(!machine.add_to_group("postgres", "postgres").unwrap());
        assert_eq!(bench.calls(), "");
    }

    #[test]
    fn adds_groups_and_members() {
        let bench = bench();
        assert!(bench.machine().add_system_group("loki").unwrap());
        assert!(bench.machine().add_to_group("postgres", "prometheus").unwrap());
        insta::assert_snapshot!(bench.calls(), @r"
        groupadd --system loki
        usermod --append --groups prometheus postgres
        ");
    }

    #[test]
    fn says_who_is_missing() {
        let bench = bench();
        let machine = bench.machine();
        let user = SystemUser::new("loki".parse().unwrap()).group("logs".parse().unwrap());
        insta::assert_snapshot!(machine.add_system_user(&user).unwrap_err(), @"the machine has no group `logs`; add it first with `add_system_group`");
        insta::assert_snapshot!(machine.add_to_group("loki", "root").unwrap_err(), @"the machine has no user `loki`; add it first with `add_system_user`");
        insta::assert_snapshot!(machine.add_system_group("a:b").unwrap_err(), @"invalid user or group name `a:b`: only letters, digits, `.`, `_` and `-` are allowed");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_line_makes_it_panic(line in any::<String>()) {
            let _ = (User::from_line(&line), Group::from_line(&line));
        }
    }
}
