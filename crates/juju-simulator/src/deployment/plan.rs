use std::collections::BTreeMap;

use juju_types::{
    ApplicationName, Charm, CharmBase, MachineId, ResourceName, StorageCount, StorageName,
};

use super::Deployment;
use crate::deploy_error::DeployError;
use crate::model::{BindingChange, Config, ConfigRefusal, Model, Resource};
use crate::storage_directive::StorageDirective;

/// What a deployment comes to, once all that it asks for was found possible.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The machine of each unit; none is a new one.
    pub(crate) units: Vec<Option<MachineId>>,
    config: Config,
    resources: BTreeMap<String, Resource>,
    storage: BTreeMap<StorageName, u32>,
    bindings: BindingChange,
    is_trusted: bool,
    base: Option<CharmBase>,
}

impl Plan {
    /// Checks a deployment of a charm into a model.
    pub(crate) fn new(
        deployment: Deployment,
        charm: &Charm,
        model: &Model,
    ) -> Result<Self, DeployError> {
        let base = base_of(&deployment, charm)?;
        let units = units_of(&deployment, charm, base.as_ref(), model)?;
        let mut config = Config::new(charm.config());
        config.set(&deployment.config).map_err(|refusal| match refusal {
            ConfigRefusal::UnknownOption { option } => DeployError::UnknownOption { option },
            ConfigRefusal::WrongType { option, expected, text } => {
                DeployError::WrongType { option, expected, value: text }
            }
        })?;
        let bindings = BindingChange::read(&deployment.bindings, charm.metadata(), model)
            .map_err(DeployError::Binding)?;
        let storage = storage_of(&deployment, charm)?;
        let is_trusted = deployment.is_trusted;
        let resources = resources_of(deployment.resources, charm)?;
        Ok(Self { units, config, resources, storage, bindings, is_trusted, base })
    }

    /// Makes a new application as the plan says; the units are still to come.
    pub(crate) fn apply(self, model: &mut Model, name: &ApplicationName) {
        let Some(application) = model.application_mut(name) else { return };
        application.config = self.config;
        application.resources = self.resources;
        application.storage = self.storage;
        application.bindings.merge(&self.bindings);
        application.is_trusted = self.is_trusted;
        if let Some(base) = self.base {
            application.base = base;
        }
    }
}

fn base_of(deployment: &Deployment, charm: &Charm) -> Result<Option<CharmBase>, DeployError> {
    let bases = || charm.bases().iter().map(|supported| &supported.base);
    let Some(text) = &deployment.base else { return Ok(bases().next().cloned()) };
    let base: CharmBase = text.parse().map_err(DeployError::Base)?;
    let is_supported = bases().any(|supported| is_same(supported, &base));
    if is_supported || charm.bases().is_empty() {
        return Ok(Some(base));
    }
    let supported = bases().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Err(DeployError::UnsupportedBase { base: text.clone(), supported })
}

fn units_of(
    deployment: &Deployment,
    charm: &Charm,
    base: Option<&CharmBase>,
    model: &Model,
) -> Result<Vec<Option<MachineId>>, DeployError> {
    let placements = &deployment.placements;
    if charm.metadata().subordinate {
        if deployment.units.is_some_and(|units| units > 0) || !placements.is_empty() {
            let application = deployment.application.clone();
            return Err(DeployError::SubordinateUnits { application });
        }
        return Ok(Vec::new());
    }
    let units = deployment.units.unwrap_or(1);
    if placements.len() > units {
        return Err(DeployError::Placements { placements: placements.len(), units });
    }
    let machines = placements.iter().map(|text| check_machine(text, base, model).map(Some));
    let mut machines = machines.collect::<Result<Vec<_>, _>>()?;
    machines.resize(units, None);
    Ok(machines)
}

/// Finds a machine that a unit on some base can be put on.
pub(crate) fn check_machine(
    text: &str,
    base: Option<&CharmBase>,
    model: &Model,
) -> Result<MachineId, DeployError> {
    let id: Option<MachineId> = text.parse().ok();
    let found = id.and_then(|id| model.machines.get(&id));
    let found = found.ok_or_else(|| DeployError::NoMachine { machine: text.to_owned() })?;
    match base.filter(|base| !is_same(base, &found.base)) {
        None => Ok(found.id.clone()),
        Some(base) => Err(DeployError::OtherBase {
            machine: text.to_owned(),
            base: Box::new(base.clone()),
            machine_base: Box::new(found.base.clone()),
        }),
    }
}

/// Tells whether two bases are the same, whatever their risk.
fn is_same(one: &CharmBase, other: &CharmBase) -> bool {
    one.name() == other.name() && one.channel().track() == other.channel().track()
}

fn storage_of(
    deployment: &Deployment,
    charm: &Charm,
) -> Result<BTreeMap<StorageName, u32>, DeployError> {
    let mut counts = BTreeMap::new();
    for (storage, directive) in &deployment.storage {
        let known: Option<StorageName> = storage.parse().ok();
        let found = known.and_then(|name| charm.metadata().storage.get_key_value(&name));
        let (name, definition) = found.ok_or_else(|| DeployError::NoStorage {
            charm: charm.name().clone(),
            storage: storage.clone(),
        })?;
        let directive = StorageDirective::read(directive).map_err(DeployError::StorageDirective)?;
        let count = directive.count.unwrap_or(definition.count.minimum.max(1));
        let refuse = |rule| DeployError::StorageCount {
            charm: charm.name().clone(),
            storage: name.clone(),
            rule,
            count,
        };
        let StorageCount { minimum, maximum, .. } = definition.count;
        if count < minimum {
            return Err(refuse(format!("{minimum} instances required")));
        }
        if let Some(maximum) = maximum.filter(|maximum| count > *maximum) {
            return Err(refuse(format!("at most {maximum} instances supported")));
        }
        counts.insert(name.clone(), count);
    }
    Ok(counts)
}

fn resources_of(
    contents: BTreeMap<String, Vec<u8>>,
    charm: &Charm,
) -> Result<BTreeMap<String, Resource>, DeployError> {
    let defined = &charm.metadata().resources;
    let resource = |(name, content): (String, Vec<u8>)| {
        let known: Option<ResourceName> = name.parse().ok();
        match known.and_then(|known| defined.get(&known)) {
            Some(definition) => Ok((name, Resource::new(&definition.kind, content))),
            None => Err(DeployError::NoResource { resource: name }),
        }
    };
    contents.into_iter().map(resource).collect()
}
