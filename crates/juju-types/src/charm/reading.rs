//! From the texts of all files to one charm.

use crate::charm::Charm;
use crate::charm::charm_actions::CharmActions;
use crate::charm::charm_config::CharmConfig;
use crate::charm::charm_fault::CharmFault;
use crate::charm::charm_files::{
    ACTIONS, CHARMCRAFT, CONFIG, CharmFiles, LXD_PROFILE, MANIFEST, METADATA,
};
use crate::charm::charm_metadata::CharmMetadata;
use crate::charm::charmcraft_yaml::CharmcraftYaml;
use crate::charm::findings::Findings;
use crate::charm::lxd_profile::check_lxd_profile;
use crate::charm::manifest::read_manifest;
use crate::charm::metadata_yaml::{check_format, read_metadata_yaml};
use crate::charm::sources::Sources;
use crate::charm::spot::Spot;
use crate::yaml::{self, Place};

/// Reads the charm, or reports why there is none. Faults may have been
/// reported even if there is one.
pub(super) fn read(files: &CharmFiles, findings: &Findings) -> Option<Charm> {
    let sources = Sources::read(files, findings);
    let charmcraft = sources.root(CHARMCRAFT).and_then(|root| CharmcraftYaml::read(&root));
    let charmcraft = charmcraft.as_ref();
    let mut packed = CharmFiles { charmcraft: None, ..files.clone() };

    if !sources.has(METADATA) {
        packed.metadata = charmcraft.map(|file| yaml::write(&file.metadata_node()));
    }
    let metadata = read_metadata(&sources, charmcraft, findings);

    let config = file_or_key(&sources, charmcraft, CONFIG, "config");
    packed.config = text_of(packed.config, config.as_ref());
    if let (Some(spot), Some(text)) = (&config, &packed.config)
        && text.len() > LARGEST_CONFIG
    {
        spot.warn("Juju 4 refuses config of more than 16 MiB");
    }
    let config = config.and_then(|spot| CharmConfig::read(&spot));

    let actions = file_or_key(&sources, charmcraft, ACTIONS, "actions");
    packed.actions = text_of(packed.actions, actions.as_ref());
    let charm_name = sources.root(METADATA).and_then(|root| root.entry("name"));
    let charm_name = charm_name.or_else(|| charmcraft?.fields.get("name"));
    let charm_name = charm_name.and_then(|name| name.quiet_text()).unwrap_or_default();
    let actions = actions.map(|spot| CharmActions::read(&spot, charm_name));

    if let Some(profile) = sources.root(LXD_PROFILE) {
        check_lxd_profile(&profile);
    }
    let bases = match sources.root(MANIFEST) {
        Some(manifest) => read_manifest(&manifest),
        None => charmcraft.map(|file| file.building.supported_bases()).unwrap_or_default(),
    };
    Some(Charm {
        actions: actions.unwrap_or_default(),
        bases,
        charmcraft: charmcraft.map(|file| file.building.clone()),
        config: config.unwrap_or_default(),
        metadata: metadata?,
        packed,
        warnings: Vec::new(),
    })
}

fn read_metadata(
    sources: &Sources<'_>,
    charmcraft: Option<&CharmcraftYaml<'_>>,
    findings: &Findings,
) -> Option<CharmMetadata> {
    if !sources.has(METADATA) {
        if !sources.has(CHARMCRAFT) {
            let message = "the file is missing; write it, or a charmcraft.yaml";
            findings.fault(CharmFault::new(METADATA, Place::TOP, "", message));
        }
        return charmcraft?.metadata();
    }
    let fields = sources.root(METADATA)?.fields()?;
    check_format(&fields, sources.has(MANIFEST) || sources.has(CHARMCRAFT));
    if let Some(charmcraft) = charmcraft {
        charmcraft.check_beside(&fields);
    }
    read_metadata_yaml(&fields)
}

/// Returns where the options or the actions are: in a file of their own, or
/// below a key of `charmcraft.yaml`, but not both.
fn file_or_key<'a>(
    sources: &'a Sources<'a>,
    charmcraft: Option<&CharmcraftYaml<'a>>,
    file: &str,
    key: &str,
) -> Option<Spot<'a>> {
    let spot = charmcraft.and_then(|charmcraft| charmcraft.fields.get(key));
    if !sources.has(file) {
        return spot;
    }
    if let Some(spot) = spot {
        spot.fault(format_args!("`{key}` cannot be given beside {file}"));
    }
    sources.root(file)
}

/// Returns the text that was given, or else writes the one of `spot`.
fn text_of(given: Option<String>, spot: Option<&Spot<'_>>) -> Option<String> {
    given.or_else(|| Some(yaml::write(spot?.node())))
}

/// In bytes.
const LARGEST_CONFIG: usize = 16 << 20;
