mod plan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use juju_types::CharmFiles;

use crate::in_process::InProcess;

pub(crate) use plan::{Plan, check_machine};

/// All that `juju deploy` can be told about an application.
///
/// ```
/// use juju_simulator::{Deployment, Simulator};
/// use juju_types::CharmFiles;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let files = CharmFiles::read(|name| Ok::<_, ()>(match name {
/// #     "metadata.yaml" => Some("{name: web, summary: s, description: d, requires: {db: {interface: sql}}}".into()),
/// #     "config.yaml" => Some("options: {port: {type: int, default: 80}}".into()),
/// #     _ => None,
/// # })).unwrap();
/// let mut juju = Simulator::new();
/// juju.add_machine("ubuntu@24.04")?;
/// juju.add_space("internal", ["192.168.7.0/24"])?;
///
/// let web = Deployment::in_process(&files, "web", |_variables| 0)
///     .units(2)
///     .to("0") // the first unit; the second one gets a machine of its own
///     .config("port", 9100)
///     .bind("db=internal")
///     .trust();
/// let units = juju.deploy_with(web)?;
/// assert_eq!(units.len(), 2);
/// # Ok(())
/// # }
/// ```
///
/// Nothing is checked before [`Simulator::deploy_with`].
///
/// [`Simulator::deploy_with`]: crate::Simulator::deploy_with
#[derive(Clone, Debug)]
#[must_use = "`Simulator::deploy_with` takes it"]
pub struct Deployment {
    pub(crate) source: CharmSource,
    pub(crate) application: String,
    units: Option<usize>,
    placements: Vec<String>,
    config: Vec<(String, String)>,
    resources: BTreeMap<String, Vec<u8>>,
    storage: BTreeMap<String, String>,
    bindings: String,
    is_trusted: bool,
    base: Option<String>,
}

/// Where a charm comes from.
#[derive(Clone, Debug)]
pub(crate) enum CharmSource {
    InProcess { files: CharmFiles, run: InProcess },
    Path(PathBuf),
}

impl Deployment {
    /// Deploys a `.charm` file, or a folder with what would be packed.
    pub fn new(charm: impl AsRef<Path>, application: &str) -> Self {
        Self::of(CharmSource::Path(charm.as_ref().to_owned()), application)
    }

    /// Deploys a charm that is a function of this process, see
    /// [`Simulator::deploy_in_process`](crate::Simulator::deploy_in_process).
    pub fn in_process<C: Into<ExitCode>>(
        charm: &CharmFiles,
        application: &str,
        run: impl Fn(BTreeMap<String, String>) -> C + Send + Sync + 'static,
    ) -> Self {
        let source = CharmSource::InProcess { files: charm.clone(), run: InProcess::new(run) };
        Self::of(source, application)
    }

    fn of(source: CharmSource, application: &str) -> Self {
        Self {
            source,
            application: application.to_owned(),
            units: None,
            placements: Vec::new(),
            config: Vec::new(),
            resources: BTreeMap::new(),
            storage: BTreeMap::new(),
            bindings: String::new(),
            is_trusted: false,
            base: None,
        }
    }

    /// Begins with so many units; otherwise one, or none for a subordinate:
    /// `--num-units`.
    pub fn units(mut self, units: usize) -> Self {
        self.units = Some(units);
        self
    }

    /// Puts the next unit on a machine that is there, such as `0`: `--to`.
    /// Units for which no machine is named get one of their own.
    pub fn to(mut self, machine: &str) -> Self {
        self.placements.push(machine.to_owned());
        self
    }

    /// Sets a config option: `--config port=9100`.
    #[expect(clippy::needless_pass_by_value, reason = "a number or a text reads best as it is")]
    pub fn config(mut self, option: &str, value: impl ToString) -> Self {
        self.config.push((option.to_owned(), value.to_string()));
        self
    }

    /// Gives the content of a resource: `--resource`.
    pub fn resource(mut self, resource: &str, content: impl Into<Vec<u8>>) -> Self {
        self.resources.insert(resource.to_owned(), content.into());
        self
    }

    /// Says how much storage each unit begins with, as a storage directive
    /// such as `2` or `ebs,2,10G`: `--storage data=2`. Pools and sizes are not
    /// simulated.
    pub fn storage(mut self, storage: &str, directive: &str) -> Self {
        self.storage.insert(storage.to_owned(), directive.to_owned());
        self
    }

    /// Binds endpoints to network spaces, such as `db=internal dmz`; a space
    /// alone is for all other endpoints: `--bind`.
    pub fn bind(mut self, bindings: &str) -> Self {
        self.bindings = format!("{} {bindings}", self.bindings);
        self
    }

    /// Lets the application have the credential of the cloud: `--trust`.
    pub fn trust(mut self) -> Self {
        self.is_trusted = true;
        self
    }

    /// Chooses one of the bases that the charm supports, such as
    /// `ubuntu@24.04`; otherwise it is the first: `--base`.
    pub fn base(mut self, base: &str) -> Self {
        self.base = Some(base.to_owned());
        self
    }
}
