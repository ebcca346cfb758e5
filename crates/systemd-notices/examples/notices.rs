//! Sets up the notices of a unit by hand, as the charm of that unit would:
//! `notices apply web/0 /path/to/charm nginx snap.lxd.daemon=lxd`.

use std::error::Error;
use std::process::ExitCode;

use systemd_notices::{Service, SystemdNotices};

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this is the program's main function")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        #[expect(clippy::print_stderr, reason = "a program says why it fails")]
        Err(error) => {
            eprintln!("error: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  because: {error}");
                source = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [action, unit, charm, services @ ..] = arguments else {
        return Err("usage: notices apply|stop|remove UNIT CHARM [SERVICE[=ALIAS]]…".into());
    };
    let notices = SystemdNotices::new(&unit.parse()?, charm, services.iter().map(service))?;
    match action.as_str() {
        "apply" => notices.apply()?,
        "remove" => notices.remove()?,
        "stop" => notices.stop()?,
        _ => return Err(format!("unknown action `{action}`").into()),
    }
    Ok(())
}

fn service(text: &String) -> Service {
    match text.split_once('=') {
        Some((name, alias)) => Service::new(name).alias(alias),
        None => Service::new(text),
    }
}
