//! A unit, and how large it is.

use std::fs;
use std::path::{Path, PathBuf};

use juju_simulator::{RelationState, SimulatedUnit, SimulatedUnitBuilder, Simulator, UnitEvent};

use crate::charm::charm;

/// How large a unit is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shape {
    pub(crate) relations: usize,
    /// Of all relations together.
    pub(crate) related_units: usize,
    pub(crate) flags: usize,
    pub(crate) handlers: usize,
}

impl Shape {
    /// A unit whose charm is a function of this process.
    pub(crate) fn in_process(self) -> SimulatedUnit {
        let handlers = self.handlers.to_string();
        self.builder(&[])
            .charm_folder(python_folder())
            .charm(move |variables| charm(Some(&handlers)).run_in(variables))
    }

    /// A unit whose charm is the program of this workspace, as it ships.
    pub(crate) fn program(self, folder: &Path, variables: &[(&str, &str)]) -> SimulatedUnit {
        fs::copy(program(), folder.join("dispatch")).unwrap();
        fs::copy(python_folder().join("metadata.yaml"), folder.join("metadata.yaml")).unwrap();
        self.builder(variables).package(folder)
    }

    /// A unit whose charm is the one in Python.
    pub(crate) fn python(self, variables: &[(&str, &str)]) -> SimulatedUnit {
        self.builder(variables).package(python_folder())
    }

    fn builder(self, variables: &[(&str, &str)]) -> SimulatedUnitBuilder {
        let mut simulator = Simulator::builder()
            .tool_program(tool_program())
            .charm_variable("FLAGS", self.flags.to_string())
            .charm_variable("HANDLERS", self.handlers.to_string());
        for (name, value) in variables {
            simulator = simulator.charm_variable(*name, *value);
        }
        let unit = Simulator::unit("web/0").simulator(simulator);
        (0..self.relations).fold(unit, |unit, number| unit.relation(self.relation(number)))
    }

    fn relation(self, number: usize) -> RelationState {
        let application = format!("client{number}");
        let relation = RelationState::new(&format!("site:{number}"), &application);
        (0..self.related_units / self.relations).fold(relation, |relation, unit| {
            let address = format!("10.{number}.{}.{}", unit / 250, unit % 250);
            let settings = [
                ("egress-subnets", format!("{address}/32")),
                ("ingress-address", address.clone()),
                ("port", "8080".to_owned()),
                ("private-address", address),
            ];
            relation.with_unit(&format!("{application}/{unit}"), settings)
        })
    }
}

/// The hook in which the endpoint sees its first unit, and all the others.
pub(crate) fn relation_changed() -> UnitEvent {
    UnitEvent::new("site-relation-changed").relation("site:0").unit("client0/0")
}

pub(crate) fn python_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python-charms/reactive-bench")
}

/// The charm's program, in the profile in which charms ship.
pub(crate) fn program() -> PathBuf {
    let release = Path::new(env!("CARGO_BIN_EXE_probe-charm")).parent().unwrap();
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    built(release.with_file_name(triple).join("charm/reactive-charm"))
}

/// The simulator's tool program, which lies beside the folder of this program.
fn tool_program() -> PathBuf {
    built(Path::new(env!("CARGO_BIN_EXE_probe-charm")).with_file_name("juju-sim-tool"))
}

fn built(program: PathBuf) -> PathBuf {
    assert!(program.is_file(), "run `cargo xtask bench`, which builds {}", program.display());
    program
}
