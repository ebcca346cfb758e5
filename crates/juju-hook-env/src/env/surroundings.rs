//! What the variables say about the unit's surroundings.

use std::path::PathBuf;

use juju_types::{MachineId, UnitName};

use super::HookEnv;
use super::agent_socket::AgentSocket;
use super::kubernetes::KubernetesApi;
use super::proxy::{ProxySettings, ProxyUrl};
use super::trace_config::TraceConfig;
use super::trace_parent::TraceParent;
use super::variable as var;
use crate::agent_route::AgentRoute;
use crate::host_port::HostPort;

/// # Where the run takes place
impl HookEnv {
    /// Returns which way the operator wants hook tools to be called, if any.
    pub fn agent_route(&self) -> Option<AgentRoute> {
        self.agent_route
    }

    /// Returns where the agent listens for calls of hook tools.
    pub fn agent_socket(&self) -> Option<&AgentSocket> {
        self.agent_socket.as_ref()
    }

    /// Returns the addresses of the controller, which are of use for agents only.
    pub fn api_addresses(&self) -> &[HostPort] {
        &self.api_addresses
    }

    /// Returns what keeps package installations quiet: `none`.
    pub fn apt_listchanges_frontend(&self) -> Option<&str> {
        self.text(var::APT_LISTCHANGES_FRONTEND)
    }

    /// Returns the availability zone of the machine, if the cloud has zones.
    pub fn availability_zone(&self) -> Option<&str> {
        self.text(var::JUJU_AVAILABILITY_ZONE)
    }

    /// Returns the version of the cloud's API, which is mostly absent outside
    /// Kubernetes.
    pub fn cloud_api_version(&self) -> Option<&str> {
        self.text(var::CLOUD_API_VERSION)
    }

    /// Returns what keeps package installations from asking: `noninteractive`.
    pub fn debian_frontend(&self) -> Option<&str> {
        self.text(var::DEBIAN_FRONTEND)
    }

    /// Returns what Kubernetes says about its API, which machine charms never see.
    pub fn kubernetes(&self) -> Option<&KubernetesApi> {
        self.kubernetes.as_ref()
    }

    /// Returns the locale, `C.UTF-8`.
    pub fn lang(&self) -> Option<&str> {
        self.text(var::LANG)
    }

    /// Returns the model's old-style proxies, which Juju sets in the
    /// environment for programs to find.
    pub fn legacy_proxies(&self) -> ProxySettings {
        let either = |lower, upper| self.text(lower).or(self.text(upper));
        ProxySettings {
            ftp: either(var::FTP_PROXY_LOWER, var::FTP_PROXY).map(ProxyUrl::new),
            http: either(var::HTTP_PROXY_LOWER, var::HTTP_PROXY).map(ProxyUrl::new),
            https: either(var::HTTPS_PROXY_LOWER, var::HTTPS_PROXY).map(ProxyUrl::new),
            no_proxy: either(var::NO_PROXY_LOWER, var::NO_PROXY).map(str::to_owned),
        }
    }

    /// Returns the machine that the unit runs on, which is absent on Kubernetes.
    pub fn machine_id(&self) -> Option<&MachineId> {
        self.machine_id.as_ref()
    }

    /// Returns the unit that this unit is a subordinate of, if it is one.
    pub fn principal(&self) -> Option<&UnitName> {
        self.principal.as_ref()
    }

    /// Returns the model's proxies, which the charm has to apply itself.
    pub fn proxies(&self) -> ProxySettings {
        ProxySettings {
            ftp: self.text(var::JUJU_CHARM_FTP_PROXY).map(ProxyUrl::new),
            http: self.text(var::JUJU_CHARM_HTTP_PROXY).map(ProxyUrl::new),
            https: self.text(var::JUJU_CHARM_HTTPS_PROXY).map(ProxyUrl::new),
            no_proxy: self.text(var::JUJU_CHARM_NO_PROXY).map(str::to_owned),
        }
    }

    /// Returns the folders in which programs are found, the hook tools first,
    /// as the variable `PATH` has them.
    pub fn search_path(&self) -> Option<&str> {
        self.text(var::PATH)
    }

    /// Returns the service level of the model (up to 3.6).
    pub fn sla(&self) -> Option<&str> {
        self.text(var::JUJU_SLA)
    }

    /// Returns the kind of terminal.
    pub fn term(&self) -> Option<&str> {
        self.text(var::TERM)
    }

    /// Returns the folder with the hook tools, the first of the
    /// [search path](Self::search_path).
    pub fn tools_dir(&self) -> Option<PathBuf> {
        std::env::split_paths(self.search_path()?).next()
    }

    /// Returns where the model wants traces to be sent (4.0.6 and later).
    pub fn trace_config(&self) -> TraceConfig {
        let owned = |name| self.text(name).map(str::to_owned);
        TraceConfig {
            ca_cert: owned(var::JUJU_CHARM_TRACE_CONFIG_CA_CERT),
            grpc: owned(var::JUJU_CHARM_TRACE_CONFIG_GRPC),
            http: owned(var::JUJU_CHARM_TRACE_CONFIG_HTTP),
        }
    }

    /// Returns the agent's own span, if it traces (4.0 and later).
    pub fn trace_parent(&self) -> Option<&TraceParent> {
        self.trace_parent.as_ref()
    }
}
