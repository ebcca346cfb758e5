//! The texts of a charm's files.

/// The texts of the YAML files of a charm: as they lie in its project folder,
/// or as they are packed.
///
/// A file that does not exist is `None`; an empty one is not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CharmFiles {
    /// `actions.yaml`
    pub actions: Option<String>,
    /// `charmcraft.yaml`
    pub charmcraft: Option<String>,
    /// `config.yaml`
    pub config: Option<String>,
    /// `lxd-profile.yaml`
    pub lxd_profile: Option<String>,
    /// `manifest.yaml`
    pub manifest: Option<String>,
    /// `metadata.yaml`
    pub metadata: Option<String>,
}

impl CharmFiles {
    /// Asks `read` for each file by its name, such as `metadata.yaml`; it
    /// answers `None` for a file that does not exist.
    ///
    /// # Errors
    ///
    /// Returns the first error of `read`.
    pub fn read<E>(mut read: impl FnMut(&str) -> Result<Option<String>, E>) -> Result<Self, E> {
        Ok(Self {
            actions: read(ACTIONS)?,
            charmcraft: read(CHARMCRAFT)?,
            config: read(CONFIG)?,
            lxd_profile: read(LXD_PROFILE)?,
            manifest: read(MANIFEST)?,
            metadata: read(METADATA)?,
        })
    }

    /// Returns the name and the text of each file that exists, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            (ACTIONS, &self.actions),
            (CHARMCRAFT, &self.charmcraft),
            (CONFIG, &self.config),
            (LXD_PROFILE, &self.lxd_profile),
            (MANIFEST, &self.manifest),
            (METADATA, &self.metadata),
        ]
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.as_deref()?)))
    }
}

pub(super) const ACTIONS: &str = "actions.yaml";
pub(super) const CHARMCRAFT: &str = "charmcraft.yaml";
pub(super) const CONFIG: &str = "config.yaml";
pub(super) const LXD_PROFILE: &str = "lxd-profile.yaml";
pub(super) const MANIFEST: &str = "manifest.yaml";
pub(super) const METADATA: &str = "metadata.yaml";

#[cfg(test)]
mod tests {
    use super::CharmFiles;

    #[test]
    fn asks_for_each_file_and_lists_those_that_exist() {
        let mut asked = Vec::new();
        let files = CharmFiles::read(|name| {
            asked.push(name.to_owned());
            Ok::<_, ()>(name.starts_with('m').then(|| format!("# {name}\n")))
        })
        .unwrap();

        insta::assert_snapshot!(
            asked.join(" "),
            @"actions.yaml charmcraft.yaml config.yaml lxd-profile.yaml manifest.yaml metadata.yaml"
        );
        assert_eq!(
            files.iter().collect::<Vec<_>>(),
            [("manifest.yaml", "# manifest.yaml\n"), ("metadata.yaml", "# metadata.yaml\n")]
        );
    }

    #[test]
    fn passes_on_that_a_file_cannot_be_read() {
        assert_eq!(CharmFiles::read(|name| Err(name.to_owned())), Err("actions.yaml".to_owned()));
    }
}
