"""The side of the demo-server relation that is served."""

from charms.reactive import Endpoint, clear_flag, set_flag, toggle_flag, when


class DemoServerRequires(Endpoint):
    """Tells which servers there are."""

    def manage_flags(self):
        """Keep the flag that says whether any server is known."""
        toggle_flag(self.expand_name("available"), bool(self.servers))

    @when("endpoint.{endpoint_name}.changed.port")
    def port_changed(self):
        """Pass on that a server is new, or has moved."""
        clear_flag(self.expand_name("changed.port"))
        set_flag(self.expand_name("moved"))

    @property
    def servers(self):
        """The servers that have said where they are."""
        units = [unit for unit in self.all_joined_units if unit.received["port"]]
        return [f"{unit.received_raw['host']}:{unit.received['port']}" for unit in units]
