use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use juju_types::{JujuVersion, ModelName};

use crate::agent::Settings;
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::model::{Ids, Model};
use crate::simulator::Simulator;
use crate::trial::Trial;

/// Says what a [`Simulator`] is like before it begins.
///
/// ```
/// use juju_simulator::Simulator;
/// use juju_types::JujuVersion;
///
/// let juju = Simulator::builder()
///     .juju_version(JujuVersion::new(4, 0, 15))
///     .model_name("prod".parse()?)
///     .charm_variable("CHARM_MACHINE_ROOT", "/tmp/machine")
///     .build();
/// assert!(juju.status().to_string().contains("prod"));
/// # Ok::<(), juju_types::ParseModelNameError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SimulatorBuilder {
    version: JujuVersion,
    cloud: Option<Cloud>,
    model_name: ModelName,
    seed: u64,
    interleaves: bool,
    update_status_interval: Duration,
    faults: BTreeMap<usize, Vec<Fault>>,
    trial: Option<Trial>,
    settings: Settings,
}

impl SimulatorBuilder {
    pub(crate) fn new() -> Self {
        let settings = Settings {
            folder: None,
            tool_program: None,
            charm_variables: Vec::new(),
            time_limit: Duration::from_mins(1),
            linger_limit: Duration::from_secs(5),
            takes_any_state: false,
        };
        Self {
            version: JujuVersion::new(3, 6, 28),
            cloud: None,
            model_name: "testing".parse().expect("it is a model's name"),
            seed: 0,
            interleaves: false,
            update_status_interval: Duration::from_mins(5),
            faults: BTreeMap::new(),
            trial: None,
            settings,
        }
    }

    /// Plays this version of Juju; otherwise 3.6.28.
    pub fn juju_version(mut self, version: JujuVersion) -> Self {
        self.version = version;
        self
    }

    /// Puts the model into a cloud; otherwise it is one without a credential.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = Some(cloud);
        self
    }

    /// Gives the model a name; otherwise it is `testing`.
    pub fn model_name(mut self, name: ModelName) -> Self {
        self.model_name = name;
        self
    }

    /// Chooses the ids of the model and of all hooks; otherwise 0. The same
    /// seed gives the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets the seed choose which unit runs next where several could;
    /// otherwise it is the first by its name.
    pub fn interleave_units(mut self) -> Self {
        self.interleaves = true;
        self
    }

    /// Sets how often, by the virtual clock, a unit runs update-status if it
    /// has nothing else to run; otherwise every 5 minutes, as in Juju. With
    /// zero, only [`Simulator::update_status`] runs it.
    pub fn update_status_interval(mut self, interval: Duration) -> Self {
        self.update_status_interval = interval;
        self
    }

    /// Puts a variable into the environment of every charm's process, in place
    /// of Juju's own of that name, if there is one.
    pub fn charm_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.charm_variables.push((name.into(), value.into()));
        self
    }

    /// Names the program that plays the hook tools and `juju-exec`, by its
    /// absolute path.
    ///
    /// Otherwise it is looked for in the variable `JUJU_SIM_TOOL`, beside the
    /// running executable and one folder up, and on `PATH`.
    pub fn tool_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.settings.tool_program = Some(program.into());
        self
    }

    /// Has the folders of agents and charms made in this folder, by its absolute
    /// path; otherwise in that for temporary files. They go with the simulator.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.folder = Some(folder.into());
        self
    }

    /// Sets after which time, by the wall clock, a charm's process is killed,
    /// so that a test ends by itself; otherwise a minute. The hook has failed then.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.settings.time_limit = limit;
        self
    }

    /// Sets how long, by the wall clock, connections to the agent's socket may
    /// outlive the charm's process before that is an error; otherwise 5 seconds.
    /// A real agent waits for ever.
    pub fn linger_limit(mut self, limit: Duration) -> Self {
        self.settings.linger_limit = limit;
        self
    }

    /// Lets something go wrong in the hook or action of that number, counted
    /// from 1 over all units; several faults can be given.
    /// [`Simulator::inject`] does it for the next one of a unit.
    pub fn inject(mut self, operation: usize, fault: Fault) -> Self {
        self.faults.entry(operation).or_default().push(fault);
        self
    }

    /// Lets [`Simulator::restore`] take states that Juju could not produce for
    /// the charm, such as recordings of which the charm is not known.
    pub fn unchecked_states(mut self) -> Self {
        self.settings.takes_any_state = true;
        self
    }

    pub(crate) fn version(&self) -> &JujuVersion {
        &self.version
    }

    /// Makes this one of many runs.
    pub(crate) fn on_trial(mut self, trial: Trial) -> Self {
        self.trial = Some(trial);
        self
    }

    /// Begins with an empty model.
    pub fn build(self) -> Simulator {
        let mut model = Model::new(self.model_name, self.version, self.seed);
        model.update_status_interval = self.update_status_interval;
        model.cloud = self.cloud.unwrap_or(model.cloud);
        // Apart from the ids, which stay the same whoever runs first.
        let order = self.interleaves.then(|| Ids::new(!self.seed));
        Simulator::begin(model, self.settings, order, self.faults, self.trial)
    }
}
