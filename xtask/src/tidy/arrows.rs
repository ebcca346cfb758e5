//! Which crate may depend on which: the list in `docs/architecture.md` is the
//! rule, and cargo tells what is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use cargo_metadata::DependencyKind;

use crate::member::Workspace;

const PAGE: &str = "docs/architecture.md";
const START: &str = "```arrows\n";

/// Any crate may use these in its own tests: they depend on no charm crate, so
/// no circle can come of it.
const TEST_BENCHES: [&str; 2] = ["juju-simulator", "throwaway-machine"];

/// What each crate may depend on; none means everything.
type Arrows = BTreeMap<String, Option<BTreeSet<String>>>;

pub(super) fn faults(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let arrows = parse(&workspace.read(PAGE)?)?;
    let members = workspace.members();
    let names: BTreeSet<_> = members.iter().map(|member| member.name.as_str()).collect();
    let mut faults = Vec::new();
    for member in &members {
        let ours = member.dependencies.iter().filter(|used| names.contains(used.name.as_str()));
        let edges = ours.map(|used| (used.name.as_str(), used.kind == DependencyKind::Development));
        faults.extend(check(&arrows, &member.name, edges));
    }
    let listed = arrows.iter().flat_map(|(from, to)| to.iter().flatten().chain([from]));
    for name in listed.filter(|name| !names.contains(name.as_str())).collect::<BTreeSet<_>>() {
        faults.push(format!("{PAGE}: `{name}` is in the list of arrows, but is no crate of ours"));
    }
    Ok(faults)
}

/// Reads the fenced block of lines such as `a, b -> c, d` (`*` is everything).
fn parse(page: &str) -> anyhow::Result<Arrows> {
    let (_, block) = page
        .split_once(START)
        .with_context(|| format!("{PAGE} has no fenced block called `arrows`"))?;
    let (block, _) = block.split_once("```").context("the block of arrows has no end")?;
    let mut arrows = Arrows::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let Some((from, to)) = line.split_once("->") else {
            bail!("{PAGE}: `{line}` has no arrow");
        };
        let to = match to.trim() {
            "*" => None,
            names => Some(list(names)),
        };
        for name in list(from) {
            if arrows.contains_key(&name) {
                bail!("{PAGE}: `{name}` has two lines in the list of arrows");
            }
            arrows.insert(name, to.clone());
        }
    }
    Ok(arrows)
}

fn list(names: &str) -> BTreeSet<String> {
    names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Compares one crate's dependencies (name, and whether only its tests use it)
/// with the rule.
fn check<'a>(
    arrows: &Arrows,
    member: &str,
    edges: impl Iterator<Item = (&'a str, bool)>,
) -> Vec<String> {
    let Some(allowed) = arrows.get(member) else {
        return vec![format!("{PAGE}: `{member}` is missing from the list of arrows")];
    };
    let Some(allowed) = allowed else { return Vec::new() };
    edges
        .filter(|(used, in_tests)| {
            let on_the_bench = *in_tests && TEST_BENCHES.contains(used);
            !allowed.contains(*used) && !on_the_bench && *used != member
        })
        .map(|(used, _)| format!("`{member}` depends on `{used}`, which {PAGE} does not allow"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str =
        "# Map\n```arrows\ntypes, wire ->\nhook -> types, wire\ntests -> *\n```\nmore";

    #[track_caller]
    fn check_one(member: &str, used: &str, in_tests: bool, expected: &[&str]) {
        let arrows = parse(DOCUMENT).unwrap();
        assert_eq!(check(&arrows, member, [(used, in_tests)].into_iter()), expected);
    }

    #[test]
    fn an_arrow_in_the_list_is_allowed() {
        check_one("hook", "types", false, &[]);
    }

    #[test]
    fn an_arrow_against_the_list_is_a_fault() {
        check_one(
            "types",
            "hook",
            false,
            &["`types` depends on `hook`, which docs/architecture.md does not allow"],
        );
    }

    #[test]
    fn only_tests_may_use_the_simulator() {
        check_one("types", "juju-simulator", true, &[]);
        check_one(
            "types",
            "juju-simulator",
            false,
            &["`types` depends on `juju-simulator`, which docs/architecture.md does not allow"],
        );
    }

    #[test]
    fn a_star_allows_everything() {
        check_one("tests", "wire", false, &[]);
    }

    #[test]
    fn a_crate_that_is_not_in_the_list_is_a_fault() {
        check_one(
            "new",
            "types",
            false,
            &["docs/architecture.md: `new` is missing from the list of arrows"],
        );
    }

    #[test]
    fn a_page_without_the_list_is_an_error() {
        assert_eq!(
            parse("# Map").unwrap_err().to_string(),
            "docs/architecture.md has no fenced block called `arrows`"
        );
    }

    #[test]
    fn a_crate_with_two_rules_is_an_error() {
        assert_eq!(
            parse("```arrows\na ->\nb -> c\na -> b\n```").unwrap_err().to_string(),
            "docs/architecture.md: `a` has two lines in the list of arrows"
        );
    }
}
