"""The side of the bench relation that has the many units."""

from charms.reactive import Endpoint, toggle_flag


class BenchProvides(Endpoint):
    """Tells whether any unit has said its port."""

    def manage_flags(self):
        """Keep the flag that says so, as interfaces do."""
        ports = [unit.received["port"] for unit in self.all_joined_units]
        toggle_flag(self.expand_name("available"), any(ports))
