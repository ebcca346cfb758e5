//! A Juju model in a box, to run charms in.
