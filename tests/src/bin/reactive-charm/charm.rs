//! What the charm does: the same as `python-charms/reactive-bench`.

use std::fs;
use std::ops::Deref;

use juju_types::{Event, Status};
use reactive_endpoints::{Charm, Context, Endpoint, EndpointKey, Flag, Interface, Result, all};

const SITE: EndpointKey<BenchProvides> = EndpointKey::new("site");

/// Never set.
const MISSING: Flag = Flag::new("bench.missing");

/// Makes the charm with so many handlers of flags, if any.
pub(crate) fn charm(handlers: Option<&str>) -> Charm<()> {
    let handlers: usize = handlers.map_or(0, |number| number.parse().expect("a number is given"));
    let charm = Charm::new(())
        .endpoint(SITE)
        .at_start(|(), cx| {
            cx.at_exit(note_peak);
            Ok(())
        })
        .on(Event::Install, set_flags)
        .on(SITE.hooks(), read_units)
        .status(|(), _| Ok(Status::active()));
    (0..handlers)
        .fold(charm, |charm, number| charm.when(all([flag(number), MISSING]), |(), _| Ok(())))
}

fn flag(number: usize) -> Flag {
    format!("bench.{number}").parse().expect("it is the name of a flag")
}

fn set_flags((): &mut (), cx: &Context) -> Result {
    let flags: usize = cx.env().other("FLAGS").unwrap_or("0").parse()?;
    (0..flags).for_each(|number| cx.set(flag(number)));
    Ok(())
}

fn read_units((): &mut (), cx: &Context) -> Result {
    let mut ports = 0_u64;
    for unit in &cx.endpoint(SITE).all_joined_units()? {
        ports += u64::from(unit.received()?.get_or::<u16>("port", 0)?);
    }
    cx.kv().set("bench.ports", &ports)
}

/// The side of the interface that has the many units.
#[derive(Debug)]
struct BenchProvides(Endpoint);

impl Interface for BenchProvides {
    fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    fn manage_flags(&self) -> Result {
        let mut is_available = false;
        for unit in &self.all_joined_units()? {
            is_available |= unit.received()?.get::<u16>("port")?.is_some();
        }
        self.toggle_flag("available", is_available);
        Ok(())
    }
}

impl Deref for BenchProvides {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        &self.0
    }
}

/// Leaves word of how much memory this process has had at most, where somebody
/// wants to know.
fn note_peak(cx: &Context) -> Result {
    let Some(file) = cx.env().other("PEAK_FILE") else { return Ok(()) };
    Ok(fs::write(file, fs::read("/proc/self/status")?)?)
}
