//! Checks that a charm and its YAML agree.

use std::collections::BTreeSet;
use std::path::Path;

use juju_types::{Charm as CharmDefinition, EndpointName, RelationRole};

use crate::charm::Charm;
use crate::charm::charm_yaml::CharmYaml;
use crate::charm::check_faults::{CheckFaults, CheckFolderError};
use crate::charm::config_fields::ConfigFields;
use crate::charm::hook_subject::HookSubject;
use crate::endpoint::binding::Binding;
use crate::flag::trigger::Trigger;
use crate::handler::When;
use crate::handler::hook_pattern::HookPattern;

impl<S: 'static> Charm<S> {
    /// Checks that the charm and its YAML agree: that the YAML has each
    /// endpoint, with the role and the interface that its type wants, each
    /// storage and container whose hooks are handled, and each option that the
    /// types given to [`config`](Self::config) read, with a type that fits; and
    /// that each action of either side is one of the other's, too.
    ///
    /// `cargo charm pack` refuses to pack a charm that does not pass.
    ///
    /// # Errors
    ///
    /// Returns all that does not fit, at once.
    pub fn check(&self, yaml: &CharmDefinition) -> Result<(), CheckFaults> {
        let mut check = Check { yaml, faults: Vec::new() };
        for binding in self.bindings.values() {
            check.endpoint(binding);
        }
        for interface in &self.interfaces {
            check.interface(interface.role, interface.interface);
        }
        for handler in &self.handlers {
            match &handler.when {
                When::Action(_) => {}
                When::Event(patterns) => {
                    for pattern in patterns {
                        check.hooks(&handler.name, pattern);
                    }
                }
                When::Flags(condition) => {
                    for pattern in condition.hooks() {
                        check.hooks(&handler.name, pattern);
                    }
                }
            }
        }
        let effects = self.triggers.iter().flat_map(Trigger::effects);
        let effects = effects.map(|(flag, _)| flag.as_str());
        for flag in self.interest.iter().chain(effects).collect::<BTreeSet<_>>() {
            check.flag(flag, |endpoint| self.bindings.contains_key(endpoint));
        }
        check.actions(&self.handlers.iter().map(|handler| &handler.when).collect::<Vec<_>>());
        for fields in &self.config {
            check.config(&fields());
        }
        CheckFaults::of(check.faults)
    }

    /// Checks the charm, as [`check`](Self::check) does, against the YAML files
    /// in a folder. In the tests of a charm, this is one line:
    ///
    /// ```
    /// # use reactive_endpoints::{Charm, CheckFolderError};
    /// # fn charm() -> Charm<()> {
    /// #     Charm::new(())
    /// # }
    /// # /*
    /// #[test]
    /// # */
    /// fn the_charm_fits_its_yaml() {
    ///     charm().check_folder(env!("CARGO_MANIFEST_DIR")).unwrap();
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`CheckFolderError::Faults`] with all that does not fit, or
    /// [`CheckFolderError::Yaml`] if the files cannot be read.
    pub fn check_folder(&self, folder: impl AsRef<Path>) -> Result<(), CheckFolderError> {
        let yaml = CharmYaml::definition(folder.as_ref()).map_err(CheckFolderError::Yaml)?;
        Ok(self.check(&yaml)?)
    }
}

/// One comparison, and what it has found.
struct Check<'a> {
    yaml: &'a CharmDefinition,
    faults: Vec<String>,
}

impl<'a> Check<'a> {
    fn fault(&mut self, fault: String) {
        // Two handlers of one hook are one fault only if their names are one.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn endpoint(&mut self, binding: &Binding) {
        let name: &str = &binding.name;
        let Some((role, interface)) = self.find_endpoint(name) else {
            let others = self.endpoint_names();
            return self.fault(format!("there is no endpoint `{name}`{others}"));
        };
        if let Some(wanted) = binding.role.filter(|wanted| *wanted != role) {
            let type_name = (binding.type_name)();
            self.fault(format!(
                "the endpoint `{name}` has the role `{role}`, and `{type_name}` is for `{wanted}`"
            ));
        }
        if let Some(wanted) = binding.interface.filter(|wanted| *wanted != interface) {
            let type_name = (binding.type_name)();
            self.fault(format!(
                "the endpoint `{name}` has the interface `{interface}`, and `{type_name}` is for \
                 `{wanted}`"
            ));
        }
    }

    fn interface(&mut self, role: RelationRole, interface: &str) {
        if self.endpoints_of(role, interface).is_empty() {
            self.fault(format!(
                "there is no endpoint with the role `{role}` and the interface `{interface}`"
            ));
        }
    }

    fn hooks(&mut self, handler: &str, pattern: &HookPattern) {
        for (role, interface) in pattern.interfaces() {
            self.interface(role, interface.as_str());
        }
        let names = pattern.names(|role, interface| self.endpoints_of(role, interface));
        for hook in names {
            let metadata = self.yaml.metadata();
            let missing = match HookSubject::of(&hook) {
                Some(HookSubject::Container(name)) => {
                    let is_known = metadata.containers.keys().any(|known| known.as_str() == name);
                    (!is_known).then(|| format!("container `{name}`"))
                }
                Some(HookSubject::Endpoint(name)) => (self.find_endpoint(name).is_none())
                    .then(|| format!("endpoint `{name}`{}", self.endpoint_names())),
                Some(HookSubject::Storage(name)) => {
                    let is_known = metadata.storage.keys().any(|known| known.as_str() == name);
                    (!is_known).then(|| format!("storage `{name}`"))
                }
                None => None,
            };
            if let Some(missing) = missing {
                self.fault(format!(
                    "the handler `{handler}` waits for the hook `{hook}`, and there is no {missing}"
                ));
            }
        }
    }

    /// Checks a flag whose name says which endpoint or option it is about.
    fn flag(&mut self, flag: &str, is_bound: impl Fn(&str) -> bool) {
        let mut parts = flag.splitn(3, '.');
        let missing = match (parts.next(), parts.next(), parts.next()) {
            // What is bound was looked at already.
            (Some("endpoint"), Some(name), Some(_)) => (!is_bound(name)
                && self.find_endpoint(name).is_none())
            .then(|| format!("endpoint `{name}`{}", self.endpoint_names())),
            (Some("config"), Some("changed" | "default" | "set"), Some(option)) => {
                let is_known = self.yaml.config().option(option).is_some();
                (!is_known).then(|| format!("option `{option}`"))
            }
            _ => None,
        };
        if let Some(missing) = missing {
            self.fault(format!("the flag `{flag}` means nothing, as there is no {missing}"));
        }
    }

    fn actions(&mut self, handlers: &[&When]) {
        let handled = || {
            handlers.iter().filter_map(|when| match when {
                When::Action(name) => Some(name),
                _ => None,
            })
        };
        for name in handled() {
            if self.yaml.actions().get(name).is_none() {
                self.fault(format!("there is no action `{name}`, for which there is a handler"));
            }
        }
        for (name, _) in self.yaml.actions().iter() {
            if !handled().any(|handled| handled == name) {
                self.fault(format!("the action `{name}` has no handler"));
            }
        }
    }

    fn config(&mut self, config: &ConfigFields) {
        let type_name = config.type_name;
        for (name, kind) in &config.fields {
            let Some(option) = self.yaml.config().option(name) else {
                self.fault(format!("there is no option `{name}`, which `{type_name}` reads"));
                continue;
            };
            if let Some(kind) = kind.filter(|kind| !kind.takes(option.kind)) {
                self.fault(format!(
                    "the option `{name}` is of the type `{}`, and `{type_name}` reads {kind}",
                    option.kind
                ));
            }
        }
    }

    /// Returns the role and the interface of an endpoint.
    fn find_endpoint(&self, name: &str) -> Option<(RelationRole, &'a str)> {
        let mut endpoints = self.yaml.metadata().endpoints();
        let found = endpoints.find(|(known, _)| known.as_str() == name);
        let found = found.map(|(_, endpoint)| (endpoint.role, endpoint.interface.as_str()));
        // Juju gives it to every charm.
        found.or_else(|| (name == "juju-info").then_some((RelationRole::Provider, "juju-info")))
    }

    fn endpoints_of(&self, role: RelationRole, interface: &str) -> Vec<EndpointName> {
        CharmYaml::of(self.yaml).endpoints(role, interface)
    }

    /// Returns which endpoints there are, as the end of a sentence.
    fn endpoint_names(&self) -> String {
        let names = self.yaml.metadata().endpoints().map(|(name, _)| format!("`{name}`"));
        match names.collect::<Vec<_>>().as_slice() {
            [] => String::new(),
            names => format!("; there is {}", names.join(", ")),
        }
    }
}
