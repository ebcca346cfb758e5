//! Wakes the charm of a Juju unit when a systemd unit starts or stops.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this is `main`")]
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    systemd_notices::daemon(&arguments)
}
