//! A package that a scratch machine can install.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A Debian package that apt finds on a scratch machine, with the files and
/// services that it brings.
///
/// ```
/// use charm_machine::{Machine, ScratchPackage};
///
/// let machine = Machine::scratch();
/// machine.as_scratch().expect("this is one").provide_package(
///     ScratchPackage::new("prometheus", "2.42.0")
///         .service("prometheus")
///         .file("/etc/prometheus/prometheus.yml", "scrape_configs: []\n"),
/// );
/// machine.apt().install(["prometheus"])?;
/// assert!(machine.is_active("prometheus")?);
/// assert!(machine.exists("/etc/prometheus/prometheus.yml")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScratchPackage {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) files: BTreeMap<String, String>,
}

impl ScratchPackage {
    /// Describes a package that brings nothing.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), files: BTreeMap::new() }
    }

    /// Adds a service, which is started and enabled when the package is
    /// installed. For a unit file of your own, use [`Self::file`].
    #[must_use]
    pub fn service(self, name: &str) -> Self {
        let name = name.strip_suffix(".service").unwrap_or(name);
        let path = format!("/usr/lib/systemd/system/{name}.service");
        self.file(path, unit_text(name))
    }

    /// Adds a file by its absolute path. One in `/usr/lib/systemd/system` is a
    /// unit.
    #[must_use]
    pub fn file(mut self, path: impl Into<String>, contents: impl Into<String>) -> Self {
        self.files.insert(path.into(), contents.into());
        self
    }
}

/// The unit file of a service of which no more is known.
pub(crate) fn unit_text(name: &str) -> String {
    format!(
        "[Unit]\nDescription={name} on a scratch machine\n\n\
         [Service]\nExecStart=/usr/bin/{name}\nExecReload=/bin/kill -HUP $MAINPID\n\n\
         [Install]\nWantedBy=multi-user.target\n"
    )
}
