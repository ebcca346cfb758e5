//! The nouns of Juju: names, ids, statuses, events and charm metadata, parsed once.
