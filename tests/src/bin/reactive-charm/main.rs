//! A charm on `reactive-endpoints`, as large as its variables say, for benches.

mod charm;

use std::process::ExitCode;

use juju_hook_env::HookEnv;

fn main() -> ExitCode {
    // If something is wrong with the environment, the charm says so itself.
    let env = HookEnv::from_process();
    charm::charm(env.as_ref().ok().and_then(|env| env.other("HANDLERS"))).run()
}
