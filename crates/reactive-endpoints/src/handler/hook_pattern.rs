//! Which hooks are meant.

use std::fmt;

use juju_types::{EndpointName, Event, InterfaceName, RelationRole};
use thiserror::Error;

/// Which hooks are meant: one name, or several.
///
/// Braces stand for alternatives: `{a,b}` for each of the texts, and
/// `{requires:mysql}` for each endpoint of that role and interface that the
/// charm has. The roles are `provides`, `requires` and `peers` (or `peer`).
///
/// ```
/// use reactive_endpoints::HookPattern;
///
/// let pattern: HookPattern = "db-relation-{joined,changed}".parse()?;
/// assert!(pattern.matches("db-relation-joined", |_, _| Vec::new()));
///
/// let pattern: HookPattern = "{requires:mysql}-relation-{joined,changed}".parse()?;
/// let endpoints = |_role, interface: &str| {
///     assert_eq!(interface, "mysql");
///     vec!["db".parse().unwrap(), "shop".parse().unwrap()]
/// };
/// assert!(pattern.matches("shop-relation-changed", endpoints));
/// # Ok::<(), reactive_endpoints::ParseHookPatternError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HookPattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    OneOf(Vec<String>),
    Endpoint { role: RelationRole, interface: InterfaceName },
}

impl HookPattern {
    /// Makes a pattern that means one event.
    ///
    /// # Panics
    ///
    /// Panics if it is an action, which may bear the name of a hook.
    pub(crate) fn of_event(event: &Event) -> Self {
        if let Event::Action(name) = event {
            panic!("the action `{name}` is no hook: register it with `Charm::action`");
        }
        Self::of_name(&event.to_string())
    }

    /// Makes a pattern that means one hook.
    pub(crate) fn of_name(name: &str) -> Self {
        Self { text: name.to_owned(), parts: vec![Part::Text(name.to_owned())] }
    }

    /// Tells whether a hook is meant. `endpoints` is asked for the endpoints of
    /// a role and interface, if the pattern names one.
    pub fn matches(
        &self,
        hook: &str,
        endpoints: impl Fn(RelationRole, &str) -> Vec<EndpointName>,
    ) -> bool {
        matches_from(&self.parts, hook, &|role, interface| endpoints(role, interface))
    }

    /// Returns the roles and interfaces that the pattern names.
    pub(crate) fn interfaces(&self) -> impl Iterator<Item = (RelationRole, &InterfaceName)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Endpoint { role, interface } => Some((*role, interface)),
            _ => None,
        })
    }

    /// Returns the names of all hooks that are meant.
    pub(crate) fn names(
        &self,
        endpoints: impl Fn(RelationRole, &str) -> Vec<EndpointName>,
    ) -> Vec<String> {
        self.parts.iter().fold(vec![String::new()], |names, part| {
            let texts = match part {
                Part::Text(text) => vec![text.clone()],
                Part::OneOf(texts) => texts.clone(),
                Part::Endpoint { role, interface } => {
                    let endpoints = endpoints(*role, interface.as_str());
                    endpoints.iter().map(EndpointName::to_string).collect()
                }
            };
            let with = |name: &String| texts.iter().map(|text| format!("{name}{text}")).collect();
            names.iter().flat_map::<Vec<String>, _>(with).collect()
        })
    }
}

type Endpoints<'a> = &'a dyn Fn(RelationRole, &str) -> Vec<EndpointName>;

fn matches_from(parts: &[Part], hook: &str, endpoints: Endpoints<'_>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return hook.is_empty() };
    let goes_on = |text: &str| {
        hook.strip_prefix(text).is_some_and(|hook| matches_from(rest, hook, endpoints))
    };
    match part {
        Part::Text(text) => goes_on(text),
        Part::OneOf(texts) => texts.iter().any(|text| goes_on(text)),
        Part::Endpoint { role, interface } => {
            endpoints(*role, interface.as_str()).iter().any(|name| goes_on(name.as_str()))
        }
    }
}

impl std::str::FromStr for HookPattern {
    type Err = ParseHookPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseHookPatternError { pattern: text.to_owned(), rule };
        if text.is_empty() {
            return Err(reject("it must not be empty"));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let Some((before, behind)) = rest.split_once('{') else {
                parts.push(Part::Text(rest.to_owned()));
                break;
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let (inside, behind) =
                behind.split_once('}').ok_or_else(|| reject("a brace is not closed"))?;
            parts.push(read_braces(inside).map_err(reject)?);
            rest = behind;
        }
        let stray = |part: &Part| matches!(part, Part::Text(text) if text.contains('}'));
        if parts.iter().any(stray) {
            return Err(reject("a brace is not opened"));
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}

fn read_braces(inside: &str) -> Result<Part, &'static str> {
    if inside.contains('{') {
        return Err("braces cannot be nested");
    }
    let Some((role, interface)) = inside.split_once(':') else {
        return Ok(Part::OneOf(inside.split(',').map(str::to_owned).collect()));
    };
    let role = match role {
        "provides" => RelationRole::Provider,
        "requires" => RelationRole::Requirer,
        "peer" | "peers" => RelationRole::Peer,
        _ => return Err("the role must be `provides`, `requires` or `peers`"),
    };
    let interface = interface.parse().map_err(|_| "what follows the role must be an interface")?;
    Ok(Part::Endpoint { role, interface })
}

impl fmt::Display for HookPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The text is no [`HookPattern`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid hook pattern `{pattern}`: {rule}")]
pub struct ParseHookPatternError {
    pattern: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(pattern: &str, hook: &str) -> bool {
        let pattern: HookPattern = pattern.parse().unwrap();
        assert_eq!(pattern.to_string().parse(), Ok(pattern.clone()));
        pattern.matches(hook, |role, interface| {
            assert_eq!((role, interface), (RelationRole::Requirer, "mysql"));
            vec!["db".parse().unwrap(), "db-relation".parse().unwrap()]
        })
    }

    #[test]
    fn each_alternative_is_meant() {
        assert!(matches("{config,leader}-{changed,elected}", "leader-changed"));
        assert!(!matches("{config,leader}-{changed,elected}", "leader-"));
        assert!(matches("install", "install"));
        assert!(!matches("install", "install2"));
    }

    #[test]
    fn the_names_of_all_that_is_meant_are_known() {
        let pattern: HookPattern = "{requires:mysql}-{a,b}".parse().unwrap();
        let names = pattern.names(|_, _| vec!["db".parse().unwrap(), "shop".parse().unwrap()]);
        assert_eq!(names, ["db-a", "db-b", "shop-a", "shop-b"]);
        assert!(pattern.names(|_, _| Vec::new()).is_empty());
    }

    #[test]
    fn the_longer_of_two_endpoints_is_found_too() {
        assert!(matches(
            "{requires:mysql}-relation-{joined,changed}",
            "db-relation-relation-joined"
        ));
        assert!(!matches("{requires:mysql}-relation-{joined,changed}", "web-relation-joined"));
    }

    #[test]
    fn quotes_the_text_and_the_rule() {
        let errors: Vec<String> = ["", "{a", "a}", "{a{b}}", "{needs:mysql}-x", "{requires:}"]
            .map(|text| text.parse::<HookPattern>().unwrap_err().to_string())
            .into();
        insta::assert_snapshot!(errors.join("\n"), @r"
        invalid hook pattern ``: it must not be empty
        invalid hook pattern `{a`: a brace is not closed
        invalid hook pattern `a}`: a brace is not opened
        invalid hook pattern `{a{b}}`: braces cannot be nested
        invalid hook pattern `{needs:mysql}-x`: the role must be `provides`, `requires` or `peers`
        invalid hook pattern `{requires:}`: what follows the role must be an interface
        ");
    }
}
