//! The same charm on Python's `charms.reactive`, beside ours.

use std::fs;
use std::path::{Path, PathBuf};

use juju_simulator::{SimulatedUnit, UnitEvent};

use crate::shape::{Shape, relation_changed};
use crate::side_by_side::{SideBySide, millis};

const ROUNDS: usize = 5;

pub(crate) fn measure() -> bool {
    let Some(python) = interpreter() else {
        println!("charms.reactive: left out (`cargo xtask python-peers` makes what it needs)");
        return true;
    };
    println!("charms.reactive and reactive-endpoints");
    let none = Shape::default();
    let one = Shape { relations: 1, related_units: 1, ..none };
    let many = Shape { relations: 1, related_units: 1000, ..none };
    let flags = Shape { flags: 5000, handlers: 100, ..none };
    let idle = || UnitEvent::from("update-status");
    compare(&python, "update-status with no related unit", none, &idle);
    compare(&python, "update-status with one related unit", one, &idle);
    compare(&python, "update-status with 1,000 related units", many, &idle);
    compare(&python, "relation-changed with 1,000 related units", many, &relation_changed);
    compare(&python, "update-status with 5,000 flags and 100 handlers", flags, &idle);
    true
}

/// Measures an event of both in turn.
fn compare(python: &Path, what: &str, shape: Shape, event: &dyn Fn() -> UnitEvent) {
    let folder = tempfile::tempdir().unwrap();
    let peaks = ["python", "rust"].map(|name| folder.path().join(name));
    let [python_peak, rust_peak] = peaks.each_ref().map(|path| path.to_str().unwrap());
    let charm = folder.path().join("charm");
    fs::create_dir(&charm).unwrap();
    let mut theirs =
        shape.python(&[("CHARM_PYTHON", python.to_str().unwrap()), ("PEAK_FILE", python_peak)]);
    let mut ours = shape.program(&charm, &[("PEAK_FILE", rust_peak)]);
    for unit in [&mut theirs, &mut ours] {
        unit.run("install");
        unit.run("start");
    }
    let both =
        SideBySide::measure(ROUNDS, || theirs.run(event()).duration, || ours.run(event()).duration);
    let (one, other) = (millis(both.one()), millis(both.other()));
    println!(
        "  {what}: {one:.0} ms, {} calls, {}; {other:.1} ms, {} calls, {}: ratio {:.0}",
        calls(&theirs),
        peak(&peaks[0]),
        calls(&ours),
        peak(&peaks[1]),
        both.ratio()
    );
}

fn calls(unit: &SimulatedUnit) -> usize {
    unit.operation().calls.len()
}

/// Returns the most memory that a process has had, which it has noted itself:
/// what the system says of a child includes its parent's.
fn peak(file: &Path) -> String {
    let status = fs::read_to_string(file).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    format!("{:.1} MiB", kib / 1024.0)
}

/// The interpreter of the virtualenv that has charms.reactive, if it was made.
fn interpreter() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python-peers");
    folder.join("complete").is_file().then(|| folder.join("bin/python"))
}
