//! When a handler runs.

pub(crate) mod invocation_id;
pub(crate) mod watched_files;

use std::borrow::Borrow;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use crate::condition::invocation_id::InvocationId;
use crate::context::Context;
use crate::flag::Flag;
use crate::handler::handler_id::HandlerId;
use crate::handler::hook_pattern::HookPattern;

/// When a handler runs: flags, closures and more, combined.
///
/// ```
/// use reactive_endpoints::{Condition, Flag, all, none, test};
///
/// const INSTALLED: Flag = Flag::new("db.installed");
/// const BROKEN: Flag = Flag::new("db.broken");
///
/// let condition = all([&INSTALLED])
///     .and(none([&BROKEN]))
///     .and(test("is leader", |cx| cx.juju().is_leader().unwrap_or(false)));
/// assert_eq!(
///     condition.to_string(),
///     "all of db.installed and none of db.broken and is leader",
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Condition(Node);

#[derive(Clone)]
enum Node {
    All(Vec<Flag>),
    Any(Vec<Flag>),
    None(Vec<Flag>),
    NotAll(Vec<Flag>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Always,
    FilesChanged(Vec<PathBuf>),
    Hook(HookPattern),
    Once(InvocationId),
    Test { name: String, holds: Rc<dyn Fn(&Context) -> bool> },
}

/// A part of a condition.
pub(crate) enum Part<'a> {
    Flag(&'a Flag, &'static str),
    Hook(&'a HookPattern),
    Test(String),
}

impl Part<'_> {
    /// Returns it as it stands in a condition that holds when this does not.
    fn not(self) -> Self {
        match self {
            Self::Flag(flag, "all") => Self::Flag(flag, "not all"),
            Self::Flag(flag, "any") => Self::Flag(flag, "none"),
            Self::Flag(flag, "none") => Self::Flag(flag, "any"),
            Self::Flag(flag, _) => Self::Flag(flag, "all"),
            Self::Hook(pattern) => Self::Test(format!("not hook {pattern}")),
            Self::Test(text) => Self::Test(format!("not ({text})")),
        }
    }
}

/// Holds when all of the flags are set.
pub fn all<F: Borrow<Flag>>(flags: impl IntoIterator<Item = F>) -> Condition {
    Condition(Node::All(collect(flags)))
}

/// Holds when one or more of the flags are set.
pub fn any<F: Borrow<Flag>>(flags: impl IntoIterator<Item = F>) -> Condition {
    Condition(Node::Any(collect(flags)))
}

/// Holds when none of the flags is set.
pub fn none<F: Borrow<Flag>>(flags: impl IntoIterator<Item = F>) -> Condition {
    Condition(Node::None(collect(flags)))
}

/// Holds when one or more of the flags are not set.
pub fn not_all<F: Borrow<Flag>>(flags: impl IntoIterator<Item = F>) -> Condition {
    Condition(Node::NotAll(collect(flags)))
}

/// Holds in every run: for handlers that reconcile.
pub fn always() -> Condition {
    Condition(Node::Always)
}

/// Holds when the content of a file is not what it was when the handler last
/// succeeded; a file that is not there has no content.
///
/// A change waits until a handler has succeeded with it, and with it every other
/// one that was due at that time. One whose condition wants more than the file,
/// and that was not due then, has missed the change.
pub fn files_changed<P: Into<PathBuf>>(files: impl IntoIterator<Item = P>) -> Condition {
    Condition(Node::FilesChanged(files.into_iter().map(Into::into).collect()))
}

/// Holds in the hooks that are meant.
pub fn hook(pattern: HookPattern) -> Condition {
    Condition(Node::Hook(pattern))
}

/// Holds until a handler with this id has succeeded once on the unit.
///
/// `id` is a name, or an [`InvocationId`] that also goes by the name that
/// Python gave it.
pub fn once(id: impl Into<InvocationId>) -> Condition {
    Condition(Node::Once(id.into()))
}

/// Holds when a closure says so. It is asked often, and should change nothing.
pub fn test(name: impl Into<String>, holds: impl Fn(&Context) -> bool + 'static) -> Condition {
    Condition(Node::Test { name: name.into(), holds: Rc::new(holds) })
}

impl Condition {
    /// Holds when both hold.
    pub fn and(self, other: impl Into<Self>) -> Self {
        let mut parts = match self.0 {
            Node::And(parts) => parts,
            node => vec![Self(node)],
        };
        parts.push(other.into());
        Self(Node::And(parts))
    }

    /// Holds when either holds.
    pub fn or(self, other: impl Into<Self>) -> Self {
        let mut parts = match self.0 {
            Node::Or(parts) => parts,
            node => vec![Self(node)],
        };
        parts.push(other.into());
        Self(Node::Or(parts))
    }

    /// Holds when this does not.
    #[expect(clippy::should_implement_trait, reason = "it reads as the last word of a condition")]
    pub fn not(self) -> Self {
        Self(Node::Not(Box::new(self)))
    }

    /// Returns all flags that it depends on.
    pub(crate) fn flags(&self) -> Vec<&Flag> {
        match &self.0 {
            Node::All(flags) | Node::Any(flags) | Node::None(flags) | Node::NotAll(flags) => {
                flags.iter().collect()
            }
            Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(Self::flags).collect(),
            Node::Not(condition) => condition.flags(),
            _ => Vec::new(),
        }
    }

    /// Returns what it is made of, flags with the word that stands before them.
    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        let word = match &self.0 {
            Node::Any(_) => "any",
            Node::None(_) => "none",
            Node::NotAll(_) => "not all",
            _ => "all",
        };
        match &self.0 {
            Node::All(flags) | Node::Any(flags) | Node::None(flags) | Node::NotAll(flags) => {
                flags.iter().map(|flag| Part::Flag(flag, word)).collect()
            }
            Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(Self::parts).collect(),
            Node::Hook(pattern) => vec![Part::Hook(pattern)],
            Node::Not(condition) => condition.parts().into_iter().map(Part::not).collect(),
            Node::Always | Node::FilesChanged(_) | Node::Once(_) | Node::Test { .. } => {
                vec![Part::Test(self.to_string())]
            }
        }
    }

    /// Returns the hook patterns in it.
    pub(crate) fn hooks(&self) -> Vec<&HookPattern> {
        match &self.0 {
            Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(Self::hooks).collect(),
            Node::Hook(pattern) => vec![pattern],
            Node::Not(condition) => condition.hooks(),
            _ => Vec::new(),
        }
    }

    /// Tells whether it depends on anything that is no flag, and that can
    /// change in a run.
    pub(crate) fn has_tests(&self) -> bool {
        match &self.0 {
            Node::And(parts) | Node::Or(parts) => parts.iter().any(Self::has_tests),
            Node::Not(condition) => condition.has_tests(),
            Node::FilesChanged(_) | Node::Once(_) | Node::Test { .. } => true,
            _ => false,
        }
    }

    /// Tells whether a file has changed again since the handler has succeeded
    /// with it in this run.
    pub(crate) fn has_news(&self, cx: &Context, handler: HandlerId) -> bool {
        match &self.0 {
            Node::And(parts) | Node::Or(parts) => {
                parts.iter().any(|part| part.has_news(cx, handler))
            }
            Node::Not(condition) => condition.has_news(cx, handler),
            Node::FilesChanged(files) => cx.files().have_news(handler, files),
            _ => false,
        }
    }

    /// Returns why it does not hold, or nothing if it does.
    pub(crate) fn unmet(&self, cx: &Context, handler: HandlerId) -> Option<String> {
        let is_set = |flag: &&Flag| cx.is_set(*flag);
        match &self.0 {
            Node::Always => None,
            Node::All(flags) => {
                let missing = join(flags.iter().filter(|flag| !is_set(flag)));
                (!missing.is_empty()).then(|| format!("not set: {missing}"))
            }
            Node::Any(flags) => (!flags.iter().any(|flag| is_set(&flag)))
                .then(|| format!("none is set of {}", join(flags))),
            Node::None(flags) => {
                let set = join(flags.iter().filter(is_set));
                (!set.is_empty()).then(|| format!("set: {set}"))
            }
            Node::NotAll(flags) => flags
                .iter()
                .all(|flag| is_set(&flag))
                .then(|| format!("all are set of {}", join(flags))),
            Node::And(parts) => parts.iter().find_map(|part| part.unmet(cx, handler)),
            Node::Or(parts) => {
                let unmet: Option<Vec<String>> =
                    parts.iter().map(|part| part.unmet(cx, handler)).collect();
                unmet.map(|reasons| reasons.join("; "))
            }
            Node::Not(condition) => {
                condition.unmet(cx, handler).is_none().then(|| format!("{condition}"))
            }
            Node::FilesChanged(files) => (!cx.files().any_changed(handler, files))
                .then(|| format!("unchanged: {}", Files(files))),
            Node::Hook(pattern) => {
                (!cx.any_hook([pattern])).then(|| format!("the hook is not {pattern}"))
            }
            Node::Once(id) => cx.was_invoked(id).then(|| format!("`{id}` was done before")),
            Node::Test { name, holds } => (!holds(cx)).then(|| format!("not {name}")),
        }
    }

    /// Returns the files and ids that are acknowledged when the handler succeeds.
    pub(crate) fn acknowledge(&self, cx: &Context, handler: HandlerId) {
        match &self.0 {
            Node::And(parts) | Node::Or(parts) => {
                for part in parts {
                    part.acknowledge(cx, handler);
                }
            }
            Node::Not(condition) => condition.acknowledge(cx, handler),
            Node::FilesChanged(files) => cx.files().acknowledge(handler, files),
            Node::Once(id) => cx.mark_invoked(id),
            _ => {}
        }
    }
}

impl From<&Flag> for Condition {
    fn from(flag: &Flag) -> Self {
        all([flag])
    }
}

impl From<Flag> for Condition {
    fn from(flag: Flag) -> Self {
        all([flag])
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word: &str, parts: &[Self]| {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                match part.0 {
                    Node::And(_) | Node::Or(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match &self.0 {
            Node::All(flags) => write!(f, "all of {}", join(flags)),
            Node::Any(flags) => write!(f, "any of {}", join(flags)),
            Node::None(flags) => write!(f, "none of {}", join(flags)),
            Node::NotAll(flags) => write!(f, "not all of {}", join(flags)),
            Node::And(parts) => list(f, "and", parts),
            Node::Or(parts) => list(f, "or", parts),
            Node::Not(condition) => write!(f, "not ({condition})"),
            Node::Always => f.write_str("always"),
            Node::FilesChanged(files) => write!(f, "changed: {}", Files(files)),
            Node::Hook(pattern) => write!(f, "hook {pattern}"),
            Node::Once(id) => write!(f, "once `{id}`"),
            Node::Test { name, .. } => f.write_str(name),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Condition(self.clone()))
    }
}

struct Files<'a>(&'a [PathBuf]);

impl fmt::Display for Files<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<String> = self.0.iter().map(|file| file.display().to_string()).collect();
        f.write_str(&files.join(", "))
    }
}

fn collect<F: Borrow<Flag>>(flags: impl IntoIterator<Item = F>) -> Vec<Flag> {
    flags.into_iter().map(|flag| flag.borrow().clone()).collect()
}

fn join<'a>(flags: impl IntoIterator<Item = &'a Flag>) -> String {
    let names: Vec<&str> = flags.into_iter().map(Flag::as_str).collect();
    names.join(", ")
}
