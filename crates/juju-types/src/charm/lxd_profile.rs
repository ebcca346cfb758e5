//! The file `lxd-profile.yaml`.

use crate::charm::spot::Spot;

/// Reports what Juju refuses in the LXD profile of a charm.
pub(super) fn check_lxd_profile(spot: &Spot<'_>) {
    if spot.is_null() {
        return;
    }
    let Some(profile) = spot.fields() else { return };
    profile.warn_of_unknown(&["config", "description", "devices"]);

    let config = profile.get("config").filter(|config| !config.is_null());
    if let Some(config) = config.and_then(|config| config.fields()) {
        for (key, spot) in config.iter() {
            if ["boot", "limits", "migration"].iter().any(|prefix| key.starts_with(prefix)) {
                spot.fault(format_args!("Juju lets no charm set `{key}`"));
            }
        }
    }
    let devices = profile.get("devices").filter(|devices| !devices.is_null());
    if let Some(devices) = devices.and_then(|devices| devices.fields()) {
        for (_, device) in devices.iter() {
            check_device(&device);
        }
    }
}

fn check_device(spot: &Spot<'_>) {
    let Some(device) = spot.fields() else { return };
    let Some(spot) = device.get("type") else { return };
    if let Some(kind) = spot.any_text()
        && !["gpu", "unix-block", "unix-char", "usb"].contains(&kind)
    {
        spot.fault(format_args!(
            "invalid device type `{kind}`: it must be `gpu`, `unix-block`, `unix-char` or `usb`"
        ));
    }
}
