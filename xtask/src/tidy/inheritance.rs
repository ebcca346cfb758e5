//! Every member takes its settings, lints and versions from the root manifest.

use std::iter;

use anyhow::Context;
use toml::{Table, Value};

use crate::member::Workspace;

const KEYS: [&str; 5] = ["version", "authors", "edition", "license", "rust-version"];
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn faults(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for member in workspace.members() {
        let path = member.manifest_path.as_std_path();
        let place = path.strip_prefix(workspace.root()).unwrap_or(path).display().to_string();
        let manifest: Table = workspace
            .read(path)?
            .parse()
            .with_context(|| format!("cannot read `{place}` as TOML"))?;
        faults.extend(check(&manifest).into_iter().map(|fault| format!("{place}: {fault}")));
    }
    Ok(faults)
}

fn check(manifest: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    let package = manifest.get("package").and_then(Value::as_table);
    for key in KEYS {
        if !package.and_then(|package| package.get(key)).is_some_and(inherits) {
            faults.push(format!("`{key}` is not inherited: write `{key}.workspace = true`"));
        }
    }
    if package.and_then(|package| package.get("description")).is_none() {
        faults.push("`description` is missing".to_owned());
    }
    if !manifest.get("lints").is_some_and(inherits) {
        faults
            .push("the lints are not inherited: write `[lints]` and `workspace = true`".to_owned());
    }
    for (name, _) in dependencies(manifest).filter(|(_, value)| !inherits(value)) {
        faults.push(format!("the version of `{name}` is not inherited from the root"));
    }
    faults
}

/// Returns the dependencies of every kind, also those of some targets only.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = iter::once(manifest).chain(targets.filter_map(|(_, target)| target.as_table()));
    tables.flat_map(|table| {
        DEPENDENCIES.iter().filter_map(|kind| table.get(*kind)?.as_table()).flatten()
    })
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [package]
        name = "a"
        description = "A crate"
        version.workspace = true
        authors.workspace = true
        edition.workspace = true
        license.workspace = true
        rust-version.workspace = true
        [lints]
        workspace = true
        [dependencies]
        serde = { workspace = true, optional = true }
    "#;

    #[track_caller]
    fn check_text(manifest: &str, expected: &[&str]) {
        assert_eq!(check(&manifest.parse().unwrap()), expected);
    }

    #[test]
    fn a_manifest_that_inherits_everything_is_in_order() {
        check_text(GOOD, &[]);
    }

    #[test]
    fn a_setting_of_its_own_is_a_fault() {
        check_text(
            &GOOD.replace("edition.workspace = true", "edition = \"2021\""),
            &["`edition` is not inherited: write `edition.workspace = true`"],
        );
    }

    #[test]
    fn forgotten_lints_are_a_fault() {
        check_text(
            &GOOD.replace("[lints]\n        workspace = true", ""),
            &["the lints are not inherited: write `[lints]` and `workspace = true`"],
        );
    }

    #[test]
    fn a_version_of_its_own_is_a_fault() {
        check_text(
            &GOOD.replace("{ workspace = true, optional = true }", "\"1\""),
            &["the version of `serde` is not inherited from the root"],
        );
        check_text(
            &format!("{GOOD}[target.'cfg(unix)'.build-dependencies]\ncc = \"1\""),
            &["the version of `cc` is not inherited from the root"],
        );
    }
}
