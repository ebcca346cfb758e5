//! What a hook is named after.

/// What a hook is named after, as its name alone tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum HookSubject<'a> {
    Container(&'a str),
    Endpoint(&'a str),
    Storage(&'a str),
}

const CONTAINER_HOOKS: [&str; 4] =
    ["-pebble-check-failed", "-pebble-check-recovered", "-pebble-custom-notice", "-pebble-ready"];
const ENDPOINT_HOOKS: [&str; 5] = [
    "-relation-broken",
    "-relation-changed",
    "-relation-created",
    "-relation-departed",
    "-relation-joined",
];
const STORAGE_HOOKS: [&str; 2] = ["-storage-attached", "-storage-detaching"];

impl<'a> HookSubject<'a> {
    /// Reads the name of a hook; most are named after nothing of the charm's.
    pub(crate) fn of(hook: &'a str) -> Option<Self> {
        let before = |endings: &[&str]| endings.iter().find_map(|end| hook.strip_suffix(end));
        let container = || before(&CONTAINER_HOOKS).map(Self::Container);
        let storage = || before(&STORAGE_HOOKS).map(Self::Storage);
        before(&ENDPOINT_HOOKS).map(Self::Endpoint).or_else(storage).or_else(container)
    }
}

#[cfg(test)]
mod tests {
    use super::HookSubject;

    #[test]
    fn the_ending_tells_what_the_rest_is() {
        assert_eq!(HookSubject::of("db-relation-joined"), Some(HookSubject::Endpoint("db")));
        assert_eq!(HookSubject::of("data-storage-attached"), Some(HookSubject::Storage("data")));
        assert_eq!(HookSubject::of("web-pebble-ready"), Some(HookSubject::Container("web")));
        assert_eq!(HookSubject::of("install"), None);
        assert_eq!(HookSubject::of("service-x-stopped"), None);
    }
}
