"""Stands in for charmhelpers' module of this name, which refuses Debian."""


def get_platform():
    """Return the platform whose conventions Debian shares."""
    return "ubuntu"
