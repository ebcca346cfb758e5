//! The arguments of a tool, in the manner of Juju's `gnuflag`.

use std::collections::BTreeMap;

use super::failure::Failure;
use crate::go;

/// One flag that a tool takes.
pub(crate) struct Flag<'a> {
    /// Its names, long ones and one-letter ones, the first of which finds it again.
    names: &'static [&'static str],
    kind: Kind<'a>,
}

enum Kind<'a> {
    Switch,
    Value(&'a dyn Fn(&str) -> Result<(), String>),
}

impl<'a> Flag<'a> {
    /// A flag that is there or not.
    pub(crate) fn switch(names: &'static [&'static str]) -> Self {
        Self { names, kind: Kind::Switch }
    }

    /// A flag with any value.
    pub(crate) fn value(names: &'static [&'static str]) -> Self {
        Self::checked(names, &|_| Ok(()))
    }

    /// A flag whose value is refused for the reason that `check` gives.
    pub(crate) fn checked(
        names: &'static [&'static str],
        check: &'a dyn Fn(&str) -> Result<(), String>,
    ) -> Self {
        Self { names, kind: Kind::Value(check) }
    }
}

/// The arguments, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    switches: BTreeMap<&'static str, bool>,
    values: BTreeMap<&'static str, String>,
    positional: Vec<String>,
}

impl Arguments {
    /// Takes arguments apart; flags may come after positional arguments.
    pub(crate) fn parse(arguments: &[String], flags: &[Flag<'_>]) -> Result<Self, Failure> {
        let mut parsed = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--" {
                parsed.positional.extend(rest.cloned());
                break;
            }
            if let Some(long) = argument.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (long, None),
                };
                parsed.set(flags, name, value, &mut rest)?;
            } else if let Some(cluster) = argument.strip_prefix('-').filter(|name| !name.is_empty())
            {
                parsed.set_cluster(flags, cluster, &mut rest)?;
            } else {
                parsed.positional.push(argument.clone());
            }
        }
        Ok(parsed)
    }

    /// Tells whether a switch was given, and not as `--switch=false`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.switches.get(name).copied().unwrap_or(false)
    }

    /// Returns the value of a flag; of several, the last.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns the positional arguments.
    pub(crate) fn positional(&self) -> &[String] {
        &self.positional
    }

    /// Returns the positional arguments, of which there must be `count` at most.
    pub(crate) fn at_most(&self, count: usize) -> Result<&[String], Failure> {
        match self.positional.get(count..) {
            Some(extra) if !extra.is_empty() => {
                Err(Failure::usage(format!("unrecognized args: {}", go::quote_all(extra))))
            }
            _ => Ok(&self.positional),
        }
    }

    /// Reads `-abc`: switches one after the other, or the value behind a flag.
    fn set_cluster<'s>(
        &mut self,
        flags: &[Flag<'_>],
        mut cluster: &'s str,
        rest: &mut impl Iterator<Item = &'s String>,
    ) -> Result<(), Failure> {
        while let Some(letter) = cluster.chars().next() {
            let (name, behind) = cluster.split_at(letter.len_utf8());
            let takes_value =
                find(flags, name).is_some_and(|flag| matches!(flag.kind, Kind::Value(_)));
            if takes_value && !behind.is_empty() {
                return self.set(flags, name, Some(behind), rest);
            }
            self.set(flags, name, None, rest)?;
            cluster = behind;
        }
        Ok(())
    }

    fn set<'s>(
        &mut self,
        flags: &[Flag<'_>],
        name: &str,
        value: Option<&'s str>,
        rest: &mut impl Iterator<Item = &'s String>,
    ) -> Result<(), Failure> {
        let as_typed = as_typed(name);
        let Some(flag) = find(flags, name) else {
            return Err(match name {
                "h" | "help" => Failure::Help(list(flags)),
                _ => Failure::usage(format!("option provided but not defined: {as_typed}")),
            });
        };
        match (&flag.kind, value) {
            (Kind::Switch, None) => {
                self.switches.insert(flag.names[0], true);
            }
            (Kind::Switch, Some(value)) => {
                let truth = go::parse_bool(value).ok_or_else(|| {
                    let value = go::quote(value);
                    let reason = format!("strconv.ParseBool: parsing {value}: invalid syntax");
                    Failure::usage(format!("invalid value {value} for option {as_typed}: {reason}"))
                })?;
                self.switches.insert(flag.names[0], truth);
            }
            (Kind::Value(check), value) => {
                let value = value.or_else(|| rest.next().map(String::as_str)).ok_or_else(|| {
                    Failure::usage(format!("option needs an argument: {as_typed}"))
                })?;
                check(value).map_err(|reason| {
                    let value = go::quote(value);
                    Failure::usage(format!("invalid value {value} for option {as_typed}: {reason}"))
                })?;
                self.values.insert(flag.names[0], value.to_owned());
            }
        }
        Ok(())
    }
}

fn find<'f, 'a>(flags: &'f [Flag<'a>], name: &str) -> Option<&'f Flag<'a>> {
    flags.iter().find(|flag| flag.names.contains(&name))
}

fn as_typed(name: &str) -> String {
    if name.chars().count() > 1 { format!("--{name}") } else { format!("-{name}") }
}

/// Returns a line for each flag, with its short name first.
fn list(flags: &[Flag<'_>]) -> String {
    let line = |flag: &Flag<'_>| {
        let mut names: Vec<String> = flag.names.iter().map(|name| as_typed(name)).collect();
        names.sort_unstable_by_key(String::len);
        format!("{}\n", names.join(", "))
    };
    let mut lines: Vec<String> = flags.iter().map(line).collect();
    lines.sort_unstable_by(|a, b| a.trim_start_matches('-').cmp(b.trim_start_matches('-')));
    lines.concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments: Vec<String> =
            arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let is_number = |value: &str| match value.parse::<u32>() {
            Ok(_) => Ok(()),
            Err(_) => Err("not a number".to_owned()),
        };
        let flags = [
            Flag::switch(&["all", "a"]),
            Flag::switch(&["b"]),
            Flag::value(&["o", "output"]),
            Flag::checked(&["r", "relation"], &is_number),
        ];
        Arguments::parse(&arguments, &flags).map_err(|failure| failure.to_string())
    }

    #[test]
    fn takes_flags_anywhere_and_under_any_name() {
        let arguments =
            parse(&["x", "-ba", "--output=f", "-", "-r7", "y", "--", "--all=no", "-r"]).unwrap();
        assert!(arguments.has("all") && arguments.has("b"));
        assert_eq!(arguments.value("o"), Some("f"));
        assert_eq!(arguments.value("r"), Some("7"));
        assert_eq!(arguments.positional(), ["x", "-", "y", "--all=no", "-r"]);
        assert!(!parse(&["--all", "--all=False"]).unwrap().has("all"));
        assert_eq!(parse(&["-r", "1", "--relation", "2"]).unwrap().value("r"), Some("2"));
    }

    #[test]
    fn refuses_in_the_words_of_gnuflag() {
        let refusal = |arguments: &[&str]| parse(arguments).unwrap_err();
        insta::assert_snapshot!(refusal(&["--cheese"]), @"option provided but not defined: --cheese");
        insta::assert_snapshot!(refusal(&["-ax"]), @"option provided but not defined: -x");
        insta::assert_snapshot!(refusal(&["-r"]), @"option needs an argument: -r");
        insta::assert_snapshot!(refusal(&["--relation", "x"]), @r#"invalid value "x" for option --relation: not a number"#);
        insta::assert_snapshot!(refusal(&["--all=x"]), @r#"invalid value "x" for option --all: strconv.ParseBool: parsing "x": invalid syntax"#);
        let extra = parse(&["a", "b", "c d"]).unwrap();
        insta::assert_snapshot!(extra.at_most(1).unwrap_err(), @r#"unrecognized args: ["b" "c d"]"#);
    }

    #[test]
    fn gives_help_unless_something_before_is_wrong() {
        for help in ["-h", "--help"] {
            insta::allow_duplicates! {
                insta::assert_snapshot!(parse(&["x", "-b", help, "--cheese"]).unwrap_err(), @"
                -a, --all
                -b
                -o, --output
                -r, --relation
                ");
            }
        }
        assert!(parse(&["--cheese", "-h"]).unwrap_err().contains("--cheese"));
        assert_eq!(parse(&["--", "-h"]).unwrap().positional(), ["-h"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics_and_loses_nothing_behind_two_dashes(
            before in prop::collection::vec(".*", 0..4),
            behind in prop::collection::vec(".*", 0..4),
        ) {
            let _ = parse(&before.iter().map(String::as_str).collect::<Vec<_>>());
            let all: Vec<&str> = std::iter::once("--").chain(behind.iter().map(String::as_str)).collect();
            prop_assert_eq!(parse(&all).unwrap().positional().to_vec(), behind);
        }
    }
}
