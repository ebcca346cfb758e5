use juju_agent_rpc::ExecRequest;
use juju_types::{EventName, UnitName};

use crate::tool_call::shell_word;

/// What `juju-exec` is to run: text for a shell, in the context of a unit.
///
/// [`Simulator::exec`](crate::Simulator::exec) takes it. A text alone is one:
///
/// ```
/// use juju_simulator::Exec;
///
/// let text = Exec::from("relation-get - db/0");
/// let in_relation = Exec::new("relation-get -").relation("db:0").remote_unit("db/0");
/// let event = Exec::custom_event("service-db-stopped").variable("REASON", "it's late");
/// assert_eq!(
///     event.commands(),
///     r"REASON='it'\''s late' JUJU_DISPATCH_PATH=hooks/service-db-stopped ./dispatch"
/// );
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[must_use]
pub struct Exec {
    what: What,
    variables: Vec<(String, String)>,
    relation: Option<String>,
    remote_unit: String,
    remote_app: String,
    force_remote_unit: bool,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum What {
    Event(String),
    Text(String),
}

impl Exec {
    /// Runs a text, which is fed to `/bin/bash -s`.
    pub fn new(text: impl Into<String>) -> Self {
        Self::of(What::Text(text.into()))
    }

    /// Runs the charm for an event of its own, in the customary way: the
    /// variable `JUJU_DISPATCH_PATH` names the event. A charm that is a
    /// function is called; for one that is a program, a shell starts
    /// `./dispatch`.
    pub fn custom_event(name: impl Into<String>) -> Self {
        Self::of(What::Event(name.into()))
    }

    /// Takes what the program `juju-exec` asks for.
    pub(crate) fn of_request(request: ExecRequest) -> Self {
        Self {
            relation: request.relation_id.map(|number| number.to_string()),
            remote_unit: request.remote_unit_name,
            remote_app: request.remote_application_name,
            force_remote_unit: request.force_remote_unit,
            ..Self::new(request.commands)
        }
    }

    fn of(what: What) -> Self {
        Self {
            what,
            variables: Vec::new(),
            relation: None,
            remote_unit: String::new(),
            remote_app: String::new(),
            force_remote_unit: false,
        }
    }

    /// Sets a variable for what is run, over those that Juju sets.
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Runs in the context of a relation, such as `db:0`; only the number
    /// counts. Where the relation has one remote unit, that is meant.
    pub fn relation(mut self, id: impl Into<String>) -> Self {
        self.relation = Some(id.into());
        self
    }

    /// Says which unit of the relation is meant.
    pub fn remote_unit(mut self, unit: impl Into<String>) -> Self {
        self.remote_unit = unit.into();
        self
    }

    /// Says which application of the relation is meant. Juju takes it, and
    /// leaves `JUJU_REMOTE_APP` empty.
    pub fn remote_app(mut self, application: impl Into<String>) -> Self {
        self.remote_app = application.into();
        self
    }

    /// Lets the remote unit be none, or one that is not in the relation.
    pub fn force_remote_unit(mut self) -> Self {
        self.force_remote_unit = true;
        self
    }

    /// Returns the text for the shell.
    pub fn commands(&self) -> String {
        let assign = |(name, value): &(String, String)| format!("{name}={}", shell_word(value));
        let assignments = self.variables.iter().map(assign);
        match &self.what {
            What::Event(name) => {
                let path = shell_word(&format!("hooks/{name}"));
                let event = format!("JUJU_DISPATCH_PATH={path} ./dispatch");
                assignments.chain([event]).collect::<Vec<_>>().join(" ")
            }
            What::Text(text) => {
                assignments.map(|it| format!("export {it}\n")).chain([text.clone()]).collect()
            }
        }
    }

    /// Returns the variables that a charm finds which is called for an event of
    /// its own, beside those of Juju.
    pub(crate) fn event_variables(&self) -> Option<Vec<(String, String)>> {
        let What::Event(name) = &self.what else { return None };
        let path = ("JUJU_DISPATCH_PATH".to_owned(), format!("hooks/{name}"));
        Some(self.variables.iter().cloned().chain([path]).collect())
    }

    /// Returns the number of the relation.
    pub(crate) fn relation_number(&self) -> Option<u32> {
        let id = self.relation.as_deref()?;
        id.rsplit_once(':').map_or(id, |(_, number)| number).parse().ok()
    }

    pub(crate) fn named_remote_unit(&self) -> &str {
        &self.remote_unit
    }

    pub(crate) fn forces_remote_unit(&self) -> bool {
        self.force_remote_unit
    }

    /// Checks what `juju-exec` checks before it asks the agent, and that what
    /// is not text for a shell stays what it is in one. The error is a reason,
    /// where there is one in Juju's words.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let What::Event(name) = &self.what {
            name.parse::<EventName>().map_err(|error| error.to_string())?;
        }
        if let Some((name, _)) = self.variables.iter().find(|(name, _)| !is_variable(name)) {
            return Err(format!("invalid name of a variable `{name}`"));
        }
        if !self.remote_unit.is_empty() && self.remote_unit.parse::<UnitName>().is_err() {
            let unit = crate::go::quote(&self.remote_unit);
            return Err(format!(
                "remoteUnit {unit} is not a valid unit name: {unit} is not a valid unit name"
            ));
        }
        match (&self.relation, self.relation_number()) {
            (Some(_), None) => Err("invalid relation id".to_owned()),
            (None, _) if !self.remote_unit.is_empty() => {
                Err(format!("remote unit: {}, provided without a relation", self.remote_unit))
            }
            (None, _) if !self.remote_app.is_empty() => {
                Err(format!("remote app: {}, provided without a relation", self.remote_app))
            }
            (Some(_), Some(_)) | (None, _) => Ok(()),
        }
    }
}

impl From<&str> for Exec {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Exec {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Tells whether a shell takes a word for the name of a variable.
fn is_variable(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_stays_as_it_is_behind_its_variables() {
        assert_eq!(Exec::new("echo \"$A\"; exit 3").commands(), "echo \"$A\"; exit 3");
        let exec = Exec::new("echo $A").variable("A", "one two").variable("B", "");
        insta::assert_snapshot!(exec.commands(), @"
        export A='one two'
        export B=''
        echo $A
        ");
    }

    #[test]
    fn refuses_what_is_no_name() {
        let refusal = |exec: Exec| exec.check().unwrap_err();
        insta::assert_snapshot!(refusal(Exec::custom_event("install")), @"invalid event name `install`: Juju itself has a hook of this name");
        insta::assert_snapshot!(refusal(Exec::custom_event("a/b")), @"invalid event name `a/b`: it must be one component of a path");
        insta::assert_snapshot!(refusal(Exec::new("").variable("A;B", "")), @"invalid name of a variable `A;B`");
        assert!(Exec::custom_event("service-x-stopped").variable("_A1", "").check().is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_shell_sees_any_value_as_it_is(value in "[^\0]*") {
            let text = Exec::new("printf %s \"$VALUE\"").variable("VALUE", value.as_str()).commands();
            let printed = Command::new("/bin/bash").args(["-c", &text]).output().unwrap();
            prop_assert_eq!(String::from_utf8(printed.stdout).unwrap(), value);
        }
    }
}
