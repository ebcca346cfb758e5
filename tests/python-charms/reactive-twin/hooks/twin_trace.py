"""Which handlers have run."""

from charmhelpers.core import unitdata


def trace(handler):
    """Note that a handler runs."""
    kv = unitdata.kv()
    kv.set("twin.trace", kv.get("twin.trace", []) + [handler])


def count(what):
    """Count something."""
    kv = unitdata.kv()
    kv.set(f"twin.count.{what}", kv.get(f"twin.count.{what}", 0) + 1)
