"""The side that uses a database."""

from charms.reactive import Endpoint, clear_flag, set_flag, toggle_flag, when
from twin_trace import trace


class TwinDbRequires(Endpoint):
    """Tells where the databases are."""

    def manage_flags(self):
        """Keep the flag that says whether any port is known."""
        known = any(unit.received_raw["port"] for unit in self.all_joined_units)
        toggle_flag(self.expand_name("available"), known)

    @when("endpoint.{endpoint_name}.changed.port")
    def port_changed(self):
        """Pass on that a port is new."""
        trace("port_changed")
        clear_flag(self.expand_name("changed.port"))
        set_flag(self.expand_name("moved"))

    @when("endpoint.{endpoint_name}.moved", "endpoint.{endpoint_name}.available")
    def settle(self):
        """Take note of it."""
        trace("settle")
        clear_flag(self.expand_name("moved"))
