//! What the twins are related to: a charm that publishes what a scenario says.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use juju_hook_env::{HookEnv, Juju, UnitAgent};
use juju_types::CharmFiles;

/// What a puppet is to do in its next hook.
#[derive(Clone, Debug)]
pub(super) enum Pull {
    /// Publish a setting in all relations of an endpoint; an empty text takes
    /// it back.
    Publish { endpoint: &'static str, key: String, text: String },
    /// Respond to all requests.
    Respond,
}

/// The strings of all puppets of a model, by unit.
pub(super) type Strings = Arc<Mutex<BTreeMap<String, Vec<Pull>>>>;

pub(super) fn files() -> CharmFiles {
    let metadata = "name: puppet\nsummary: s\ndescription: d\n\
                    provides: {db: {interface: twindb}, serve: {interface: twinjob}}\n\
                    requires: {ask: {interface: twinjob}}\n";
    CharmFiles::read(|name| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned())))
        .unwrap()
}

pub(super) fn run(variables: BTreeMap<String, String>, strings: &Strings) -> ExitCode {
    let unit = variables["JUJU_UNIT_NAME"].clone();
    let pulls = strings.lock().unwrap().remove(&unit).unwrap_or_default();
    let env = HookEnv::from_pairs(variables).unwrap();
    let juju = Juju::new(&env, UnitAgent::new(&env));
    for pull in pulls {
        match pull {
            Pull::Publish { endpoint, key, text } => {
                for relation in juju.relation_ids(&endpoint.parse().unwrap()).unwrap() {
                    juju.relation_set(&relation, [(key.clone(), text.clone())]).unwrap();
                }
            }
            Pull::Respond => respond(&juju),
        }
    }
    ExitCode::SUCCESS
}

fn respond(juju: &Juju) {
    for relation in juju.relation_ids(&"serve".parse().unwrap()).unwrap() {
        for unit in juju.relation_list(&relation).unwrap() {
            let data = juju.relation_get(&relation, &unit).unwrap();
            let ids = data.keys().filter_map(|key| key.strip_prefix("request_"));
            let responses: Vec<(String, String)> = ids
                .map(|id| {
                    let is_ok = !id.ends_with('1');
                    (format!("response_{id}"), format!("{{\"ok\": {is_ok}}}"))
                })
                .collect();
            juju.relation_set(&relation, responses).unwrap();
        }
    }
}
