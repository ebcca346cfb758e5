//! What the demo prints; in colour on a terminal only.

use std::{path::Path, time::Duration};

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use cargo_charm::Packed;

const TITLE: Style = Style::new().bold();
const COMMAND: Style = AnsiColor::Cyan.on_default().bold();
const QUIET: Style = Style::new().dimmed();

/// Columns of a line about one hook: its name, how long it took, what it changed.
const NAME: usize = 42;
const TIME: usize = 10;
const LONGEST: usize = 110;

pub(super) fn title(text: &str) {
    println!("\n{TITLE}{text}{TITLE:#}\n");
}

pub(super) fn text(text: &str) {
    for line in text.lines() {
        println!("{}", format!("  {line}").trim_end());
    }
}

pub(super) fn command(text: &str) {
    println!("\n{COMMAND}$ {text}{COMMAND:#}");
}

pub(super) fn remark(text: &str) {
    println!("\n{QUIET}({text}){QUIET:#}");
}

/// What a program says while the reader waits; it is no part of the play.
pub(super) fn progress(line: &str) {
    eprintln!("  {QUIET}{line}{QUIET:#}");
}

/// One hook or action, with a line for each thing that it changed.
pub(super) fn operation(name: &str, duration: Duration, changes: &[String]) {
    let time = format!("{:.1} ms", duration.as_secs_f64() * 1000.0);
    let mut changes = changes.iter().map(|change| cut(change));
    let first = changes.next().unwrap_or_else(|| "changed nothing".to_owned());
    println!("  {name:<NAME$}{QUIET}{time:>TIME$}{QUIET:#}   {first}");
    for change in changes {
        println!("  {:<NAME$}{:>TIME$}   {change}", "", "");
    }
}

/// Leaves away the end of what is too long to be read.
fn cut(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

pub(super) fn packed(packed: &Packed, root: &Path) {
    for file in &packed.files {
        text(&format!("{:o}  {:>9}  {}", file.mode & 0o777, file.size, file.name));
    }
    text(&format!(
        "{} bytes raw, {} bytes zipped, sha256 {}",
        packed.size_raw, packed.size_zipped, packed.sha256
    ));
    text(&format!("-> {}", super::shortened(&packed.path, root)));
}
