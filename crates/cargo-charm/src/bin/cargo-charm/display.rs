//! What the commands print as their results.

use std::{
    io::{self, Write},
    path::Path,
};

use cargo_charm::{CharmCrate, Packed, Report, Written};

pub(crate) fn report(out: &mut impl Write, charm: &CharmCrate, report: &Report) -> io::Result<()> {
    let count = |count: usize, what: &str| match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let faults = count(report.faults.len(), "fault");
    let warnings = count(report.warnings.len(), "warning");
    writeln!(out, "{} in {}: {faults}, {warnings}", charm.name(), charm.folder().display())?;
    for fault in &report.faults {
        writeln!(out, "  fault: {fault}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "  warning: {warning}")?;
    }
    Ok(())
}

pub(crate) fn packed(out: &mut impl Write, packed: &Packed) -> io::Result<()> {
    let state = if packed.is_new { "" } else { " (unchanged)" };
    writeln!(out, "{}{state}", packed.path.display())?;
    for warning in &packed.warnings {
        writeln!(out, "  warning: {warning}")?;
    }
    let width = packed.files.iter().map(|file| file.name.len()).max().unwrap_or_default();
    for file in &packed.files {
        let size = digits(file.size);
        writeln!(out, "  {:<width$}  {:04o} {size:>12}", file.name, file.mode)?;
    }
    writeln!(
        out,
        "  {} bytes, zipped {} bytes; version {}; built for {}",
        digits(packed.size_raw),
        digits(packed.size_zipped),
        packed.version,
        packed.triple
    )?;
    if packed.is_checked {
        writeln!(out, "  checked: its handlers fit its YAML")?;
    }
    writeln!(out, "  sha256 {}", packed.sha256)
}

pub(crate) fn written(out: &mut impl Write, folder: &Path, written: &Written) -> io::Result<()> {
    for file in &written.files {
        writeln!(out, "{}", folder.join(file).display())?;
    }
    if let Some(workspace) = &written.workspace {
        let workspace = workspace.display();
        writeln!(
            out,
            "the folder lies in a workspace: see that `members` of {workspace} names it"
        )?;
    }
    writeln!(out, "next: cd {} && cargo test && cargo charm pack", folder.display())
}

/// Groups the digits of a number by thousands.
fn digits(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        let texts = [0, 999, 1000, 1_276_344].map(digits);
        assert_eq!(texts, ["0", "999", "1,000", "1,276,344"]);
    }
}
