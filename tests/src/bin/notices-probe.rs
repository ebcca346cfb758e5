//! Plays `juju-exec` for the bench of systemd-notices: it writes down when it
//! began, for which event, and when it ended. `idle PID` prints when a process
//! last had something to do, and `start PROGRAM` how long a daemon takes until
//! it watches.

#![expect(clippy::print_stdout, reason = "this is a program of a bench")]

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const LOG: &str = "/run/bench/told";
/// Where this is, a hook takes a second.
const SLOW: &str = "/run/bench/slow";

/// How often a process is looked at.
const LOOK: Duration = Duration::from_millis(1);

fn main() -> ExitCode {
    let began = now();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let end = match &words[..] {
        [command, pid] if command == "idle" => idle(pid).map(|time| println!("{time}")),
        [command, program, arguments @ ..] if command == "start" => {
            start(program, arguments).map(|microseconds| println!("{microseconds}"))
        }
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

/// Starts a daemon, and returns how long it takes until it says that it is
/// ready, or has had nothing to do for a while. Then ends it.
fn start(program: &str, arguments: &[String]) -> io::Result<u128> {
    let socket = Path::new("/run/bench/notify");
    let ready = UnixDatagram::bind(socket)?;
    ready.set_read_timeout(Some(LOOK))?;
    let began = now();
    let mut daemon = Command::new(program).args(arguments).env("NOTIFY_SOCKET", socket).spawn()?;
    let is_ready = || ready.recv(&mut [0; 64]).is_ok();
    let end = last_work(&daemon.id().to_string(), is_ready);
    daemon.kill()?;
    daemon.wait()?;
    fs::remove_file(socket)?;
    Ok(end? - began)
}

/// Returns when the process last had something to do, as soon as it has had
/// nothing to do for a while.
fn idle(pid: &str) -> io::Result<u128> {
    let wait = || {
        thread::sleep(LOOK);
        false
    };
    last_work(pid, wait)
}

/// Returns when the process last had something to do, as soon as it has had
/// nothing to do for a while, or `wait`, which lasts until the next look, says
/// that it is over.
fn last_work(pid: &str, wait: impl Fn() -> bool) -> io::Result<u128> {
    let path = format!("/proc/{pid}/schedstat");
    let (mut before, mut changed) = (fs::read_to_string(&path)?, now());
    while now() - changed < 300_000 {
        if wait() {
            return Ok(now());
        }
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
