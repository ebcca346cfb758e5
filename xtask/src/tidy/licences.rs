//! Licences, duplicate versions and sources: `deny.toml` is the rule, and cargo
//! tells what is. (`cargo deny` itself also looks at advisories, for which it
//! needs the network.)

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use cargo_metadata::{
    Source,
    semver::{Version, VersionReq},
};
use spdx::{Expression, LicenseReq, ParseMode};
use toml::{Table, Value};

use crate::member::Workspace;

const RULES: &str = "deny.toml";
const TEXTS: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

pub(super) fn faults(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let rules: Table =
        workspace.read(RULES)?.parse().with_context(|| format!("cannot read `{RULES}` as TOML"))?;
    let allowed = strings(&rules, "licenses", "allow");
    let skipped = strings(&rules, "bans", "skip");
    let mut faults: Vec<_> = TEXTS
        .iter()
        .filter(|text| !workspace.root().join(text).is_file())
        .map(|text| format!("the licence text `{text}` is missing"))
        .collect();
    let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for package in workspace.foreign() {
        let name = package.name.as_str();
        if !is_skipped(&skipped, name, &package.version) {
            versions.entry(name).or_default().push(package.version.to_string());
        }
        if let Some(reason) = refuse(package.license.as_deref(), &allowed) {
            faults.push(format!("`{name} {}` {reason}", package.version));
        }
        if !package.source.as_ref().is_some_and(Source::is_crates_io) {
            faults.push(format!("`{name} {}` does not come from crates.io", package.version));
        }
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        faults.push(format!(
            "`{name}` is there in versions {}; name the cause in `{RULES}`, [bans], skip",
            versions.join(" and ")
        ));
    }
    Ok(faults)
}

/// Tells whether a version does not count as a duplicate: `skip` has entries
/// such as `name@2`.
fn is_skipped(skipped: &BTreeSet<String>, name: &str, version: &Version) -> bool {
    skipped.iter().filter_map(|entry| entry.split_once('@')).any(|(skipped, versions)| {
        skipped == name && VersionReq::parse(versions).is_ok_and(|it| it.matches(version))
    })
}

/// Returns a list of strings, or of tables with a string called `crate`.
fn strings(rules: &Table, section: &str, key: &str) -> BTreeSet<String> {
    let list = rules.get(section).and_then(|section| section.get(key)).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|entry| entry.as_str().or_else(|| entry.get("crate")?.as_str()))
        .map(str::to_owned)
        .collect()
}

/// Says why a licence expression cannot be met with the allowed licences.
fn refuse(licence: Option<&str>, allowed: &BTreeSet<String>) -> Option<String> {
    let Some(licence) = licence else {
        return Some("states no licence".to_owned());
    };
    // Old manifests separate alternatives with a slash.
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return Some(format!("states `{licence}`, which is no licence expression"));
    };
    let met =
        expression.evaluate(|requirement: &LicenseReq| allowed.contains(&requirement.to_string()));
    (!met).then(|| format!("is under `{licence}`, which {RULES} does not allow"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(licence: Option<&str>, expected: Option<&str>) {
        let allowed = ["MIT", "Unicode-3.0"].map(str::to_owned).into();
        assert_eq!(refuse(licence, &allowed).as_deref(), expected);
    }

    #[test]
    fn one_allowed_alternative_is_enough() {
        check(Some("Apache-2.0 OR MIT"), None);
        check(Some("MIT/Apache-2.0"), None);
        check(Some("(MIT OR Apache-2.0) AND Unicode-3.0"), None);
    }

    #[test]
    fn a_licence_outside_the_list_is_a_fault() {
        check(
            Some("AGPL-3.0-only"),
            Some("is under `AGPL-3.0-only`, which deny.toml does not allow"),
        );
        check(
            Some("MIT AND Zlib"),
            Some("is under `MIT AND Zlib`, which deny.toml does not allow"),
        );
    }

    #[test]
    fn only_the_version_that_is_named_may_be_there_twice() {
        let skipped = ["syn@2".to_owned()].into();
        let check = |name, version: &str| is_skipped(&skipped, name, &version.parse().unwrap());
        assert!(check("syn", "2.0.119"));
        assert!(!check("syn", "1.0.0"));
        assert!(!check("quote", "2.0.0"));
    }

    #[test]
    fn a_missing_or_unreadable_licence_is_a_fault() {
        check(None, Some("states no licence"));
        check(Some("free!"), Some("states `free!`, which is no licence expression"));
    }
}
