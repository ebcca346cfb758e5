//! A charm with a lamp that users can switch.
//!
//! Run by hand, as `cargo run --example lamp -- help`, it tells what else it
//! can do on a unit.

use std::process::ExitCode;

use juju_types::{Event, Status};
use reactive_endpoints::{Charm, Context, Flag, Result, Trigger, none};

const LIT: Flag = Flag::new("lamp.lit");
const WARM: Flag = Flag::new("lamp.warm");

struct Lamp;

fn main() -> ExitCode {
    Charm::new(Lamp)
        .on(Event::Install, Lamp::light)
        .action("light", Lamp::light)
        .when(&LIT, Lamp::warm_up)
        .when(none([&LIT]), Lamp::cool_down)
        .trigger(Trigger::on_clear(&LIT).clear(&WARM))
        .subcommand("shine", shine)
        .status(Lamp::status)
        .run()
}

#[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "they are handlers")]
impl Lamp {
    fn light(&mut self, cx: &Context) -> Result {
        cx.set(LIT);
        Ok(())
    }

    fn warm_up(&mut self, cx: &Context) -> Result {
        cx.set(WARM);
        Ok(())
    }

    fn cool_down(&mut self, cx: &Context) -> Result {
        cx.clear(WARM);
        Ok(())
    }

    fn status(&mut self, cx: &Context) -> Result<Status> {
        Ok(if cx.is_set(LIT) { Status::active() } else { Status::waiting("dark") })
    }
}

/// Something that has nothing to do with Juju.
fn shine(arguments: &[String]) -> ExitCode {
    ExitCode::from(u8::try_from(arguments.len()).unwrap_or(u8::MAX))
}
