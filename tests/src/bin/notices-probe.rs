//! Plays `juju-exec` for the bench of systemd-notices: it writes down when it
//! began, for which event, and when it ended. `idle PID` prints when a process
//! last had something to do.

#![expect(clippy::print_stdout, reason = "this is a program of a bench")]

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const LOG: &str = "/run/bench/told";
/// Where this is, a hook takes a second.
const SLOW: &str = "/run/bench/slow";

fn main() -> ExitCode {
    let began = now();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let end = match &words[..] {
        [command, pid] if command == "idle" => idle(pid).map(|time| println!("{time}")),
        [_, text] => note(began, text),
        _ => Err(io::Error::other("two arguments are expected")),
    };
    if end.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn note(began: u128, text: &str) -> io::Result<()> {
    let event = text.split_once("hooks/service-").map_or(text, |(_, rest)| rest);
    let event = event.split(['\'', ' ']).next().unwrap_or_default();
    let mut log = OpenOptions::new().append(true).open(LOG)?;
    log.write_all(format!("begin {began} {event}\n").as_bytes())?;
    if Path::new(SLOW).exists() {
        thread::sleep(Duration::from_secs(1));
    }
    log.write_all(format!("end {} {event}\n", now()).as_bytes())
}

/// Returns when the process last had something to do, as soon as it has had
/// nothing to do for a while.
fn idle(pid: &str) -> io::Result<u128> {
    let path = format!("/proc/{pid}/schedstat");
    let (mut before, mut changed) = (fs::read_to_string(&path)?, now());
    while now() - changed < 300_000 {
        thread::sleep(Duration::from_millis(1));
        let after = fs::read_to_string(&path)?;
        if after != before {
            (before, changed) = (after, now());
        }
    }
    Ok(changed)
}

/// Returns the time in microseconds since 1970, as systemd gives it.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros()
}
