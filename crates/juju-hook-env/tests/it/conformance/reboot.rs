//! `juju-reboot`.

use juju_hook_env::Reboot;

use crate::support::{action_env, juju, juju_in, refusal, shown, success};

#[test]
fn juju_reboot_can_wait_for_the_end_of_the_hook() {
    let (juju, agent) = juju([("juju-reboot", success("")), ("juju-reboot --now", success(""))]);
    juju.juju_reboot(Reboot::AfterHook).unwrap();
    juju.juju_reboot(Reboot::Now).unwrap();
    insta::assert_snapshot!(agent.transcript(), @"
    juju-reboot
    juju-reboot --now
    ");
}

#[test]
fn juju_reboot_is_not_for_actions() {
    let refused = refusal(1, "ERROR juju-reboot is not supported when running an action.\n");
    let (juju, _) = juju_in(&action_env(), [("juju-reboot", refused)]);
    insta::assert_snapshot!(
        shown(juju.juju_reboot(Reboot::AfterHook)),
        @"RestrictedContext: `juju-reboot` does not work here: juju-reboot is not supported when running an action."
    );
}
