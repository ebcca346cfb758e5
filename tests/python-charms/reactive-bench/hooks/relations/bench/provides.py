"""The side of the bench relation that has the many units."""

from charms.reactive import Endpoint


class BenchProvides(Endpoint):
    """Does nothing of its own."""
