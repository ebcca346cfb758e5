//! What one can ask of a version of Juju.
//!
//! A pre-release counts as the release it leads to: `4.0-beta1` is asked as
//! `4.0.0`, because its code is already that of 4.0.

use super::JujuVersion;
use crate::secret_limits::SecretLimits;

/// Features, in the order in which they came.
impl JujuVersion {
    /// Tells whether a unit has a state of its own at the controller: the
    /// tools [`state-get`], `state-set` and `state-delete` (2.8).
    ///
    /// [`state-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-get/
    pub fn has_charm_state(&self) -> bool {
        self.is_at_least(2, 8, 0)
    }

    /// Tells whether Juju runs the charm's program `dispatch` and sets
    /// `JUJU_DISPATCH_PATH` (2.8). Before, there was one program for each hook.
    pub fn has_dispatch(&self) -> bool {
        self.is_at_least(2, 8, 0)
    }

    /// Tells whether storage hooks come with `JUJU_STORAGE_ID`,
    /// `JUJU_STORAGE_KIND` and `JUJU_STORAGE_LOCATION` (2.9.1). Without them
    /// only the name of the hook says which storage is meant.
    pub fn has_storage_variables(&self) -> bool {
        self.is_at_least(2, 9, 1)
    }

    /// Tells whether pre-series-upgrade comes with `JUJU_TARGET_SERIES` (2.9.1
    /// to 3.6).
    pub fn has_target_series(&self) -> bool {
        self.is_at_least(2, 9, 1) && self.has_series_upgrade()
    }

    /// Tells whether the program that runs a command in a unit's context is
    /// called [`juju-exec`] (3.0). Before, it was `juju-run`.
    ///
    /// [`juju-exec`]: https://documentation.ubuntu.com/juju/3.6/reference/juju-cli/list-of-juju-cli-commands/exec/
    pub fn has_juju_exec(&self) -> bool {
        self.is_at_least(3, 0, 0)
    }

    /// Tells whether there are secrets: the tool [`secret-get`], its seven
    /// siblings and the hook `secret-changed` (3.0).
    ///
    /// [`secret-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-get/
    pub fn has_secrets(&self) -> bool {
        self.is_at_least(3, 0, 0)
    }

    /// Tells whether the agent adds `return-code`, `stdout` and `stderr` to the
    /// results of an action (3.0). Before, they were called `Code`, `Stdout`
    /// and `Stderr`, and the code was a text.
    pub fn has_lower_case_action_results(&self) -> bool {
        self.is_at_least(3, 0, 0)
    }

    /// Tells whether port 0 can be opened (3.0). Before, [`open-port`] wanted
    /// ports from 1 to 65535.
    ///
    /// [`open-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/open-port/
    pub fn has_port_zero(&self) -> bool {
        self.is_at_least(3, 0, 0)
    }

    /// Tells whether pre-series-upgrade comes with `JUJU_TARGET_BASE` (3.0.1 to
    /// 3.6).
    pub fn has_target_base(&self) -> bool {
        self.is_at_least(3, 0, 1) && self.has_series_upgrade()
    }

    /// Tells whether the hooks `secret-rotate` and `secret-expired` can be
    /// relied on (3.0.2). Before, a charm must renew its secrets by itself.
    pub fn has_secret_rotation(&self) -> bool {
        self.is_at_least(3, 0, 2)
    }

    /// Tells whether [`secret-info-get`] lists who may read a secret (3.3).
    ///
    /// [`secret-info-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-info-get/
    pub fn has_secret_access_info(&self) -> bool {
        self.is_at_least(3, 3, 0)
    }

    /// Tells whether a config option can have the type `secret` (3.3).
    pub fn has_secret_options(&self) -> bool {
        self.is_at_least(3, 3, 0)
    }

    /// Tells whether there is the hook `pebble-custom-notice` (3.4).
    pub fn has_pebble_notices(&self) -> bool {
        self.is_at_least(3, 4, 0)
    }

    /// Tells whether [`relation-ids`] leaves out the relation whose
    /// `relation-broken` hook is running (3.4.4, and 3.5.1 but not 3.5.0).
    /// Otherwise a charm must leave it out by itself.
    ///
    /// [`relation-ids`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-ids/
    pub fn hides_broken_relation(&self) -> bool {
        self.is_at_least(3, 4, 4) && (self.major, self.minor, self.release_patch()) != (3, 5, 0)
    }

    /// Tells whether there are the hooks `pebble-check-failed` and
    /// `pebble-check-recovered` (3.6).
    pub fn has_pebble_checks(&self) -> bool {
        self.is_at_least(3, 6, 0)
    }

    /// Tells whether [`relation-model-get`] exists, which names the model of
    /// the remote application (3.6.2).
    ///
    /// [`relation-model-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-model-get/
    pub fn has_relation_model(&self) -> bool {
        self.is_at_least(3, 6, 2)
    }

    /// Returns how large a secret may be, or nothing before there were
    /// secrets. What is larger is refused by [`secret-add`] and `secret-set`.
    ///
    /// [`secret-add`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-add/
    pub fn secret_limits(&self) -> Option<SecretLimits> {
        if self.is_at_least(3, 6, 9) {
            Some(SecretLimits::ENCODED_1M)
        } else if self.is_at_least(3, 3, 2) {
            Some(SecretLimits::PLAIN_8K)
        } else if self.has_secrets() {
            Some(SecretLimits::PLAIN_5K)
        } else {
            None
        }
    }

    /// Tells whether an action refuses parameters that it does not declare,
    /// unless it sets `additionalProperties` (4.0). Before, they reached the charm.
    pub fn refuses_undeclared_parameters(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Tells whether a charm without `bases` in its `manifest.yaml` is refused (4.0).
    pub fn requires_bases(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Tells whether [`secret-get`] says of a secret that is not granted that it
    /// is not allowed to be read (4.0). Before, it said `permission denied`.
    ///
    /// [`secret-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-get/
    pub fn names_secret_readers(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Tells whether [`network-get`] says which kind of address is missing, and
    /// shows a binding without an address to bind to (4.0).
    ///
    /// [`network-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/network-get/
    pub fn tells_network_addresses_apart(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Tells whether what is too long for [`state-set`] exceeds a `quota limit`
    /// by the words of the error (4.0).
    ///
    /// [`state-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-set/
    pub fn has_quota_errors(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Returns how many bytes of keys and values a unit or an application can
    /// publish in one relation, if there is a limit of Juju's own: 16 MiB from
    /// 4.0 on.
    pub fn max_relation_data(&self) -> Option<usize> {
        self.is_at_least(4, 0, 0).then_some(16 * 1024 * 1024)
    }

    /// Tells whether an agent that traces gives the charm `JUJU_TRACE_ID`,
    /// `JUJU_SPAN_ID` and `JUJU_TRACE_FLAGS` (4.0).
    pub fn has_tracing(&self) -> bool {
        self.is_at_least(4, 0, 0)
    }

    /// Tells whether a charm learns where to send its own traces:
    /// `JUJU_CHARM_TRACE_CONFIG_HTTP`, `_GRPC` and `_CA_CERT` (4.0.6).
    pub fn has_charm_trace_config(&self) -> bool {
        self.is_at_least(4, 0, 6)
    }
}

/// Features that have gone.
impl JujuVersion {
    /// Tells whether there are the hooks `collect-metrics` and
    /// `meter-status-changed` and the tool `add-metric` (up to 3.6.9).
    pub fn has_metering(&self) -> bool {
        !self.is_at_least(3, 6, 10)
    }

    /// Tells whether there are [`leader-get`], `leader-set` and the hook
    /// `leader-settings-changed` (up to 3.6). A peer relation's application
    /// data serve the same purpose in every version.
    ///
    /// [`leader-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/leader-get/
    pub fn has_leader_settings(&self) -> bool {
        !self.is_at_least(4, 0, 0)
    }

    /// Tells whether `private-address` is among what Juju itself publishes for a
    /// unit in a relation, as a copy of `ingress-address` (up to 3.6, as the
    /// [upgrade guide] says).
    ///
    /// [upgrade guide]: https://documentation.ubuntu.com/juju/3.6/howto/manage-your-juju-deployment/upgrade-your-juju-deployment-from-36-to-40/
    pub fn publishes_private_address(&self) -> bool {
        !self.is_at_least(4, 0, 0)
    }

    /// Tells whether [`network-get`] looks first whether the charm has the
    /// endpoint, and says so if not (up to 3.6).
    ///
    /// [`network-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/network-get/
    pub fn checks_network_bindings(&self) -> bool {
        !self.is_at_least(4, 0, 0)
    }

    /// Tells whether a model has a service level, which a charm finds in
    /// `JUJU_SLA` (up to 3.6).
    pub fn has_service_level(&self) -> bool {
        !self.is_at_least(4, 0, 0)
    }

    /// Tells whether there are the hooks `pre-series-upgrade` and
    /// `post-series-upgrade` (up to 3.6).
    pub fn has_series_upgrade(&self) -> bool {
        !self.is_at_least(4, 0, 0)
    }
}

impl JujuVersion {
    fn is_at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        (self.major, self.minor, self.release_patch()) >= (major, minor, patch)
    }

    /// Returns the patch number of the release that this version is, or leads to.
    fn release_patch(&self) -> u32 {
        if self.pre_release().is_some() { 0 } else { self.patch }
    }
}

#[cfg(test)]
mod tests {
    use super::JujuVersion;

    /// Asserts that the answer changes once, between the two versions.
    #[track_caller]
    fn check_since(question: fn(&JujuVersion) -> bool, before: &str, since: &str) {
        assert!(!question(&before.parse().unwrap()), "{before}");
        assert!(question(&since.parse().unwrap()), "{since}");
        assert!(question(&JujuVersion::new(5, 0, 0)), "later than {since}");
    }

    #[track_caller]
    fn check_until(question: fn(&JujuVersion) -> bool, last: &str, after: &str) {
        assert!(question(&JujuVersion::new(2, 9, 0)), "earlier than {last}");
        assert!(question(&last.parse().unwrap()), "{last}");
        assert!(!question(&after.parse().unwrap()), "{after}");
    }

    #[test]
    fn knows_since_when_there_is_what() {
        check_since(JujuVersion::has_charm_state, "2.7.8", "2.8.0");
        check_since(JujuVersion::has_dispatch, "2.7.8", "2.8.0");
        check_since(JujuVersion::has_storage_variables, "2.9.0", "2.9.1");
        check_since(JujuVersion::has_juju_exec, "2.9.52", "3.0.0");
        check_since(JujuVersion::has_secrets, "2.9.52", "3.0.0");
        check_since(JujuVersion::has_port_zero, "2.9.52", "3.0.0");
        check_since(JujuVersion::has_secret_rotation, "3.0.1", "3.0.2");
        check_since(JujuVersion::has_secret_access_info, "3.2.4", "3.3.0");
        check_since(JujuVersion::has_secret_options, "3.2.4", "3.3.0");
        check_since(JujuVersion::has_pebble_notices, "3.3.6", "3.4.0");
        check_since(JujuVersion::has_pebble_checks, "3.5.7", "3.6.0");
        check_since(JujuVersion::has_relation_model, "3.6.1", "3.6.2");
        check_since(JujuVersion::refuses_undeclared_parameters, "3.6.28", "4.0.0");
        check_since(JujuVersion::requires_bases, "3.6.28", "4.0.0");
        check_since(JujuVersion::has_tracing, "3.6.28", "4.0.0");
        check_since(JujuVersion::has_lower_case_action_results, "2.9.52", "3.0.0");
        check_since(JujuVersion::names_secret_readers, "3.6.28", "4.0.0");
        check_since(JujuVersion::tells_network_addresses_apart, "3.6.28", "4.0.0");
        check_since(JujuVersion::has_quota_errors, "3.6.28", "4.0.0");
        check_since(|version| version.max_relation_data().is_some(), "3.6.28", "4.0.0");
        check_since(JujuVersion::has_charm_trace_config, "4.0.5", "4.0.6");
    }

    #[test]
    fn knows_until_when_there_was_what() {
        check_until(JujuVersion::has_metering, "3.6.9", "3.6.10");
        check_until(JujuVersion::has_leader_settings, "3.6.28", "4.0.0");
        check_until(JujuVersion::has_series_upgrade, "3.6.28", "4.0.0");
        check_until(JujuVersion::publishes_private_address, "3.6.28", "4.0.0");
        check_until(JujuVersion::checks_network_bindings, "3.6.28", "4.0.0");
        check_until(JujuVersion::has_service_level, "3.6.28", "4.0.0");
    }

    #[test]
    fn knows_what_came_and_went_again() {
        let answers = |question: fn(&JujuVersion) -> bool, versions: [&str; 4]| {
            versions.map(|version| question(&version.parse().unwrap()))
        };
        let series = answers(JujuVersion::has_target_series, ["2.9.0", "2.9.1", "3.6.28", "4.0.0"]);
        assert_eq!(series, [false, true, true, false]);
        let base = answers(JujuVersion::has_target_base, ["3.0.0", "3.0.1", "3.6.28", "4.0.0"]);
        assert_eq!(base, [false, true, true, false]);
    }

    #[test]
    fn asks_a_pre_release_as_the_release_it_leads_to() {
        check_until(JujuVersion::has_leader_settings, "3.6.28", "4.0-beta1");
        check_since(JujuVersion::has_relation_model, "3.6-rc2", "3.6.2");
    }

    #[test]
    fn knows_both_series_that_began_to_hide_the_broken_relation() {
        check_since(JujuVersion::hides_broken_relation, "3.4.3", "3.4.4");
        check_since(JujuVersion::hides_broken_relation, "3.5.0", "3.5.1");
        check_since(JujuVersion::hides_broken_relation, "3.5-beta1", "3.6-beta1");
    }

    #[test]
    fn knows_how_large_a_secret_may_be() {
        let limits = |major, minor, patch| {
            let limits = JujuVersion::new(major, minor, patch).secret_limits()?;
            Some((limits.max_value(), limits.max_content(), limits.size(&[0; 100])))
        };
        assert_eq!(limits(2, 9, 52), None);
        assert_eq!(limits(3, 0, 1), Some((5_120, 65_536, 100)));
        assert_eq!(limits(3, 3, 1), Some((5_120, 65_536, 100)));
        assert_eq!(limits(3, 3, 2), Some((8_192, 65_536, 100)));
        assert_eq!(limits(3, 6, 8), Some((8_192, 65_536, 100)));
        assert_eq!(limits(3, 6, 9), Some((1_000_000, 1_000_000, 136)));
        assert_eq!(limits(4, 0, 15), Some((1_000_000, 1_000_000, 136)));
    }
}
