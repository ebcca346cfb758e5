//! The name of a unit of systemd.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::object_label;
use crate::text::{shown, string_conversions};

/// The name of a unit of systemd with its suffix, such as `nginx.service`,
/// `web@1.service` or `backup.timer`.
///
/// Text without one of systemd's suffixes names a service: `nginx`,
/// `snap.lxd.daemon`. A template without an instance (`web@`) is refused,
/// because only its instances run.
///
/// ```
/// use systemd_notices::SystemdUnitName;
///
/// let unit: SystemdUnitName = "web@1".parse()?;
/// assert_eq!(unit.as_str(), "web@1.service");
/// assert_eq!(unit.object_path(), "/org/freedesktop/systemd1/unit/web_401_2eservice");
/// # Ok::<(), systemd_notices::ParseSystemdUnitNameError>(())
/// ```
///
/// The rules are those of [`systemd.unit(5)`].
///
/// [`systemd.unit(5)`]: https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct SystemdUnitName(String);

string_conversions!(SystemdUnitName);

impl SystemdUnitName {
    /// Returns the whole name, with its suffix.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name without `.service`, which systemd's own programs let
    /// one leave out; another suffix stays.
    pub fn short(&self) -> &str {
        self.0.strip_suffix(".service").unwrap_or(&self.0)
    }

    /// Returns the path of the unit's object on D-Bus.
    pub fn object_path(&self) -> String {
        format!("{FOLDER}{}", object_label::escape(&self.0))
    }

    /// Returns the unit whose object has the path `path`: the inverse of
    /// [`object_path`](Self::object_path).
    ///
    /// # Errors
    ///
    /// Returns an error unless `path` is exactly what systemd makes of a valid
    /// name.
    pub fn from_object_path(path: &str) -> Result<Self, ParseSystemdUnitNameError> {
        let reject = |rule| ParseSystemdUnitNameError { name: shown(path), rule };
        let label = path.strip_prefix(FOLDER).ok_or_else(|| reject(NO_OBJECT))?;
        let name = object_label::unescape(label).ok_or_else(|| reject(NO_OBJECT))?;
        if !has_suffix(&name) {
            return Err(reject("the name of an object must have its suffix"));
        }
        name.parse()
    }
}

impl AsRef<str> for SystemdUnitName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SystemdUnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for SystemdUnitName {
    type Err = ParseSystemdUnitNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let whole = if has_suffix(name) { name.to_owned() } else { format!("{name}.service") };
        check(&whole).map_err(|rule| ParseSystemdUnitNameError { name: shown(name), rule })?;
        Ok(Self(whole))
    }
}

/// The text is no [`SystemdUnitName`]; the message quotes it and says which
/// rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid name of a systemd unit `{name}`: {rule}")]
pub struct ParseSystemdUnitNameError {
    name: String,
    rule: &'static str,
}

/// The folder of the objects of all units.
const FOLDER: &str = "/org/freedesktop/systemd1/unit/";

const NO_OBJECT: &str = "it must be the path of an object as systemd writes it";

const CHARACTERS: &str = "only ASCII letters, digits and `:-_.\\@` are allowed; \
    `systemd-escape --mangle` shows how systemd writes others";

/// What ends the name of a unit, by its type.
const SUFFIXES: [&str; 11] = [
    "automount",
    "device",
    "mount",
    "path",
    "scope",
    "service",
    "slice",
    "socket",
    "swap",
    "target",
    "timer",
];

/// The most bytes of a name, with its suffix.
const LONGEST: usize = 255;

fn has_suffix(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, suffix)| SUFFIXES.contains(&suffix))
}

/// Checks a name that has a suffix.
fn check(name: &str) -> Result<(), &'static str> {
    let prefix = name.rsplit_once('.').map_or("", |(prefix, _)| prefix);
    if prefix.is_empty() {
        return Err("something must stand before the suffix");
    }
    if name.len() > LONGEST {
        return Err("at most 255 bytes are allowed, with the suffix");
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b":-_.\\@".contains(&b)) {
        return Err(CHARACTERS);
    }
    match prefix.split_once('@') {
        Some(("", _)) => Err("something must stand before `@`"),
        Some((_, "")) => Err("a template needs an instance after `@`"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SystemdUnitName;

    fn refusals(texts: &[&str], parse: fn(&str) -> Option<String>) -> String {
        texts.iter().map(|text| parse(text).expect("it is refused") + "\n").collect()
    }

    #[test]
    fn a_bare_name_means_a_service() {
        for (text, name) in [
            ("web", "web.service"),
            ("web@1", "web@1.service"),
            ("x.service", "x.service"),
            ("foo.bar", "foo.bar.service"),
            ("backup.timer", "backup.timer"),
            ("-.mount", "-.mount"),
            ("a@b@c.d", "a@b@c.d.service"),
            (r"esc\x2dbar", r"esc\x2dbar.service"),
            ("3proxy:x_y", "3proxy:x_y.service"),
        ] {
            assert_eq!(text.parse::<SystemdUnitName>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn quotes_the_text_and_the_rule() {
        let long = "a".repeat(248);
        let texts = ["", ".service", "a+b", "wéb", "a b", "a/b", "web@", "@1.timer", &long];
        insta::assert_snapshot!(refusals(&texts, |text| {
            text.parse::<SystemdUnitName>().err().map(|error| error.to_string())
        }), @r"
        invalid name of a systemd unit ``: something must stand before the suffix
        invalid name of a systemd unit `.service`: something must stand before the suffix
        invalid name of a systemd unit `a+b`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid name of a systemd unit `wéb`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid name of a systemd unit `a b`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid name of a systemd unit `a/b`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid name of a systemd unit `web@`: a template needs an instance after `@`
        invalid name of a systemd unit `@1.timer`: something must stand before `@`
        invalid name of a systemd unit `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`: at most 255 bytes are allowed, with the suffix
        ");
    }

    #[test]
    fn refuses_paths_that_systemd_does_not_write() {
        let texts = [
            "/org/freedesktop/systemd1/unit/web",
            "/org/freedesktop/systemd1/unit/web_2Eservice",
            "/org/freedesktop/systemd1/unit/a_2bb_2eservice",
            "/org/freedesktop/systemd1/job/1",
        ];
        insta::assert_snapshot!(refusals(&texts, |text| {
            SystemdUnitName::from_object_path(text).err().map(|error| error.to_string())
        }), @r"
        invalid name of a systemd unit `/org/freedesktop/systemd1/unit/web`: the name of an object must have its suffix
        invalid name of a systemd unit `/org/freedesktop/systemd1/unit/web_2Eservice`: it must be the path of an object as systemd writes it
        invalid name of a systemd unit `a+b.service`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid name of a systemd unit `/org/freedesktop/systemd1/job/1`: it must be the path of an object as systemd writes it
        ");
    }

    proptest! {
        #[test]
        fn every_name_comes_back_from_its_path(text in r"[a-zA-Z0-9:_.\\@-]{1,40}") {
            if let Ok(unit) = text.parse::<SystemdUnitName>() {
                let path = unit.object_path();
                prop_assert!(path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_".contains(&b)));
                prop_assert_eq!(&SystemdUnitName::from_object_path(&path).unwrap(), &unit);
                prop_assert_eq!(&unit.to_string().parse::<SystemdUnitName>().unwrap(), &unit);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = text.parse::<SystemdUnitName>();
            let _ = SystemdUnitName::from_object_path(&text);
        }
    }
}
